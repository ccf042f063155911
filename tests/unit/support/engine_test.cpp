#include "sim/engine.hpp"

#include <gtest/gtest.h>

namespace ark::testing {

namespace {
std::unique_ptr<engine> started(simulator_options options = {}) {
  return engine::make(options).value();
}
sim_http_request chat(std::string_view prompt, bool stream = false, std::string model = "gpt-x") {
  return {.method = "POST",
          .target = "/v1/chat/completions",
          .headers = {{"authorization", "Bearer right"}},
          .body = R"({"model":")" + model + R"(","stream":)" + (stream ? "true" : "false") +
                  R"(,"messages":[{"role":"user","content":")" + std::string(prompt) + R"("}]})"};
}
std::string header(const answer& a, std::string_view name) {
  for (const auto& [key, value] : a.headers)
    if (key == name) return value;
  return {};
}
}  // namespace

TEST(engine, journals_what_it_bills) {
  auto e = started();
  const auto plan = e->handle(chat("What is 12*7?"));
  EXPECT_EQ(plan.answer.status, 200);
  e->settle(plan.number, "complete", 1, 0);
  const auto entry = e->journal().at(0);
  EXPECT_TRUE(entry.billed);
  EXPECT_EQ(entry.outcome, "complete");
  EXPECT_EQ(entry.prompt, "What is 12*7?");
  EXPECT_EQ(header(plan.answer, "x-request-id"), entry.request_id);
}

TEST(engine, prefixes_do_not_matter) {
  auto e = started();
  auto r = chat("hi");
  r.target = "/api/v3/chat/completions?x=1";
  EXPECT_EQ(e->handle(r).answer.status, 200);
  for (const auto* doubled : {"/v1/v1/chat/completions", "/api/v3/api/v3/chat/completions"}) {
    r.target = doubled;
    EXPECT_EQ(e->handle(r).answer.status, 404) << "no vendor has such a path";
  }
  r.target = "/nowhere";
  EXPECT_EQ(e->handle(r).answer.status, 404);
}

TEST(engine, keys_and_models_are_checked) {
  auto e = started({.keys = {"right"}, .models = {"gpt-x"}});
  EXPECT_EQ(e->handle(chat("hi")).answer.status, 200);
  EXPECT_EQ(e->handle(chat("hi", false, "other")).answer.status, 404);
  auto wrong = chat("hi");
  wrong.headers["authorization"] = "Bearer wrong";
  EXPECT_EQ(e->handle(wrong).answer.status, 401);
  EXPECT_FALSE(e->journal().at(2).billed);
  auto by_header = chat("hi");
  by_header.headers = {{"x-api-key", "right"}};
  EXPECT_EQ(e->handle(by_header).answer.status, 200);
}

TEST(engine, long_prompts_are_refused) {
  auto e = started({.context_tokens = 20});
  const auto plan = e->handle(chat(std::string(400, 'a')));
  EXPECT_EQ(plan.answer.status, 400);
  EXPECT_NE(plan.answer.body.find("context_length_exceeded"), std::string::npos);
  EXPECT_FALSE(e->journal().at(0).billed);
}

TEST(engine, faults_change_the_answer_and_the_bill) {
  auto e =
      started({.faults = {"status=503,retry-after=1@nth=1", "reset@nth=1", "lost-answer@nth=1"}});
  const auto refused = e->handle(chat("hi"));
  EXPECT_EQ(refused.answer.status, 503);
  EXPECT_EQ(header(refused.answer, "retry-after"), "1");
  EXPECT_TRUE(e->handle(chat("hi")).fault.reset);
  EXPECT_TRUE(e->handle(chat("hi")).fault.lost_answer);
  EXPECT_EQ(e->handle(chat("hi")).answer.status, 200);
  const auto j = e->journal();
  EXPECT_FALSE(j[0].billed);
  EXPECT_EQ(j[0].fault, "status=503,retry-after=1@nth=1");
  EXPECT_FALSE(j[1].billed);
  EXPECT_EQ(j[1].status, 0);
  EXPECT_TRUE(j[2].billed);
  EXPECT_TRUE(j[3].billed);
}

TEST(engine, frames_are_broken_where_the_rule_says) {
  auto e = started({.faults = {"malformed-frame=2@nth=1", "error-in-stream=3@nth=1"}});
  const auto broken = e->handle(chat("hi", true)).answer.frames;
  EXPECT_NE(broken.at(1).bytes.find("nonsense"), std::string::npos);
  const auto failed = e->handle(chat("hi", true)).answer.frames;
  ASSERT_EQ(failed.size(), 3u);
  EXPECT_NE(failed.back().bytes.find("\"error\""), std::string::npos);
}

TEST(engine, a_cut_stream_is_billed_as_far_as_it_was_made) {
  auto e = started();
  const auto plan = e->handle(chat("Repeat: a rather long answer to cut", true));
  e->settle(plan.number, "cut", 2, 0);
  EXPECT_EQ(e->journal().at(0).tokens.output, 2);
  EXPECT_GT(e->journal().at(0).tokens.input, 0);
}

TEST(engine, embeddings_are_unit_vectors_and_alike_for_like_texts) {
  auto e = started();
  sim_http_request r{.method = "POST", .target = "/v1/embeddings"};
  r.body = R"({"model":"m","input":["red apple","red apple","blue car"],"dimensions":16})";
  const auto body = boost::json::parse(e->handle(r).answer.body);
  const auto vector = [&](int i) {
    return body.at_pointer("/data/" + std::to_string(i) + "/embedding").as_array();
  };
  EXPECT_EQ(vector(0).size(), 16u);
  EXPECT_EQ(vector(0), vector(1));
  EXPECT_NE(vector(0), vector(2));
  r.body = R"({"model":"m","input":["red apple"],"encoding_format":"base64","dimensions":3})";
  const auto packed = boost::json::parse(e->handle(r).answer.body);
  EXPECT_EQ(packed.at_pointer("/data/0/embedding").as_string().size(), 16u);
  r.body = R"({"model":"m"})";
  EXPECT_EQ(e->handle(r).answer.status, 400);
}

TEST(engine, the_same_seed_gives_the_same_bytes) {
  auto one = started({.seed = 5}), two = started({.seed = 5}), three = started({.seed = 6});
  const auto id = [](engine& e) {
    return std::string(boost::json::parse(e.handle(chat("hi")).answer.body).at("id").as_string());
  };
  const std::string first = id(*one);
  EXPECT_EQ(first, id(*two));
  EXPECT_NE(first, id(*three));
}

TEST(engine, the_journal_is_served_and_cleared) {
  auto e = started();
  e->handle(chat("What is 1+1?"));
  sim_http_request r{.method = "GET", .target = "/__journal"};
  const auto body = boost::json::parse(e->handle(r).answer.body);
  EXPECT_EQ(body.at("requests").as_array().size(), 1u);
  EXPECT_GT(body.at_pointer("/billed/input").as_int64(), 0);
  r.method = "DELETE";
  e->handle(r);
  EXPECT_TRUE(e->journal().empty());
}

TEST(engine, bad_bodies_are_refused) {
  auto e = started();
  auto r = chat("hi");
  for (const auto* body : {"", "{", "[]", "null", "{\"model\":1}"}) {
    r.body = body;
    EXPECT_EQ(e->handle(r).answer.status, 400) << body;
  }
  r.method = "GET";
  EXPECT_EQ(e->handle(r).answer.status, 405);
}

TEST(engine, waits_follow_the_latency) {
  auto e = started({.latency = "10ms+1ms"});
  const auto plan = e->handle(chat("Repeat: abcdefgh", true));
  EXPECT_EQ(plan.first_wait, std::chrono::milliseconds(10));
  EXPECT_EQ(plan.frame_waits.size(), plan.answer.frames.size());
  EXPECT_EQ(e->handle(chat("Repeat: abcdefgh")).first_wait, std::chrono::milliseconds(12));
}

TEST(engine, prices_what_it_bills) {
  auto e = started(
      {.faults = {"status=503@nth=3"}, .price = [](const journal_entry& entry) {
         return entry.model == "gpt-x"
                    ? std::optional(money{amount::from_raw(entry.tokens.output * 1'000'000), "USD"})
                    : std::nullopt;
       }});
  const auto first = e->handle(chat("What is 12*7?", true));
  const auto made = e->journal().at(0).tokens.output;
  ASSERT_GT(made, 0);
  EXPECT_EQ(e->journal().at(0).cost, (money{amount::from_raw(made * 1'000'000), "USD"}));
  e->settle(first.number, "cut", 0, 0);
  EXPECT_TRUE(e->journal().at(0).cost->value.is_zero()) << "what was not made costs nothing";
  e->handle(chat("What is 12*7?", false, "other"));
  e->handle(chat("What is 12*7?"));
  const auto seen = boost::json::parse(journal_json(e->journal()));
  EXPECT_EQ(seen.at("requests").at(1).at("cost"), "unknown");
  EXPECT_TRUE(seen.at("requests").at(2).at("cost").is_null()) << "a 503 is not billed";
  EXPECT_EQ(seen.at("billed").at("costs").at("USD"), "0");
  EXPECT_EQ(seen.at("billed").at("unknown_costs"), 1);
}

TEST(engine, a_refused_schema_is_a_400_in_the_vendors_words) {
  auto e = started();
  auto r = chat("hi");
  r.body.insert(r.body.size() - 1, R"(,"response_format":{"type":"json_schema","json_schema":
    {"name":"n","strict":true,"schema":{"type":"object"}}})");
  const auto plan = e->handle(r);
  EXPECT_EQ(plan.answer.status, 400);
  const auto why = boost::json::parse(plan.answer.body).at("error");
  EXPECT_EQ(why.at("type"), "invalid_request_error");
  EXPECT_EQ(why.at("param"), "response_format");
  EXPECT_FALSE(e->journal().at(0).billed);
}

}  // namespace ark::testing
