#include "dialect/usage_counts.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <string>

namespace ark::dialect {

known_count count_of(json::element e) noexcept {
  std::int64_t whole = 0;
  double real = 0;
  std::string_view text;
  if (e.get(whole) == simdjson::SUCCESS) return std::clamp(whole, -absurd_count, absurd_count);
  if (e.get(text) == simdjson::SUCCESS) {
    const auto read = std::from_chars(text.data(), text.data() + text.size(), real);
    if (text.empty() || read.ec != std::errc{} || read.ptr != text.data() + text.size())
      return std::nullopt;
  } else if (e.get(real) != simdjson::SUCCESS) {
    return std::nullopt;
  }
  if (!(std::abs(real) < static_cast<double>(absurd_count)) || real != std::floor(real))
    return absurd_count;
  return static_cast<std::int64_t>(real);
}

known_count count_at(json::element usage, std::string_view path) noexcept {
  json::element found;
  return json::find_path(usage, path, found) ? count_of(found) : std::nullopt;
}

bool cannot_be(const known_count& n) noexcept { return n && (*n < 0 || *n > 1'000'000'000'000); }

std::int64_t take(std::int64_t& rest, const known_count& part, std::string_view what,
                  reply_builder& out) {
  if (!part || *part == 0) return 0;
  std::int64_t taken = *part;
  if (taken > std::max<std::int64_t>(rest, 0)) {
    if (rest >= 0) taken = rest;
    out.note("the vendor's usage counts more " + std::string(what) +
             " tokens than are left of the whole they are part of: " + std::to_string(*part));
  }
  rest -= taken;
  return taken;
}

void check_counts(std::initializer_list<known_count> said, const usage& u, reply_builder& out) {
  if (std::any_of(said.begin(), said.end(), cannot_be))
    return out.note(
        "the vendor's usage has counts that cannot be: the cost of this reply is unknown");
  const std::int64_t sum = u.input_total() + u.output_total();
  if (!u.vendor_total || *u.vendor_total == sum) return;
  out.note("the vendor's total of " + std::to_string(*u.vendor_total) + " tokens is " +
           std::to_string(std::abs(*u.vendor_total - sum)) +
           (*u.vendor_total > sum ? " more" : " less") + " than the sum of its parts, " +
           std::to_string(sum));
}

}  // namespace ark::dialect
