#include "catalog/price.hpp"

#include "base/text.hpp"

#include <fmt/format.h>
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>
#include <algorithm>
#include <array>
#include <memory>

namespace ark::catalog {
namespace {

std::string clock(int minute) { return fmt::format("{:02}:{:02}", minute / 60, minute % 60); }

std::string date(std::int64_t day) {
  const std::chrono::year_month_day d{std::chrono::sys_days{std::chrono::days{day}}};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(d.year()),
                     static_cast<unsigned>(d.month()), static_cast<unsigned>(d.day()));
}

void add(std::string& text, const std::string& more) {
  if (!text.empty()) text += ", ";
  text += more;
}

void add_range(std::string& text, std::string_view what, std::int64_t over, std::int64_t to) {
  if (over >= 0 && to >= 0) {
    add(text, fmt::format("{} over {} to {} tokens", what, text::grouped(over), text::grouped(to)));
  } else if (over >= 0) {
    add(text, fmt::format("{} over {} tokens", what, text::grouped(over)));
  } else if (to >= 0) {
    add(text, fmt::format("{} up to {} tokens", what, text::grouped(to)));
  }
}

std::string to_string(const schedule& hours) {
  constexpr std::array<std::string_view, 7> names{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  std::string text;
  for (const auto& w : hours.peak) add(text, clock(w.from_minute) + "-" + clock(w.to_minute));
  text += " UTC";
  for (std::size_t day = 0; day < names.size(); ++day)
    if ((hours.off_peak_weekdays >> day & 1U) != 0) add(text, "not " + std::string(names[day]));
  if (hours.weekday_utc_offset_minutes != 0)
    text += fmt::format(" (days at UTC{:+03}:{:02})", hours.weekday_utc_offset_minutes / 60,
                        std::abs(hours.weekday_utc_offset_minutes) % 60);
  return text;
}

// SHA256() and EVP_Digest() load OpenSSL's providers on first use: 6 ms, which a call over plain
// HTTP would pay for nothing. These three do not.
std::string sha256_hex(std::string_view text) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, text.data(), text.size());
  SHA256_Final(digest.data(), &context);
  std::string hex;
  hex.reserve(digest.size() * 2);
  for (const unsigned char byte : digest) {
    constexpr std::string_view digits = "0123456789abcdef";
    hex += digits[byte >> 4];
    hex += digits[byte & 15];
  }
  return hex;
}

}  // namespace

std::string to_string(const condition& when) {
  std::string text;
  add_range(text, "prompt", when.input_gt, when.input_le);
  add_range(text, "answer", when.output_gt, when.output_le);
  if (!when.service_tier.empty()) add(text, "service tier " + when.service_tier);
  if (when.thinking) add(text, *when.thinking ? "thinking" : "not thinking");
  if (!when.period.empty()) add(text, when.period == "peak" ? "peak hours" : "off-peak hours");
  if (when.utc_from_minute >= 0)
    add(text, clock(when.utc_from_minute) + "-" + clock(when.utc_to_minute) + " UTC");
  if (when.start_day >= 0) add(text, "from " + date(when.start_day));
  if (when.end_day >= 0) add(text, "until " + date(when.end_day));
  for (const auto& [key, value] : when.attributes) {
    std::string name = key;
    std::replace(name.begin(), name.end(), '_', ' ');
    add(text, name + " " + value);
  }
  return text;
}

model_info describe(const model& m) {
  model_info info = m.info;
  info.prices.clear();
  for (const price& p : m.prices) {
    std::string condition = to_string(p.when);
    if (p.when.period == "peak") condition += " (" + to_string(m.schedule) + ")";
    if (p.unknown) add(condition, "amount not known");
    info.prices.push_back({.dimension = p.dimension,
                           .value = p.value,
                           .unit = p.unit,
                           .condition = std::move(condition)});
  }
  return info;
}

std::string price_hash(const model& m) {
  std::vector<std::string> lines;
  lines.reserve(m.prices.size());
  for (const price& p : m.prices)
    lines.push_back(fmt::format("{}|{}|{}|{}\n", p.dimension,
                                p.unknown ? "unknown" : p.value.to_string(), p.unit,
                                to_string(p.when)));
  std::sort(lines.begin(), lines.end());
  std::string text = m.info.currency + "\n";
  for (const std::string& line : lines) text += line;
  if (!m.schedule.peak.empty()) text += to_string(m.schedule) + "\n";
  return sha256_hex(text);
}

}  // namespace ark::catalog
