#include "client/prepare.hpp"
#include "toy.hpp"

#include <gtest/gtest.h>

namespace ark::testing {
namespace {

// Requests of jobs themselves: jobs_test.
TEST(prepare_jobs, a_vendor_is_found_with_its_family) {
  const toy_client t;
  EXPECT_EQ(find_jobs(*t.parts, "nobody").error().code, errc::not_found);
  EXPECT_EQ(find_jobs(*t.parts, "toy").error().code, errc::unsupported);
  t.book->row.job_dialect = "nobodys";
  EXPECT_EQ(find_jobs(*t.parts, "toy").error().code, errc::config);
}

TEST(prepare_jobs, a_cache_is_kept_for_a_time) {
  const toy_client t;
  const auto p = prepare_cache(*t.parts, {}, hello(), std::chrono::seconds(0));
  ASSERT_FALSE(p);
  EXPECT_EQ(p.error().code, errc::invalid_request);
}

}  // namespace
}  // namespace ark::testing
