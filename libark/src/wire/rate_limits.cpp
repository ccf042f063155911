#include "wire/rate_limits.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace ark::wire {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

enum class role : std::uint8_t { none, limit, remaining, reset };

/// What a header's name says.
struct header_meaning {
  role what = role::none;
  rate_kind kind = rate_kind::requests;
  seconds window{0};
};

struct group {
  rate_reading reading;
  std::optional<std::int64_t> limit, remaining;
  std::optional<milliseconds> reset;
};

std::optional<std::int64_t> number_of(std::string_view text) {
  text = text::trim(text);
  std::int64_t value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  // "100, 100;w=60": the first is the limit that holds.
  const bool ended = end == text.data() + text.size() || *end == ',' || *end == '.';
  if (failed != std::errc{} || !ended || value < 0) return std::nullopt;
  return value;
}

seconds unit_of(std::string_view word) {
  if (word == "second" || word == "seconds") return seconds{1};
  if (word == "minute") return seconds{60};
  if (word == "hour") return seconds{3600};
  if (word == "day") return seconds{86'400};
  if (word == "month") return seconds{30 * 86'400};
  return seconds{0};
}

role role_of(std::string_view word) {
  if (word == "limit") return role::limit;
  if (word == "remaining") return role::remaining;
  return word == "reset" ? role::reset : role::none;
}

/// Nothing for a word that no limit of requests or tokens has: it is one of something else.
std::optional<header_meaning> meaning_of(std::string_view words) {
  header_meaning out;
  std::int64_t count = 1;
  bool input = false, output = false, of_tokens = false;
  while (!words.empty()) {
    const auto end = std::min(words.find('-'), words.size());
    const std::string_view word = words.substr(0, end);
    words.remove_prefix(std::min(end + 1, words.size()));
    constexpr std::int64_t largest_count = 1000;
    if (const auto r = role_of(word); r != role::none) {
      if (out.what != role::none) return std::nullopt;
      out.what = r;
    } else if (const auto unit = unit_of(word); unit.count() > 0) {
      out.window = unit * count;
    } else if (const auto n = number_of(word); n && *n > 0 && *n <= largest_count) {
      count = *n;
    } else if (word == "tokens") {
      of_tokens = true;
    } else if (word == "input") {
      input = true;
    } else if (word == "output") {
      output = true;
    } else if (word != "requests" && word != "req") {
      return std::nullopt;
    }
  }
  if ((input || output) && !of_tokens) return std::nullopt;
  if (of_tokens)
    out.kind = input    ? rate_kind::input_tokens
               : output ? rate_kind::output_tokens
                        : rate_kind::tokens;
  if (out.what == role::none) return std::nullopt;
  return out;
}

std::optional<header_meaning> meaning_of_name(std::string_view name) {
  constexpr std::string_view mark = "ratelimit-";
  const auto at = name.find(mark);
  if (at == name.npos || (at > 0 && name[at - 1] != '-')) return std::nullopt;
  return meaning_of(name.substr(at + mark.size()));
}

group& group_of(std::vector<group>& all, const header_meaning& m) {
  for (group& g : all)
    if (g.reading.kind == m.kind && g.reading.window == m.window) return g;
  all.push_back(
      {.reading = {.kind = m.kind, .window = m.window}, .limit = {}, .remaining = {}, .reset = {}});
  return all.back();
}

/// `name=value` among the parameters of a structured field.
std::optional<std::int64_t> parameter(std::string_view field, std::string_view name) {
  const std::string mark = ";" + std::string(name) + "=";
  const auto at = field.find(mark);
  if (at == field.npos) return std::nullopt;
  std::string_view value = field.substr(at + mark.size());
  return number_of(value.substr(0, value.find_first_of(";,")));
}

/// RateLimit: "default";r=50;t=30 beside RateLimit-Policy: "default";q=100;w=60
void add_structured(const header_list& headers, std::vector<group>& all) {
  const std::string_view state = find_header(headers, "ratelimit");
  const std::string_view policy = find_header(headers, "ratelimit-policy");
  const auto remaining = parameter(state, "r"), reset_s = parameter(state, "t");
  const auto limit = parameter(policy, "q");
  if (!remaining || !limit) return;
  group& g = group_of(all, {.what = role::limit});
  g.limit = limit;
  g.remaining = remaining;
  constexpr std::int64_t longest_s = 86'400 * 40;
  if (reset_s) g.reset = seconds{std::min(*reset_s, longest_s)};
}

/// Until all is back: as said, or what is used of the window.
std::optional<milliseconds> reset_of(const group& g) {
  if (g.reset) return g.reset;
  if (g.reading.window.count() == 0) return std::nullopt;
  const auto used = static_cast<double>(*g.limit - std::min(*g.remaining, *g.limit));
  const auto whole = static_cast<double>(milliseconds(g.reading.window).count());
  return milliseconds(static_cast<std::int64_t>(whole * used / static_cast<double>(*g.limit)));
}

}  // namespace

std::vector<rate_reading> read_rate_limits(const header_list& headers, wall_time now) {
  std::vector<group> all;
  for (const auto& h : headers) {
    // Most headers are none of these: looked at before anything is copied.
    if (h.name.find("imit-") == h.name.npos && h.name.find("IMIT-") == h.name.npos) continue;
    const auto m = meaning_of_name(text::lower(h.name));
    if (!m) continue;
    if (all.empty())
      if (const auto own = parse_http_date(find_header(headers, "date"))) now = *own;
    group& g = group_of(all, *m);
    if (m->what == role::limit) g.limit = number_of(h.value);
    if (m->what == role::remaining) g.remaining = number_of(h.value);
    if (m->what == role::reset) g.reset = reset_after(h.value, now);
  }
  add_structured(headers, all);
  std::vector<rate_reading> out;
  for (const group& g : all) {
    if (!g.limit || *g.limit <= 0 || !g.remaining) continue;
    const auto reset = reset_of(g);
    if (!reset) continue;
    out.push_back({.kind = g.reading.kind,
                   .window = g.reading.window,
                   .limit = *g.limit,
                   .remaining = *g.remaining,
                   .reset = *reset});
  }
  return out;
}

}  // namespace ark::wire
