#include <algorithm>
#include <cctype>

#include "cli/cost_card.hpp"

namespace ark::cli::worked {
namespace {

using window = catalog::schedule::window;
constexpr int minutes_a_day = 24 * 60;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// "9", "09:30", "24:00" at `at`; moves `at` behind it. -1 if there is none.
int take_clock(std::string_view text, std::size_t& at) {
  std::size_t end = at;
  int hour = 0, minute = 0, digits = 0;
  while (end < text.size() && is_digit(text[end]) && digits < 2) {
    hour = hour * 10 + (text[end++] - '0');
    ++digits;
  }
  if (digits == 0) return -1;
  if (end + 2 < text.size() && text[end] == ':' && is_digit(text[end + 1]) &&
      is_digit(text[end + 2])) {
    minute = (text[end + 1] - '0') * 10 + (text[end + 2] - '0');
    end += 3;
  }
  if (hour > 24 || minute > 59 || hour * 60 + minute > minutes_a_day) return -1;
  at = end;
  return hour * 60 + minute;
}

/// A window that begins at `at`, "01:00-04:00"; moves `at` behind it.
std::optional<window> take_window(std::string_view text, std::size_t& at) {
  std::size_t end = at;
  const int from = take_clock(text, end);
  if (from < 0) return std::nullopt;
  while (end < text.size() && text[end] == ' ') ++end;
  if (end >= text.size() || text[end] != '-') return std::nullopt;
  ++end;
  while (end < text.size() && text[end] == ' ') ++end;
  const int to = take_clock(text, end);
  if (to < 0) return std::nullopt;
  at = end;
  return window{from, to};
}

/// Small letters, without what stands in brackets and behind a semicolon ("; else off-peak").
std::string first_clause(std::string_view text) {
  std::string out;
  int depth = 0;
  for (const char c : text) {
    if (c == '(') ++depth;
    if (depth == 0 && c == ';') {
      if (std::any_of(out.begin(), out.end(), is_digit)) break;
      out.clear();
      continue;
    }
    if (depth == 0) out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    if (c == ')' && depth > 0) --depth;
  }
  return out;
}

bool mentions(std::string_view text, std::string_view word) {
  return text.find(word) != std::string_view::npos;
}

/// The rest of the day.
std::vector<window> without(std::vector<window> windows) {
  std::sort(windows.begin(), windows.end(),
            [](const window& a, const window& b) { return a.from_minute < b.from_minute; });
  std::vector<window> rest;
  for (std::size_t i = 0; i < windows.size(); ++i) {
    const window between{windows[i].to_minute % minutes_a_day,
                         windows[(i + 1) % windows.size()].from_minute};
    if (between.from_minute != between.to_minute) rest.push_back(between);
  }
  return rest;
}

}  // namespace

std::optional<catalog::schedule> read_schedule(std::string_view text) {
  const std::string clause = first_clause(text);
  std::vector<window> peak, off_peak;
  bool is_off_peak = false;
  for (std::size_t at = 0; at < clause.size();) {
    const std::string_view rest = std::string_view(clause).substr(at);
    if (rest.starts_with("off-peak") || rest.starts_with("off_peak") ||
        rest.starts_with("off peak")) {
      is_off_peak = true;
      at += 7;
    } else if (rest.starts_with("peak") || rest.starts_with("standard")) {
      is_off_peak = false;
      at += 4;
    } else if (const auto found = is_digit(clause[at]) ? take_window(clause, at) : std::nullopt) {
      (is_off_peak ? off_peak : peak).push_back(*found);
    } else {
      while (at < clause.size() && is_digit(clause[at])) ++at;
      if (at < clause.size()) ++at;
    }
  }
  catalog::schedule out;
  out.peak = peak.empty() ? without(off_peak) : peak;
  if (out.peak.empty()) return std::nullopt;
  std::string all(text);
  std::transform(all.begin(), all.end(), all.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const bool beijing = mentions(all, "beijing") || mentions(all, "utc+8");
  // Hours in UTC may be told again in the vendor's time, in brackets.
  const bool in_utc = mentions(clause, "utc") && !mentions(clause, "utc+8");
  if (beijing && !in_utc)
    for (window& w : out.peak) {
      w.from_minute = (w.from_minute + minutes_a_day - 480) % minutes_a_day;
      w.to_minute = (w.to_minute + minutes_a_day - 480) % minutes_a_day;
    }
  if (mentions(all, "mon-fri") || mentions(all, "weekday") || mentions(all, "workday"))
    out.off_peak_weekdays = 1U << 0 | 1U << 6;
  if (beijing) out.weekday_utc_offset_minutes = 480;
  return out;
}

}  // namespace ark::cli::worked
