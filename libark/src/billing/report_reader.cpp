#include "billing/report_reader.hpp"

#include <fmt/format.h>

#include <charconv>

#include "base/text.hpp"

namespace ark::billing {
namespace {

constexpr int exponent_max = 40;

/// Digits without sign and point, and where the point is.
struct split_decimal {
  std::string digits;
  int decimals = 0;
  bool negative = false;
};

std::optional<split_decimal> split(std::string_view text) {
  split_decimal out;
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
    out.negative = text.front() == '-';
    text.remove_prefix(1);
  }
  bool point = false;
  std::size_t at = 0;
  for (; at < text.size() && text[at] != 'e' && text[at] != 'E'; ++at) {
    if (text[at] == '.' && !point) {
      point = true;
    } else if (text::is_digit(text[at])) {
      out.digits += text[at];
      out.decimals += point ? 1 : 0;
    } else {
      return std::nullopt;
    }
  }
  if (out.digits.empty() || out.digits.size() > 400) return std::nullopt;
  if (at == text.size()) return out;
  text.remove_prefix(at + 1);
  if (text.starts_with('+')) text.remove_prefix(1);
  int exponent = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), exponent);
  if (text.empty() || failed != std::errc() || end != text.data() + text.size())
    return std::nullopt;
  if (exponent > exponent_max || exponent < -400) return std::nullopt;
  out.decimals -= exponent;
  return out;
}

/// Whole units of 1e-15 in `digits` with `decimals` of them behind the point.
std::string to_15_decimals(split_decimal& from) {
  if (from.decimals <= amount::decimals) {
    from.digits.append(static_cast<std::size_t>(amount::decimals - from.decimals), '0');
    return from.digits;
  }
  const auto cut = static_cast<std::size_t>(from.decimals - amount::decimals);
  if (cut > from.digits.size()) return "0";
  std::string kept = "0" + from.digits.substr(0, from.digits.size() - cut);
  const std::string rest = from.digits.substr(from.digits.size() - cut);
  const bool above = rest > "5" + std::string(cut - 1, '0');
  const bool half = rest == "5" + std::string(cut - 1, '0');
  if (!above && !(half && (kept.back() - '0') % 2 == 1)) return kept;
  for (std::size_t i = kept.size(); i-- > 0;) {
    if (kept[i] != '9') {
      ++kept[i];
      break;
    }
    kept[i] = '0';
  }
  return kept;
}

result<void> read_page(std::string_view file, json::element page, report_facts& facts,
                       const std::function<result<void>(const page_result&)>& each) {
  json::element data, results;
  simdjson::dom::array buckets;
  if (!json::find(page, "data", data) || data.get_array().get(buckets) != simdjson::SUCCESS)
    return report_mistake(std::string(file), "has no array \"data\"");
  std::size_t b = 0;
  for (const json::element bucket : buckets) {
    simdjson::dom::array all;
    if (!json::find(bucket, "results", results) ||
        results.get_array().get(all) != simdjson::SUCCESS)
      return report_mistake(fmt::format("{}: data[{}]", file, b), "has no array \"results\"");
    std::size_t r = 0;
    for (const json::element one : all)
      if (auto ok = each({bucket, one, place_of(file, b, r++)}); !ok) return ok;
    ++b;
  }
  json::element more;
  bool is_more = false;
  if (json::find(page, "has_more", more) && more.get_bool().get(is_more) == simdjson::SUCCESS &&
      is_more)
    facts.notes.push_back(std::string(file) + " is not the last page: is \"" +
                          string_at(page, "next_page") + "\" given too?");
  return {};
}

}  // namespace

std::optional<amount> decimal_of(std::string_view text) {
  auto parts = split(text);
  if (!parts) return std::nullopt;
  std::string units = to_15_decimals(*parts);
  units.erase(0, std::min(units.find_first_not_of('0'), units.size() - 1));
  if (units.size() > 38) return std::nullopt;
  amount::rep value = 0;
  for (const char c : units) value = value * 10 + (c - '0');
  return amount::from_raw(parts->negative ? -value : value);
}

std::optional<amount> decimal_of(json::element e) {
  if (e.is_int64()) return decimal_of(std::to_string(e.get_int64().value_unsafe()));
  if (e.is_uint64()) return decimal_of(std::to_string(e.get_uint64().value_unsafe()));
  // The shortest text that reads back the same: what the vendor most likely wrote.
  if (e.is_double()) return decimal_of(fmt::format("{}", e.get_double().value_unsafe()));
  return decimal_of(text::trim(json::as_text(e)));
}

std::string place_of(std::string_view file, std::size_t bucket, std::size_t result_index) {
  return fmt::format("{}: data[{}].results[{}]", file, bucket, result_index);
}

error report_mistake(std::string place, const std::string& what) {
  return error{.code = errc::config, .message = std::move(place) + ": " + what};
}

result<void> read_pages(std::string_view file, std::string_view text, report_facts& facts,
                        const std::function<result<void>(const page_result&)>& each) {
  json::reader reader;
  const auto root = reader.parse(text);
  if (!root) return report_mistake(std::string(file), "is not JSON");
  simdjson::dom::array pages;
  if (root->get_array().get(pages) != simdjson::SUCCESS) return read_page(file, *root, facts, each);
  for (const json::element page : pages)
    if (auto ok = read_page(file, page, facts, each); !ok) return ok;
  return {};
}

bool any_page_result(std::string_view text, std::string_view member) {
  report_facts unused;
  bool found = false;
  (void)read_pages("", text, unused, [&](const page_result& r) -> result<void> {
    json::element at;
    found = found || json::find_path(r.result, member, at);
    return {};
  });
  return found;
}

result<std::int64_t> count_at(json::element of, std::string_view member, const std::string& place) {
  json::element at;
  if (!json::find_path(of, member, at) || at.is_null()) return 0;
  const std::int64_t value = json::as_integer(at, -1);
  if (value < 0)
    return report_mistake(place + "." + std::string(member),
                          "is no count: a whole number from 0 on");
  return value;
}

std::string string_at(json::element of, std::string_view member) {
  return std::string(json::text_at(of, member));
}

}  // namespace ark::billing
