#include <gtest/gtest.h>

#include "cli/settings.hpp"
#include "reuse/response_cache_state.hpp"
#include "tests/unit/cli/bench.hpp"

// The calls themselves: tests/integration/cli/reuse_test.py.
namespace ark::cli {
namespace {

std::string cache_path(const testing::cli_bench& bench) {
  return bench.folder.file(".cache/ark/replies.sqlite");
}

TEST(cache_answers, nothing_was_kept_yet) {
  testing::cli_bench bench;
  EXPECT_EQ(bench.run({"cache", "stats"}), 0);
  EXPECT_NE(bench.err.find("no answer was kept"), std::string::npos);
  EXPECT_NE(bench.out.find("0 answers"), std::string::npos);
  EXPECT_EQ(bench.run({"cache", "clear"}), 0);
}

TEST(cache_answers, counts_and_clears) {
  testing::cli_bench bench;
  reply r;
  r.message = assistant("hi");
  r.cost = {.status = cost_status::exact, .currency = "USD", .value = *amount::parse("0.5")};
  {
    detail::response_cache_state s{{.path = cache_path(bench)}};
    ASSERT_TRUE(s.keep("k", r, {}));
    ASSERT_TRUE(s.find("k", {}, std::nullopt));
  }
  EXPECT_EQ(bench.run({"cache", "stats"}), 0);
  EXPECT_NE(bench.out.find("1 answers"), std::string::npos) << bench.out;
  EXPECT_NE(bench.out.find("given 1 times, which saved 0.5 USD"), std::string::npos) << bench.out;
  EXPECT_EQ(bench.run({"--json", "cache", "clear"}), 0);
  EXPECT_NE(bench.out.find("{\"removed\":1}"), std::string::npos) << bench.out;
  EXPECT_EQ(bench.run({"--json", "cache", "stats"}), 0);
  EXPECT_NE(bench.out.find("\"entries\":0"), std::string::npos) << bench.out;
}

TEST(cache_answers, a_damaged_file_is_told_and_cleared) {
  testing::cli_bench bench;
  ASSERT_TRUE(os::make_private_directory(bench.folder.file(".cache/ark")));
  ASSERT_TRUE(os::write_file(cache_path(bench), std::string(4096, 'z'), 0600));
  EXPECT_NE(bench.run({"cache", "stats"}), 0);
  EXPECT_NE(bench.err.find("ark cache clear"), std::string::npos);
  EXPECT_EQ(bench.run({"cache", "clear"}), 0) << bench.err;
  EXPECT_EQ(bench.run({"cache", "stats"}), 0);
}

TEST(cache_answers, a_projects_file_may_not_say_where_answers_are_kept) {
  testing::cli_bench bench;
  const auto ok = check_settings_text("response_cache: {path: ./replies.sqlite}", "ark.yaml", true);
  ASSERT_FALSE(ok);
  EXPECT_NE(ok.error().message.find("may not set this"), std::string::npos);
  EXPECT_TRUE(check_settings_text("response_cache: {enabled: true}", "config.yaml", false));
  EXPECT_FALSE(check_settings_text("response_cache: {max_bytes: 5}", "config.yaml", false));
  EXPECT_FALSE(check_settings_text("response_cache: {time_to_live_s: -1}", "config.yaml", false));
}

}  // namespace
}  // namespace ark::cli
