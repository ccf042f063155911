#include <ark/billing.hpp>

#include "tests/unit/ledger/ledger_fixture.hpp"

namespace ark::testing {
namespace {

using std::chrono::hours;

class reconciled : public ledger_fixture {
 protected:
  void book_one(std::uint64_t id, std::string_view price, std::int64_t seconds = 0,
                const std::string& reply_model = "gpt-6-2026-01-02") {
    if (!book) open();
    auto i = intent(id, seconds);
    i.tenant = id % 2 == 0 ? "even" : "odd";
    auto o = outcome(id, price);
    o.ended = i.begun + std::chrono::seconds(1);
    o.reply_model = reply_model;
    ASSERT_TRUE(commit(*to, {i, o}));
  }
  void book_doubt(std::uint64_t id, std::string_view low, std::string_view high) {
    if (!book) open();
    auto o = outcome(id);
    o.state = attempt_state::ambiguous;
    o.cost = interval(low, high);
    ASSERT_TRUE(commit(*to, {intent(id), o}));
  }
  vendor_line line(std::string_view price, const std::string& model = "gpt-6-2026-01-02",
                   int days_later = 0) const {
    const auto day = std::chrono::floor<std::chrono::days>(at()) + std::chrono::days(days_later);
    return {.place = "b.csv:2",
            .from = day,
            .until = day + hours(24),
            .model = model,
            .cost = money{money_of(price), "USD"}};
  }
  vendor_line request(const std::string& id, std::string_view price) const {
    auto one = line(price);
    one.request_id = id;
    return one;
  }
  reconciliation compare(std::vector<vendor_line> lines, reconcile_options options = {}) {
    options.vendor = "openai";
    reconciler r(options);
    for (auto& each : lines) EXPECT_TRUE(r.add(std::move(each)));
    auto done = r.compare(book, {});
    EXPECT_TRUE(done);
    return done ? *done : reconciliation{};
  }
};

TEST_F(reconciled, days_and_models_that_agree) {
  book_one(1, "0.25");
  book_one(2, "0.5", 60);
  const auto r = compare({line("0.7"), line("0.05")});
  ASSERT_EQ(r.items.size(), 1u);
  EXPECT_TRUE(r.agrees());
  EXPECT_EQ(r.items[0].vendor_lines, 2);
  EXPECT_EQ(r.items[0].entries, 2);
  ASSERT_EQ(r.totals.size(), 1u);
  EXPECT_EQ(r.totals[0].billed, money_of("0.75"));
  EXPECT_EQ(r.totals[0].booked, money_of("0.75"));
}

TEST_F(reconciled, a_dated_name_is_the_models_and_never_of_two) {
  book_one(1, "0.25", 0, "");  // asked for gpt-6, the answer named nothing
  EXPECT_TRUE(compare({line("0.25", "GPT-6-2026-01-02")}).agrees());
  EXPECT_FALSE(compare({line("0.25", "gpt-6-2026-01-02"), line("0", "gpt-6-2026-02-03")}).agrees());
}

TEST_F(reconciled, by_request_id_where_there_is_one) {
  book_one(1, "0.25");
  book_one(2, "0.5");
  book_one(3, "0.125");
  const auto r =
      compare({request("req-1", "0.25"), request("req-2", "0.6"), request("req-9", "1")});
  std::map<match_status, int> count;
  for (const auto& item : r.items) ++count[item.status];
  EXPECT_EQ(count[match_status::matched], 1);
  EXPECT_EQ(count[match_status::amount_differs], 1);
  EXPECT_EQ(count[match_status::missing_in_ledger], 1);
  EXPECT_EQ(count[match_status::missing_at_vendor], 1) << "request 3";
}

TEST_F(reconciled, projects_are_what_the_caller_says) {
  book_one(1, "0.25");
  book_one(2, "0.5");
  auto odd = line("0.25"), even = line("0.5");
  odd.project = "odd";
  even.project = "even";
  EXPECT_EQ(compare({odd, even}, {.project_is = "tenant"}).items.size(), 2u);
  EXPECT_TRUE(compare({odd, even}, {.project_is = "tenant"}).agrees());
  EXPECT_FALSE(compare({odd, even}, {.project_is = "tag:none"}).agrees());
}

TEST_F(reconciled, days_as_wholes) {
  book_one(1, "0.25");
  EXPECT_FALSE(compare({line("0.2"), line("0.05", "")}).agrees());
  EXPECT_TRUE(compare({line("0.2"), line("0.05", "")}, {.by_model = false}).agrees());
}

TEST_F(reconciled, a_day_without_a_line_is_missing_at_the_vendor) {
  book_one(1, "0.25");
  book_one(2, "0.5", 86'400);
  const auto r = compare({line("0.25"), line("0", "other", 2)});
  int missing = 0;
  for (const auto& item : r.items) missing += item.status == match_status::missing_at_vendor;
  EXPECT_EQ(missing, 1);
}

TEST_F(reconciled, corrections_settle_what_follows_and_then_it_agrees) {
  book_one(1, "0.25");
  book_doubt(2, "0.1", "0.7");
  // The doubtful one's answer was named as the other's.
  const auto before = compare({line("0.55", "gpt-6")});
  EXPECT_FALSE(before.agrees());
  const auto whole = compare({line("0.55")}, {.by_model = false});
  ASSERT_EQ(whole.corrections.size(), 1u);
  EXPECT_EQ(whole.corrections[0].cost.value, money_of("0.3"));
  ASSERT_TRUE(book.correct(whole.corrections));
  const auto after = compare({line("0.55")}, {.by_model = false});
  EXPECT_TRUE(after.agrees());
  EXPECT_TRUE(after.corrections.empty());
  const auto entries = book.list({.state = attempt_state::settled}).value();
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_NE(entries[1].note.find("b.csv:2"), std::string::npos) << entries[1].note;
}

TEST_F(reconciled, what_cannot_be_matched_is_an_error) {
  open();
  reconciler r({.vendor = "openai"});
  EXPECT_EQ(r.add({.place = "b.csv:2"}).error().code, errc::invalid_request);
  auto month = line("1");
  month.until = *month.from + hours(24 * 30);
  ASSERT_TRUE(r.add(month));
  ASSERT_TRUE(r.add(line("1", "m", 3)));
  const auto done = r.compare(book, {});
  ASSERT_FALSE(done);
  EXPECT_NE(done.error().message.find("overlap"), std::string::npos);
  EXPECT_FALSE(reconciler(reconcile_options{}).compare(book, {}));
  EXPECT_FALSE(reconciler({.vendor = "v", .project_is = "team"}).compare(book, {}));
}

}  // namespace
}  // namespace ark::testing
