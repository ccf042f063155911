#include "ledger_fixture.hpp"

namespace ark::testing {
namespace {

class record_read_test : public ledger_fixture {};

TEST_F(record_read_test, every_field_comes_back) {
  open();
  attempt_intent i = intent(1);
  i.attempt = 3;
  i.tenant = "acme";
  i.user = "u1";
  i.task = "support";
  i.run = "r9";
  i.tags = {{"quote\"d", "a, 'b'\n"}, {"中文", "值"}};
  i.quote = interval("0.1", "0.9");
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
             .units = {{"web_search", 2}},
             .vendor_total = 91,
             .vendor_cost = money{money_of("0.000000000000001"), "CNY"},
             .service_tier = "flex",
             .reported = true};
  o.cost = exact("0.000000000362500");
  ASSERT_TRUE(commit(*to, {i, o}));
  const auto e = book.list({}).value().at(0);
  EXPECT_EQ(e.sequence, 1);
  EXPECT_EQ(e.call_id, i.call_id);
  EXPECT_EQ(e.attempt, 3);
  EXPECT_EQ(e.begun, i.begun);
  EXPECT_EQ(e.vendor, i.vendor);
  EXPECT_EQ(e.model, i.model);
  EXPECT_EQ(e.operation, i.operation);
  EXPECT_EQ(e.tenant, i.tenant);
  EXPECT_EQ(e.user, i.user);
  EXPECT_EQ(e.task, i.task);
  EXPECT_EQ(e.run, i.run);
  EXPECT_EQ(e.tags, i.tags);
  EXPECT_EQ(e.quote, i.quote);
  EXPECT_EQ(e.usage, o.usage);
  EXPECT_EQ(e.cost, o.cost);
  EXPECT_EQ(e.reply_model, o.reply_model);
  EXPECT_EQ(e.finish, o.finish);
  EXPECT_EQ(e.http_status, o.http_status);
  EXPECT_EQ(e.request_id, o.request_id);
  EXPECT_EQ(e.latency, o.latency);
  EXPECT_EQ(e.ended, o.ended);
}

TEST_F(record_read_test, unknown_stays_unknown) {
  open();
  attempt_outcome o = outcome(1);
  o.usage = {};
  o.cost = {};
  ASSERT_TRUE(commit(*to, {intent(1), o}));
  const auto e = book.list({}).value().at(0);
  EXPECT_FALSE(e.usage.reported);
  EXPECT_EQ(e.cost.status, cost_status::unknown);
  EXPECT_EQ(sql(path, "SELECT count(*) FROM outcome WHERE input IS NULL AND cost_micro IS NULL"),
            "1");
}

TEST_F(record_read_test, an_interval_and_a_void_come_back) {
  open();
  attempt_outcome doubtful = outcome(1);
  doubtful.state = attempt_state::ambiguous;
  doubtful.cost = interval("0", "0.75");
  attempt_outcome nothing = outcome(2);
  nothing.state = attempt_state::void_;
  nothing.cost = {.status = cost_status::void_, .currency = "USD"};
  ASSERT_TRUE(commit(*to, {intent(1), doubtful, intent(2), nothing}));
  const auto entries = book.list({}).value();
  EXPECT_EQ(entries.at(0).state, attempt_state::ambiguous);
  EXPECT_EQ(entries.at(0).cost, doubtful.cost);
  EXPECT_EQ(entries.at(1).state, attempt_state::void_);
  EXPECT_EQ(entries.at(1).cost, nothing.cost);
}

TEST_F(record_read_test, a_state_of_a_later_version_is_an_error) {
  open();
  ASSERT_TRUE(commit(*to, {intent(1), outcome(1)}));
  sql(path, "UPDATE outcome SET state = 'leased'");
  EXPECT_EQ(book.list({}).error().code, errc::ledger);
}

TEST_F(record_read_test, what_explains_an_entry_comes_back) {
  open();
  attempt_intent i = intent(1);
  attempt_outcome o = outcome(1);
  i.route = "the cheapest of 3";
  i.prompt_id = "support/greeting";
  i.prompt_version = "sha256:12";
  i.inputs_hash = "77aa";
  o.lines = {{.dimension = "input",
              .quantity = 1000,
              .unit_price = money_of("2.5"),
              .per = 1'000'000,
              .value = money_of("0.0025")},
             {.dimension = "web_search",
              .quantity = 2,
              .unit_price = money_of("10"),
              .per = 1000,
              .value = money_of("0.02")}};
  o.computed = money{money_of("0.0225"), "USD"};
  o.first_content = std::chrono::milliseconds(250);
  o.error = "it \"broke\" off";
  ASSERT_TRUE(commit(*to, {i, o}));
  const auto e = book.list({}).value().at(0);
  EXPECT_EQ(e.route, i.route);
  EXPECT_EQ(e.prompt_id, i.prompt_id);
  EXPECT_EQ(e.prompt_version, i.prompt_version);
  EXPECT_EQ(e.inputs_hash, i.inputs_hash);
  EXPECT_EQ(e.lines, o.lines);
  EXPECT_EQ(e.computed, o.computed);
  EXPECT_EQ(e.first_content, o.first_content);
  EXPECT_EQ(e.error, o.error);
}

TEST_F(record_read_test, a_bill_that_is_no_bill_is_an_error_and_not_an_empty_one) {
  open();
  ASSERT_TRUE(commit(*to, {intent(1), outcome(1)}));
  for (const char* damaged : {"[[1]]", "{}", "[[\"input\",1,\"x\",1,\"0\"]]", "nonsense"}) {
    sql(path, "UPDATE outcome SET lines = '" + std::string(damaged) + "'");
    const auto read = book.list({});
    ASSERT_FALSE(read) << damaged;
    EXPECT_NE(read.error().message.find("the bill of entry 1"), std::string::npos);
  }
}

}  // namespace
}  // namespace ark::testing
