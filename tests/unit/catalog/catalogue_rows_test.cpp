#include "catalog/model_rows.hpp"
#include "rows.hpp"
#include "tests/support/corpus.hpp"

#include <gtest/gtest.h>
#include <boost/json.hpp>

#include <map>

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

TEST(CatalogueRows, EveryPriceOfEveryModelIsTheCatalogues) {
  ARK_SHARED_OR_SKIP(path, "catalog/catalog.core.json");
  const bj::value catalogue = bj::parse(ark::test::read_file(path));
  const auto ours = built_in_models();
  std::size_t models = 0, prices = 0;
  for (const bj::value& each : catalogue.at("models").as_array()) {
    const bj::object& entry = each.as_object();
    std::string vendor = text(entry, "vendor");
    if (vendor == "volcengine") vendor = "volcengine-ark";
    const auto found = ours.find(vendor + "/" + text(entry, "model"));
    if (found == ours.end()) continue;
    const model& m = found->second;
    ++models;
    EXPECT_EQ(m.info.currency, text(entry, "currency")) << found->first;
    EXPECT_EQ(m.info.source, text(entry, "source")) << found->first;
    EXPECT_EQ(m.info.source_date, text(entry, "as_of")) << found->first;
    for (const bj::value& p : entry.at("prices").as_array()) {
      if (is_corrected(entry, p.as_object())) continue;
      ++prices;
      EXPECT_TRUE(std::any_of(m.prices.begin(), m.prices.end(),
                              [&](const price& q) { return same(q, p.as_object()); }))
          << found->first << ": " << bj::serialize(p);
    }
  }
  EXPECT_EQ(models, ours.size());
  EXPECT_GT(prices, 2000U);
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
    const bool chinese = list == "volcengine-ark" || list == "zhipu" || list.ends_with("-cn");
    EXPECT_EQ(m.info.currency, chinese ? "CNY" : "USD") << id;
  }
}

}  // namespace
}  // namespace ark::catalog
