#include "dialect/dialect.hpp"

#include <gtest/gtest.h>

namespace ark::dialect {
namespace {

TEST(dialect_list, finds_nothing_in_an_empty_list) {
  EXPECT_EQ(dialect_list({}).find("openai_chat"), nullptr);
}

}  // namespace
}  // namespace ark::dialect
