#include "rows.hpp"
#include "tests/support/temporary_directory.hpp"

#include "catalog/catalog.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace ark::catalog {
namespace {

const built_in_rows the_rows{adapters::vendor_rows(), adapters::model_rows()};

TEST(LoadBook, HasAllBuiltInVendorsAndTheirModels) {
  const auto b = load_book(the_rows, {}, {});
  ASSERT_TRUE(b.has_value()) << b.error().message;
  for (const char* name :
       {"openai", "volcengine-ark", "deepseek", "moonshot", "zhipu", "openrouter", "groq", "ollama",
        "ollama-openai", "vllm", "llamacpp", "anthropic", "custom"})
    EXPECT_NE((*b)->find_vendor(name), nullptr) << name;
  for (const char* name :
       {"openai", "volcengine-ark", "deepseek", "moonshot", "zhipu", "anthropic"}) {
    const auto& all = (*b)->models();
    EXPECT_TRUE(std::any_of(all.begin(), all.end(), [&](auto* m) {
      return m->info.vendor == name;
    })) << name;
  }
}

TEST(LoadBook, PricesOfTheUserReplaceBuiltInOnes) {
  const ark::testing::temporary_directory folder;
  std::ofstream(folder.path() + "/mine.textproto")
      << "vendor: \"openai\"\ncurrency: \"USD\"\nmodel { id: \"gpt-4.1\" mode: chat source: "
         "\"contract\" "
         "date: \"2026-11-01\" price { dimension: input amount: \"1.5\" unit: Mtok } }\n"
         "model { id: \"gpt-private\" mode: chat }\n";
  const auto b = load_book(the_rows, {}, {folder.path()});
  ASSERT_TRUE(b.has_value()) << b.error().message;
  const model* m = (*b)->find_model("openai", "gpt-4.1");
  ASSERT_NE(m, nullptr);
  ASSERT_EQ(m->prices.size(), 1U);
  EXPECT_EQ(m->prices[0].value.to_string(), "1.5");
  EXPECT_EQ(m->info.source, "contract");
  EXPECT_NE((*b)->find_model("openai", "gpt-private"), nullptr);
  EXPECT_NE((*b)->find_model("openai", "gpt-4o"), nullptr);
}

TEST(LoadBook, AWrongFileOfTheUserIsAnError) {
  const ark::testing::temporary_directory folder;
  std::ofstream(folder.path() + "/mine.textproto") << "vendor: \"openai\"\ncurency: \"USD\"\n";
  const auto models = load_book(the_rows, {}, {folder.path()});
  ASSERT_FALSE(models.has_value());
  EXPECT_EQ(models.error().code, errc::config);
  EXPECT_NE(models.error().message.find("mine.textproto:2: "), std::string::npos);
  EXPECT_FALSE(load_book(the_rows, {folder.path()}, {}).has_value());
  EXPECT_EQ(load_book(the_rows, {}, {folder.path() + "/none"}).error().code, errc::not_found);
}

}  // namespace
}  // namespace ark::catalog
