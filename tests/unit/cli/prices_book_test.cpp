#include "cli/prices_book.hpp"

#include <gtest/gtest.h>

#include "catalog/history.hpp"
#include "cli/settings.hpp"
#include "tests/unit/cli/bench.hpp"

namespace ark::cli::prices_book_test {
namespace {

struct a_price_book : ::testing::Test {
  testing::cli_bench bench;
  std::string text;
  input in{std::string{}};
  output out{text};
  context ctx{bench.machine, in, out, out};

  void put(const std::string& directory, const std::string& name, const char* price,
           const char* from) {
    ASSERT_TRUE(os::make_private_directory(directory));
    ASSERT_TRUE(os::write_file(
        directory + "/" + name,
        R"(vendor: "openai" currency: "USD" model { id: "gpt-4.1" mode: chat source: "s" date: )"
        R"("2026-01-01" price { dimension: input unit: Mtok amount: ")" +
            std::string(price) + "\" } " + from + " }",
        0600));
  }
};

TEST_F(a_price_book, reads_what_was_kept_before_the_users_own_rows) {
  const std::string kept = bench.folder.file(".local/share/ark/prices");
  EXPECT_EQ(prices_directory(bench.machine), kept);
  put(kept, "a.textproto", "1.5", R"(from_date: "2026-02-01")");
  const auto book = load_catalogue(ctx);
  ASSERT_TRUE(book) << book.error().message;
  const auto* m = (*book)->find_model("openai", "gpt-4.1");
  ASSERT_NE(m, nullptr);
  EXPECT_EQ(m->prices.at(0).value.to_string(), "1.5");
  EXPECT_EQ(m->earlier.size(), 1U) << "the built-in prices are its history";
  EXPECT_EQ(catalog::in_force(*m, std::chrono::sys_days{std::chrono::year{2026} / 1 / 31}),
            &m->earlier[0]);
  EXPECT_NE(m->info.context_tokens, 0) << "from the built-in row";
}

TEST_F(a_price_book, has_the_users_own_rows_last) {
  put(bench.folder.file(".local/share/ark/prices"), "a.textproto", "1.5",
      R"(from_date: "2026-02-01")");
  put(bench.folder.file("rows"), "b.textproto", "9", "");
  bench.write_config("model_directories: [\"" + bench.folder.file("rows") + "\"]\n");
  const auto book = load_catalogue(ctx);
  ASSERT_TRUE(book) << book.error().message;
  const auto* m = (*book)->find_model("openai", "gpt-4.1");
  EXPECT_EQ(m->prices.at(0).value.to_string(), "9");
  EXPECT_TRUE(m->earlier.empty());
}

TEST_F(a_price_book, needs_no_kept_prices_and_no_home) {
  EXPECT_TRUE(load_catalogue(ctx));
  bench.machine.variables.clear();
  EXPECT_EQ(prices_directory(bench.machine), "");
  EXPECT_TRUE(model_directories(bench.machine, {}).empty());
}

}  // namespace
}  // namespace ark::cli::prices_book_test
