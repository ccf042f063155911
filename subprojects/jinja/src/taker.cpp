#include "taker.hpp"

#include <algorithm>

namespace jinja {

taker::taker(machine& m, std::string_view callee, std::span<const value> positional,
             std::span<const named_argument> named, std::initializer_list<std::string_view> names)
    : m_(m), callee_(callee) {
  if (positional.empty() && named.empty()) return;
  if (positional.size() > names.size())
    m.fail(failure_kind::type, std::string(callee) + "() takes at most " +
                                   std::to_string(names.size()) + " arguments (" +
                                   std::to_string(positional.size()) + " given)");
  std::copy(positional.begin(), positional.end(), given_.begin());
  for (const named_argument& each : named) {
    const auto* const known = std::find(names.begin(), names.end(), each.name);
    if (known == names.end())
      m.fail(failure_kind::type, std::string(callee) + "() got an unexpected keyword argument '" +
                                     std::string(each.name) + "'");
    value& to = given_[static_cast<std::size_t>(known - names.begin())];
    if (!to.is_missing())
      m.fail(failure_kind::type, std::string(callee) + "() got multiple values for argument '" +
                                     std::string(each.name) + "'");
    to = each.item;
  }
}

const value& taker::required(std::size_t i) const {
  if (!has(i))
    m_.fail(failure_kind::type, std::string(callee_) + "() misses a required argument, number " +
                                    std::to_string(i + 1));
  return given_[i];
}

std::int64_t index_number(machine& m, const value& v) {
  if (!v.is_integral())
    m.fail(failure_kind::type,
           "'" + std::string(m.type_name(v)) + "' object cannot be interpreted as an integer");
  const auto n = integers::to_int64(v);
  if (!n) m.fail(failure_kind::overflow, "Python int too large to convert to C ssize_t");
  return *n;
}

std::int64_t taker::number(std::size_t i, std::int64_t otherwise) const {
  return has(i) ? index_number(m_, given_[i]) : otherwise;
}

value taker::text(std::size_t i, value otherwise) const {
  if (!has(i)) return otherwise;
  if (!given_[i].is_string())
    m_.fail(failure_kind::type, std::string(callee_) + "() argument must be str, not " +
                                    std::string(m_.type_name(given_[i])));
  return given_[i];
}

}  // namespace jinja
