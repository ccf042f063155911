#include "cohere_v1_support.hpp"

namespace ark::test::cohere {
namespace {

TEST(cohere_v1, a_whole_chat_is_billed_without_the_vendors_own_words) {
  const auto r = decode_v1(R"({"response_id":"r","text":"hi","generation_id":"g","chat_history":[
      {"role":"USER","message":"a"}],"finish_reason":"COMPLETE","meta":{"api_version":
      {"version":"1"},"warnings":["old"],"billed_units":{"input_tokens":6,"output_tokens":3},
      "tokens":{"input_tokens":501,"output_tokens":4},"cached_tokens":448}})");
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->text(), "hi");
  EXPECT_EQ(r->id, "g");
  EXPECT_EQ(r->finish, finish_reason::stop);
  EXPECT_EQ(r->usage.input_total(), 6);
  EXPECT_EQ(r->usage.output, 3);
  EXPECT_EQ(r->request_id, "trace");
  EXPECT_TRUE(has_note(r->notes, "501"));
  EXPECT_TRUE(has_note(r->notes, "warnings"));
}

TEST(cohere_v1, an_answer_with_a_search_has_no_finish_reason) {
  const auto r = decode_v1(R"({"text":"hi","generation_id":"g","token_count":{"prompt_tokens":1376,
      "response_tokens":60,"total_tokens":1436,"billed_tokens":83},"meta":{"billed_units":
      {"input_tokens":23,"output_tokens":60}},"citations":[{"start":0}],"documents":[{"id":"d"}],
      "search_results":[{"document_ids":[]}],"tool_calls":[]})");
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->finish, finish_reason::other);
  EXPECT_EQ(r->usage.input, 23);
  EXPECT_TRUE(has_note(r->notes, "counts 1436 tokens and bills 83"));
  EXPECT_TRUE(has_note(r->notes, "citations"));
  EXPECT_TRUE(has_note(r->notes, "search_results"));
  EXPECT_FALSE(has_note(r->notes, "tool_calls"));
  EXPECT_TRUE(
      has_note(decode_v1(R"({"text":"","tool_calls":[{"name":"f"}]})")->notes, "tool_calls"));
}

TEST(cohere_v1, the_first_of_several_texts) {
  const vendor v = v1_row("cohere-generate");
  const auto r = decode_v1(R"({"id":"i","generations":[{"id":"x","text":" one",
      "finish_reason":"MAX_TOKENS"},{"text":"two","finish_reason":"COMPLETE"}],"prompt":"p",
      "meta":{"billed_units":{"input_tokens":5,"output_tokens":57}}})",
                           v);
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->text(), " one");
  EXPECT_EQ(r->id, "i");
  EXPECT_EQ(r->finish, finish_reason::length);
  EXPECT_EQ(r->usage.output, 57);
  EXPECT_TRUE(has_note(r->notes, "several"));
  EXPECT_EQ(decode_v1(R"({"generations":[]})", v)->text(), "");
}

TEST(cohere_v1, the_end_of_a_stream_repeats_the_text) {
  const auto good = stream_v1({
      R"({"event_type":"stream-start","generation_id":"g"})",
      R"({"event_type":"search-queries-generation","search_queries":[]})",
      R"({"event_type":"search-results","documents":[]})",
      R"({"event_type":"text-generation","text":"a"})",
      R"({"event_type":"text-generation","text":"b"})",
      R"({"event_type":"citation-generation","citations":[]})",
      R"({"event_type":"new-kind"})",
      R"({"event_type":"stream-end","finish_reason":"MAX_TOKENS","response":{"text":"ab",)"
      R"("generation_id":"g","meta":{"billed_units":{"input_tokens":7,"output_tokens":2}}}})",
  });
  ASSERT_FALSE(good.failure) << good.failure->message;
  expect_lawful(good);
  EXPECT_EQ(good.reply.text(), "ab");
  EXPECT_EQ(good.reply.id, "g");
  EXPECT_EQ(good.reply.finish, finish_reason::length);
  EXPECT_EQ(good.reply.usage.input, 7);
  EXPECT_TRUE(has_note(good.reply.notes, "citations"));
  EXPECT_TRUE(has_note(good.reply.notes, "search_results"));
}

TEST(cohere_v1, a_stream_of_completions) {
  const auto s = stream_v1(
      {R"({"text":" P","is_finished":false,"event_type":"text-generation"})",
       R"({"text":"x","index":1,"is_finished":false,"event_type":"text-generation"})",
       R"({"is_finished":true,"event_type":"stream-end","finish_reason":"COMPLETE","response":)"
       R"({"id":"i","generations":[{"text":" P","finish_reason":"COMPLETE"}],"meta":)"
       R"({"billed_units":{"input_tokens":5,"output_tokens":1}}}})"},
      v1_row("cohere-generate"));
  ASSERT_FALSE(s.failure) << s.failure->message;
  EXPECT_EQ(s.reply.text(), " P");
  EXPECT_EQ(s.reply.id, "i");
  EXPECT_EQ(s.reply.finish, finish_reason::stop);
  EXPECT_EQ(s.reply.usage.output, 1);
  const auto cut = stream_v1({R"({"event_type":"text-generation","text":"a"})"});
  ASSERT_TRUE(cut.failure);
  EXPECT_EQ(cut.failure->code, errc::truncated);
}

TEST(cohere_v1, failures) {
  const auto ended = stream_v1({R"({"event_type":"stream-end","finish_reason":"ERROR"})"});
  ASSERT_TRUE(ended.failure);
  EXPECT_EQ(ended.failure->retry, retry_class::maybe_billed);
  const auto inside = stream_v1({R"({"message":"too many requests"})"});
  ASSERT_TRUE(inside.failure);
  EXPECT_NE(inside.failure->retry, retry_class::safe);
  EXPECT_EQ(decode_v1(R"({"text":"a","finish_reason":"ERROR_TOXIC"})")->finish,
            finish_reason::content_filter);
  EXPECT_EQ(decode_v1(R"({"text":"a","finish_reason":"ERROR_LIMIT"})")->finish,
            finish_reason::length);
  EXPECT_EQ(decode_v1("{}").error().code, errc::protocol);
  EXPECT_EQ(decode_v1("no").error().code, errc::protocol);
  EXPECT_EQ(decode_v1(R"({"message":"m"})").error().vendor_message, "m");
  const vendor v = v1_row();
  const wire::http_head head{404, {}};
  const auto e = adapters::cohere_v1().decode_error(
      {head, R"({"id":"q","message":"model 'x' was removed"})"}, v);
  EXPECT_EQ(e.code, errc::not_found);
  EXPECT_EQ(e.request_id, "q");
}

TEST(cohere_v1, embeddings_are_a_list_where_no_type_was_asked_for) {
  const vendor v = v1_row();
  const auto& family = adapters::cohere_v1();
  const auto e = family.encode_embed({.input = {"a"}}, "embed-x", v);
  ASSERT_TRUE(e) << e.error().message;
  EXPECT_EQ(e->request.target, "/v1/embed");
  const wire::http_head head{200, {}};
  auto r = family.decode_embed({head, R"({"id":"e","texts":["a"],"embeddings":[[1,2]],"meta":
      {"billed_units":{"input_tokens":9}},"response_type":"embeddings_floats"})"},
                               v);
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->vectors, (std::vector<std::vector<float>>{{1, 2}}));
  EXPECT_EQ(r->usage.input, 9);
  r = family.decode_embed({head, R"({"embeddings":{"float":[[3]]},"meta":{"billed_units":
      {"images":1}}})"},
                          v);
  EXPECT_EQ(r->vectors.at(0), std::vector<float>{3});
  EXPECT_EQ(r->usage.units.at("images"), 1);
  EXPECT_FALSE(family.encode_rerank({.query = "q", .documents = {"d"}}, "m", v));
}

}  // namespace
}  // namespace ark::test::cohere
