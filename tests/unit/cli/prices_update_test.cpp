#include "cli/prices_update.hpp"

#include <gtest/gtest.h>
#include <filesystem>

#include "base/json.hpp"
#include "sign/digest.hpp"
#include "tests/unit/cli/bench.hpp"

namespace ark::cli::prices_update_test {
namespace {

struct an_update : ::testing::Test {
  testing::cli_bench bench;
  std::string text;

  std::string file(const std::string& input_price, const std::string& more = "",
                   const std::string& name = "prices.textproto") {
    text = R"(vendor: "openai" currency: "USD" model { id: "model-of-tomorrow" mode: chat )"
           R"(source: "page" date: "2026-01-01" price { dimension: input unit: Mtok amount: ")" +
           input_price + R"(" } price { dimension: output unit: Mtok amount: "8" } )" + more + " }";
    std::string path = bench.folder.file(name);
    (void)os::write_file(path, text, 0600);
    return path;
  }
  std::size_t kept() const {
    const std::filesystem::path directory = bench.folder.file(".local/share/ark/prices");
    if (!std::filesystem::exists(directory)) return 0;
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(directory), {}));
  }
  std::string price_on(const std::string& day) {
    if (bench.run({"prices", "show", "openai/model-of-tomorrow", "--at", day, "--json"}) != 0)
      return "none";
    const auto at = bench.out.find("\"price\":\"") + 9;
    return bench.out.substr(at, bench.out.find('"', at) - at);
  }
  void on_day(int year, unsigned month, unsigned day) {
    bench.machine.wall = std::chrono::sys_days{std::chrono::year{year} / std::chrono::month{month} /
                                               std::chrono::day{day}};
  }
};

TEST_F(an_update, makes_a_history_that_prices_each_day) {
  on_day(2026, 3, 1);
  EXPECT_EQ(bench.run({"prices", "update", file("2")}), 0) << bench.err;
  on_day(2026, 5, 1);
  EXPECT_EQ(bench.run({"prices", "update", file("1")}), 0) << bench.err;
  EXPECT_EQ(kept(), 2U);
  EXPECT_EQ(price_on("2026-02-28"), "none");
  EXPECT_EQ(price_on("2026-03-01"), "2");
  EXPECT_EQ(price_on("2026-04-30"), "2");
  EXPECT_EQ(price_on("2026-05-01"), "1");
  EXPECT_EQ(bench.run({"prices", "history", "openai/model-of-tomorrow"}), 0);
  EXPECT_NE(bench.out.find("from 2026-03-01, until 2026-05-01"), std::string::npos) << bench.out;
  EXPECT_EQ(bench.run({"models", "show", "openai/model-of-tomorrow"}), 0) << "other commands too";
}

TEST_F(an_update, of_what_is_known_keeps_nothing) {
  on_day(2026, 3, 1);
  EXPECT_EQ(bench.run({"prices", "update", file("2")}), 0);
  EXPECT_EQ(bench.run({"prices", "update", file("2")}), 0);
  EXPECT_EQ(kept(), 1U);
  EXPECT_NE(bench.err.find("1 are as they were"), std::string::npos) << bench.err;
}

// L18: prices that leap are not taken over unless somebody agrees, and here nobody can be asked.
TEST_F(an_update, with_alarms_needs_somebody_who_agrees) {
  on_day(2026, 3, 1);
  ASSERT_EQ(bench.run({"prices", "update", file("2")}), 0);
  on_day(2026, 5, 1);
  for (const char* poisoned : {"0", "2000000", "0.6"}) {
    EXPECT_EQ(bench.run({"prices", "update", file(poisoned)}), 1) << poisoned;
    EXPECT_NE(bench.err.find("--accept openai/model-of-tomorrow"), std::string::npos) << bench.err;
  }
  EXPECT_EQ(kept(), 1U);
  EXPECT_EQ(price_on("2026-06-01"), "2");
  EXPECT_EQ(bench.run({"prices", "update", file("0.6"), "--accept", "other"}), 1);
  EXPECT_EQ(bench.run({"prices", "update", file("0.6"), "--accept", "openai/model-of-tomorrow"}),
            0);
  EXPECT_EQ(price_on("2026-06-01"), "0.6");
  EXPECT_EQ(bench.run({"prices", "update", file("0"), "--yes"}), 0);
  EXPECT_EQ(price_on("2026-06-01"), "0");
}

TEST_F(an_update, is_compared_with_a_second_source) {
  const std::string other = file("0.002", "", "other.textproto");
  const std::string ours = file("2");
  EXPECT_EQ(bench.run({"prices", "update", ours, "--compare", other}), 1);
  EXPECT_NE(bench.err.find("the other source says 0.002"), std::string::npos) << bench.err;
  EXPECT_EQ(bench.run({"prices", "update", ours, "--compare", ours}), 0) << bench.err;
}

TEST_F(an_update, of_a_file_that_says_its_sources_disagree_asks) {
  EXPECT_EQ(bench.run({"prices", "update", file("2", "conflict: true")}), 1);
  EXPECT_NE(bench.err.find("sources disagree"), std::string::npos) << bench.err;
}

TEST_F(an_update, must_be_the_file_that_was_meant) {
  const std::string path = file("2");
  EXPECT_EQ(bench.run({"prices", "update", path, "--sha256", sign::sha256_hex("x")}), 2);
  EXPECT_EQ(kept(), 0U);
  EXPECT_EQ(bench.run({"prices", "update", path, "--sha256", sign::sha256_hex(text)}), 0)
      << bench.err;
  EXPECT_EQ(bench.err.find("neither a hash"), std::string::npos);
  EXPECT_EQ(bench.run({"prices", "update", path, "--signature", path}), 2);
}

TEST_F(an_update, may_be_looked_at_first) {
  EXPECT_EQ(bench.run({"prices", "update", file("0"), "--dry-run", "--json"}), 0) << bench.err;
  EXPECT_TRUE(json::is_valid(bench.out)) << bench.out;
  EXPECT_NE(bench.out.find("it is zero"), std::string::npos);
  EXPECT_EQ(kept(), 0U);
}

TEST_F(an_update, may_name_the_day_from_which_it_holds) {
  on_day(2026, 3, 1);
  EXPECT_EQ(bench.run({"prices", "update", file("2", R"(from_date: "2026-04-01")")}), 0);
  EXPECT_EQ(price_on("2026-03-31"), "none");
  EXPECT_EQ(price_on("2026-04-01"), "2");
}

}  // namespace
}  // namespace ark::cli::prices_update_test
