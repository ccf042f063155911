#include <ark/result.hpp>
#include <ark/version.hpp>

#include <gtest/gtest.h>

#include <set>

namespace ark {
namespace {

TEST(error, every_code_has_a_name_of_its_own) {
  std::set<std::string_view> names;
  for (int i = 0; i <= static_cast<int>(errc::circuit_open); ++i)
    names.insert(to_string(static_cast<errc>(i)));
  EXPECT_EQ(names.size(), static_cast<std::size_t>(errc::circuit_open) + 1);
  EXPECT_EQ(to_string(errc::invalid_request), "invalid_request");
  EXPECT_EQ(to_string(errc::content_filter), "content_filter");
  EXPECT_EQ(to_string(errc::unsupported), "unsupported");
  EXPECT_EQ(to_string(errc::internal), "internal");
  EXPECT_EQ(to_string(errc::circuit_open), "circuit_open");
  EXPECT_EQ(to_string(retry_class::never), "never");
  EXPECT_EQ(to_string(retry_class::safe), "safe");
  EXPECT_EQ(to_string(retry_class::maybe_billed), "maybe_billed");
  EXPECT_EQ(to_string(retry_class::after), "after");
}

TEST(error, one_line_without_the_vendors_words) {
  error e{.code = errc::rate_limit,
          .http_status = 429,
          .message = "too many requests",
          .vendor_message = "prompt was: my secret plan",
          .vendor_code = "rate_limit_exceeded",
          .request_id = "req_1"};
  EXPECT_EQ(to_string(e),
            "rate_limit: too many requests [HTTP 429] [rate_limit_exceeded] [request req_1]");
  EXPECT_EQ(to_string(error{.code = errc::timeout, .message = "late"}), "timeout: late");
}

TEST(error, value_throws_it) {
  const result<int> failed = error{.code = errc::quota, .message = "no money"};
  try {
    (void)failed.value();
    FAIL() << "did not throw";
  } catch (const exception& e) {
    EXPECT_EQ(e.error().code, errc::quota);
    EXPECT_STREQ(e.what(), "quota: no money");
  }
  const result<int> good = 3;
  EXPECT_EQ(good.value(), 3);
}

TEST(error, version_is_three_numbers) {
  int major = -1, minor = -1, patch = -1;
  EXPECT_EQ(std::sscanf(std::string(version()).c_str(), "%d.%d.%d", &major, &minor, &patch), 3);
}

}  // namespace
}  // namespace ark
