#include "cli/cost_json.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <system_error>

namespace ark::cli::worked {

std::string text_at(const bj::object& o, std::string_view key) {
  const bj::value* v = o.if_contains(key);
  return v != nullptr && v->is_string() ? std::string(v->as_string()) : std::string{};
}

const bj::object* object_at(const bj::object& o, std::string_view key) {
  const bj::value* v = o.if_contains(key);
  return v == nullptr ? nullptr : v->if_object();
}

std::optional<std::int64_t> integer_of(const bj::value& v) {
  const auto decimal = decimal_of(v);
  constexpr amount::rep one = 1'000'000'000'000'000;
  if (!decimal || decimal->raw() % one != 0) return std::nullopt;
  const amount::rep whole = decimal->raw() / one;
  if (whole > INT64_MAX || whole < INT64_MIN) return std::nullopt;
  return static_cast<std::int64_t>(whole);
}

std::optional<std::int64_t> integer_at(const bj::object& o, std::string_view key) {
  const bj::value* v = o.if_contains(key);
  return v == nullptr ? std::nullopt : integer_of(*v);
}

std::int64_t count_at(const bj::object& o, std::string_view key) {
  constexpr std::int64_t most = 4'000'000'000'000'000;
  return std::clamp(integer_at(o, key).value_or(0), -most, most);
}

std::optional<amount> decimal_of(const bj::value& v) {
  std::string text;
  if (const auto* s = v.if_string()) {
    text = std::string(*s);
  } else if (const auto* i = v.if_int64()) {
    text = std::to_string(*i);
  } else if (const auto* u = v.if_uint64()) {
    text = std::to_string(*u);
  } else if (const auto* d = v.if_double(); d != nullptr && std::isfinite(*d)) {
    std::array<char, 400> digits{};
    const auto made =
        std::to_chars(digits.data(), digits.data() + digits.size(), *d, std::chars_format::fixed);
    if (made.ec != std::errc{}) return std::nullopt;
    text.assign(digits.data(), made.ptr);
  }
  const auto parsed = amount::parse(text);
  return parsed ? std::optional(*parsed) : std::nullopt;
}

std::optional<amount> decimal_at(const bj::object& o, std::string_view key) {
  const bj::value* v = o.if_contains(key);
  return v == nullptr ? std::nullopt : decimal_of(*v);
}

}  // namespace ark::cli::worked
