#include "responses_support.hpp"

namespace ark::test::responses {
namespace {

TEST(openai_responses, has_its_name) {
  EXPECT_EQ(adapters::openai_responses().name(), "openai_responses");
}

TEST(openai_responses, a_whole_reply) {
  const auto r = decode(response(saying("hi")), plain_row(), {{"x-request-id", "q1"}});
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->text(), "hi");
  EXPECT_EQ(r->id, "r1");
  EXPECT_EQ(r->model, "m1");
  EXPECT_EQ(r->request_id, "q1");
  EXPECT_EQ(r->message.role, role::assistant);
}

TEST(openai_responses, what_is_no_response) {
  for (const char* body : {"", "[]", "<html>", R"({"choices":[]})", R"({"output":"x"})"})
    EXPECT_EQ(decode(body).error().code, errc::protocol) << body;
  const auto r = decode(R"({"error":{"message":"m","code":"insufficient_quota"}})", plain_row(),
                        {{"x-request-id", "q1"}});
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code, errc::quota);
  EXPECT_EQ(r.error().http_status, 200);
  EXPECT_EQ(r.error().request_id, "q1");
}

TEST(openai_responses, errors_by_status) {
  EXPECT_EQ(decode_error(404, R"({"error":{"message":"m","code":"model_not_found"}})").code,
            errc::not_found);
  const error odd = decode_error(400, R"({"code":"invalid-argument","error":"no such thing"})");
  EXPECT_EQ(odd.code, errc::invalid_request);
  EXPECT_EQ(odd.vendor_message, "no such thing");
}

TEST(openai_responses, has_no_embeddings) {
  const auto& d = adapters::openai_responses();
  EXPECT_EQ(d.encode_embed({.input = {"a"}}, "m", plain_row()).error().code, errc::unsupported);
  EXPECT_EQ(d.decode_embed({{}, "{}"}, plain_row()).error().code, errc::unsupported);
}

}  // namespace
}  // namespace ark::test::responses
