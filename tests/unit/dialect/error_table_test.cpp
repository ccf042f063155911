#include "dialect/error_table.hpp"

#include <gtest/gtest.h>

using namespace ark;
using namespace std::chrono_literals;

namespace {

error read(wire::header_list headers, retry_class before = retry_class::safe) {
  error e{.code = errc::rate_limit, .retry = before};
  dialect::read_retry_headers(headers, e);
  return e;
}

TEST(error_table, status_decides_what_may_be_sent_again) {
  EXPECT_EQ(dialect::meaning_of_status(429).retry, retry_class::safe);
  EXPECT_EQ(dialect::meaning_of_status(529).code, errc::overloaded);
  EXPECT_EQ(dialect::meaning_of_status(500).retry, retry_class::maybe_billed);
  EXPECT_EQ(dialect::meaning_of_status(402).code, errc::quota);
  EXPECT_EQ(dialect::meaning_of_status(402).retry, retry_class::never);
  EXPECT_EQ(dialect::meaning_of_status(418).code, errc::invalid_request);
  EXPECT_EQ(dialect::meaning_of_status(307).code, errc::protocol);
}

/// A failure whose object says {"said": ...}.
error failure(int status, std::string_view body, wire::header_list headers = {},
              std::string request_id = {}) {
  const wire::http_head head{status, std::move(headers)};
  return dialect::failure_of(
      head, body, std::move(request_id), [&](json::element root) -> std::optional<error> {
        error e{.code = errc::quota, .http_status = status, .request_id = "of the body"};
        e.vendor_message = json::text_at(root, "said");
        if (e.vendor_message.empty()) return std::nullopt;
        return e;
      });
}

TEST(error_table, a_failure_is_what_its_object_says) {
  const error e = failure(429, R"({"said":"no money"})");
  EXPECT_EQ(e.code, errc::quota);
  EXPECT_EQ(e.vendor_message, "no money");
  EXPECT_EQ(e.request_id, "of the body");
  EXPECT_EQ(failure(429, R"({"said":"x"})", {}, "of the head").request_id, "of the head");
}

TEST(error_table, of_a_gateways_page_the_beginning_and_the_status) {
  for (const std::string& page :
       {"<html>" + std::string(1000, 'x'), std::string("{}"), std::string("[1]"), std::string()}) {
    const error e = failure(429, page, {{"retry-after", "7"}}, "r");
    EXPECT_EQ(e.code, errc::rate_limit) << page;
    EXPECT_EQ(e.vendor_message, page.substr(0, 500));
    EXPECT_EQ(e.http_status, 429);
    EXPECT_EQ(e.request_id, "r");
    EXPECT_EQ(e.retry, retry_class::after);
    EXPECT_EQ(e.retry_after, 7s);
  }
}

TEST(error_table, a_general_failure_says_less_than_the_status) {
  const dialect::error_meaning general{errc::server, retry_class::maybe_billed};
  for (const int status : {429, 529})
    EXPECT_EQ(dialect::more_telling(general, status).retry, retry_class::safe) << status;
  EXPECT_EQ(dialect::more_telling(general, 503).code, errc::overloaded);
  EXPECT_EQ(dialect::more_telling(general, 504).code, errc::timeout);
  for (const int status : {200, 400, 500, 502})
    EXPECT_EQ(dialect::more_telling(general, status).code, errc::server) << status;
  const dialect::error_meaning quota{errc::quota, retry_class::never};
  EXPECT_EQ(dialect::more_telling(quota, 503).code, errc::quota);
}

TEST(error_table, a_503_is_unbilled_where_the_vendor_asks_to_be_asked_again) {
  const auto read = [](int status, const wire::header_list& headers) {
    error e{.http_status = status};
    dialect::set_meaning(e, dialect::meaning_of_status(status), status);
    dialect::read_retry_headers(headers, e);
    return e.retry;
  };
  EXPECT_EQ(read(503, {}), retry_class::maybe_billed) << "a gateway's, after the work was done";
  EXPECT_EQ(read(503, {{"retry-after", "2"}}), retry_class::after);
  EXPECT_EQ(read(503, {{"x-should-retry", "true"}}), retry_class::safe);
  EXPECT_EQ(read(503, {{"x-should-retry", "false"}}), retry_class::never);
  EXPECT_EQ(read(500, {{"retry-after", "2"}}), retry_class::maybe_billed);
}

TEST(error_table, a_gateway_that_failed_is_not_an_overloaded_vendor) {
  const auto meaning = dialect::meaning_of_status(502);
  EXPECT_EQ(meaning.code, errc::server);
  EXPECT_EQ(meaning.retry, retry_class::maybe_billed);
  const std::string text = dialect::advice(meaning.code, 502);
  EXPECT_NE(text.find("gateway"), std::string::npos) << text;
  EXPECT_EQ(text.find("overloaded"), std::string::npos) << text;
}

TEST(error_table, a_request_that_is_too_large_is_told_so) {
  EXPECT_EQ(dialect::advice(dialect::meaning_of_status(413).code, 413),
            "the request is too large for the vendor (HTTP 413): shorten it");
}

TEST(error_table, an_error_inside_a_good_answer_is_not_told_as_http) {
  EXPECT_EQ(dialect::advice(errc::overloaded, 200), "the vendor is overloaded: try later");
}

TEST(error_table, retry_after_in_seconds_and_milliseconds) {
  EXPECT_EQ(read({{"Retry-After", "7"}}).retry_after, 7s);
  EXPECT_EQ(read({{"retry-after", "0.25"}}).retry_after, 250ms);
  EXPECT_EQ(read({{"retry-after", "7"}, {"retry-after-ms", "1500"}}).retry_after, 1500ms);
  EXPECT_EQ(read({{"retry-after", "7"}}).retry, retry_class::after);
  EXPECT_EQ(read({{"retry-after", "7"}}, retry_class::never).retry, retry_class::never);
}

TEST(error_table, retry_after_as_a_date_counts_from_the_answers_own) {
  const error e = read({{"retry-after", "Sun, 06 Nov 1994 08:50:07 GMT"},
                        {"date", "Sun, 06 Nov 1994 08:49:37 GMT"}});
  EXPECT_EQ(e.retry_after, 30s);
  EXPECT_FALSE(read({{"retry-after", "Sun, 06 Nov 1994 08:50:07 GMT"}}).retry_after);
}

TEST(error_table, nonsense_is_not_a_wait) {
  for (const char* text : {"", "-1", "soon", "nan", "1e999", "Sun, 06 Xxx 1994 08:50:07 GMT"})
    EXPECT_FALSE(
        read({{"retry-after", text}, {"date", "Sun, 06 Nov 1994 08:49:37 GMT"}}).retry_after)
        << text;
  EXPECT_EQ(read({{"retry-after", "90000000"}}).retry_after, 24h);
}

TEST(error_table, the_vendor_may_forbid_a_retry) {
  EXPECT_EQ(read({{"x-should-retry", "false"}}).retry, retry_class::never);
  EXPECT_EQ(read({{"x-should-retry", "true"}}, retry_class::never).retry, retry_class::never);
}

TEST(error_table, what_was_accepted_is_never_safe_to_send_again) {
  for (const auto& [status, retry] :
       {std::pair{200, retry_class::maybe_billed}, std::pair{429, retry_class::safe}}) {
    error e{.http_status = status};
    dialect::set_meaning(e, {errc::rate_limit, retry_class::safe}, 429);
    EXPECT_EQ(e.code, errc::rate_limit);
    EXPECT_EQ(e.retry, retry) << status;
    EXPECT_EQ(e.message, dialect::advice(errc::rate_limit, 429));
    dialect::set_meaning(e, {errc::auth, retry_class::never});
    EXPECT_EQ(e.retry, retry_class::never);
    EXPECT_EQ(e.message, dialect::advice(errc::auth, status));
  }
}

TEST(error_table, an_unreadable_answer_is_quoted_at_its_beginning) {
  const error e =
      dialect::unreadable(200, std::string(600, 'x'), "not ours: check the base URL", "id");
  EXPECT_EQ(e.code, errc::protocol);
  EXPECT_EQ(e.retry, retry_class::maybe_billed);
  EXPECT_EQ(e.http_status, 200);
  EXPECT_EQ(e.message, "the vendor's answer is not ours: check the base URL");
  EXPECT_EQ(e.vendor_message, std::string(500, 'x'));
  EXPECT_EQ(e.request_id, "id");
}

TEST(error_table, advice_is_one_sentence_with_the_status) {
  for (int code = 0; code <= static_cast<int>(errc::internal); ++code) {
    const std::string text = dialect::advice(static_cast<errc>(code), 418);
    EXPECT_NE(text.find("HTTP 418"), std::string::npos) << text;
    EXPECT_EQ(dialect::advice(static_cast<errc>(code), 0).find("HTTP"), std::string::npos);
  }
}

}  // namespace
