#include "client/prepare.hpp"
#include "toy.hpp"

#include <gtest/gtest.h>

namespace ark::testing {
namespace {

TEST(prepare, needs_are_read_from_the_call) {
  call c = hello();
  EXPECT_TRUE(requirements_of(c).capabilities.empty());
  c.tools = {{.name = "t"}};
  c.messages[0].parts.emplace_back(image_url("https://example.test/a.png"));
  c.response_format.kind = response_format_kind::json_schema;
  c.reasoning = reasoning_effort::low;
  c.max_tokens = 77;
  const auto needs = requirements_of(c);
  EXPECT_EQ(needs.capabilities,
            (std::vector<std::string>{"tools", "vision", "structured_output", "reasoning"}));
  EXPECT_EQ(needs.output_tokens, 77);
  EXPECT_GT(needs.input_tokens, 0);
}

TEST(prepare, the_quote_bounds_the_bill) {
  const toy_client t;
  call c = hello();
  c.max_tokens = 100;
  const auto p = prepare_chat(*t.parts, c, false);
  ASSERT_TRUE(p) << to_string(p.error());
  // At most one token a byte in, at most max_tokens out, at 1 and 2 USD / Mtok.
  const auto bytes = static_cast<std::int64_t>(p->request.body.size());
  EXPECT_EQ(p->basis.quote.high, *amount::parse("0.000001")->times_ratio(bytes + 200, 1));
}

TEST(prepare, wrong_calls_are_refused_with_a_reason) {
  const toy_client t;
  call empty = hello();
  empty.messages.clear();
  EXPECT_EQ(prepare_chat(*t.parts, empty, false).error().code, errc::invalid_request);
  call unknown = hello();
  unknown.model = "nobody/x";
  EXPECT_EQ(prepare_chat(*t.parts, unknown, false).error().code, errc::not_found);
  call refused = hello();
  refused.temperature = 1;
  EXPECT_EQ(prepare_chat(*t.parts, refused, false).error().message, "no temperature");
  EXPECT_EQ(prepare_embed(*t.parts, {.model = "toy/e1"}).error().code, errc::invalid_request);
  EXPECT_EQ(prepare_embed(*t.parts, {.input = {"x"}}).error().code, errc::invalid_request);
}

TEST(prepare, huge_tags_are_refused_before_the_ledger_sees_them) {
  const toy_client t;
  call c = hello();
  c.tags["note"] = std::string(20'000, 'x');
  const auto p = prepare_chat(*t.parts, c, false);
  ASSERT_FALSE(p);
  EXPECT_EQ(p.error().code, errc::invalid_request);
  EXPECT_NE(p.error().message.find("16384"), std::string::npos);
}

TEST(prepare, auto_explains_its_choice) {
  const toy_client t;
  call c = hello();
  c.model = "auto";
  const auto r = plan_route(*t.parts, c);
  ASSERT_TRUE(r) << to_string(r.error());
  EXPECT_EQ(r->model, "m1");
  EXPECT_FALSE(r->reason.empty());
  c.messages[0].parts.emplace_back(image_url("https://example.test/a.png"));
  EXPECT_EQ(plan_route(*t.parts, c).error().code, errc::no_candidate);
}

}  // namespace
}  // namespace ark::testing
