#include "wire/http_time.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace ark::wire {
namespace {

using std::chrono::milliseconds;

constexpr double longest_ms = 10.0 * 366 * 24 * 3600 * 1000;

/// Digits with at most one point; nothing else, so neither "inf" nor "1e9".
std::optional<double> take_decimal(std::string_view& text) {
  std::size_t length = 0;
  bool point = false, digit = false;
  for (; length < text.size(); ++length) {
    if (text::is_digit(text[length])) {
      digit = true;
    } else if (text[length] == '.' && !point) {
      point = true;
    } else {
      break;
    }
  }
  double value = 0;
  if (!digit) return std::nullopt;
  // Cannot fail: the characters are checked, and too large a number is infinite.
  const auto read = std::from_chars(text.data(), text.data() + length, value);
  if (read.ec == std::errc::result_out_of_range) value = HUGE_VAL;
  text.remove_prefix(length);
  return value;
}

std::optional<milliseconds> wait(double ms) {
  if (!(ms <= longest_ms)) return std::nullopt;
  return milliseconds(static_cast<std::int64_t>(std::ceil(ms - 1e-6)));
}

/// The unit's length in milliseconds; the longer spelling of two is tried first.
std::optional<double> take_unit(std::string_view& text) {
  struct unit {
    std::string_view name;
    double ms;
  };
  static constexpr unit units[] = {{"ns", 1e-6},        {"us", 1e-3},  {"\xC2\xB5s", 1e-3},
                                   {"\xCE\xBCs", 1e-3}, {"ms", 1},     {"s", 1e3},
                                   {"m", 60e3},         {"h", 3600e3}, {"d", 86400e3}};
  for (const unit& u : units) {
    if (text.substr(0, u.name.size()) != u.name) continue;
    text.remove_prefix(u.name.size());
    return u.ms;
  }
  return std::nullopt;
}

/// Takes exactly `digits` digits off the front.
std::optional<int> take_number(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return std::nullopt;
  int value = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    if (!text::is_digit(text[i])) return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(digits);
  return value;
}

bool take(std::string_view& text, std::string_view what) {
  if (!text::same_ignoring_case(text.substr(0, what.size()), what)) return false;
  text.remove_prefix(what.size());
  return true;
}

std::optional<wall_time> make_time(int year, int month, int day, milliseconds in_day) {
  using namespace std::chrono;
  const year_month_day date{std::chrono::year{year},
                            std::chrono::month(static_cast<unsigned>(month)),
                            std::chrono::day(static_cast<unsigned>(day))};
  // 24:00:00 is not a time; a leap second (23:59:60) is one.
  if (!date.ok() || in_day >= hours{24} + seconds{1}) return std::nullopt;
  return wall_time{sys_days{date}.time_since_epoch() + in_day};
}

/// "08:49:37" off the front.
std::optional<milliseconds> take_clock(std::string_view& text) {
  using namespace std::chrono;
  const auto h = take_number(text, 2);
  if (!h || *h > 23 || !take(text, ":")) return std::nullopt;
  const auto m = take_number(text, 2);
  if (!m || *m > 59 || !take(text, ":")) return std::nullopt;
  const auto s = take_number(text, 2);
  if (!s || *s > 60) return std::nullopt;
  return hours{*h} + minutes{*m} + seconds{*s};
}

std::optional<int> take_month(std::string_view& text) {
  static constexpr std::array<std::string_view, 12> names = {
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  for (std::size_t i = 0; i < names.size(); ++i)
    if (take(text, names[i])) return static_cast<int>(i) + 1;
  return std::nullopt;
}

/// "Z", "+08:00", "-0330" off the front: east of Greenwich is positive.
std::optional<milliseconds> take_zone(std::string_view& text) {
  if (take(text, "Z")) return milliseconds{0};
  const bool west = !text.empty() && text.front() == '-';
  if (!take(text, "+") && !take(text, "-")) return std::nullopt;
  const auto h = take_number(text, 2);
  take(text, ":");
  const auto m = take_number(text, 2);
  if (!h || !m || *h > 23 || *m > 59) return std::nullopt;
  const milliseconds east = std::chrono::hours{*h} + std::chrono::minutes{*m};
  return west ? -east : east;
}

/// "Sun Nov  6 08:49:37 1994", after the day's name.
std::optional<wall_time> parse_asctime(std::string_view text) {
  const auto month = take_month(text);
  if (!month || !take(text, " ")) return std::nullopt;
  const bool one_digit = take(text, " ");
  const auto day = take_number(text, one_digit ? 1 : 2);
  if (!day || !take(text, " ")) return std::nullopt;
  const auto clock = take_clock(text);
  if (!clock || !take(text, " ")) return std::nullopt;
  const auto year = take_number(text, 4);
  if (!year || !text.empty()) return std::nullopt;
  return make_time(*year, *month, *day, *clock);
}

/// Seconds or a date from now on; the past is zero.
milliseconds until(wall_time when, wall_time now) { return std::max(when - now, milliseconds{0}); }

}  // namespace

std::optional<milliseconds> parse_go_duration(std::string_view text) {
  text = text::trim(text);
  if (text == "0") return milliseconds{0};
  if (text.empty()) return std::nullopt;
  double ms = 0;
  while (!text.empty()) {
    const auto number = take_decimal(text);
    if (!number) return std::nullopt;
    const auto unit = take_unit(text);
    if (!unit) return std::nullopt;
    ms += *number * *unit;
  }
  return wait(ms);
}

std::optional<wall_time> parse_rfc3339(std::string_view text) {
  text = text::trim(text);
  const auto year = take_number(text, 4);
  if (!year || !take(text, "-")) return std::nullopt;
  const auto month = take_number(text, 2);
  if (!month || !take(text, "-")) return std::nullopt;
  const auto day = take_number(text, 2);
  if (!day || (!take(text, "T") && !take(text, " "))) return std::nullopt;
  auto clock = take_clock(text);
  if (!clock) return std::nullopt;
  if (take(text, ".")) {
    int place = 100, ms = 0;
    if (text.empty() || !text::is_digit(text.front())) return std::nullopt;
    for (; !text.empty() && text::is_digit(text.front()); text.remove_prefix(1), place /= 10)
      ms += (text.front() - '0') * place;
    *clock += milliseconds{ms};
  }
  const auto zone = take_zone(text);
  if (!zone || !text.empty()) return std::nullopt;
  auto local = make_time(*year, *month, *day, *clock);
  if (local) *local -= *zone;
  return local;
}

std::optional<wall_time> parse_http_date(std::string_view text) {
  text = text::trim(text);
  const auto name_end = text.find_first_of(", ");
  if (name_end == std::string_view::npos) return std::nullopt;
  const bool asctime = text[name_end] == ' ';
  text.remove_prefix(name_end + 1);
  if (asctime) return parse_asctime(text);
  if (!take(text, " ")) return std::nullopt;
  const auto day = take_number(text, 2);
  const bool rfc850 = take(text, "-");
  if (!day || (!rfc850 && !take(text, " "))) return std::nullopt;
  const auto month = take_month(text);
  if (!month || !take(text, rfc850 ? "-" : " ")) return std::nullopt;
  auto year = take_number(text, rfc850 ? 2 : 4);
  if (!year || !take(text, " ")) return std::nullopt;
  if (rfc850) *year += *year < 70 ? 2000 : 1900;
  const auto clock = take_clock(text);
  if (!clock || !take(text, " GMT") || !text.empty()) return std::nullopt;
  return make_time(*year, *month, *day, *clock);
}

std::optional<milliseconds> retry_after(const header_list& headers, wall_time now) {
  std::string_view ms = text::trim(find_header(headers, "retry-after-ms"));
  const auto number_ms = take_decimal(ms);
  const bool has_ms = number_ms && ms.empty();
  if (has_ms && *number_ms > 0) return wait(*number_ms);
  const std::string_view value = text::trim(find_header(headers, "retry-after"));
  std::string_view seconds = value;
  if (const auto number = take_decimal(seconds); number && seconds.empty())
    return wait(*number * 1000);
  if (const auto date = parse_http_date(value)) return until(*date, now);
  // "0" beside a whole second of Retry-After is rounded down (recorded); alone it is an answer.
  if (value.empty() && has_ms) return milliseconds(0);
  return parse_go_duration(value);
}

std::optional<milliseconds> reset_after(std::string_view value, wall_time now) {
  value = text::trim(value);
  std::string_view rest = value;
  if (const auto number = take_decimal(rest); number && rest.empty()) {
    constexpr double year_2001_s = 1e9, year_2001_ms = 1e12;
    if (*number < year_2001_s) return wait(*number * 1000);
    const double ms = *number < year_2001_ms ? *number * 1000 : *number;
    return wait(std::max(ms - static_cast<double>(now.time_since_epoch().count()), 0.0));
  }
  if (const auto date = parse_rfc3339(value)) return until(*date, now);
  return parse_go_duration(value);
}

}  // namespace ark::wire
