#include <atomic>
#include <thread>

#include "tests/integration/ledger_pg/store_fixture.hpp"

/// What a ledger promises, on each of its stores.
namespace ark::testing {
namespace {

class store_test : public store_fixture {};
INSTANTIATE_TEST_SUITE_P(on, store_test, ::testing::Values("sqlite", "postgres"), store_name);

TEST_P(store_test, an_attempt_is_open_then_settled) {
  open();
  ASSERT_TRUE(put(*to, {intent(7)}));
  auto e = book.list({}).value().at(0);
  EXPECT_EQ(e.state, attempt_state::sending);
  EXPECT_FALSE(e.ended);
  EXPECT_EQ(e.quote, exact("0.5"));
  EXPECT_FALSE(e.usage.reported);
  ASSERT_TRUE(put(*to, {outcome(7)}));
  e = book.list({}).value().at(0);
  EXPECT_EQ(e.state, attempt_state::settled);
  EXPECT_EQ(e.cost, exact("0.25"));
  EXPECT_EQ(e.ended, at(2));
  EXPECT_EQ(e.begun, at());
  EXPECT_EQ(e.request_id, "req-7");
}

TEST_P(store_test, everything_of_an_entry_comes_back) {
  open();
  attempt_intent i = intent(~std::uint64_t{0});
  i.quote = interval("0.000000000000001", "9123456789012.123456789012345");
  i.tenant = "a\"b\\c,{}";
  i.user = "NULL";
  i.task = "\xE4\xBD\xA0\xE5\xA5\xBD";
  i.run = " ";
  i.tags = {{"", "x"}, {"team", "\"quoted\" \\ {1,2}"}};
  i.route = "cheapest";
  i.prompt_id = "p";
  i.prompt_version = "3";
  i.inputs_hash = "9f86";
  i.lease = std::chrono::seconds(90);
  attempt_outcome o = outcome(i.attempt_id, "0.002173250000001");
  o.usage.units = {{"web_search", 2}};
  o.usage.vendor_total = 120;
  o.usage.vendor_cost = money{money_of("0.0021"), "USD"};
  o.usage.service_tier = "flex";
  o.lines = {{"input", 1000, money_of("2"), 1'000'000, money_of("0.002")}};
  o.computed = money{money_of("0.0022"), "USD"};
  o.first_content = std::chrono::milliseconds(300);
  o.error = "late\nwords";
  ASSERT_TRUE(put(*to, {i, o}));
  const auto e = book.list({}).value().at(0);
  EXPECT_EQ(e.quote, i.quote);
  EXPECT_EQ(e.tenant, i.tenant);
  EXPECT_EQ(e.user, i.user);
  EXPECT_EQ(e.task, i.task);
  EXPECT_EQ(e.run, i.run);
  EXPECT_EQ(e.tags, i.tags);
  EXPECT_EQ(e.route, i.route);
  EXPECT_EQ(e.prompt_version, "3");
  EXPECT_EQ(e.inputs_hash, "9f86");
  EXPECT_EQ(e.usage, o.usage);
  EXPECT_EQ(e.cost, o.cost);
  EXPECT_EQ(e.lines, o.lines);
  EXPECT_EQ(e.computed, o.computed);
  EXPECT_EQ(e.latency, o.latency);
  EXPECT_EQ(e.first_content, o.first_content);
  EXPECT_EQ(e.error, o.error);
  EXPECT_EQ(e.http_status, 200);
}

TEST_P(store_test, a_second_handle_reads_and_a_read_only_one_refuses_to_write) {
  open();
  ASSERT_TRUE(put(*to, {intent(1), outcome(1)}));
  const auto reader = ledger::open({.path = place, .read_only = true}).value();
  EXPECT_EQ(reader.list({}).value().size(), 1u);
  EXPECT_EQ(put(*journal_of(reader), {intent(2)}).error().code, errc::ledger);
}

TEST_P(store_test, reading_what_does_not_exist_is_not_found) {
  const auto opened = ledger::open({.path = place, .read_only = true});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, errc::not_found);
}

TEST_P(store_test, a_newer_ledger_is_refused) {
  open();
  close();
  ask("INSERT INTO @schema_version VALUES(999, " + std::string(is_server() ? "now()" : "1") +
      ", 'x')");
  for (const bool read_only : {true, false}) {
    const auto opened = ledger::open({.path = place, .read_only = read_only});
    ASSERT_FALSE(opened);
    EXPECT_NE(opened.error().message.find("version 999"), std::string::npos);
  }
}

TEST_P(store_test, the_same_outcome_again_is_ignored) {
  open();
  ASSERT_TRUE(put(*to, {intent(1), outcome(1)}));
  EXPECT_TRUE(put(*to, {outcome(1)}));
  EXPECT_TRUE(put(*to, {outcome(1), outcome(1)}));
  EXPECT_EQ(ask("SELECT count(*) FROM @outcome"), "1");
  EXPECT_EQ(corrections(), "");
}

TEST_P(store_test, the_first_settlement_stays_and_another_is_kept_as_a_conflict) {
  open();
  ASSERT_TRUE(put(*to, {intent(1), outcome(1, "0.25")}));
  EXPECT_TRUE(put(*to, {outcome(1, "0.30"), intent(2)})) << "its neighbours are not its fault";
  const auto entries = book.list({}).value();
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(entries[0].cost, exact("0.25"));
  EXPECT_EQ(corrections(), "conflict");
  EXPECT_EQ(ask("SELECT cost_micro FROM @correction"), "300000");
}

TEST_P(store_test, two_outcomes_in_one_commit_are_a_settlement_and_a_conflict) {
  open();
  ASSERT_TRUE(put(*to, {intent(1), outcome(1, "0.25"), outcome(1, "0.30"), outcome(1, "0.25")}));
  EXPECT_EQ(book.list({}).value().at(0).cost, exact("0.25"));
  EXPECT_EQ(corrections(), "conflict");
}

// L03
TEST_P(store_test, many_threads_settling_one_attempt_leave_one_row) {
  open();
  ASSERT_TRUE(put(*to, {intent(1)}));
  const auto other = ledger::open({.path = place}).value();
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back(
        [&, j = journal_of(i % 2 == 0 ? book : other)] { EXPECT_TRUE(put(*j, {outcome(1)})); });
  for (auto& t : threads) t.join();
  EXPECT_EQ(ask("SELECT count(*) FROM @outcome"), "1");
  EXPECT_EQ(corrections(), "");
}

TEST_P(store_test, a_doubt_is_resolved_once) {
  open();
  attempt_outcome doubtful = outcome(1);
  doubtful.state = attempt_state::ambiguous;
  doubtful.cost = interval("0", "0.75");
  ASSERT_TRUE(put(*to, {intent(1), doubtful}));
  ASSERT_TRUE(put(*to, {outcome(1, "0.3")}));
  ASSERT_TRUE(put(*to, {outcome(1, "0.3")}));
  ASSERT_TRUE(put(*to, {outcome(1, "0.4")}));
  EXPECT_EQ(corrections(), "resolved,conflict");
  const auto e = book.list({}).value().at(0);
  EXPECT_EQ(e.state, attempt_state::settled);
  EXPECT_EQ(e.cost, exact("0.3"));
  EXPECT_EQ(book.list({.state = attempt_state::ambiguous}).value().size(), 0u);
  const auto line = book.report({"state"}, {}).value().at(0);
  EXPECT_EQ(line.key, std::vector<std::string>{"settled"});
  EXPECT_EQ(line.high, money_of("0.3"));
}

TEST_P(store_test, an_outcome_without_intent_is_kept) {
  open();
  EXPECT_TRUE(put(*to, {outcome(5)}));
  EXPECT_EQ(corrections(), "orphan");
  EXPECT_EQ(ask("SELECT attempt_id FROM @correction WHERE of_seq IS NULL"), "5");
  EXPECT_TRUE(book.list({}).value().empty());
}

TEST_P(store_test, an_attempt_of_an_earlier_life_can_be_settled) {
  open();
  ASSERT_TRUE(put(*to, {intent(1)}));
  close();
  open();
  ASSERT_TRUE(put(*to, {outcome(1)}));
  EXPECT_EQ(book.list({}).value().at(0).state, attempt_state::settled);
  EXPECT_EQ(corrections(), "");
}

TEST_P(store_test, a_correction_counts_and_the_old_figure_stays) {
  open();
  ASSERT_TRUE(put(*to, {intent(1), outcome(1, "0.25"), intent(2)}));
  const auto first = book.list({}).value().at(0).sequence;
  ASSERT_TRUE(book.correct({{.sequence = first, .cost = exact("0.2"), .reason = "invoice"}}));
  ASSERT_TRUE(book.correct({{.sequence = first, .cost = exact("0.2"), .reason = "invoice"}}));
  ASSERT_TRUE(book.correct({{.sequence = first, .cost = exact("0.1"), .reason = "credit"}}));
  const auto e = book.list({}).value().at(0);
  EXPECT_EQ(e.cost, exact("0.1"));
  EXPECT_EQ(e.note, "credit");
  EXPECT_EQ(e.usage.input, 100);
  EXPECT_EQ(corrections(), "corrected,corrected");
  EXPECT_EQ(book.report({}, {}).value().at(0).cost, money_of("0.1"));
  const auto refused = book.correct({{.sequence = first + 1, .cost = exact("1")}});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::invalid_request) << "it is open";
  EXPECT_FALSE(book.correct({{.sequence = 999'999, .cost = exact("1")}}));
}

TEST_P(store_test, what_cannot_be_recorded_is_refused_for_itself) {
  open();
  attempt_intent huge = intent(2);
  huge.tags = {{"x", std::string(70'000, 'x')}};
  const auto r = commit_all(*to, {intent(1), huge, intent(3)});
  EXPECT_TRUE(r.of(0));
  EXPECT_FALSE(r.of(1));
  EXPECT_TRUE(r.of(2));
  EXPECT_EQ(book.list({}).value().size(), 2u);
}

// P07, L17
TEST_P(store_test, bytes_that_are_no_text_and_absurd_usage_are_repaired) {
  open();
  attempt_intent i = intent(1);
  i.model = std::string("m\0x\xff", 4);
  attempt_outcome o = outcome(1);
  o.finish = "\xC3";
  o.usage.output = -5;
  ASSERT_TRUE(put(*to, {i, o}));
  const auto e = book.list({}).value().at(0);
  EXPECT_EQ(e.model, "m\xEF\xBF\xBDx\xEF\xBF\xBD");
  EXPECT_EQ(e.cost.status, cost_status::unknown);
  EXPECT_NE(e.note.find("output = -5"), std::string::npos);
}

TEST_P(store_test, each_field_filters) {
  open();
  attempt_intent other = intent(2, 60);
  other.vendor = "anthropic";
  other.model = "claude";
  other.tenant = "acme";
  other.user = "u";
  other.task = "t";
  other.run = "r";
  other.tags = {{"team", "search"}, {"env", "prod"}};
  ASSERT_TRUE(put(*to, {intent(1), other, intent(3, 120), outcome(1)}));
  const auto calls = [&](const ledger_filter& f) {
    std::string all;
    for (const auto& e : book.list(f).value()) all += e.call_id;
    return all;
  };
  for (const ledger_filter& f :
       std::vector<ledger_filter>{{.vendor = "anthropic"},
                                  {.model = "claude"},
                                  {.tenant = "acme"},
                                  {.user = "u"},
                                  {.task = "t"},
                                  {.run = "r"},
                                  {.call_id = "call-2"},
                                  {.tags = {{"team", "search"}}},
                                  {.tags = {{"team", "search"}, {"env", "prod"}}},
                                  {.since = at(60), .until = at(120)}})
    EXPECT_EQ(calls(f), "call-2");
  EXPECT_EQ(calls({.tags = {{"team", "ads"}}}), "");
  EXPECT_EQ(calls({.state = attempt_state::settled}), "call-1");
  EXPECT_EQ(calls({.state = attempt_state::sending}), "call-2call-3");
}

TEST_P(store_test, paging_goes_on_after_a_sequence_in_either_order) {
  open();
  std::vector<journal_record> records;
  for (std::uint64_t id = 1; id <= 1200; ++id) records.emplace_back(intent(id));
  ASSERT_TRUE(put(*to, std::move(records)));
  const auto all = book.list({}).value();
  ASSERT_EQ(all.size(), 1200u) << "more than one page";
  for (std::size_t n = 0; n < all.size(); ++n)
    ASSERT_EQ(all[n].call_id, "call-" + std::to_string(n + 1)) << "in the order of the commit";
  const auto next = book.list({.after_sequence = all[2].sequence, .limit = 2}).value();
  ASSERT_EQ(next.size(), 2u);
  EXPECT_EQ(next[0].call_id, "call-4");
  const auto last = book.list({.limit = 2, .newest_first = true}).value();
  EXPECT_EQ(last.at(1).call_id, "call-1199");
  EXPECT_EQ(book.list({.limit = 513}).value().size(), 513u);
}

TEST_P(store_test, a_scan_stops_when_told_and_holds_no_lock_meanwhile) {
  open();
  ASSERT_TRUE(put(*to, {intent(1), intent(2), intent(3)}));
  int seen = 0;
  ASSERT_TRUE(book.scan({}, [&](const ledger_entry&) {
    EXPECT_TRUE(put(*to, {intent(static_cast<std::uint64_t>(100 + seen))}));
    EXPECT_EQ(book.report({}, {}).value().size(), 1u) << "a query inside a query";
    return ++seen < 2;
  }));
  EXPECT_EQ(seen, 2);
}

// L14
TEST_P(store_test, what_a_caller_says_never_becomes_sql) {
  open();
  const std::string nasty = "'); DROP TABLE ark.intent;--";
  attempt_intent i = intent(1);
  i.model = nasty;
  i.tags = {{nasty, nasty}, {"$.\"x", "1"}};
  ASSERT_TRUE(put(*to, {i}));
  EXPECT_EQ(book.list({.model = nasty}).value().size(), 1u);
  EXPECT_EQ(book.list({.tags = {{nasty, nasty}}}).value().size(), 1u);
  EXPECT_EQ(book.list({.tags = {{"$.\"x", "1"}}}).value().size(), 1u);
  EXPECT_EQ(book.report({"model", "tag:" + nasty}, {}).value().at(0).key,
            (std::vector<std::string>{nasty, nasty}));
}

TEST_P(store_test, sums_are_exact) {
  open();
  std::vector<journal_record> records;
  for (std::uint64_t id = 1; id <= 3000; ++id) {
    records.emplace_back(intent(id));
    records.emplace_back(outcome(id, id % 2 == 0 ? "0.000000003625001" : "4611686018427.000001"));
  }
  ASSERT_TRUE(put(*to, std::move(records)));
  const auto lines = book.report({}, {}).value();
  ASSERT_EQ(lines.size(), 1u);
  // 1500 * 4611686018427.000001 + 1500 * 0.000000003625001: beyond 64 bits of 1e-6.
  EXPECT_EQ(lines[0].cost.to_string(), "6917529027640500.0015054375015");
  EXPECT_EQ(lines[0].attempts, 3000);
  EXPECT_EQ(lines[0].input, 300'000);
}

TEST_P(store_test, doubt_widens_the_interval_and_currencies_are_never_added_up) {
  open();
  attempt_outcome doubtful = outcome(2);
  doubtful.state = attempt_state::ambiguous;
  doubtful.cost = interval("0.1", "0.4");
  attempt_outcome free = outcome(3);
  free.state = attempt_state::void_;
  free.cost = {.status = cost_status::void_};
  attempt_intent open_one = intent(4);
  open_one.quote = interval("0.01", "0.5");
  attempt_intent unpriced = intent(5);
  unpriced.quote = {};
  attempt_outcome yuan = outcome(6, "2");
  yuan.cost.currency = "CNY";
  attempt_outcome unknown = outcome(7);
  unknown.cost = {};
  ASSERT_TRUE(put(*to, {intent(1), outcome(1, "1"), intent(2), doubtful, intent(3), free, open_one,
                        unpriced, intent(6), yuan, intent(7), unknown}));
  const auto lines = book.report({"vendor"}, {}).value();
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[0].currency, "");
  EXPECT_EQ(lines[0].unknown_cost, 1);
  EXPECT_EQ(lines[0].open, 1);
  EXPECT_TRUE(lines[0].high.is_zero());
  EXPECT_EQ(lines[1].currency, "CNY");
  EXPECT_EQ(lines[1].cost, money_of("2"));
  const auto& line = lines[2];
  EXPECT_EQ(line.currency, "USD") << "void and open go with the currency of their quote";
  EXPECT_EQ(line.cost, money_of("1"));
  EXPECT_EQ(line.low, money_of("1.1"));
  EXPECT_EQ(line.high, money_of("1.9"));
  EXPECT_EQ(line.attempts, 4);
  EXPECT_EQ(line.ambiguous, 1);
  EXPECT_EQ(line.voided, 1);
  EXPECT_EQ(line.open, 1);
}

TEST_P(store_test, every_bucket_is_in_one_sum) {
  open();
  attempt_outcome o = outcome(1);
  o.usage = {.input = 1,
             .cache_read = 2,
             .cache_write = 3,
             .cache_write_5m = 4,
             .cache_write_1h = 5,
             .input_audio = 6,
             .input_image = 7,
             .input_video = 8,
             .tool_prompt = 9,
             .output = 10,
             .reasoning = 11,
             .output_audio = 12,
             .output_image = 13,
             .reported = true};
  ASSERT_TRUE(put(*to, {intent(1), o}));
  const auto line = book.report({}, {}).value().at(0);
  EXPECT_EQ(line.input, 1 + 6 + 7 + 8 + 9);
  EXPECT_EQ(line.cache_read, 2);
  EXPECT_EQ(line.cache_write, 3 + 4 + 5);
  EXPECT_EQ(line.output, 10 + 12 + 13);
  EXPECT_EQ(line.reasoning, 11);
}

TEST_P(store_test, groups_by_everything_in_order) {
  open();
  attempt_intent i = intent(1, -1);  // 09:59:59
  i.tenant = "acme";
  i.user = "u";
  i.task = "t";
  i.run = "r";
  i.tags = {{"team", "search"}};
  attempt_intent other = intent(2, 86'400);
  other.model = "B";
  ASSERT_TRUE(put(*to, {i, outcome(1), intent(3, 86'400), other}));
  const auto lines = book.report({"hour", "day", "month", "vendor", "model", "tenant", "user",
                                  "task", "run", "state", "tag:team", "tag:none"},
                                 {})
                         .value();
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[0].key,
            (std::vector<std::string>{"2026-11-21T09", "2026-11-21", "2026-11", "openai", "gpt-6",
                                      "acme", "u", "t", "r", "settled", "search", ""}));
  EXPECT_EQ(lines[1].key.at(4), "B") << "bytes, not a language, order the keys";
  EXPECT_EQ(book.report({"colour"}, {}).error().code, errc::invalid_request);
  EXPECT_FALSE(book.report({"tag:"}, {}));
}

TEST_P(store_test, threads_write_and_read_at_once) {
  open();
  std::atomic<bool> stop = false;
  std::thread reader([&] {
    while (!stop) {
      EXPECT_TRUE(book.report({"day", "model"}, {}));
      EXPECT_TRUE(book.scan({.newest_first = true}, [](const ledger_entry&) { return false; }));
    }
  });
  std::vector<std::thread> writers;
  for (std::uint64_t w = 0; w < 4; ++w)
    writers.emplace_back([&, w] {
      for (std::uint64_t n = 1; n <= 50; ++n) {
        EXPECT_TRUE(put(*to, {intent(w * 1000 + n)}));
        EXPECT_TRUE(put(*to, {outcome(w * 1000 + n)}));
      }
    });
  for (auto& t : writers) t.join();
  stop = true;
  reader.join();
  EXPECT_EQ(book.report({}, {}).value().at(0).settled, 200);
}

}  // namespace
}  // namespace ark::testing
