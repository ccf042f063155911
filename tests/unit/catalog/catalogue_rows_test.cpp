#include "catalog/model_rows.hpp"
#include "rows.hpp"
#include "tests/support/corpus.hpp"

#include <gtest/gtest.h>
#include <boost/json.hpp>

#include <map>
#include <set>

/// The built-in rows against the catalogue that they were written from, read independently.
namespace ark::catalog {
namespace {

namespace bj = boost::json;

std::map<std::string, model> built_in_models() {
  std::map<std::string, model> all;
  for (const packed_list& list : find_lists(adapters::model_rows()).value())
    for (const packed_model& m : find_models(list).value())
      all.emplace(std::string(list.vendor) + "/" + std::string(m.id), unpack_model(m).value());
  return all;
}

std::int64_t limit(const bj::object& when, const char* key) {
  const auto* v = when.if_contains(key);
  return v == nullptr ? -1 : v->to_number<std::int64_t>();
}

std::string text(const bj::object& o, const char* key) {
  const auto* v = o.if_contains(key);
  return v == nullptr || !v->is_string() ? "" : std::string(v->as_string());
}

bool same(const price& ours, const bj::object& theirs) {
  const bj::object none;
  const auto* given = theirs.if_contains("when");
  const bj::object& when = given == nullptr ? none : given->as_object();
  const std::string unit = text(theirs, "unit");
  return ours.dimension == text(theirs, "dim") &&
         ours.value.to_string() == text(theirs, "amount") &&
         ours.unit == (unit == "1k_calls" ? "thousand_calls" : unit) &&
         ours.when.service_tier == text(when, "service_tier") &&
         ours.when.period == text(when, "period") &&
         ours.when.input_gt == limit(when, "input_tokens_gt") &&
         ours.when.output_gt == limit(when, "output_tokens_gt") &&
         ours.when.output_le == limit(when, "output_tokens_le") &&
         // A tier's price without a limit is bound to the lowest one: import_prices.py says why.
         (ours.when.input_le == limit(when, "input_tokens_le") ||
          (!ours.when.service_tier.empty() && limit(when, "input_tokens_le") < 0));
}

/// What import_prices.py puts right: cache storage called a write, zeros for "not known", a fee for
/// each image called one for each request.
bool is_corrected(const bj::object& entry, const bj::object& theirs) {
  const std::string dim = text(theirs, "dim"), value = text(theirs, "amount");
  if (dim == "image_generation")  // said twice, and differently: the main source counts
    for (const bj::value& p : entry.at("prices").as_array())
      if (text(p.as_object(), "dim") == "request") return true;
  return value == "0" || dim == "request" || (dim == "cache_write" && value == "0.017");
}

/// Our price lists of a vendor in the catalogue, where they have other names.
std::vector<std::string> lists_of(const std::string& vendor) {
  static const std::map<std::string, std::vector<std::string>> others{
      {"ai360", {"zhinao360"}},
      {"aws-bedrock", {"bedrock"}},
      {"google", {"gemini"}},
      {"google-vertex", {"vertex", "vertex-anthropic"}},
      {"lingyi", {"yi"}},
      {"hunyuan", {"hunyuan", "tokenhub"}},
      {"volcengine", {"volcengine-ark"}}};
  const auto found = others.find(vendor);
  return found == others.end() ? std::vector{vendor} : found->second;
}

std::string wire_id(const bj::object& entry) {
  const std::string id = text(entry, "model"), prefix = "snowflake/";
  return id.starts_with(prefix) ? id.substr(prefix.size()) : id;
}

/// How many prices were compared.
std::size_t compare(const model& m, const bj::object& entry, const std::string& name) {
  EXPECT_EQ(m.info.currency, text(entry, "currency")) << name;
  EXPECT_EQ(m.info.source, text(entry, "source")) << name;
  EXPECT_EQ(m.info.source_date, text(entry, "as_of")) << name;
  std::size_t compared = 0;
  for (const bj::value& p : entry.at("prices").as_array()) {
    if (is_corrected(entry, p.as_object())) continue;
    ++compared;
    EXPECT_TRUE(std::any_of(m.prices.begin(), m.prices.end(),
                            [&](const price& q) { return same(q, p.as_object()); }))
        << name << ": " << bj::serialize(p);
  }
  return compared;
}

TEST(CatalogueRows, EveryPriceOfEveryModelIsTheCatalogues) {
  ARK_SHARED_OR_SKIP(path, "catalog/catalog.core.json");
  const bj::value catalogue = bj::parse(ark::test::read_file(path));
  const auto ours = built_in_models();
  std::size_t models = 0, prices = 0;
  for (const bj::value& each : catalogue.at("models").as_array()) {
    const bj::object& entry = each.as_object();
    for (const std::string& list : lists_of(text(entry, "vendor"))) {
      const auto found = ours.find(list + "/" + wire_id(entry));
      if (found == ours.end()) continue;
      ++models;
      prices += compare(found->second, entry, found->first);
    }
  }
  EXPECT_EQ(models, ours.size());
  EXPECT_GT(prices, 7000U);
}

TEST(CatalogueRows, ArksCacheStorageIsNotACacheWrite) {
  for (const auto& [id, m] : built_in_models())
    for (const price& p : m.prices)
      if (p.value.to_string() == "0.017") {
        EXPECT_EQ(p.dimension, "cache_storage") << id;
        EXPECT_EQ(p.unit, "Mtok_hour") << id;
      }
}

TEST(CatalogueRows, AListHasPricesOfItsOwnCurrencyOnly) {
  for (const auto& [id, m] : built_in_models()) {
    const std::string list = id.substr(0, id.find('/'));
    static const std::set<std::string> in_cny{"baichuan",       "dashscope", "hunyuan",  "qianfan",
                                              "sensenova",      "stepfun",   "tokenhub", "yi",
                                              "volcengine-ark", "zhipu",     "zhinao360"};
    const bool chinese = in_cny.contains(list) || list.ends_with("-cn");
    EXPECT_EQ(m.info.currency, chinese ? "CNY" : "USD") << id;
  }
}

TEST(CatalogueRows, CachedTokensAreBilledAsAnyWhereTheVendorHasNoPriceForThem) {
  std::size_t seen = 0;
  for (const auto& [id, m] : built_in_models()) {
    if (!id.starts_with("cohere/command")) continue;
    usage u{.reported = true};
    u.cache_read = 1'000'000;
    const auto read = price_usage(m, u, {}).cost;
    u.cache_read = 0;
    u.input = 1'000'000;
    EXPECT_EQ(read, price_usage(m, u, {}).cost) << id;
    seen += read.status == cost_status::exact;
  }
  EXPECT_GT(seen, 10U);
}

TEST(CatalogueRows, ADeploymentsNameIsNotOfferedToAuto) {
  for (const auto& [id, m] : built_in_models())
    if (id.starts_with("azure/")) EXPECT_FALSE(m.status.empty()) << id;
}

TEST(CatalogueRows, SayWhichVocabularyAModelHasWhereThatIsKnown) {
  const auto all = built_in_models();
  for (const auto& [id, encoding] :
       std::map<std::string, std::string>{{"openai/gpt-4o", "o200k_base"},
                                          {"openai/gpt-5-mini", "o200k_base"},
                                          {"openai/o3", "o200k_base"},
                                          {"openai/gpt-4", "cl100k_base"},
                                          {"openai/gpt-4-turbo", "cl100k_base"},
                                          {"openai/text-embedding-3-small", "cl100k_base"},
                                          {"azure/gpt-oss-120b", "o200k_harmony"},
                                          {"bedrock/us.meta.llama3-2-3b-instruct-v1:0", "llama3_2"},
                                          {"bedrock/qwen.qwen3-32b-v1:0", "qwen3"},
                                          {"dashscope/qwen3-14b", "qwen3"},
                                          {"deepseek/deepseek-v4-flash", "deepseek_v4"},
                                          {"gemini/gemma-3-27b-it", "gemma3"},
                                          // Nobody says: they are estimated.
                                          {"dashscope/qwen3-max", ""},
                                          {"openai/gpt-6-sol", ""},
                                          {"deepseek/deepseek-chat", ""},
                                          {"anthropic/claude-haiku-4-5", ""}}) {
    const auto found = all.find(id);
    ASSERT_NE(found, all.end()) << id;
    EXPECT_EQ(found->second.info.encoding, encoding) << id;
  }
}

}  // namespace
}  // namespace ark::catalog
