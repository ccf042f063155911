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

TEST(error_table, advice_is_one_sentence_with_the_status) {
  for (int code = 0; code <= static_cast<int>(errc::internal); ++code) {
    const std::string text = dialect::advice(static_cast<errc>(code), 418);
    EXPECT_NE(text.find("HTTP 418"), std::string::npos) << text;
    EXPECT_EQ(dialect::advice(static_cast<errc>(code), 0).find("HTTP"), std::string::npos);
  }
}

}  // namespace
