#include "cli/ledger_filter.hpp"

#include <charconv>
#include <optional>

namespace ark::cli {
namespace {

using moment = std::chrono::system_clock::time_point;

/// The next `digits` digits of `text`, taken from it.
std::optional<int> take_number(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return std::nullopt;
  int value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + digits, value);
  if (failed != std::errc() || end != text.data() + digits || value < 0) return std::nullopt;
  text.remove_prefix(digits);
  return value;
}

bool take(std::string_view& text, char expected) {
  if (text.empty() || text.front() != expected) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<std::chrono::sys_days> take_date(std::string_view& text) {
  const auto year = take_number(text, 4);
  if (!year || !take(text, '-')) return std::nullopt;
  const auto month = take_number(text, 2);
  if (!month || !take(text, '-')) return std::nullopt;
  const auto day = take_number(text, 2);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  // The clock counts nanoseconds in 64 bits: 1677 to 2262.
  if (!date.ok() || *year < 1970 || *year > 2199) return std::nullopt;
  return std::chrono::sys_days(date);
}

/// "10:30" or "10:30:15".
std::optional<std::chrono::seconds> take_clock(std::string_view& text) {
  const auto hour = take_number(text, 2);
  if (!hour || *hour > 23 || !take(text, ':')) return std::nullopt;
  const auto minute = take_number(text, 2);
  if (!minute || *minute > 59) return std::nullopt;
  int second = 0;
  if (take(text, ':')) {
    const auto given = take_number(text, 2);
    if (!given || *given > 59) return std::nullopt;
    second = *given;
  }
  return std::chrono::hours(*hour) + std::chrono::minutes(*minute) + std::chrono::seconds(second);
}

std::optional<moment> parse_date(std::string_view text) {
  const auto date = take_date(text);
  if (!date) return std::nullopt;
  moment at = *date;
  if (take(text, 'T') || take(text, ' ')) {
    const auto clock = take_clock(text);
    if (!clock) return std::nullopt;
    at += *clock;
    take(text, 'Z');
  }
  if (!text.empty()) return std::nullopt;
  return at;
}

std::optional<std::chrono::minutes> parse_age(std::string_view text) {
  if (text.size() < 2 || text.size() > 7) return std::nullopt;
  const char unit = text.back();
  text.remove_suffix(1);
  const auto count = take_number(text, text.size());
  if (!count) return std::nullopt;
  const std::int64_t minutes = unit == 'm'   ? 1
                               : unit == 'h' ? 60
                               : unit == 'd' ? 1440
                               : unit == 'w' ? 10080
                                             : 0;
  constexpr std::int64_t most_minutes = 100LL * 366 * 1440;
  if (minutes == 0 || *count * minutes > most_minutes) return std::nullopt;
  return std::chrono::minutes(*count * minutes);
}

result<std::optional<moment>> moment_of(const char* option, const std::string& text, moment now) {
  if (text.empty()) return std::optional<moment>{};
  const auto at = parse_moment(text, now);
  if (!at)
    return error{.code = errc::invalid_request,
                 .message = std::string(option) + ": " + at.error().message};
  return std::optional<moment>(*at);
}

}  // namespace

result<moment> parse_moment(std::string_view text, moment now) {
  if (const auto date = parse_date(text)) return *date;
  if (const auto age = parse_age(text)) return now - *age;
  return error{.code = errc::invalid_request,
               .message = "\"" + std::string(text) +
                          "\" is no time: write 2026-11-21, 2026-11-21T10:30 (UTC), or an age such "
                          "as 90m, 24h, 7d, 2w"};
}

result<std::map<std::string, std::string>> tags_of(const std::vector<std::string>& given) {
  std::map<std::string, std::string> tags;
  for (const auto& tag : given) {
    const auto equals = tag.find('=');
    if (equals == std::string::npos || equals == 0)
      return error{.code = errc::invalid_request,
                   .message = "--tag: write NAME=VALUE, as in --tag team=search"};
    tags[tag.substr(0, equals)] = tag.substr(equals + 1);
  }
  return tags;
}

void add_selection(option_set set, ledger_selection& into) {
  set.add_option("--since", into.since, "From this time on: a date (UTC) or an age such as 7d")
      .type_name("TIME");
  set.add_option("--until", into.until, "Before this time").type_name("TIME");
  set.add_option("--vendor", into.vendor, "Of this vendor").type_name("NAME");
  set.add_option("--model", into.model, "Of this model, as it was asked for").type_name("ID");
  set.add_option("--tenant", into.tenant, "Of this tenant").type_name("NAME");
  set.add_option("--user", into.user, "Of this user").type_name("NAME");
  set.add_option("--task", into.task, "Of this task").type_name("NAME");
  set.add_option("--run", into.run, "Of this run, as of ark eval").type_name("ID");
  set.add_option("--call", into.call, "The attempts of this call").type_name("ID");
  set.add_option("--tag", into.tags, "With this tag; several must all match")
      .type_name("NAME=VALUE")
      .one_value_each();
  set.add_option("--state", into.state, "In this state")
      .type_name("STATE")
      .one_of({"sending", "settled", "void", "ambiguous"});
}

result<ledger_filter> filter_of(const ledger_selection& from, moment now) {
  ledger_filter filter;
  const auto since = moment_of("--since", from.since, now);
  if (!since) return since.error();
  const auto until = moment_of("--until", from.until, now);
  if (!until) return until.error();
  auto tags = tags_of(from.tags);
  if (!tags) return tags.error();
  filter.since = *since;
  filter.until = *until;
  filter.tags = std::move(*tags);
  filter.vendor = from.vendor;
  filter.model = from.model;
  filter.tenant = from.tenant;
  filter.user = from.user;
  filter.task = from.task;
  filter.run = from.run;
  filter.call_id = from.call;
  for (const auto state : {attempt_state::sending, attempt_state::settled, attempt_state::void_,
                           attempt_state::ambiguous})
    if (from.state == to_string(state)) filter.state = state;
  return filter;
}

}  // namespace ark::cli
