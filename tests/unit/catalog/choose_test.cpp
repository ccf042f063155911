#include "catalog/book.hpp"
#include "make_model.hpp"
#include "rows.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <map>

namespace ark::catalog {
namespace {

model able(std::string id, std::string_view input, std::string_view output,
           std::vector<std::string> can = {}) {
  model m = make_model({per_mtok("input", input), per_mtok("output", output)}, std::move(id));
  m.info.capabilities = std::move(can);
  return m;
}

std::shared_ptr<const book> two_vendors(std::vector<model> one, std::vector<model> two = {}) {
  book_parts parts;
  for (const char* name : {"one", "two"}) {
    vendor v;
    v.name = name;
    parts.vendors.push_back(v);
  }
  parts.lists = {{"one", std::move(one)}, {"two", std::move(two)}};
  return make_book(std::move(parts));
}

bool everybody(const vendor&) { return true; }

std::string verdict(const route& r, std::string_view id) {
  for (const auto& c : r.considered)
    if (c.id == id) return c.verdict;
  return "not considered";
}

std::vector<std::string> fitting(const route& r) {
  std::vector<std::string> ids;
  for (const auto& c : r.considered)
    if (c.fits) ids.push_back(c.id);
  return ids;
}

const requirements small{.input_tokens = 1200, .output_tokens = 500};

TEST(ChooseCheapest, TakesTheCheapestAndSaysWhy) {
  const auto b = two_vendors({able("dear", "2", "8", {"tools"}), able("blind", "0.1", "0.2")},
                             {able("cheap", "0.1", "0.6", {"tools"})});
  requirements needs = small;
  needs.capabilities = {"tools"};
  const auto r = choose_cheapest(*b, needs, everybody, {});
  ASSERT_TRUE(r.has_value()) << r.error().message;
  EXPECT_EQ(r->vendor, "two");
  EXPECT_EQ(r->model, "cheap");
  EXPECT_EQ(
      r->reason,
      "cheapest of 2 usable chat models that can do tools: 0.00042 USD for about 1,200 tokens "
      "in, 500 out");
  EXPECT_EQ(verdict(*r, "two/cheap"), "chosen");
  EXPECT_EQ(verdict(*r, "one/dear"), "dearer: 0.0064 USD");
  EXPECT_EQ(verdict(*r, "one/blind"), "cannot do tools");
  EXPECT_EQ(fitting(*r), (std::vector<std::string>{"one/dear", "two/cheap"}));
}

TEST(ChooseCheapest, TiesGoByTheAlphabet) {
  const auto b = two_vendors({able("b", "1", "1"), able("a", "1", "1")}, {able("0", "1", "1")});
  const auto r = choose_cheapest(*b, small, everybody, {});
  ASSERT_TRUE(r.has_value());
  EXPECT_EQ(r->vendor + "/" + r->model, "one/a");
  const auto listed = choose_cheapest(*b, small, everybody, {.only = {"two/0", "one/b", "one/a"}});
  ASSERT_TRUE(listed.has_value());
  EXPECT_EQ(listed->model, "a");
}

TEST(ChooseCheapest, VerdictsAreAgainstTheChosenOneNotTheBestSoFar) {
  const auto b = two_vendors({able("a", "2", "2"), able("b", "2", "2"), able("d", "1", "1")},
                             {able("c", "1", "1")});
  const auto r = choose_cheapest(*b, small, everybody, {});
  ASSERT_TRUE(r.has_value());
  EXPECT_EQ(verdict(*r, "one/d"), "chosen");
  EXPECT_EQ(verdict(*r, "one/a"), "dearer: 0.0034 USD");
  EXPECT_EQ(verdict(*r, "one/b"), "dearer: 0.0034 USD");
  EXPECT_EQ(verdict(*r, "two/c"), "as cheap, and later in alphabetical order");
  const auto listed = choose_cheapest(*b, small, everybody, {.only = {"two/c", "one/d"}});
  ASSERT_TRUE(listed.has_value());
  EXPECT_EQ(verdict(*listed, "two/c"), "as cheap, and later in alphabetical order");
}

TEST(ChooseCheapest, ASecondDoorToAVendorIsForThoseWithoutTheFirst) {
  book_parts parts;
  for (const char* name : {"shop", "shop-again"}) {
    vendor v;
    v.name = name;
    v.price_vendor = "shop";
    parts.vendors.push_back(v);
  }
  parts.lists = {{"shop", {able("m", "1", "2")}}};
  const auto b = make_book(std::move(parts));
  const auto both = choose_cheapest(*b, small, everybody, {});
  ASSERT_TRUE(both) << both.error().message;
  EXPECT_EQ(both->vendor, "shop");
  EXPECT_EQ(verdict(*both, "shop-again/m"), "not considered");
  EXPECT_EQ(verdict(*both, "shop-again/*"), "not considered");
  const auto second =
      choose_cheapest(*b, small, [](const vendor& v) { return v.name == "shop-again"; }, {});
  ASSERT_TRUE(second) << second.error().message;
  EXPECT_EQ(second->vendor, "shop-again");
  EXPECT_EQ(b->resolve("m")->v->name, "shop");
  EXPECT_EQ(b->resolve("shop-again/m")->v->name, "shop-again");
}

TEST(ChooseCheapest, ADoorForCompletionsDoesNotChat) {
  book_parts parts;
  for (const char* name : {"shop", "shop-texts"}) {
    vendor v;
    v.name = name;
    v.price_vendor = "shop";
    v.capabilities = {v.name == "shop" ? "chat" : "complete"};
    parts.vendors.push_back(v);
  }
  parts.lists = {{"shop", {able("m", "1", "2")}}};
  const auto b = make_book(std::move(parts));
  EXPECT_EQ(choose_cheapest(*b, small, everybody, {})->vendor, "shop");
  const auto none =
      choose_cheapest(*b, small, [](const vendor& v) { return v.name == "shop-texts"; }, {});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, errc::no_candidate);
  EXPECT_NE(none.error().message.find("no chat"), std::string::npos) << none.error().message;
  EXPECT_FALSE(choose_cheapest(*b, small, everybody, {.only = {"shop-texts/m"}}));
  EXPECT_EQ(b->resolve("m")->v->name, "shop");
}

TEST(ChooseCheapest, AVendorWithoutKeyIsSaidOnce) {
  const auto b = two_vendors({able("a", "1", "1")}, {able("x", "0", "0"), able("y", "0", "0")});
  const auto r = choose_cheapest(*b, small, [](const vendor& v) { return v.name == "one"; }, {});
  ASSERT_TRUE(r.has_value());
  EXPECT_EQ(r->model, "a");
  EXPECT_EQ(r->considered.size(), 2U);
  EXPECT_EQ(verdict(*r, "two/*"), "no key for this vendor");
}

TEST(ChooseCheapest, AnUnknownPriceIsNeverChosen) {
  model mystery = make_model({}, "mystery");
  model half = make_model({per_mtok("input", "0.01")}, "half");
  const auto b = two_vendors({mystery, half, able("known", "5", "5")});
  const auto r = choose_cheapest(*b, small, everybody, {});
  ASSERT_TRUE(r.has_value());
  EXPECT_EQ(r->model, "known");
  EXPECT_EQ(verdict(*r, "one/mystery"), "price not known: no price row");
  EXPECT_EQ(verdict(*r, "one/half"), "price not known: no price row for this kind of use");
  EXPECT_EQ(verdict(*r, "two/*"), "none of its models has a known price");
}

TEST(ChooseCheapest, AModelMustTakeThePromptAndGiveTheAnswer) {
  model narrow = able("narrow", "0.1", "0.1");
  narrow.info.context_tokens = 1699;
  model brief = able("brief", "0.1", "0.1");
  brief.info.max_output_tokens = 499;
  model fits = able("fits", "1", "1");
  fits.info.context_tokens = 1700;
  fits.info.max_output_tokens = 500;
  const auto r = choose_cheapest(*two_vendors({narrow, brief, fits}), small, everybody, {});
  ASSERT_TRUE(r.has_value());
  EXPECT_EQ(r->model, "fits");
  EXPECT_EQ(verdict(*r, "one/narrow"), "takes 1,699 tokens in all");
  EXPECT_EQ(verdict(*r, "one/brief"), "answers at most 499 tokens");
}

TEST(ChooseCheapest, OtherCurrenciesNeedARate) {
  model yuan = make_model({per_mtok("input", "0.8"), per_mtok("output", "2")}, "yuan", "CNY");
  const auto b = two_vendors({able("dollar", "0.2", "0.4")}, {yuan});
  const auto without = choose_cheapest(*b, small, everybody, {});
  ASSERT_TRUE(without.has_value());
  EXPECT_EQ(without->model, "dollar");
  EXPECT_NE(without->reason.find("1 priced in CNY left out for want of a rate"), std::string::npos);
  const auto with = choose_cheapest(*b, small, everybody,
                                    {.rates = {{"CNY", "USD", money_of("0.14"), "2026-11-20"}}});
  ASSERT_TRUE(with.has_value());
  EXPECT_EQ(with->model, "yuan");  // 0.00196 CNY = 0.0002744 USD against 0.00044
  EXPECT_NE(with->reason.find("0.00196 CNY"), std::string::npos);
  EXPECT_NE(with->reason.find("1 CNY = 0.14 USD on 2026-11-20"), std::string::npos);
}

TEST(ChooseCheapest, WhatIsNotSurelySoldIsOnlyChosenByName) {
  model old = able("old", "0.1", "0.1");
  old.status = "retired";
  const auto b = two_vendors({old, able("new", "1", "1")});
  EXPECT_EQ(choose_cheapest(*b, small, everybody, {})->model, "new");
  EXPECT_EQ(choose_cheapest(*b, small, everybody, {.only = {"one/old", "one/new"}})->model, "old");
}

TEST(ChooseCheapest, TiersOfTheEstimateCount) {
  model tiered = make_model({per_mtok("input", "0.1", prompt(-1, 1000)),
                             per_mtok("input", "9", prompt(1000, -1)), per_mtok("output", "1")},
                            "tiered");
  const auto b = two_vendors({tiered, able("flat", "1", "1")});
  EXPECT_EQ(choose_cheapest(*b, small, everybody, {})->model, "flat");
  EXPECT_EQ(choose_cheapest(*b, {.input_tokens = 900, .output_tokens = 5}, everybody, {})->model,
            "tiered");
}

TEST(ChooseCheapest, SaysWhyNothingFits) {
  const auto b = two_vendors({able("a", "1", "1")});
  const auto r = choose_cheapest(*b, {.capabilities = {"vision"}},
                                 [](const vendor& v) { return v.name == "one"; }, {});
  ASSERT_FALSE(r.has_value());
  EXPECT_EQ(r.error().code, errc::no_candidate);
  EXPECT_EQ(
      r.error().message,
      "auto found no chat model that can do vision (cannot do vision: 1); no key for two; name a "
      "model as vendor/model, or add a key with `ark keys set`");
  const auto unknown = choose_cheapest(*b, small, everybody, {.only = {"one/nosuch"}});
  ASSERT_FALSE(unknown.has_value());
  EXPECT_EQ(unknown.error().code, errc::no_candidate);
}

TEST(ChooseCheapest, NamesAFewOfManyVendorsWithoutAKey) {
  book_parts parts;
  for (char name = 'a'; name <= 'z'; ++name) {
    vendor v;
    v.name = name;
    parts.vendors.push_back(v);
  }
  const auto b = make_book(std::move(parts));
  const auto r = choose_cheapest(*b, small, [](const vendor&) { return false; }, {});
  ASSERT_FALSE(r.has_value());
  EXPECT_EQ(r.error().message,
            "auto found no chat model; no key for a, b, c, d, e, f, g and 19 more; name a model as "
            "vendor/model, or add a key with `ark keys set`");
}

TEST(ChooseCheapest, ModelsThatTheChatEndpointDoesNotServeAreNeverChosen) {
  const auto b = load_book({adapters::vendor_rows(), adapters::model_rows()}, {}, {}).value();
  for (const auto& [id, mode] :
       std::map<std::string, std::string>{{"gpt-3.5-turbo-instruct", "completion"},
                                          {"babbage-002", "completion"},
                                          {"gpt-transcribe", "audio_transcription"},
                                          {"gpt-live-transcribe", "audio_transcription"},
                                          {"gpt-4o-transcribe", "asr"},
                                          {"o1-pro", "responses"},
                                          {"o3-pro", "responses"},
                                          {"gpt-5-pro", "responses"},
                                          {"gpt-5.2-pro", "responses"},
                                          {"gpt-5-codex", "responses"},
                                          {"gpt-5.3-codex", "responses"},
                                          {"gpt-5.3-codex-spark", "responses"}}) {
    const model* m = b->find_model("openai", id);
    ASSERT_NE(m, nullptr) << id;
    EXPECT_EQ(m->info.mode, mode) << id;
    EXPECT_FALSE(choose_cheapest(*b, small, everybody, {.only = {m->info.id}})) << id;
  }
  for (const char* id : {"gpt-5", "gpt-5-mini", "gpt-4o-mini", "o3", "gpt-3.5-turbo"})
    EXPECT_EQ(b->find_model("openai", id)->info.mode, "chat") << id;
}

TEST(ChooseCheapest, IsQuickOverTheWholeCatalogue) {
  const auto b = load_book({adapters::vendor_rows(), adapters::model_rows()}, {}, {}).value();
  const choice_options options{.rates = {{"CNY", "USD", money_of("0.14"), "2026-11-20"}},
                               .at = at(18, 5)};
  ASSERT_TRUE(choose_cheapest(*b, small, everybody, options).has_value());
  auto best = std::chrono::steady_clock::duration::max();
  for (int i = 0; i < 20; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    ASSERT_TRUE(choose_cheapest(*b, small, everybody, options).has_value());
    best = std::min(best, std::chrono::steady_clock::now() - begin);
  }
  // 0.1 ms alone on a core; the bound leaves room for sanitizers and a busy machine.
  EXPECT_LT(best, std::chrono::milliseconds(20));
}

}  // namespace
}  // namespace ark::catalog
