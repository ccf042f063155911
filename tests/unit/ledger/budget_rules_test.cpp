#include "ledger/budget_rules.hpp"

#include "budget_fixture.hpp"
#include "ledger/record.hpp"

namespace ark::testing {
namespace {

using namespace detail;
using namespace std::chrono_literals;

std::int64_t us(std::string_view iso) {
  int y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0;
  EXPECT_EQ(std::sscanf(std::string(iso).c_str(), "%d-%d-%dT%d:%d:%dZ", &y, &mo, &d, &h, &mi, &s),
            6);
  const std::chrono::sys_days day{std::chrono::year(y) / mo / d};
  return to_us(day + std::chrono::hours(h) + std::chrono::minutes(mi) + std::chrono::seconds(s));
}

budget per(budget_period p, std::chrono::minutes offset = 0min) {
  budget b = limited("1");
  b.period = p;
  b.utc_offset = offset;
  return b;
}

std::string begins(const budget& b, std::string_view at) {
  return time_text(window_of(b, us(at)).key);
}

TEST(budget_rules, days_begin_at_their_own_midnight) {
  const budget utc = per(budget_period::day);
  EXPECT_EQ(begins(utc, "2026-11-21T00:00:00Z"), "2026-11-21T00:00:00Z");
  EXPECT_EQ(begins(utc, "2026-11-20T23:59:59Z"), "2026-11-20T00:00:00Z");
  const budget china = per(budget_period::day, 8h);
  EXPECT_EQ(begins(china, "2026-11-20T15:59:59Z"), "2026-11-19T16:00:00Z");
  EXPECT_EQ(begins(china, "2026-11-20T16:00:00Z"), "2026-11-20T16:00:00Z");
  const budget west = per(budget_period::day, -(5h + 30min));
  EXPECT_EQ(begins(west, "2026-11-21T05:29:59Z"), "2026-11-20T05:30:00Z");
  EXPECT_EQ(window_end(west, us("2026-11-20T05:30:00Z")), us("2026-11-21T05:30:00Z"));
}

TEST(budget_rules, months_have_their_own_lengths) {
  const budget utc = per(budget_period::month);
  EXPECT_EQ(begins(utc, "2026-12-31T23:59:59Z"), "2026-12-01T00:00:00Z");
  EXPECT_EQ(window_end(utc, us("2026-12-01T00:00:00Z")), us("2027-01-01T00:00:00Z"));
  EXPECT_EQ(window_end(utc, us("2028-02-01T00:00:00Z")), us("2028-03-01T00:00:00Z"));
  const budget china = per(budget_period::month, 8h);
  EXPECT_EQ(begins(china, "2026-11-30T16:00:00Z"), "2026-11-30T16:00:00Z");
  EXPECT_EQ(begins(china, "2026-11-30T15:59:59Z"), "2026-10-31T16:00:00Z");
  EXPECT_EQ(window_end(china, us("2026-11-30T16:00:00Z")), us("2026-12-31T16:00:00Z"));
}

TEST(budget_rules, times_before_1970_have_windows_too) {
  EXPECT_EQ(window_of(per(budget_period::day), -1).key, -86'400'000'000);
  EXPECT_EQ(window_of(per(budget_period::month), -1).key, -31 * 86'400'000'000);
}

TEST(budget_rules, total_has_one_window) {
  EXPECT_EQ(window_of(per(budget_period::total), us("2026-11-21T00:00:00Z")), window_rows{});
  EXPECT_EQ(window_end(per(budget_period::total), 0), std::nullopt);
}

/// Whatever was let in: no stretch of the length may hold more than the limit.
TEST(budget_rules, a_rolling_window_never_holds_more_than_its_limit) {
  for (const std::chrono::seconds length : {1s, 7s, 60s, 61s, 3600s}) {
    budget b = limited("10");
    b.period = budget_period::rolling;
    b.length = length;
    fake_system chance(static_cast<std::uint64_t>(length.count()));
    std::map<std::int64_t, int> rows;
    std::vector<std::int64_t> in;
    std::int64_t now = us("2026-11-21T00:00:00Z");
    for (int i = 0; i < 4000; ++i) {
      const auto span = static_cast<std::uint64_t>(length.count() * 1'000'000 / 8);
      now += static_cast<std::int64_t>(chance.random_u64() % span);
      // Clocks jump back now and then.
      if (chance.random_u64() % 50 == 0) now -= static_cast<std::int64_t>(span) * 12;
      const window_rows w = window_of(b, now);
      int sum = 0;
      for (auto it = rows.lower_bound(w.from); it != rows.end() && it->first <= w.to; ++it)
        sum += it->second;
      if (sum + 1 > 10) continue;
      ++rows[w.key];
      in.push_back(now);
    }
    ASSERT_GT(in.size(), 100u);
    std::sort(in.begin(), in.end());
    const std::int64_t reach = length.count() * 1'000'000;
    for (std::size_t i = 0; i + 10 < in.size(); ++i)
      ASSERT_GE(in[i + 10] - in[i], reach) << length.count();
  }
}

TEST(budget_rules, a_rolling_window_gives_room_back_soon_after_its_length) {
  budget b = limited("1");
  b.period = budget_period::rolling;
  b.length = 60min;
  const std::int64_t then = us("2026-11-21T10:00:30Z");
  const std::int64_t back = leaves_window(b, window_of(b, then).key);
  EXPECT_EQ(time_text(back), "2026-11-21T11:01:00Z");
  EXPECT_LE(window_of(b, back - 1).from, window_of(b, then).key);
  EXPECT_GT(window_of(b, back).from, window_of(b, then).key);
}

TEST(budget_rules, a_scope_is_all_that_it_says) {
  attempt_intent i = intent(1);
  i.tenant = "t";
  i.tags = {{"team", "search"}, {"stage", "dev"}};
  EXPECT_TRUE(matches({}, i));
  EXPECT_TRUE(matches({.vendor = "openai", .tenant = "t", .tags = {{"team", "search"}}}, i));
  EXPECT_TRUE(matches({.tags = {{"team", "search"}, {"stage", "dev"}}}, i));
  EXPECT_FALSE(matches({.tags = {{"team", "search"}, {"stage", "prod"}}}, i));
  EXPECT_FALSE(matches({.tags = {{"absent", ""}}}, i));
  for (const budget_scope& other : {budget_scope{.vendor = "x"},
                                    {.model = "x"},
                                    {.tenant = "x"},
                                    {.user = "x"},
                                    {.task = "x"},
                                    {.run = "x"}})
    EXPECT_FALSE(matches(other, i));
}

TEST(budget_rules, conversion_rounds_up_and_takes_the_rate_of_the_day) {
  const std::vector<exchange_rate> rates = {{"CNY", "USD", money_of("0.14"), "2026-11-01"},
                                            {"CNY", "USD", money_of("0.15"), "2026-12-01"},
                                            {"CNY", "USD", money_of("0.13"), "2026-10-01"},
                                            {"USD", "CNY", money_of("7"), "2026-11-01"}};
  const auto rate = [&](std::string_view at, std::string_view value = "1") {
    return convert(money_of(value), "CNY", "USD", us(at), rates);
  };
  EXPECT_EQ(rate("2026-11-21T00:00:00Z")->value, money_of("0.14"));
  EXPECT_EQ(rate("2026-11-21T00:00:00Z")->rate, "1 CNY = 0.14 USD (2026-11-01)");
  EXPECT_EQ(rate("2026-12-01T00:00:00Z")->value, money_of("0.15"));
  EXPECT_EQ(rate("2026-10-31T23:59:59Z")->value, money_of("0.13"));
  EXPECT_EQ(rate("2020-01-01T00:00:00Z")->value, money_of("0.13")) << "older than all: the oldest";
  EXPECT_EQ(rate("2026-11-21T00:00:00Z", "0.000000000000001")->value,
            money_of("0.000000000000001"));
  EXPECT_EQ(rate("2026-11-21T00:00:00Z", "1000000000")->value, money_of("140000000"));
  EXPECT_FALSE(convert(money_of("1"), "EUR", "USD", 0, rates));
  EXPECT_EQ(convert(money_of("1"), "EUR", "EUR", 0, {})->value, money_of("1"));
  EXPECT_FALSE(convert(money_of("9000000000000"), "USD", "CNY", 0, rates)) << "out of range";
}

hold after(hold_state before, attempt_state state, cost c, std::string finish = "stop") {
  attempt_outcome o;
  o.state = state;
  o.cost = std::move(c);
  o.finish = std::move(finish);
  return settled({.held = money_of("0.5"), .state = before}, o, "USD", 0, {});
}

TEST(budget_rules, what_becomes_of_a_reservation) {
  using enum hold_state;
  const auto is = [](const hold& h, hold_state s, std::string_view held, std::string_view spent) {
    EXPECT_EQ(to_string(h.state), to_string(s));
    EXPECT_EQ(h.held.to_string(), held);
    EXPECT_EQ(h.spent.to_string(), spent);
  };
  is(after(open, attempt_state::settled, exact("0.25")), done, "0", "0.25");
  is(after(open, attempt_state::settled, exact("0.75")), done, "0", "0.75");
  is(after(open, attempt_state::settled, exact("-5")), done, "0", "0");
  is(after(open, attempt_state::void_, {.status = cost_status::void_}), done, "0", "0");
  is(after(open, attempt_state::ambiguous, interval("0.1", "0.4")), doubt, "0.4", "0");
  is(after(open, attempt_state::ambiguous, unpriced()), doubt, "0.5", "0");
  is(after(open, attempt_state::settled, unpriced()), doubt, "0.5", "0");
  is(after(open, attempt_state::settled, interval("0.1", "0.4")), doubt, "0.4", "0");
  is(after(open, attempt_state::ambiguous, interval("0", "0.5"), "lost"), lost, "0.5", "0");
  is(after(open, attempt_state::settled, exact("1", "CNY")), doubt, "0.5", "0");
  is(after(doubt, attempt_state::settled, exact("0.3")), done, "0", "0.3");
  is(after(freed, attempt_state::settled, exact("0.3")), done, "0", "0.3");
  is(after(uncounted, attempt_state::settled, exact("0.3")), done, "0", "0.3");
  is(after(uncounted, attempt_state::settled, unpriced()), uncounted, "0.5", "0");
  // What was spent, and is not known any more, is held.
  attempt_outcome unknown;
  is(settled({.spent = money_of("0.3"), .state = done}, unknown, "USD", 0, {}), doubt, "0.3", "0");
}

TEST(budget_rules, only_what_is_held_counts) {
  using enum hold_state;
  const amount held = money_of("0.5");
  for (const hold_state s : {open, doubt, lost})
    EXPECT_EQ((hold{.held = held, .state = s}.counted()), held);
  for (const hold_state s : {freed, uncounted})
    EXPECT_TRUE((hold{.held = held, .state = s}.counted()).is_zero());
}

TEST(budget_rules, names_are_stable) {
  for (const char* name : {"open", "doubt", "lost", "freed", "uncounted", "done"})
    EXPECT_EQ(to_string(hold_state_named(name).value()), name);
  EXPECT_FALSE(hold_state_named("other"));
  for (const auto& [p, name] : {std::pair(budget_period::total, "total"),
                                {budget_period::day, "day"},
                                {budget_period::month, "month"},
                                {budget_period::rolling, "rolling"}})
    EXPECT_EQ(to_string(p), name);
}

TEST(budget_rules, what_makes_no_sense_is_refused) {
  EXPECT_TRUE(check(limited("0")));
  const auto wrong = [](auto change) {
    budget b = limited("1");
    change(b);
    const auto checked = check(b);
    EXPECT_FALSE(checked);
    if (!checked) {
      EXPECT_EQ(checked.error().code, errc::invalid_request);
    }
  };
  wrong([](budget& b) { b.name = ""; });
  wrong([](budget& b) { b.name = "a\nb"; });
  wrong([](budget& b) { b.name = std::string(129, 'a'); });
  wrong([](budget& b) { b.limit.currency = ""; });
  wrong([](budget& b) { b.limit.currency = "usd"; });
  wrong([](budget& b) { b.limit.value = money_of("-1"); });
  wrong([](budget& b) { b.limit.value = money_of("99999999999999"); });
  wrong([](budget& b) { b.period = budget_period::rolling; });
  wrong([](budget& b) { b.length = 60s; });
  wrong([](budget& b) { b.utc_offset = 19h; });
  wrong([](budget& b) { b.thresholds = {0}; });
  wrong([](budget& b) { b.thresholds = {1001}; });
  wrong([](budget& b) { b.scope.user = "\x1b[31m"; });
  wrong([](budget& b) { b.scope.tags = {{"", "x"}}; });
}

}  // namespace
}  // namespace ark::testing
