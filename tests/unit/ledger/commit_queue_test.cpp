#include "ledger/commit_queue.hpp"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

namespace ark::detail {
namespace {

using std::chrono::milliseconds;

commit_queue::job queued(std::size_t records, std::vector<commit_result>* answers = nullptr) {
  return {std::vector<journal_record>(records, attempt_intent{}), [answers](commit_result r) {
            if (answers != nullptr) answers->push_back(std::move(r));
          }};
}

TEST(commit_queue, all_that_is_there_is_one_commit_in_order) {
  commit_queue queue;
  for (std::uint64_t id : {7, 8, 9}) {
    attempt_intent intent;
    intent.attempt_id = id;
    queue.add({{intent}, {}});
  }
  const auto batch = queue.take(512);
  ASSERT_EQ(batch.records.size(), 3U);
  for (std::uint64_t i = 0; i < 3; ++i)
    EXPECT_EQ(std::get<attempt_intent>(batch.records[i]).attempt_id, 7 + i);
  EXPECT_TRUE(queue.take(512, milliseconds(0)).jobs.empty());
}

TEST(commit_queue, a_commit_ends_with_the_job_that_crosses_its_bound) {
  commit_queue queue;
  for (int i = 0; i < 5; ++i) queue.add(queued(4));
  EXPECT_EQ(queue.take(10).jobs.size(), 3U);
  EXPECT_EQ(queue.take(10).jobs.size(), 2U);
  queue.add(queued(100));
  EXPECT_EQ(queue.take(10).records.size(), 100U) << "a job is never parted";
}

TEST(commit_queue, each_producer_hears_of_its_own_records) {
  commit_queue queue;
  std::vector<commit_result> answers;
  for (const std::size_t records : {2, 1, 3}) queue.add(queued(records, &answers));
  auto batch = queue.take(512);
  commit_result all;
  all.refused = {{1, {.message = "the first's second"}}, {5, {.message = "the third's last"}}};
  batch.answer(all);
  ASSERT_EQ(answers.size(), 3U);
  ASSERT_EQ(answers[0].refused.size(), 1U);
  EXPECT_EQ(answers[0].refused[0].at, 1U);
  EXPECT_TRUE(answers[1].refused.empty());
  ASSERT_EQ(answers[2].refused.size(), 1U);
  EXPECT_EQ(answers[2].refused[0].at, 2U);
  EXPECT_EQ(answers[2].refused[0].why.message, "the third's last");
}

TEST(commit_queue, after_stop_what_is_left_is_taken_and_then_nothing) {
  commit_queue queue;
  queue.add(queued(1));
  queue.stop();
  EXPECT_FALSE(queue.stopped());
  EXPECT_EQ(queue.take(512).jobs.size(), 1U);
  EXPECT_TRUE(queue.stopped());
  EXPECT_TRUE(queue.take(512).jobs.empty());
}

TEST(commit_queue, who_was_answered_is_waited_for_but_not_for_long) {
  commit_queue queue;
  for (int i = 0; i < 2; ++i) queue.add(queued(1));
  queue.expect_back(queue.take(512), std::chrono::hours(1));
  queue.add(queued(1));
  EXPECT_EQ(queue.take(512).jobs.size(), 1U) << "the other one did not come back";

  for (int i = 0; i < 2; ++i) queue.add(queued(1));
  EXPECT_EQ(queue.take(512).jobs.size(), 2U);
}

/// Hours are never over: the second one is what ends the waiting.
TEST(commit_queue, who_comes_back_within_the_moment_is_in_the_same_commit) {
  commit_queue queue(std::chrono::hours(24));
  for (int i = 0; i < 2; ++i) queue.add(queued(1));
  queue.expect_back(queue.take(512), std::chrono::hours(96));
  queue.add(queued(1));
  std::thread producer([&queue] { queue.add(queued(1)); });
  EXPECT_EQ(queue.take(512).jobs.size(), 2U);
  producer.join();
}

TEST(commit_queue, nobody_waits_for_more_than_there_were) {
  commit_queue queue(std::chrono::hours(24));
  queue.add(queued(1));
  queue.expect_back(queue.take(512), std::chrono::hours(1));
  std::thread producer([&queue] { queue.add(queued(1)); });
  EXPECT_EQ(queue.take(512).jobs.size(), 1U);
  producer.join();
}

}  // namespace
}  // namespace ark::detail
