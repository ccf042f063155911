#include "eval/runner.hpp"

#include <gtest/gtest.h>

namespace ark::eval {

// Runs with a client are in tests/integration/eval.

TEST(runner, what_is_left_is_unasked_or_failed) {
  std::vector<question> all;
  for (const auto* id : {"a", "b", "c"})
    all.push_back({.prompt_id = "p", .model = "m", .case_id = id});
  const std::vector<row> done{
      {.prompt_id = "p", .model = "m", .case_id = "a", .status = row_status::fail},
      {.prompt_id = "p", .model = "m", .case_id = "b", .status = row_status::error},
      {.prompt_id = "p", .model = "other", .case_id = "c", .status = row_status::pass}};
  const auto left = pending(all, done);
  ASSERT_EQ(left.size(), 2u);
  EXPECT_EQ(left[0].case_id, "b");
  EXPECT_EQ(left[1].case_id, "c");
}

TEST(runner, an_answer_becomes_a_judged_row) {
  question q{.prompt_id = "p", .model = "auto", .case_id = "c"};
  q.assertions.push_back(
      assertion::compile({.type = "contains", .value = R"("42")", .place = "x"}, {}).value());
  reply r;
  r.message = assistant("it is 42");
  r.route = {.vendor = "v", .model = "m"};
  r.latency = std::chrono::microseconds(1500);
  const row made = make_row(q, r);
  EXPECT_EQ(made.status, row_status::pass);
  EXPECT_EQ(made.served_by, "v/m");
  EXPECT_DOUBLE_EQ(made.latency_ms, 1.5);
}

TEST(runner, a_failure_becomes_a_row_without_the_vendors_words) {
  const row made = make_row(
      {.case_id = "c"},
      error{.code = errc::quota, .message = "ours", .vendor_message = "theirs", .attempt = 2});
  EXPECT_EQ(made.status, row_status::error);
  EXPECT_EQ(made.error_code, "quota");
  EXPECT_EQ(to_json(made).find("theirs"), std::string::npos);
}

}  // namespace ark::eval
