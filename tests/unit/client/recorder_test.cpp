#include "client/recorder.hpp"
#include "toy.hpp"

#include <gtest/gtest.h>

namespace ark::testing {
namespace {

TEST(recorder, one_commit_serves_a_turn) {
  const auto loop = std::make_shared<fake_loop>();
  const auto ledger = std::make_shared<fake_journal>();
  const auto r = std::make_shared<recorder>(loop, ledger);
  int told = 0;
  for (int i = 0; i < 5; ++i)
    r->record(attempt_intent{}, [&](const result<void>& ok) { told += ok.has_value(); });
  EXPECT_EQ(told, 0) << "never from inside record()";
  loop->drain();
  EXPECT_EQ(told, 5);
  EXPECT_EQ(ledger->commits, 1);
  r->record(attempt_outcome{}, [&](const result<void>&) { ++told; });
  loop->drain();
  EXPECT_EQ(ledger->commits, 2);
}

TEST(recorder, a_journal_may_answer_later) {
  const auto loop = std::make_shared<fake_loop>();
  const auto ledger = std::make_shared<fake_journal>();
  ledger->later = true;
  const auto r = std::make_shared<recorder>(loop, ledger);
  int told = 0;
  r->record(attempt_intent{}, [&](const result<void>&) { ++told; });
  loop->drain();
  EXPECT_EQ(told, 0);
  ledger->waiting.at(0)({});
  EXPECT_EQ(told, 0) << "told on the loop, not on the journal's thread";
  loop->drain();
  EXPECT_EQ(told, 1);
}

TEST(recorder, each_hears_of_its_own_refusal) {
  const auto loop = std::make_shared<fake_loop>();
  const auto ledger = std::make_shared<fake_journal>();
  ledger->later = true;
  const auto r = std::make_shared<recorder>(loop, ledger);
  std::string heard;
  for (int i = 0; i < 3; ++i)
    r->record(attempt_intent{}, [&](const result<void>& ok) {
      heard += ok ? "recorded " : ok.error().message + " ";
    });
  loop->drain();
  commit_result answer;
  answer.refused.push_back({1, error{.code = errc::ledger, .message = "over"}});
  ledger->waiting.at(0)(answer);
  loop->drain();
  EXPECT_EQ(heard, "recorded over recorded ");
}

TEST(recorder, everybody_hears_of_a_failure) {
  const auto loop = std::make_shared<fake_loop>();
  const auto ledger = std::make_shared<fake_journal>();
  ledger->refusal = error{.code = errc::ledger, .message = "full"};
  const auto r = std::make_shared<recorder>(loop, ledger);
  int failed = 0;
  for (int i = 0; i < 3; ++i)
    r->record(attempt_intent{}, [&](const result<void>& ok) { failed += !ok.has_value(); });
  loop->drain();
  EXPECT_EQ(failed, 3);
}

}  // namespace
}  // namespace ark::testing
