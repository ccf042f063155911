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

TEST(prepare, media_are_needs_and_bounded_where_they_are_elsewhere) {
  call c = hello();
  c.messages[0].parts = {audio_bytes("x", "audio/wav"), document_bytes("x", "application/pdf", "d"),
                         video_bytes("x", "video/mp4")};
  EXPECT_EQ(requirements_of(c).capabilities,
            (std::vector<std::string>{"audio_in", "pdf_in", "video_in"}));
  const toy_client t;
  const auto most = [&t](std::vector<part> parts) {
    call asked = hello();
    asked.max_tokens = 1;
    asked.messages[0].parts = std::move(parts);
    const auto p = prepare_chat(*t.parts, asked, false);
    return p->basis.quote.high;
  };
  // At 1 USD / Mtok: a context window each, and an image.
  const auto near = most({document_bytes("x", "text/plain", "d")});
  EXPECT_GT(most({document_url("https://h.test/d")}), near);
  EXPECT_EQ(most({document_url("https://h.test/d")}), most({video_part{.file_id = "f"}}));
  // Bytes say nothing of an image: a small file may be of many pixels, and a large one of few.
  EXPECT_GT(most({image_url("data:image/png;base64,AA==")}), near);
  const auto small = most({image_bytes("x", "image/png")});
  EXPECT_GE(small.raw(), amount::parse("0.049152")->raw());
  EXPECT_LT(small.raw(), amount::parse("0.0493")->raw());
  EXPECT_LT(most({image_bytes(std::string(1'000'000, 'x'), "image/png")}).raw(),
            amount::parse("0.0493")->raw());
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

TEST(prepare, the_bound_of_the_encoded_request_counts_not_the_models) {
  toy_client t;
  const auto high = [&](std::optional<std::int64_t> sent) {
    t.family.sends_max_tokens = sent;
    return prepare_chat(*t.parts, hello(), false)->basis.quote.high;
  };
  const amount longest = high({});
  EXPECT_EQ(longest.minus(high(100))->to_string(), "0.0018") << "900 tokens at 2 USD / Mtok";
}

call long_prompt() {
  call c = hello();
  std::string text;
  for (int i = 0; i < 40'000; ++i) text += std::to_string(i * 7919);
  c.messages = {user(text)};
  return c;
}

TEST(prepare, a_prompt_that_is_surely_dearer_than_the_ceiling_is_not_sent_even_as_a_stream) {
  const toy_client t;
  call c = long_prompt();
  c.max_cost = *amount::parse("0.0001");
  const auto p = prepare_chat(*t.parts, c, true);
  ASSERT_FALSE(p);
  EXPECT_EQ(p.error().code, errc::budget);
  EXPECT_NE(p.error().message.find("the prompt alone costs at least"), std::string::npos);
  EXPECT_NE(p.error().message.find("above max_cost 0.0001"), std::string::npos);
  EXPECT_EQ(plan_call(*t.parts, c).error().code, errc::budget);
  c.max_cost = *amount::parse("0.5");
  EXPECT_TRUE(prepare_chat(*t.parts, c, true));
}

TEST(prepare, what_repeats_may_be_few_tokens) {
  const toy_client t;
  call c = hello();
  c.messages = {user(std::string(300'000, ' '))};
  c.max_cost = *amount::parse("0.0001");
  EXPECT_TRUE(prepare_chat(*t.parts, c, true));
  c.max_cost = amount{};
  EXPECT_FALSE(prepare_chat(*t.parts, c, true)) << "one at least, and no token is free";
}

TEST(prepare, a_stream_with_a_ceiling_needs_a_known_price) {
  toy_client t;
  call c = hello();
  c.max_cost = *amount::parse("1");
  t.book->priced.info.max_output_tokens = 0;
  EXPECT_TRUE(prepare_chat(*t.parts, c, true)) << "stopped on the way, however long the answer is";
  const auto endless = prepare_chat(*t.parts, c, false);
  ASSERT_FALSE(endless);
  EXPECT_NE(endless.error().message.find("set max_tokens"), std::string::npos);
  t.book->priced.prices.clear();
  for (const bool streamed : {false, true}) {
    const auto p = prepare_chat(*t.parts, c, streamed);
    ASSERT_FALSE(p);
    EXPECT_EQ(p.error().code, errc::budget);
    EXPECT_NE(p.error().message.find("price of toy/m1 is unknown"), std::string::npos);
  }
  EXPECT_EQ(plan_call(*t.parts, c).error().code, errc::budget);
  c.model = "toy/nobody-knows-it";
  EXPECT_EQ(prepare_chat(*t.parts, c, true).error().code, errc::budget);
}

TEST(prepare, a_plan_says_where_only_a_stream_would_go) {
  const toy_client t;
  call c = hello();
  EXPECT_EQ(plan_call(*t.parts, c)->reason.find("stream"), std::string::npos);
  c.max_cost = *amount::parse("0.0001");
  const auto r = plan_call(*t.parts, c);
  ASSERT_TRUE(r) << to_string(r.error());
  EXPECT_NE(r->reason.find("only as a stream"), std::string::npos) << r->reason;
  c.max_cost = *amount::parse("1");
  EXPECT_EQ(plan_call(*t.parts, c)->reason.find("stream"), std::string::npos);
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
  EXPECT_EQ(prepare_rerank(*t.parts, {.query = "q"}).error().code, errc::invalid_request);
}

TEST(prepare, a_rerank_is_quoted_with_its_query_at_each_document) {
  toy_client t;
  const rerank_call c{.model = "toy/e1", .query = "four", .documents = {"a", "b", "c"}};
  const auto p = prepare_rerank(*t.parts, c);
  ASSERT_TRUE(p) << p.error().message;
  // The toy's body is the query: 4 bytes, and 3 times 4 and the marks of a pair (8).
  EXPECT_EQ(p->basis.quote.high.to_string(), "0.00004");
}

TEST(prepare, what_is_embedded_from_elsewhere_is_in_the_quote) {
  const toy_client t;
  const auto most = [&t](std::vector<part> parts) {
    const auto p =
        prepare_embed(*t.parts, {.model = "toy/e1", .input = {"x"}, .parts = {std::move(parts)}});
    return p ? p->basis.quote.high : amount{};
  };
  const auto image = most({image_bytes("x", "image/png")});
  EXPECT_GT(image, most({text_part{"x"}}));
  EXPECT_EQ(most({image_url("https://h.test/i")}), image);
  EXPECT_GT(most({video_url("https://h.test/v")}), most({image_url("https://h.test/i")}));
}

TEST(prepare, a_row_may_have_the_prices_of_batches) {
  const toy_client t;
  EXPECT_FALSE(prepare_chat(*t.parts, hello(), false)->basis.context.batch);
  t.book->row.batch_prices = true;
  EXPECT_TRUE(prepare_chat(*t.parts, hello(), false)->basis.context.batch);
  const embed_call c{.model = "toy/e1", .input = {"a"}};
  EXPECT_TRUE(prepare_embed(*t.parts, c)->basis.context.batch);
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
