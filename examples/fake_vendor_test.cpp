// How to test a program that calls a vendor, without the vendor: link ark-testing.
#include <gtest/gtest.h>
#include <ark/ark.hpp>
#include <ark/testing.hpp>

namespace {

/// The code under test.
ark::result<std::string> classify(const ark::client& client, const std::string& text) {
  const auto reply = client.complete({.model = "openai/gpt-5-mini",
                                      .messages = {ark::user("Sentiment of: " + text)},
                                      .retry = {.base = std::chrono::milliseconds(1)}});
  if (!reply) return reply.error();
  return reply->text();
}

ark::client client_of(const ark::testing::simulator& vendor) {
  return ark::standard_client(
      {.vendors = {
           {"openai", {.base_url = vendor.base_url("openai"), .key = ark::secret("any")}}}});
}

TEST(classify, knows_a_complaint) {
  const auto vendor = ark::testing::simulator::start().value();
  EXPECT_EQ(classify(client_of(vendor), "a terrible, broken lamp").value(), "negative");
}

TEST(classify, waits_when_the_vendor_says_so_and_pays_once) {
  const auto vendor =
      ark::testing::simulator::start({.faults = {"status=429,retry-after=0@nth=1"}}).value();
  EXPECT_EQ(classify(client_of(vendor), "I love it").value(), "positive");
  const auto journal = vendor.journal();
  ASSERT_EQ(journal.size(), 2u);
  EXPECT_FALSE(journal[0].billed);
  EXPECT_TRUE(journal[1].billed);
}

TEST(classify, passes_on_answers_that_the_test_wrote) {
  const ark::testing::scripted_answer answer{.contains = "lamp", .text = "neutral"};
  const auto vendor = ark::testing::simulator::start({.answers = {answer}}).value();
  EXPECT_EQ(classify(client_of(vendor), "a great lamp").value(), "neutral");
}

TEST(classify, tells_that_the_account_is_empty) {
  const auto vendor =
      ark::testing::simulator::start({.faults = {"status=429,code=insufficient_quota"}}).value();
  EXPECT_EQ(classify(client_of(vendor), "x").error().code, ark::errc::quota);
  EXPECT_EQ(vendor.journal().size(), 1u) << "an empty account is not asked again";
}

}  // namespace
