#include "bedrock_support.hpp"

#include <boost/json.hpp>

namespace ark::test::bedrock {
namespace {

call thinks(reasoning_effort effort, std::optional<std::int64_t> budget = {},
            std::optional<std::int64_t> most = {}) {
  call c{.messages = {user("u")}, .max_tokens = most};
  c.reasoning = effort;
  c.reasoning_budget_tokens = budget;
  return c;
}

void expect_fields(const call& c, const std::string& model, const char* expected) {
  expect_json(body_of(encode(c, model)).at("additionalModelRequestFields"), expected);
}

TEST(bedrock_reasoning, claude_by_budget_or_by_effort) {
  const std::string old = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";
  expect_fields(thinks(reasoning_effort::medium), old,
                R"({"thinking":{"type":"enabled","budget_tokens":4096}})");
  EXPECT_TRUE(has_note(encode(thinks(reasoning_effort::medium), old)->notes, "4096"));
  expect_fields(thinks(reasoning_effort::unset, 2000, 3000), "anthropic.claude-3-7-sonnet",
                R"({"thinking":{"type":"enabled","budget_tokens":2000}})");
  expect_fields(thinks(reasoning_effort::high), "us.anthropic.claude-sonnet-4-6",
                R"({"thinking":{"type":"adaptive"},"output_config":{"effort":"high"}})");
  expect_fields(thinks(reasoning_effort::minimal), "us.anthropic.claude-sonnet-5",
                R"({"thinking":{"type":"adaptive"},"output_config":{"effort":"low"}})");
  expect_fields(thinks(reasoning_effort::none), old, R"({"thinking":{"type":"disabled"}})");
  EXPECT_EQ(refusal(thinks(reasoning_effort::unset, 2000, 2000), old), errc::invalid_request);
  EXPECT_EQ(refusal(thinks(reasoning_effort::low, {}, 500), old), errc::invalid_request);
}

TEST(bedrock_reasoning, models_that_take_three_efforts) {
  expect_fields(thinks(reasoning_effort::high), "openai.gpt-oss-120b-1:0",
                R"({"reasoning_effort":"high"})");
  expect_fields(thinks(reasoning_effort::low), "us.amazon.nova-2-lite-v1:0",
                R"({"reasoningConfig":{"type":"enabled","maxReasoningEffort":"low"}})");
  const auto e = encode(thinks(reasoning_effort::max), "us.amazon.nova-2-lite-v1:0");
  EXPECT_TRUE(has_note(e->notes, "was sent as high"));
  EXPECT_EQ(body_of(encode(thinks(reasoning_effort::none), "us.amazon.nova-2-lite-v1:0"))
                .as_object()
                .if_contains("additionalModelRequestFields"),
            nullptr);
  EXPECT_EQ(refusal(thinks(reasoning_effort::none), "openai.gpt-oss-20b-1:0"), errc::unsupported);
  EXPECT_EQ(refusal(thinks(reasoning_effort::unset, 2000), "openai.gpt-oss-20b-1:0"),
            errc::unsupported);
}

TEST(bedrock_reasoning, unknown_models_and_double_words) {
  EXPECT_EQ(refusal(thinks(reasoning_effort::low), "deepseek.r1-v1:0"), errc::unsupported);
  call c = thinks(reasoning_effort::low);
  c.extra = {{"reasoning_effort", "\"low\""}};
  EXPECT_EQ(refusal(c, "openai.gpt-oss-120b-1:0"), errc::invalid_request);
}

}  // namespace
}  // namespace ark::test::bedrock
