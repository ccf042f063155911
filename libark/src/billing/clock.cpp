#include "billing/clock.hpp"

#include <fmt/format.h>

#include <charconv>

namespace ark::billing {
namespace {

using namespace std::chrono;

/// Takes text from the left.
class time_cursor {
 public:
  explicit time_cursor(std::string_view text) : rest_(text) {}
  bool number(std::size_t digits, int& out) {
    if (rest_.size() < digits) return false;
    const auto part = rest_.substr(0, digits);
    if (part.find_first_not_of("0123456789") != std::string_view::npos) return false;
    (void)std::from_chars(part.data(), part.data() + digits, out);
    rest_.remove_prefix(digits);
    return true;
  }
  bool one_of(std::string_view characters) {
    if (rest_.empty() || characters.find(rest_.front()) == std::string_view::npos) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool done() const { return rest_.empty(); }
  char next() const { return rest_.empty() ? '\0' : rest_.front(); }

 private:
  std::string_view rest_;
};

bool take_clock_time(time_cursor& c, microseconds& out) {
  int hour = 0, minute = 0, second = 0;
  if (!c.number(2, hour) || hour > 24 || !c.one_of(":") || !c.number(2, minute) || minute > 59)
    return false;
  if (c.one_of(":") && (!c.number(2, second) || second > 60)) return false;
  out = hours(hour) + minutes(minute) + seconds(second);
  if (!c.one_of(".")) return true;
  int digit = 0;
  for (microseconds unit = 100ms; c.number(1, digit); unit /= 10) out += unit * digit;
  return true;
}

bool take_offset(time_cursor& c, minutes& out) {
  if (c.one_of("Zz")) {
    out = 0min;
    return true;
  }
  const bool behind = c.next() == '-';
  if (!c.one_of("+-")) return true;
  int hour = 0, minute = 0;
  if (!c.number(2, hour) || hour > 18) return false;
  if (!c.done()) c.one_of(":");
  if (!c.done() && (!c.number(2, minute) || minute > 59)) return false;
  out = (hours(hour) + minutes(minute)) * (behind ? -1 : 1);
  return true;
}

}  // namespace

std::string time_text(moment at) {
  const auto us = floor<microseconds>(at);
  return fmt::format("{}.{:06}Z", second_text(at).substr(0, 19), (us - floor<seconds>(us)).count());
}

std::string second_text(moment at) {
  const auto days = floor<std::chrono::days>(at);
  const hh_mm_ss clock(floor<seconds>(at) - days);
  return fmt::format("{}T{:02}:{:02}:{:02}Z", day_text(at), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count());
}

std::string day_text(moment at) {
  const year_month_day date(floor<std::chrono::days>(at));
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

// The clock counts nanoseconds in 64 bits: 1677 to 2262.
constexpr int first_year = 1970, last_year = 2199;

std::optional<moment> parse_time(std::string_view text, minutes offset) {
  time_cursor c(text);
  int y = 0, m = 0, d = 1;
  if (!c.number(4, y) || !c.one_of("-/") || !c.number(2, m)) return std::nullopt;
  if (c.one_of("-/") && !c.number(2, d)) return std::nullopt;
  const year_month_day date{year(y), month(static_cast<unsigned>(m)),
                            day(static_cast<unsigned>(d))};
  if (!date.ok() || y < first_year || y > last_year) return std::nullopt;
  microseconds clock{0};
  if (c.one_of("Tt ") && !take_clock_time(c, clock)) return std::nullopt;
  if (!take_offset(c, offset) || !c.done()) return std::nullopt;
  return moment(sys_days(date)) + clock - offset;
}

moment day_of(moment at, minutes offset) {
  return moment(floor<std::chrono::days>(at + offset)) - offset;
}

std::pair<moment, moment> month_of(moment at, minutes offset) {
  const year_month_day date(floor<std::chrono::days>(at + offset));
  const auto first = date.year() / date.month();
  return {moment(sys_days(first / 1)) - offset, moment(sys_days((first + months(1)) / 1)) - offset};
}

}  // namespace ark::billing
