#include "methods.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <vector>

namespace jinja {
namespace {

namespace in = methods;

std::vector<method_set> made() {
  std::vector<method_set> all;
  const auto text = [&](std::string_view name, method run) {
    all.push_back({.name = name, .of_text = run});
  };
  text("capitalize", in::capitalize);
  text("casefold", in::casefold);
  text("center", in::center);
  text("encode", in::encode);
  text("endswith", in::endswith);
  text("expandtabs", in::expandtabs);
  text("find", in::find);
  text("format", in::format);
  text("format_map", in::format_map);
  text("isalnum", in::isalnum);
  text("isalpha", in::isalpha);
  text("isascii", in::isascii);
  text("isdecimal", in::isdecimal);
  text("isdigit", in::isdigit);
  text("isidentifier", in::isidentifier);
  text("islower", in::islower);
  text("isnumeric", in::isnumeric);
  text("isprintable", in::isprintable);
  text("isspace", in::isspace);
  text("istitle", in::istitle);
  text("isupper", in::isupper);
  text("join", in::join);
  text("ljust", in::ljust);
  text("lower", in::lower);
  text("lstrip", in::lstrip);
  text("partition", in::partition);
  text("removeprefix", in::removeprefix);
  text("removesuffix", in::removesuffix);
  text("replace", in::replace);
  text("rfind", in::rfind);
  text("rindex", in::rindex);
  text("rjust", in::rjust);
  text("rpartition", in::rpartition);
  text("rsplit", in::rsplit);
  text("rstrip", in::rstrip);
  text("split", in::split);
  text("splitlines", in::splitlines);
  text("startswith", in::startswith);
  text("strip", in::strip);
  text("swapcase", in::swapcase);
  text("title", in::title);
  text("upper", in::upper);
  text("zfill", in::zfill);
  all.push_back({.name = "count",
                 .of_text = in::count_text,
                 .of_list = in::count_list,
                 .of_tuple = in::count_list});
  all.push_back({.name = "index",
                 .of_text = in::index_text,
                 .of_list = in::index_list,
                 .of_tuple = in::index_list});
  const auto list = [&](std::string_view name, method run, bool changes = true) {
    all.push_back({.name = name, .of_list = run, .changes_list = changes});
  };
  list("append", in::append);
  list("extend", in::extend);
  list("insert", in::insert);
  list("remove", in::remove);
  list("reverse", in::reverse);
  list("sort", in::sort);
  all.push_back({.name = "clear",
                 .of_list = in::clear_list,
                 .of_dict = in::clear_dict,
                 .changes_dict = true,
                 .empties_list = true});
  all.push_back({.name = "copy", .of_list = in::copy_list, .of_dict = in::copy_dict});
  all.push_back({.name = "pop",
                 .of_list = in::pop_list,
                 .of_dict = in::pop_dict,
                 .changes_dict = true,
                 .empties_list = true});
  const auto dict = [&](std::string_view name, method run, bool changes) {
    all.push_back({.name = name, .of_dict = run, .changes_dict = changes});
  };
  dict("get", in::get, false);
  dict("items", in::items, false);
  dict("keys", in::keys, false);
  dict("values", in::values, false);
  dict("popitem", in::popitem, true);
  dict("setdefault", in::setdefault, true);
  dict("update", in::update, true);
  all.push_back({.name = "bit_length", .of_integer = in::bit_length});
  all.push_back({.name = "conjugate", .of_integer = in::conjugate, .of_floating = in::conjugate});
  all.push_back({.name = "is_integer", .of_floating = in::is_integer});
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return all;
}

}  // namespace

const method_set* methods_named(std::string_view name) noexcept {
  static const std::vector<method_set> all = made();
  const auto at =
      std::lower_bound(all.begin(), all.end(), name,
                       [](const method_set& e, std::string_view n) { return e.name < n; });
  return at != all.end() && at->name == name ? &*at : nullptr;
}

namespace methods {

value bit_length(machine& m, const value& self, const arguments& given) {
  const taker t(m, "bit_length", given, {});
  if (self.is(kind::big)) {
    const auto limbs = self.big().limbs;
    return value::of(static_cast<std::int64_t>(limbs.size() * 32) - std::countl_zero(limbs.back()));
  }
  const std::int64_t i = self.integer();
  const auto magnitude = i < 0 ? 0 - static_cast<std::uint64_t>(i) : static_cast<std::uint64_t>(i);
  return value::of(static_cast<std::int64_t>(std::bit_width(magnitude)));
}

value is_integer(machine& m, const value& self, const arguments& given) {
  const taker t(m, "is_integer", given, {});
  return value::of(std::isfinite(self.floating()) &&
                   self.floating() == std::trunc(self.floating()));
}

value conjugate(machine& m, const value& self, const arguments& given) {
  const taker t(m, "conjugate", given, {});
  return m.positive(self);
}

}  // namespace methods
}  // namespace jinja
