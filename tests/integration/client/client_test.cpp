// The whole client over real sockets, against the vendor simulator, with a ledger on disk.
#include "sim_client.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace ark::testing {
namespace {

/// What the vendor's journal would bill must be what the ledger has, bucket by bucket.
void expect_ledger_is_the_vendors_bill(const sim_client& t) {
  billed_tokens vendor, ours;
  for (const journal_entry& j : t.sim.journal()) {
    if (!j.billed) continue;
    vendor.input += j.tokens.input;
    vendor.cache_read += j.tokens.cache_read;
    vendor.output += j.tokens.output;
    vendor.reasoning += j.tokens.reasoning;
  }
  for (const ledger_entry& e : t.entries()) {
    EXPECT_NE(e.state, attempt_state::sending) << "not settled: " << e.model;
    ours.input += e.usage.input;
    ours.cache_read += e.usage.cache_read;
    ours.output += e.usage.output;
    ours.reasoning += e.usage.reasoning;
  }
  EXPECT_EQ(vendor, ours);
}

TEST(client, completes_through_every_dialect_and_prices_exactly) {
  const sim_client t;
  for (const char* model : chat_models) {
    const auto r = t.client.complete(ask(model, "What is 12*7?"));
    ASSERT_TRUE(r) << model << ": " << to_string(r.error()) << r.error().vendor_message;
    EXPECT_NE(r->text().find("84"), std::string::npos) << r->text();
    EXPECT_EQ(r->cost.status, cost_status::exact) << model;
    EXPECT_FALSE(r->cost.value.is_zero());
    EXPECT_FALSE(r->request_id.empty());
  }
  EXPECT_EQ(t.entries().size(), std::size(chat_models));
  expect_ledger_is_the_vendors_bill(t);
}

TEST(client, a_stream_and_a_whole_reply_are_the_same) {
  const sim_client t;
  for (const char* model : chat_models) {
    const auto whole = t.client.complete(ask(model, "Name three colours."));
    auto s = t.client.stream(ask(model, "Name three colours."));
    ASSERT_TRUE(whole && s);
    const auto streamed = s->collect();
    ASSERT_TRUE(streamed) << model << ": " << to_string(streamed.error());
    EXPECT_EQ(streamed->message, whole->message) << model;
    EXPECT_EQ(streamed->finish, whole->finish);
    EXPECT_EQ(streamed->usage.output_total(), whole->usage.output_total());
    EXPECT_EQ(streamed->cost.status, cost_status::exact);
  }
  expect_ledger_is_the_vendors_bill(t);
}

TEST(client, tools_go_there_and_back) {
  const sim_client t;
  for (const char* model : chat_models) {
    auto c = ask(model, "What is the weather in Paris?");
    c.tools = {
        {.name = "get_weather",
         .description = "Weather of a city",
         .parameters =
             R"({"type":"object","properties":{"city":{"type":"string"}},"required":["city"]})"}};
    c.tool_choice = {.mode = tool_choice_mode::required};
    auto r = t.client.complete(c);
    ASSERT_TRUE(r) << model << ": " << to_string(r.error()) << r.error().vendor_message;
    const auto calls = r->tool_calls();
    ASSERT_FALSE(calls.empty()) << model;
    EXPECT_EQ(calls[0].name, "get_weather");
    EXPECT_EQ(r->finish, finish_reason::tool_calls);
    c.tool_choice = {};
    c.messages.push_back(r->message);
    for (const auto& each : calls) c.messages.push_back(tool(each.id, R"({"sky":"clear"})"));
    r = t.client.complete(c);
    ASSERT_TRUE(r) << model << ": " << to_string(r.error()) << r.error().vendor_message;
    EXPECT_TRUE(r->tool_calls().empty());
  }
}

TEST(client, auto_takes_the_cheapest_that_has_a_key) {
  sim_client t;
  auto options = t.options({});
  options.vendors.erase("openai");
  const auto c = standard_client(std::move(options));
  const auto r = c.complete(ask("auto", "What is 2+2?"));
  ASSERT_TRUE(r) << to_string(r.error());
  EXPECT_NE(r->route.vendor, "openai");
  EXPECT_FALSE(r->route.reason.empty());
  EXPECT_GT(r->route.considered.size(), 3U);
}

TEST(client, a_budget_of_the_ledger_refuses_before_anything_is_sent) {
  sim_client t;
  auto c = ask(chat_models[0], "hello");
  c.max_tokens = 100;
  ASSERT_TRUE(t.client.complete(c));
  const auto first = t.entries().at(0);
  ASSERT_TRUE(t.book.set_budget({.name = "b",
                                 .limit = {first.quote.high, first.quote.currency},
                                 .scope = {.vendor = "openai"},
                                 .thresholds = {1}}));
  ASSERT_TRUE(t.client.complete(c)) << "it fits to the last of it";
  const auto refused = t.client.complete(c);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::budget);
  EXPECT_EQ(t.sim.journal().size(), 2U);
  EXPECT_EQ(t.entries().size(), 2U);
  const auto status = t.book.budgets().value().at(0);
  EXPECT_EQ(status.spent, t.entries().at(1).cost.value);
  EXPECT_TRUE(status.reserved.is_zero());
}

TEST(client, faults_leave_nothing_open) {
  simulator_options o;
  o.faults = {"status=429@nth=1", "cut-after=60@nth=3", "status=500@nth=5",
              "error-in-stream=2@nth=7"};
  const sim_client t(o);
  for (int i = 0; i < 8; ++i) {
    auto c = ask(chat_models[i % 3], "Name three colours.");
    c.retry.base = std::chrono::milliseconds(1);
    if (auto s = t.client.stream(c)) (void)s->collect();
  }
  std::map<attempt_state, int> states;
  for (const auto& e : t.entries()) ++states[e.state];
  EXPECT_EQ(states[attempt_state::sending], 0);
  EXPECT_GE(states[attempt_state::void_], 1);
  EXPECT_GE(states[attempt_state::ambiguous], 1);
  EXPECT_GE(states[attempt_state::settled], 4);
}

TEST(client, eight_threads_share_one_client) {
  const sim_client t;
  std::atomic<int> good{0};
  {
    std::vector<std::jthread> threads;
    for (int n = 0; n < 8; ++n)
      threads.emplace_back([&t, &good, n] {
        for (int i = 0; i < 10; ++i)
          if (t.client.complete(ask(chat_models[(n + i) % 3], "What is 3*5?"))) ++good;
      });
  }
  EXPECT_EQ(good.load(), 80);
  EXPECT_EQ(t.entries().size(), 80U);
  expect_ledger_is_the_vendors_bill(t);
}

TEST(client, callbacks_run_in_run) {
  const sim_client t;
  int good = 0;
  for (int i = 0; i < 50; ++i)
    t.client.complete_async(ask(chat_models[i % 3], "What is 3*5?"),
                            [&](result<reply> r) { good += r.has_value(); });
  EXPECT_EQ(good, 0) << "never from inside the call that begins";
  t.client.run();
  EXPECT_EQ(good, 50);
}

TEST(client, embeds) {
  const sim_client t;
  const auto r =
      t.client.embed({.model = "openai/text-embedding-3-small", .input = {"a", "b", "c"}});
  ASSERT_TRUE(r) << to_string(r.error());
  ASSERT_EQ(r->vectors.size(), 3U);
  EXPECT_NE(r->vectors[0], r->vectors[1]);
  EXPECT_EQ(r->cost.status, cost_status::exact);
}

TEST(client, tls_with_the_authority_given) {
  simulator_options o;
  o.tls = true;
  const sim_client t(o);
  const auto r = t.client.complete(ask(chat_models[0], "What is 3*5?"));
  ASSERT_TRUE(r) << to_string(r.error());
  auto options = t.options({});
  options.network.ca_file.clear();
  auto c = ask(chat_models[0], "What is 3*5?");
  c.retry.max_attempts = 1;
  const auto refused = standard_client(std::move(options)).complete(c);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::tls);
}

// T12
TEST(client, a_key_stays_with_its_origin) {
  const sim_client t;
  client_options options;
  options.keys = keys_from_map({{"openai", secret("the-real-key")}});
  options.vendors["openai"] = {.base_url = t.sim.base_url("openai")};
  const auto r = standard_client(std::move(options)).complete(ask(chat_models[0], "hi"));
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code, errc::auth);
  EXPECT_EQ(r.error().message.find("the-real-key"), std::string::npos);
  EXPECT_TRUE(t.sim.journal().empty());
}

TEST(client, a_stream_that_is_dropped_is_settled) {
  simulator_options o;
  o.latency = "1ms+20ms";
  const sim_client t(o);
  {
    auto s = t.client.stream(ask(chat_models[0], "Name three colours."));
    ASSERT_TRUE(s && s->next());
  }
  ASSERT_EQ(t.entries().size(), 1U);
  EXPECT_EQ(t.entries()[0].state, attempt_state::ambiguous);
  EXPECT_EQ(t.entries()[0].cost.status, cost_status::interval);
}

}  // namespace
}  // namespace ark::testing
