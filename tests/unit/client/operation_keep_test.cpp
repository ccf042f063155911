#include "client/operation.hpp"
#include "toy.hpp"

#include <gtest/gtest.h>

namespace ark::testing {
namespace {

struct fake_contents final : content_sink {
  result<void> keep(const kept_content& content) override {
    all.push_back(content);
    if (refusal) return *refusal;
    return {};
  }
  std::vector<kept_content> all;
  std::optional<error> refusal;
};

TEST(operation_keep, nothing_is_kept_unless_asked) {
  toy_client t;
  t.net->answers = {t.whole("hi 10 5")};
  ASSERT_TRUE(t.make().complete(hello()));
  EXPECT_EQ(t.parts->contents, nullptr);
}

TEST(operation_keep, prompt_and_reply_are_kept_under_the_calls_id) {
  toy_client t;
  const auto kept = std::make_shared<fake_contents>();
  t.parts->contents = kept;
  t.net->answers = {t.whole("hi 10 5")};
  ASSERT_TRUE(t.make().complete(hello()));
  ASSERT_EQ(kept->all.size(), 1U);
  EXPECT_EQ(kept->all[0].call_id, t.ledger->intents().at(0).call_id);
  EXPECT_EQ(kept->all[0].prompt, t.net->requests.at(0).request.body);
  EXPECT_NE(kept->all[0].reply.find("\"text\":\"hi\""), std::string::npos);
}

TEST(operation_keep, a_store_that_fails_costs_a_note_and_not_the_reply) {
  toy_client t;
  const auto kept = std::make_shared<fake_contents>();
  kept->refusal = error{.code = errc::config, .message = "the disk is full"};
  t.parts->contents = kept;
  t.net->answers = {t.whole("hi 10 5")};
  const auto r = t.make().complete(hello());
  ASSERT_TRUE(r);
  EXPECT_EQ(r->notes.back(), "prompt and reply are not kept: the disk is full");
}

TEST(operation_keep, what_a_budget_refused_is_not_kept) {
  toy_client t;
  const auto kept = std::make_shared<fake_contents>();
  t.parts->contents = kept;
  t.ledger->refusal = error{.code = errc::budget, .message = "used up"};
  EXPECT_FALSE(t.make().complete(hello()));
  EXPECT_TRUE(kept->all.empty());
}

}  // namespace
}  // namespace ark::testing
