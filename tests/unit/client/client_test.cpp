#include "toy.hpp"

#include <gtest/gtest.h>

namespace ark::testing {
namespace {

TEST(client, lists_models_and_vendors) {
  toy_client t;
  const client c = t.make();
  ASSERT_EQ(c.models().size(), 2U);
  EXPECT_EQ(c.models("m1").at(0).prices.size(), 2U);
  EXPECT_TRUE(c.models("nothing").empty());
  EXPECT_EQ(c.vendors().at(0).key_variable, "TOY_KEY");
  EXPECT_EQ(c.plan(hello())->model, "m1");
}

TEST(client, a_call_that_cannot_be_made_is_told_later_too) {
  toy_client t;
  const client c = t.make();
  call wrong = hello();
  wrong.model = "nobody/x";
  std::optional<error> chat, embedding, ranking, streamed;
  EXPECT_EQ(c.complete_async(wrong, [&](result<reply> r) { chat = r.error(); }), 0U);
  c.embed_async({.model = "nobody/x", .input = {"a"}},
                [&](result<embed_reply> r) { embedding = r.error(); });
  c.rerank_async({.model = "nobody/x", .query = "q", .documents = {"a"}},
                 [&](result<rerank_reply> r) { ranking = r.error(); });
  c.stream_async(wrong, [&](result<stream> r) { streamed = r.error(); });
  EXPECT_FALSE(chat || embedding || ranking || streamed)
      << "never from inside the call that begins";
  c.run();
  for (const auto& e : {chat, embedding, ranking, streamed}) {
    ASSERT_TRUE(e);
    EXPECT_EQ(e->code, errc::not_found);
  }
}

TEST(client, run_ends_when_nothing_is_left) {
  toy_client t;
  t.net->answers = {t.whole("hi 1 1"), t.whole("hi 1 1")};
  const client c = t.make();
  int told = 0;
  for (int i = 0; i < 2; ++i) c.complete_async(hello(), [&](result<reply>) { ++told; });
  c.run();
  EXPECT_EQ(told, 2);
  c.run();
}

TEST(client, the_last_handle_cancels_what_nobody_will_run) {
  toy_client t;
  t.net->answers = {{.pieces = {}, .hangs = true}};
  std::optional<error> told;
  {
    const client c = t.make();
    c.complete_async(hello(), [&](result<reply> r) { told = r.error(); });
  }
  ASSERT_TRUE(told);
  EXPECT_EQ(told->code, errc::cancelled);
  EXPECT_EQ(t.ledger->outcomes().size(), 1U) << "on record all the same";
}

TEST(client, cancel_of_an_unknown_id_does_nothing) {
  toy_client t;
  t.make().cancel(12345);
  EXPECT_TRUE(t.ledger->all.empty());
}

}  // namespace
}  // namespace ark::testing
