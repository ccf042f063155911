#include "catalog/book.hpp"

#include "rows.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace ark::catalog {
namespace {

std::shared_ptr<const book> built_in() {
  auto b = load_book({adapters::vendor_rows(), adapters::model_rows()}, {}, {});
  EXPECT_TRUE(b.has_value()) << (b ? "" : b.error().message);
  return b.value();
}

model made(std::string id, std::vector<std::string> aliases = {}) {
  model m;
  m.info.model = std::move(id);
  m.info.mode = "chat";
  m.info.aliases = std::move(aliases);
  return m;
}

vendor row(std::string name, std::string price_vendor = {}) {
  vendor v;
  v.name = std::move(name);
  v.price_vendor = std::move(price_vendor);
  return v;
}

TEST(Book, EachBuiltInListDecodesAndBelongsToAVendor) {
  const auto lists = find_lists(adapters::model_rows());
  ASSERT_TRUE(lists.has_value());
  EXPECT_GE(lists->size(), 10U);
  for (const packed_list& p : *lists) {
    const auto models = find_models(p);
    ASSERT_TRUE(models.has_value()) << p.vendor << ": " << models.error().message;
    EXPECT_FALSE(models->empty()) << p.vendor;
    for (const packed_model& row : *models) {
      const auto m = unpack_model(row);
      ASSERT_TRUE(m.has_value()) << p.vendor << ": " << m.error().message;
      EXPECT_EQ(m->info.model, row.id);
      EXPECT_FALSE(m->info.source.empty()) << row.id;
      EXPECT_EQ(m->info.source_date.size(), 10U) << row.id;
      EXPECT_EQ(m->hash.size(), m->prices.empty() ? 0U : 64U) << row.id;
    }
  }
}

TEST(Book, ResolvesVendorSlashModel) {
  const auto b = built_in();
  const auto found = b->resolve("openai/gpt-4.1");
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->v->name, "openai");
  EXPECT_EQ(found->model, "gpt-4.1");
  ASSERT_NE(found->known, nullptr);
  EXPECT_EQ(found->known->info.id, "openai/gpt-4.1");
  EXPECT_EQ(found->known->info.currency, "USD");
}

TEST(Book, AModelNameMayHoldSlashes) {
  const auto b = built_in();
  const auto found = b->resolve("openrouter/openai/gpt-4o");
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->v->name, "openrouter");
  EXPECT_EQ(found->model, "openai/gpt-4o");
  EXPECT_EQ(found->known, nullptr);  // an aggregator's prices are not in the catalogue
}

TEST(Book, AnAliasIsSentAsTheIdItStandsFor) {
  const auto b = built_in();
  const auto found = b->resolve("volcengine-ark/doubao-seed-1.8");
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->model, "doubao-seed-1-8-251228");
}

TEST(Book, ABareIdIsFoundIfOneVendorHasIt) {
  const auto b = built_in();
  const auto found = b->resolve("claude-haiku-4-5");
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->v->name, "anthropic");
}

TEST(Book, ABareIdOfSeveralVendorsIsAnErrorThatNamesThem) {
  book_parts parts;
  parts.vendors = {row("one"), row("two")};
  parts.lists = {
      {"one", {made("m")}}, {"two", {made("m"), made("n", {"k"})}}, {"one", {made("k")}}};
  const auto b = make_book(std::move(parts));
  const auto found = b->resolve("m");
  ASSERT_FALSE(found.has_value());
  EXPECT_EQ(found.error().code, errc::not_found);
  EXPECT_NE(found.error().message.find("one/m or two/m"), std::string::npos);
  const auto exact = b->resolve("k");  // an id wins over an alias
  ASSERT_TRUE(exact.has_value());
  EXPECT_EQ(exact->v->name, "one");
}

TEST(Book, AVendorThatHasToBeSetUpIsMeantOnlyIfNobodyElseHasTheId) {
  book_parts parts;
  parts.vendors = {row("one"), row("two")};
  parts.vendors[0].base_url = "https://one.example/v1";
  parts.lists = {{"one", {made("m")}}, {"two", {made("m"), made("n")}}};
  const auto b = make_book(std::move(parts));
  EXPECT_EQ(b->resolve("m").value().v->name, "one");
  EXPECT_EQ(b->resolve("n").value().v->name, "two");
  EXPECT_EQ(b->resolve("two/m").value().v->name, "two");
  for (const char* name : {"claude-haiku-4-5", "gemini-2.5-flash", "gpt-5-mini"})
    EXPECT_TRUE(built_in()->resolve(name)) << name;
}

TEST(Book, ModelsOfOneVendorAreThoseOfAll) {
  const auto b = built_in();
  std::size_t sum = 0;
  for (const vendor* v : b->vendors()) sum += b->models_of(v->name).size();
  EXPECT_EQ(sum, b->models().size());
  EXPECT_TRUE(b->models_of("nobody").empty());
  EXPECT_EQ(b->models_of("anthropic").front()->info.vendor, "anthropic");
}

TEST(Book, AnUnknownNameListsWhatIsNear) {
  const auto b = built_in();
  const auto found = b->resolve("gpt-4.1-minni");
  ASSERT_FALSE(found.has_value());
  EXPECT_EQ(found.error().code, errc::not_found);
  EXPECT_NE(found.error().message.find("openai/gpt-4.1-mini"), std::string::npos)
      << found.error().message;
  EXPECT_EQ(b->resolve("").error().code, errc::not_found);
  EXPECT_EQ(b->resolve("openai/").error().code, errc::invalid_request);
  EXPECT_LT(b->resolve(std::string(100000, 'x')).error().message.size(), 400U);
}

TEST(Book, ADateBehindANameIsNeverGuessedAway) {
  const auto b = built_in();
  EXPECT_EQ(b->find_model("openai", "gpt-4.1-2031-01-01"), nullptr);
  EXPECT_NE(b->find_model("openai", "gpt-4.1-2025-04-14"), nullptr);
}

TEST(Book, ARowCanUseAnotherPriceList) {
  book_parts parts;
  auto packed = find_lists(adapters::model_rows());
  parts.packed = packed.value();
  parts.vendors = {row("mine", "deepseek-cn")};
  const auto b = make_book(std::move(parts));
  const model* m = b->find_model("mine", "deepseek-v4-pro");
  ASSERT_NE(m, nullptr);
  EXPECT_EQ(m->info.id, "mine/deepseek-v4-pro");
  EXPECT_EQ(m->info.currency, "CNY");
}

TEST(Book, LaterRowsReplaceEarlierOnes) {
  book_parts parts;
  model first = made("m");
  first.info.context_tokens = 1;
  model second = made("m");
  second.info.context_tokens = 2;
  vendor renamed = row("v");
  renamed.title = "later";
  parts.vendors = {row("v"), renamed};
  parts.lists = {{"v", {first, made("a")}}, {"v", {second}}};
  const auto b = make_book(std::move(parts));
  EXPECT_EQ(b->find_vendor("v")->title, "later");
  EXPECT_EQ(b->vendors().size(), 1U);
  EXPECT_EQ(b->models().size(), 2U);
  EXPECT_EQ(b->find_model("v", "m")->info.context_tokens, 2);
}

TEST(BilledModel, TheAnsweringModelIsBilled) {
  book_parts parts;
  parts.vendors = {row("v")};
  parts.lists = {{"v",
                  {made("gpt"), made("gpt-2024-05-13"), made("moving-latest"),
                   made("eu.maker.m-20250929-v1:0")}}};
  const auto b = make_book(std::move(parts));
  const auto billed = [&](std::string_view asked, std::string_view replied) -> std::string {
    const model* m = billed_model(*b, "v", asked, replied);
    return m == nullptr ? "" : m->info.model;
  };
  EXPECT_EQ(billed("gpt", "gpt-2024-05-13"), "gpt-2024-05-13");
  EXPECT_EQ(billed("gpt", "gpt-2025-01-31"), "gpt");
  EXPECT_EQ(billed("gpt", "gpt-20250131"), "gpt");
  EXPECT_EQ(billed("gpt", "gpt-250131"), "gpt");
  EXPECT_EQ(billed("gpt", "gpt-mini"), "");
  EXPECT_EQ(billed("gpt", "gpt-mini-20250131"), "");
  EXPECT_EQ(billed("gpt", ""), "gpt");
  EXPECT_EQ(billed("moving-latest", "something"), "");
  EXPECT_EQ(billed("moving-latest", "gpt-2024-05-13"), "gpt-2024-05-13");
  EXPECT_EQ(billed("eu.maker.m-20250929-v1:0", "m-20250929"), "eu.maker.m-20250929-v1:0");
  EXPECT_EQ(billed("eu.maker.m-20250929-v1:0", "m"), "") << "not all of the name";
  EXPECT_EQ(billed("eu.maker.m-20250929-v1:0", "20250929"), "");
  EXPECT_EQ(billed("unknown", "gpt"), "gpt");
  EXPECT_EQ(billed("unknown", "other"), "");
}

}  // namespace
}  // namespace ark::catalog
