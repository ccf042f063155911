#include "cli/exit_code.hpp"

#include <gtest/gtest.h>

namespace ark::cli {
namespace {

exit_code code_of(errc code, int http_status = 0) {
  error e;
  e.code = code;
  e.http_status = http_status;
  return exit_code_of(e);
}

TEST(exit_code, interrupted_and_refused) {
  EXPECT_EQ(code_of(errc::cancelled), exit_code::interrupted);
  EXPECT_EQ(code_of(errc::budget), exit_code::no);
  EXPECT_EQ(code_of(errc::no_candidate), exit_code::no);
}

TEST(exit_code, wrong_usage_before_anything_was_sent) {
  for (const auto each : {errc::config, errc::unsupported, errc::invalid_request, errc::auth,
                          errc::not_found, errc::context_length}) {
    EXPECT_EQ(code_of(each), exit_code::usage) << to_string(each);
  }
}

TEST(exit_code, the_same_from_the_vendor_is_the_vendors) {
  for (const auto each : {errc::invalid_request, errc::auth, errc::not_found}) {
    EXPECT_EQ(code_of(each, 400), exit_code::vendor) << to_string(each);
  }
  for (const auto each : {errc::rate_limit, errc::server, errc::timeout, errc::network, errc::tls,
                          errc::truncated, errc::protocol, errc::too_large, errc::ledger}) {
    EXPECT_EQ(code_of(each), exit_code::vendor) << to_string(each);
  }
}

}  // namespace
}  // namespace ark::cli
