#include <atomic>
#include <thread>

#include "ledger_pg/pg_store.hpp"
#include "ledger_pg/pg_writer.hpp"
#include "tests/integration/ledger_pg/store_fixture.hpp"
#include "tests/unit/ledger/child.hpp"

/// Budgets of a shared ledger.
namespace ark::testing {
namespace {

using namespace std::chrono_literals;

class budget_test : public ::testing::Test {
 protected:
  void SetUp() override {
    server = the_server();
    if (server == nullptr) GTEST_SKIP() << "skipped: postgresql is not installed";
    server->wipe();
    book = ledger::open({.path = server->name()}).value();
    to = journal_of(book);
  }
  budget of(std::string_view limit, budget_period period = budget_period::total) const {
    return {.name = "all", .limit = {money_of(limit), "USD"}, .period = period};
  }
  budget_status status() const { return book.budgets().value().at(0); }
  /// The shards' sums are what reservations add up to.
  void expect_consistent() const {
    EXPECT_EQ(server->ask("SELECT count(*) FROM (SELECT line, start_us, shard, sum(spent) AS s, "
                          "sum(held) FILTER (WHERE state NOT IN ('freed', 'uncounted')) AS r FROM "
                          "ark.reservation GROUP BY 1, 2, 3) x FULL JOIN ark.budget_shard b USING "
                          "(line, start_us, shard) WHERE coalesce(x.s, 0) <> b.spent OR "
                          "coalesce(x.r, 0) <> b.reserved"),
              "0");
  }
  pg_server* server = nullptr;
  ledger book;
  std::shared_ptr<journal> to;
};

TEST_F(budget_test, the_worst_case_is_reserved_and_the_cost_is_spent) {
  ASSERT_TRUE(book.set_budget(of("1.20")));
  ASSERT_TRUE(put(*to, {intent(1)}));
  EXPECT_EQ(status().reserved, money_of("0.5"));
  ASSERT_TRUE(put(*to, {outcome(1, "0.25"), intent(2)}));
  EXPECT_EQ(status().spent, money_of("0.25"));
  EXPECT_EQ(status().reserved, money_of("0.5"));
  EXPECT_EQ(status().left, money_of("0.45"));
  const auto refused = commit_all(*to, {intent(3), outcome(2, "0.1")});
  EXPECT_EQ(refused.of(0).error().code, errc::budget);
  EXPECT_NE(refused.of(0).error().message.find("0.45 USD left"), std::string::npos)
      << refused.of(0).error().message;
  EXPECT_TRUE(refused.of(1)) << "the rest is recorded";
  ASSERT_TRUE(put(*to, {intent(4)})) << "and made room";
  EXPECT_EQ(status().spent, money_of("0.35"));
  EXPECT_EQ(server->ask("SELECT count(*) FROM ark.intent"), "3");
  expect_consistent();
}

TEST_F(budget_test, several_budgets_must_all_have_room) {
  budget team = of("0.6");
  team.name = "team";
  team.scope.tags = {{"team", "a"}};
  budget soft = of("0.1");
  soft.name = "soft";
  soft.hard = false;
  ASSERT_TRUE(book.set_budget(of("10")));
  ASSERT_TRUE(book.set_budget(team));
  ASSERT_TRUE(book.set_budget(soft));
  attempt_intent a = intent(1), b = intent(2), other = intent(3);
  a.tags = b.tags = {{"team", "a"}};
  const auto r = commit_all(*to, {a, b, other});
  EXPECT_TRUE(r.of(0));
  EXPECT_EQ(r.of(1).error().code, errc::budget);
  EXPECT_NE(r.of(1).error().message.find("\"team\""), std::string::npos);
  EXPECT_TRUE(r.of(2));
  const auto all = book.budgets().value();
  EXPECT_EQ(all[0].reserved, money_of("1")) << "nothing of what another budget refused";
  EXPECT_EQ(all[1].reserved, money_of("1")) << "a soft one only counts";
  EXPECT_EQ(all[2].reserved, money_of("0.5"));
  expect_consistent();
}

TEST_F(budget_test, unpriced_and_foreign_money_is_refused_or_let_pass_uncounted) {
  ASSERT_TRUE(book.set_budget(of("1")));
  attempt_intent unpriced = intent(1), yuan = intent(2);
  unpriced.quote = {};
  yuan.quote.currency = "CNY";
  const auto r = commit_all(*to, {unpriced, yuan});
  EXPECT_EQ(r.of(0).error().code, errc::budget);
  EXPECT_NE(r.of(1).error().message.find("exchange rate"), std::string::npos);
  budget open_minded = of("1");
  open_minded.allow_unpriced = true;
  ASSERT_TRUE(book.set_budget(open_minded));
  ASSERT_TRUE(put(*to, {unpriced}));
  EXPECT_EQ(status().uncounted, 1);
  ASSERT_TRUE(put(*to, {outcome(1, "0.3")}));
  EXPECT_EQ(status().spent, money_of("0.3"));
  const auto rich = ledger::open(
      {.path = server->name(), .rates = {{"CNY", "USD", money_of("0.14"), "2026-01-01"}}});
  ASSERT_TRUE(put(*journal_of(*rich), {yuan}));
  EXPECT_EQ(status().reserved, money_of("0.07"));
}

TEST_F(budget_test, a_rolling_window_and_a_lowered_limit_hold) {
  budget rolling = of("1", budget_period::rolling);
  rolling.length = 60s;
  ASSERT_TRUE(book.set_budget(rolling));
  EXPECT_TRUE(put(*to, {intent(1, 0)}));
  EXPECT_TRUE(put(*to, {intent(2, 30)}));
  EXPECT_FALSE(put(*to, {intent(3, 59)}));
  EXPECT_TRUE(put(*to, {intent(4, 63)})) << "the first one is out of it";
  ASSERT_TRUE(book.remove_budget("all"));
  EXPECT_EQ(book.remove_budget("all").error().code, errc::not_found);
  ASSERT_TRUE(book.set_budget(of("5")));
  EXPECT_TRUE(put(*to, {intent(5)}));
  ASSERT_TRUE(book.set_budget(of("0.6")));
  EXPECT_FALSE(put(*to, {intent(6)})) << "what was dealt out of the old limit is taken back";
  EXPECT_EQ(book.budget_history("all").value().versions.size(), 4u);
  expect_consistent();
}

TEST_F(budget_test, a_window_counts_what_it_holds_already) {
  ASSERT_TRUE(put(
      *to, {intent(1), outcome(1, "0.25"), intent(2), intent(3, -200'000), outcome(3, "0.125")}));
  const auto now = std::chrono::system_clock::now();
  attempt_intent today = intent(4);
  today.begun = now;
  ASSERT_TRUE(put(*to, {today, outcome(4, "0.4")}));
  ASSERT_TRUE(book.set_budget(of("3", budget_period::day)));
  EXPECT_EQ(status().spent, money_of("0.4"));
  expect_consistent();
}

TEST_F(budget_test, a_threshold_is_told_once) {
  std::atomic<int> told = 0;
  const auto listening =
      ledger::open({.path = server->name(),
                    .on_threshold = [&](const budget_alert& a) { told += a.percent; }})
          .value();
  budget b = of("1");
  b.thresholds = {50, 20};
  ASSERT_TRUE(listening.set_budget(b));
  const auto j = journal_of(listening);
  ASSERT_TRUE(put(*j, {intent(1), outcome(1, "0.3")}));
  ASSERT_TRUE(put(*j, {intent(2), outcome(2, "0.1")}));
  ASSERT_TRUE(put(*j, {intent(3), outcome(3, "0.2")}));
  EXPECT_FALSE(put(*j, {intent(4)}));
  EXPECT_EQ(told, 70);
  EXPECT_EQ(listening.budget_history("all").value().alerts.size(), 2u);
}

TEST_F(budget_test, a_doubt_that_was_resolved_and_doubted_again_is_settled_again) {
  attempt_outcome doubt = outcome(1);
  doubt.state = attempt_state::ambiguous;
  doubt.cost = interval("0", "0.5");
  ASSERT_TRUE(book.set_budget(of("1")));
  ASSERT_TRUE(put(*to, {intent(1), doubt}));
  EXPECT_EQ(status().in_doubt, money_of("0.5"));
  ASSERT_TRUE(put(*to, {outcome(1, "0.2")}));
  const auto first = book.list({}).value().at(0).sequence;
  ASSERT_TRUE(book.correct({{.sequence = first,
                             .state = attempt_state::ambiguous,
                             .cost = interval("0", "0.4"),
                             .reason = "not in the bill"}}));
  EXPECT_EQ(status().reserved, money_of("0.4"));
  ASSERT_TRUE(put(*to, {outcome(1, "0.3")}));
  EXPECT_EQ(server->ask("SELECT string_agg(kind, ',' ORDER BY seq) FROM ark.correction"),
            "resolved,corrected,corrected");
  EXPECT_EQ(status().spent, money_of("0.3"));
  expect_consistent();
}

/// 4 processes x 16 threads; each attempt of one in three costs less than was reserved.
TEST_F(budget_test, never_overspent_by_many_processes_and_used_to_the_last_twentieth) {
  ASSERT_TRUE(book.set_budget(of("1")));
  std::vector<pid_t> children;
  for (std::uint64_t c = 1; c <= 4; ++c)
    children.push_back(start_child([&, c] {
      const auto mine = ledger::open({.path = server->name()}).value();
      const auto j = journal_of(mine);
      std::vector<std::thread> threads;
      for (std::uint64_t t = 0; t < 16; ++t)
        threads.emplace_back([&, t] {
          for (std::uint64_t n = 1; n <= 12; ++n) {
            const std::uint64_t id = c * 1'000'000 + t * 1000 + n;
            attempt_intent i = intent(id);
            i.quote = exact("0.01");
            if (put(*j, {i}))
              static_cast<void>(put(*j, {outcome(id, n % 3 == 0 ? "0.0011" : "0.01")}));
          }
        });
      for (auto& t : threads) t.join();
      return 0;
    }));
  for (const pid_t child : children) EXPECT_EQ(wait_for(child), 0);
  const auto s = status();
  EXPECT_LE(s.spent, money_of("1"));
  EXPECT_GE(s.spent, money_of("0.95"));
  EXPECT_TRUE(s.reserved.is_zero());
  EXPECT_EQ(book.report({}, {}).value().at(0).cost, s.spent);
  expect_consistent();
}

TEST_F(budget_test, what_a_dead_machine_held_is_in_doubt_and_comes_back_after_its_lease) {
  ASSERT_TRUE(book.set_budget(of("1")));
  const pid_t child = start_child([&] {
    const auto mine = ledger::open({.path = server->name()}).value();
    attempt_intent i = intent(1);
    i.lease = 2s;
    if (!put(*journal_of(mine), {i})) return 1;
    ::kill(::getpid(), SIGKILL);
    return 2;
  });
  EXPECT_EQ(wait_for(child), -SIGKILL);
  const auto quick = detail::pg_store::open({.path = server->name()},
                                            {.patience = 2s, .beat = 100ms, .silence = 500ms})
                         .value();
  const auto waited = [&](auto&& is) {
    for (int n = 0; n < 100 && !is(); ++n) std::this_thread::sleep_for(50ms);
    return is();
  };
  EXPECT_TRUE(waited([&] { return status().in_doubt == money_of("0.5"); }));
  EXPECT_EQ(book.list({}).value().at(0).finish, "lost");
  EXPECT_TRUE(waited([&] { return status().given_up == money_of("0.5"); }));
  EXPECT_EQ(status().left, money_of("1"));
  ASSERT_TRUE(put(*to, {outcome(1, "0.3")})) << "and if it was billed after all, it counts";
  EXPECT_EQ(status().spent, money_of("0.3"));
  expect_consistent();
}

/// Nothing can follow a damaged last seal; budgets have nothing to do with that.
TEST_F(budget_test, what_a_dead_machine_held_comes_back_where_no_seal_can_be_added) {
  ASSERT_TRUE(book.set_budget(of("1")));
  const pid_t child = start_child([&] {
    const auto mine = ledger::open({.path = server->name()}).value();
    attempt_intent i = intent(1);
    i.lease = 1s;
    if (!put(*journal_of(mine), {i})) return 1;
    ::kill(::getpid(), SIGKILL);
    return 2;
  });
  EXPECT_EQ(wait_for(child), -SIGKILL);
  server->run(
      "ALTER TABLE ark.seal DISABLE TRIGGER USER; UPDATE ark.seal SET hash = 'x'; ALTER TABLE "
      "ark.seal ENABLE TRIGGER USER");
  const auto quick = detail::pg_store::open({.path = server->name()},
                                            {.patience = 2s, .beat = 50ms, .silence = 300ms})
                         .value();
  for (int n = 0; n < 100 && status().given_up != money_of("0.5"); ++n)
    std::this_thread::sleep_for(50ms);
  EXPECT_EQ(status().given_up, money_of("0.5"));
  EXPECT_EQ(book.list({}).value().at(0).finish, "lost");
  ASSERT_TRUE(put(*quick, {intent(2), outcome(2)})) << "and it goes on";
  expect_consistent();
}

TEST_F(budget_test, a_sweep_that_finds_nothing_writes_nothing) {
  const auto until = std::chrono::steady_clock::now() + 20s;
  const auto writer = detail::pg_writer::open({.to = {.text = server->name()}}, until).value();
  ASSERT_TRUE(writer->write({intent(1)}, until).all);
  const std::string row = "SELECT xmin || ' ' || committed FROM ark.session WHERE id = " +
                          std::to_string(writer->session());
  const std::string before = server->ask(row);
  ASSERT_TRUE(writer->sweep(60s, until));
  EXPECT_EQ(server->ask(row), before);
  ASSERT_TRUE(writer->write({outcome(1)}, until).all);
  EXPECT_NE(server->ask(row), before);
}

/// An outcome that is kept back is the attempt's own, and must not come after "lost".
TEST_F(budget_test, nothing_is_swept_before_what_is_kept_back) {
  ASSERT_TRUE(put(*to, {intent(1)}));
  const auto until = std::chrono::steady_clock::now() + 20s;
  const auto writer = detail::pg_writer::open({.to = {.text = server->name()}}, until).value();
  server->run(
      "CREATE FUNCTION public.no() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION "
      "'no'; END $$; CREATE TRIGGER no BEFORE INSERT ON ark.outcome FOR EACH ROW EXECUTE FUNCTION "
      "public.no()");
  EXPECT_FALSE(writer->write({outcome(1)}, until).all);
  server->run("DROP FUNCTION public.no() CASCADE");
  ASSERT_TRUE(writer->owes());
  std::this_thread::sleep_for(20ms);  // all sessions are silent by then
  ASSERT_TRUE(writer->sweep(1ms, until));
  EXPECT_EQ(server->ask("SELECT count(*) FROM ark.outcome"), "0");
  ASSERT_TRUE(writer->write({}, until).all);
  EXPECT_EQ(book.list({}).value().at(0).finish, outcome(1).finish);
  EXPECT_EQ(server->ask("SELECT count(*) FROM ark.correction"), "0");
}

}  // namespace
}  // namespace ark::testing
