#include "telemetry/span_queue.hpp"

#include <gtest/gtest.h>

namespace ark::telemetry {
namespace {

TEST(span_queue, gives_the_oldest_first) {
  span_queue q(10, 100);
  for (const char* each : {"a", "b", "c"}) EXPECT_TRUE(q.push(each));
  EXPECT_EQ(q.take(2), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(q.take(2), (std::vector<std::string>{"c"}));
  EXPECT_TRUE(q.empty());
}

TEST(span_queue, refuses_what_is_one_too_many) {
  span_queue q(2, 100);
  EXPECT_TRUE(q.push("a"));
  EXPECT_TRUE(q.push("b"));
  EXPECT_FALSE(q.push("c"));
  q.take(1);
  EXPECT_TRUE(q.push("c"));
}

TEST(span_queue, refuses_what_does_not_fit_in_bytes) {
  span_queue q(10, 5);
  EXPECT_FALSE(q.push("123456"));
  EXPECT_TRUE(q.push("123"));
  EXPECT_FALSE(q.push("123"));
  EXPECT_TRUE(q.push("12"));
  EXPECT_EQ(q.take(9).size(), 2U);
  EXPECT_TRUE(q.push("12345"));
}

}  // namespace
}  // namespace ark::telemetry
