#include "ollama_support.hpp"

namespace ark::test::ollama {
namespace {

TEST(ollama_error, the_status_says_what_it_means) {
  const error e = decode_error(404, R"({"error":"model 'x' not found"})", {{"x-request-id", "q"}});
  EXPECT_EQ(e.code, errc::not_found);
  EXPECT_EQ(e.retry, retry_class::never);
  EXPECT_EQ(e.vendor_message, "model 'x' not found");
  EXPECT_EQ(e.vendor_code, "");
  EXPECT_EQ(e.request_id, "q");
  EXPECT_EQ(decode_error(500, R"({"error":"image: unknown format"})").code, errc::server);
  EXPECT_EQ(decode_error(400, R"({"error":"invalid"})").code, errc::invalid_request);
  EXPECT_EQ(decode_error(401, R"({"error":"unauthorized"})").code, errc::auth);
}

TEST(ollama_error, sentences_that_say_more) {
  const auto code = [](int status, const std::string& text) {
    return decode_error(status, R"({"error":")" + text + "\"}").code;
  };
  EXPECT_EQ(code(400, "prompt too long; exceeded max context length by 5 tokens"),
            errc::context_length);
  EXPECT_EQ(code(500, "the input length exceeds the Context Length"), errc::context_length);
  EXPECT_EQ(code(400, "m does not support tools"), errc::unsupported);
  const error busy = decode_error(
      503, R"({"error":"server busy, please try again.  maximum pending requests exceeded"})",
      {{"retry-after", "2"}});
  EXPECT_EQ(busy.code, errc::overloaded);
  EXPECT_EQ(busy.retry, retry_class::after);
}

TEST(ollama_error, objects_as_the_hosted_service_sends_them) {
  const error e = decode_error(
      400,
      R"({"error":{"message":"bad","type":"invalid_request_error","param":null,"code":null}})");
  EXPECT_EQ(e.vendor_message, "bad");
  EXPECT_EQ(e.vendor_code, "invalid_request_error");
  EXPECT_EQ(e.code, errc::invalid_request);
}

TEST(ollama_error, a_gateway_page) {
  const error e = decode_error(502, "<html>bad gateway</html>");
  EXPECT_EQ(e.code, errc::server);
  EXPECT_EQ(e.vendor_message, "<html>bad gateway</html>");
  EXPECT_FALSE(e.message.empty());
}

TEST(ollama_error, the_row_knows_better) {
  vendor v = plain_row({quirk::error_code{"E1", errc::quota, retry_class::never}});
  const wire::http_head head{400, {}};
  EXPECT_EQ(adapters::ollama_chat().decode_error({head, R"({"error":{"code":"E1"}})"}, v).code,
            errc::quota);
}

}  // namespace
}  // namespace ark::test::ollama
