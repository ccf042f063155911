#include "anthropic_support.hpp"
#include "catalog/vendor_rows.hpp"
#include "rows.hpp"

#include <algorithm>

namespace ark::test::anthropic {
namespace {

TEST(anthropic_messages, text_and_frame) {
  const auto r = decode(whole(R"({"type":"text","text":"a"},{"type":"text","text":"b"})",
                              R"(,"stop_reason":"end_turn")"),
                        200, {{"Request-Id", "req_1"}});
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->text(), "ab");
  EXPECT_EQ(r->message.parts.size(), 2u);
  EXPECT_EQ(r->id, "msg_1");
  EXPECT_EQ(r->model, "claude-x");
  EXPECT_EQ(r->finish, finish_reason::stop);
  EXPECT_EQ(r->vendor_finish_reason, "end_turn");
  EXPECT_EQ(r->request_id, "req_1");
}

TEST(anthropic_messages, stop_reasons) {
  const auto finish = [](const std::string& word) {
    return decode(whole("", R"(,"stop_reason":")" + word + '"'))->finish;
  };
  EXPECT_EQ(finish("end_turn"), finish_reason::stop);
  EXPECT_EQ(finish("stop_sequence"), finish_reason::stop);
  EXPECT_EQ(finish("max_tokens"), finish_reason::length);
  EXPECT_EQ(finish("model_context_window_exceeded"), finish_reason::length);
  EXPECT_EQ(finish("tool_use"), finish_reason::tool_calls);
  EXPECT_EQ(finish("pause_turn"), finish_reason::paused);
  EXPECT_EQ(finish("refusal"), finish_reason::refusal);
  EXPECT_EQ(finish("brand_new"), finish_reason::other);
  EXPECT_EQ(decode(whole(""))->finish, finish_reason::other);
}

TEST(anthropic_messages, a_refusal_says_why) {
  const auto r = decode(whole("", R"(,"stop_reason":"refusal","stop_details":{"type":"refusal",
    "category":"cyber","explanation":"no"})"));
  ASSERT_TRUE(r);
  EXPECT_EQ(r->message.parts, std::vector<part>{refusal_part{"no"}});
  EXPECT_EQ(r->notes, std::vector<std::string>{"refused in the category \"cyber\""});
}

TEST(anthropic_messages, threat_P01_deep_nesting_is_an_error) {
  EXPECT_FALSE(decode(std::string(100'000, '[')));
  EXPECT_FALSE(decode(std::string(100'000, '[') + std::string(100'000, ']')));
  const auto tool = decode(whole(R"({"type":"tool_use","id":"t","name":"f","input":)" +
                                 std::string(300, '[') + std::string(300, ']') + "}"));
  EXPECT_EQ(tool.error().code, errc::too_large);
}

// P03
TEST(anthropic_messages, the_last_of_duplicate_members_counts) {
  const auto r = decode(
      whole("", R"(,"usage":{"input_tokens":1},"usage":{"input_tokens":9},"model":"second")"));
  EXPECT_EQ(r->usage.input, 9);
  EXPECT_EQ(r->model, "second");
}

TEST(anthropic_messages, what_is_no_message_is_a_protocol_error) {
  for (const char* body : {"", "null", "[]", "{}", R"({"content":"x"})", "<html>", "{\"a\":"}) {
    const auto r = decode(body);
    ASSERT_FALSE(r) << body;
    EXPECT_EQ(r.error().code, errc::protocol) << body;
    EXPECT_EQ(r.error().retry, retry_class::maybe_billed) << body;
  }
}

TEST(anthropic_messages, an_error_inside_a_200_is_an_error) {
  const auto r =
      decode(R"({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}})");
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code, errc::overloaded);
  EXPECT_EQ(r.error().retry, retry_class::maybe_billed);
  EXPECT_EQ(r.error().vendor_message, "Overloaded");
}

std::string error_body(const std::string& type, const std::string& message = "m",
                       const std::string& more = "") {
  return R"({"type":"error","error":{"type":")" + type + R"(","message":")" + message + '"' + more +
         R"(},"request_id":"req_b"})";
}

TEST(anthropic_errors, the_table) {
  const auto check = [](int status, const char* type, errc code, retry_class retry) {
    const error e = decode_error(status, error_body(type));
    EXPECT_EQ(e.code, code) << type;
    EXPECT_EQ(e.retry, retry) << type;
    EXPECT_EQ(e.http_status, status);
    EXPECT_EQ(e.vendor_code, type);
    EXPECT_EQ(e.vendor_message, "m");
    EXPECT_EQ(e.request_id, "req_b");
    EXPECT_EQ(e.message.find("\"m\""), std::string::npos);
  };
  check(400, "invalid_request_error", errc::invalid_request, retry_class::never);
  check(401, "authentication_error", errc::auth, retry_class::never);
  check(402, "billing_error", errc::quota, retry_class::never);
  check(403, "permission_error", errc::permission, retry_class::never);
  check(404, "not_found_error", errc::not_found, retry_class::never);
  check(413, "request_too_large", errc::invalid_request, retry_class::never);
  check(429, "rate_limit_error", errc::rate_limit, retry_class::safe);
  check(500, "api_error", errc::server, retry_class::maybe_billed);
  check(504, "timeout_error", errc::timeout, retry_class::maybe_billed);
  check(529, "overloaded_error", errc::overloaded, retry_class::safe);
  check(503, "brand_new_error", errc::overloaded, retry_class::maybe_billed);
  check(503, "overloaded_error", errc::overloaded, retry_class::safe);
  for (const char* general : {"api_error", "error"}) {
    check(503, general, errc::overloaded, retry_class::maybe_billed);
    check(529, general, errc::overloaded, retry_class::safe);
    check(429, general, errc::rate_limit, retry_class::safe);
    check(502, general, errc::server, retry_class::maybe_billed);
  }
}

// S19
TEST(anthropic_errors, a_spend_limit_is_no_rate_limit) {
  const error e =
      decode_error(429,
                   error_body("rate_limit_error", "m",
                              R"(,"details":{"error_code":"enforced_spend_limit_reached"})"),
                   {{"retry-after", "5"}});
  EXPECT_EQ(e.code, errc::quota);
  EXPECT_EQ(e.retry, retry_class::never);
  EXPECT_EQ(e.vendor_code, "enforced_spend_limit_reached");
}

TEST(anthropic_errors, sentences_that_tell_bad_requests_apart) {
  EXPECT_EQ(decode_error(400, error_body("invalid_request_error",
                                         "prompt is too long: 3 tokens > 2 maximum"))
                .code,
            errc::context_length);
  EXPECT_EQ(decode_error(400, error_body("invalid_request_error",
                                         "Your credit balance is too low to access the API"))
                .code,
            errc::quota);
}

TEST(anthropic_errors, headers) {
  const error e = decode_error(429, error_body("rate_limit_error"),
                               {{"retry-after", "7"}, {"request-id", "req_h"}});
  EXPECT_EQ(e.retry, retry_class::after);
  EXPECT_EQ(e.retry_after, std::chrono::seconds(7));
  EXPECT_EQ(e.request_id, "req_h");
  EXPECT_EQ(decode_error(529, error_body("overloaded_error"), {{"x-should-retry", "false"}}).retry,
            retry_class::never);
}

TEST(anthropic_messages, a_hosts_row) {
  const auto rows = catalog::unpack_vendors(adapters::vendor_rows());
  ASSERT_TRUE(rows);
  const auto v = std::find_if(rows->begin(), rows->end(),
                              [](const vendor& row) { return row.name == "azure-anthropic"; });
  ASSERT_NE(v, rows->end());
  const auto e = encode({.messages = {user("hi")}}, *v);
  ASSERT_TRUE(e) << e.error().message;
  EXPECT_EQ(e->request.target, "/messages");
  EXPECT_EQ(wire::find_header(e->request.headers, "anthropic-version"), "2023-06-01");
  EXPECT_EQ(v->auth_header, "x-api-key");
  EXPECT_EQ(decode(whole(""), 200, {{"apim-request-id", "r1"}})->request_id, "r1");
}

TEST(anthropic_errors, the_rows_words_go_first) {
  vendor v = plain_row();
  v.quirks.push_back(quirk::error_code{"api_error", errc::overloaded, retry_class::safe});
  const wire::http_head head{500, {}};
  const std::string body = error_body("api_error");
  EXPECT_EQ(adapters::anthropic_messages().decode_error({head, body}, v).code, errc::overloaded);
}

TEST(anthropic_errors, bodies_that_are_not_the_vendors) {
  for (const char* body : {"", "<html>bad gateway</html>", "[1]", R"({"error":"text"})",
                           R"({"error":{"type":5}})", "\xFF\xFE"}) {
    const error e = decode_error(502, body);
    EXPECT_EQ(e.code, errc::server) << body;
    EXPECT_EQ(e.http_status, 502);
    EXPECT_NE(e.message.find("gateway"), std::string::npos) << e.message;
  }
  EXPECT_LE(decode_error(500, std::string(5'000'000, 'x')).vendor_message.size(), 500u);
}

}  // namespace
}  // namespace ark::test::anthropic
