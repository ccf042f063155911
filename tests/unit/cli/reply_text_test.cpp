#include "cli/reply_text.hpp"

#include <gtest/gtest.h>

#include "base/json.hpp"

namespace ark::cli {
namespace {

reply some_reply() {
  reply r;
  r.message = assistant("hello \"you\"");
  r.message.parts.emplace_back(tool_call_part{"1", "f", "{\"a\":1}"});
  r.message.parts.emplace_back(refusal_part{"no"});
  r.finish = finish_reason::tool_calls;
  r.usage.reported = true;
  r.usage.input = 1200;
  r.usage.cache_read = 34;
  r.usage.output = 5;
  r.cost = {.status = cost_status::exact, .currency = "USD", .value = *amount::parse("0.5")};
  r.route = {.vendor = "openai", .model = "m", .reason = "named"};
  r.notes = {"dropped seed"};
  return r;
}

TEST(reply_text, whole_reply_as_json) {
  const auto text = reply_json(some_reply());
  EXPECT_TRUE(json::is_valid(text)) << text;
  for (const auto* part : {R"("text":"hello \"you\"")", R"("refusal":"no")",
                           R"("tool_calls":[{"id":"1","name":"f","arguments":"{\"a\":1}"}])",
                           R"("finish_reason":"tool_calls")", R"("input":1200)", R"("total":1239)",
                           R"("value":"0.5")", R"("notes":["dropped seed"])"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << " in " << text;
  }
}

TEST(reply_text, unknown_is_not_zero) {
  reply r = some_reply();
  r.usage = {};
  r.cost = {};
  const auto text = reply_json(r);
  EXPECT_NE(text.find("\"usage\":null"), std::string::npos);
  EXPECT_NE(text.find("\"value\":null"), std::string::npos);
  EXPECT_EQ(summary(r.route, r.usage, r.cost, std::chrono::milliseconds{1500}),
            "openai/m, usage unknown, cost unknown, 1.5 s");
}

TEST(reply_text, costs_in_words) {
  const auto r = some_reply();
  EXPECT_EQ(summary(r.route, r.usage, r.cost, std::chrono::milliseconds{40}),
            "openai/m, 1,234 in, 5 out, 0.5 USD, 0.0 s");
  const cost interval{.status = cost_status::interval,
                      .currency = "USD",
                      .low = *amount::parse("0.1"),
                      .high = *amount::parse("0.2")};
  EXPECT_NE(summary(r.route, r.usage, interval, {}).find("0.1 to 0.2 USD"), std::string::npos);
}

TEST(reply_text, rankings) {
  rerank_reply r;
  r.results = {{2, 0.5}, {0, -8.25}};
  r.usage.reported = true;
  r.usage.units["query"] = 1;
  r.route = {.vendor = "v", .model = "m"};
  const auto text = rerank_json(r);
  EXPECT_TRUE(json::is_valid(text));
  EXPECT_NE(text.find(R"("results":[{"index":2,"score":0.5},{"index":0,"score":-8.25}])"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find(R"("query":1)"), std::string::npos);
  EXPECT_EQ(summary(r.route, r.usage, r.cost, {}),
            "v/m, 0 in, 0 out, 1 query, cost unknown, 0.0 s");
}

TEST(reply_text, vectors) {
  EXPECT_EQ(vector_json({0.1F, -2.0F}), "[0.1,-2]");
  EXPECT_EQ(vector_json({}), "[]");
  embed_reply r;
  r.vectors = {{0.5F}, {}};
  EXPECT_TRUE(json::is_valid(embed_json(r)));
}

}  // namespace
}  // namespace ark::cli
