#include "cohere_support.hpp"

namespace ark::test::cohere {
namespace {

result<dialect::encoded> encode_rerank(const rerank_call& c, const vendor& v = plain_row()) {
  return adapters::cohere_chat().encode_rerank(c, "rerank-x", v);
}
result<rerank_reply> decode_rerank(const std::string& body) {
  const vendor v = plain_row();
  const wire::http_head head{200, {{"x-debug-trace-id", "trace"}}};
  return adapters::cohere_chat().decode_rerank({head, body}, v, 2);
}

TEST(cohere_rerank, request) {
  const auto e = encode_rerank({.query = "q",
                                .documents = {"a", "b"},
                                .top_n = 1,
                                .extra = {{"max_tokens_per_doc", "100"}}});
  expect_json(body_of(e), R"({"model":"rerank-x","query":"q","documents":["a","b"],"top_n":1,
      "max_tokens_per_doc":100})");
  EXPECT_EQ(e->request.target, "/v2/rerank");
}

TEST(cohere_rerank, a_row_may_have_another_path_or_none) {
  vendor v = plain_row();
  v.rerank_path = "/rank";
  EXPECT_EQ(encode_rerank({.query = "q", .documents = {"a"}}, v)->request.target, "/rank");
  v.rerank_path = "-";
  EXPECT_EQ(encode_rerank({.query = "q", .documents = {"a"}}, v).error().code, errc::unsupported);
}

TEST(cohere_rerank, ranking_and_its_bill) {
  const auto r = decode_rerank(R"({"id":"x","results":[{"index":1,"relevance_score":0.75},
      {"index":0,"relevance_score":0.25}],"meta":{"api_version":{"version":"2"},
      "warnings":["old"],"billed_units":{"search_units":1}}})");
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->results, (std::vector<ranked_document>{{1, 0.75}, {0, 0.25}}));
  EXPECT_TRUE(r->usage.reported);
  EXPECT_EQ(r->usage.units, (std::map<std::string, std::int64_t>{{"query", 1}}));
  EXPECT_EQ(r->usage.input_total(), 0);
  EXPECT_EQ(r->request_id, "trace");
  EXPECT_EQ(r->notes.size(), 1u);
  EXPECT_TRUE(has_note(r->notes, "warnings"));
}

TEST(cohere_rerank, answers_that_are_not_ours) {
  for (const char* bad : {"", "[]", "{}", R"({"results":[{"index":2,"relevance_score":1}]})"})
    EXPECT_EQ(decode_rerank(bad).error().code, errc::protocol) << bad;
  EXPECT_EQ(decode_rerank(R"({"message":"no"})").error().vendor_message, "no");
  EXPECT_FALSE(decode_rerank(R"({"results":[]})")->usage.reported);
}

}  // namespace
}  // namespace ark::test::cohere
