#include "catalog/price.hpp"

#include "base/json_reader.hpp"
#include "dialect/anthropic_wire.hpp"
#include "dialect/bedrock/bedrock_wire.hpp"
#include "dialect/gemini/gemini_wire.hpp"
#include "dialect/openai_wire.hpp"
#include "make_model.hpp"

#include <gtest/gtest.h>
#include <random>

namespace ark::catalog::price_property_test {
namespace {

/// What holds for every bill, over random prices and usage. The seed is fixed, so a failure can be
/// looked at again; each run prints its number.
constexpr int runs = 5'000;

struct chance {
  std::mt19937_64 engine;
  explicit chance(std::uint64_t seed) : engine(seed) {}
  std::int64_t upto(std::int64_t most) {
    return static_cast<std::int64_t>(engine() % static_cast<std::uint64_t>(most + 1));
  }
  bool one_in(std::int64_t n) { return upto(n - 1) == 0; }
  /// Often 0, sometimes small, sometimes near or over the tiers.
  std::int64_t count() { return one_in(3) ? 0 : one_in(2) ? upto(300) : upto(400'000); }
  amount price() {
    return amount::from_raw(static_cast<amount::rep>(upto(200'000'000)) * 1'000'000'000);
  }
};

constexpr const char* token_dimensions[] = {"input",          "cache_read",     "cache_write",
                                            "cache_write_5m", "cache_write_1h", "input_audio",
                                            "input_image",    "input_video",    "output",
                                            "reasoning",      "output_audio",   "output_image"};
constexpr std::pair<const char*, const char*> fee_dimensions[] = {{"web_search", "thousand_calls"},
                                                                  {"query", "thousand_calls"},
                                                                  {"image_generation", "image"},
                                                                  {"ocr_page", "page"},
                                                                  {"training", "Mtok"},
                                                                  {"cache_storage", "Mtok_hour"},
                                                                  {"input_chars", "Mchar"},
                                                                  {"video_generation", "second"}};

model random_model(chance& c) {
  std::vector<price> prices;
  for (const char* d : token_dimensions) {
    prices.push_back({.dimension = d, .value = c.price(), .unit = "Mtok"});
    if (c.one_in(2))
      prices.push_back(
          {.dimension = d, .value = c.price(), .unit = "Mtok", .when = prompt(200'000, -1)});
    if (c.one_in(3))
      prices.push_back({.dimension = d, .value = c.price(), .unit = "Mtok", .when = tier("flex")});
  }
  for (const auto& [d, unit] : fee_dimensions)
    prices.push_back({.dimension = d, .value = c.price(), .unit = unit});
  if (c.one_in(2))
    prices.push_back({.dimension = "request", .value = c.price(), .unit = "thousand_calls"});
  if (c.one_in(2)) prices.push_back(fee("multiplier", "0.5", "x", tier("batch")));
  return make_model(std::move(prices));
}

usage random_usage(chance& c) {
  usage u;
  u.reported = true;
  for (std::int64_t* n :
       {&u.input, &u.cache_read, &u.cache_write, &u.cache_write_5m, &u.cache_write_1h,
        &u.input_audio, &u.input_image, &u.input_video, &u.tool_prompt, &u.output, &u.reasoning,
        &u.output_audio, &u.output_image})
    *n = c.count();
  for (const auto& [d, unit] : fee_dimensions)
    if (c.one_in(4)) u.units[d] = c.upto(1000);
  return u;
}

TEST(EveryBill, IsTheSumOfItsLines) {
  chance c(20261128);
  int exact = 0;
  for (int run = 0; run < runs; ++run) {
    const model m = random_model(c);
    const usage u = random_usage(c);
    const price_context context{.service_tier = c.one_in(4) ? "flex" : "", .batch = c.one_in(5)};
    const priced p = price_usage(m, u, context);
    if (p.cost.status != cost_status::exact) {
      ASSERT_NE(p.reason, "") << "run " << run;
      ASSERT_TRUE(p.lines.empty()) << "run " << run;
      ASSERT_TRUE(p.cost.value.is_zero() && p.cost.high.is_zero()) << "run " << run;
      continue;
    }
    ++exact;
    amount sum;
    std::int64_t tokens = 0;
    for (const cost_line& l : p.lines) {
      // value = quantity * unit_price / per, without a remainder.
      ASSERT_TRUE(l.value.raw() * l.per == l.unit_price.raw() * l.quantity)
          << "run " << run << ", " << l.dimension;
      sum = sum.plus(l.value).value();
      if (u.units.count(l.dimension) == 0 && l.dimension != "request") tokens += l.quantity;
    }
    ASSERT_EQ(sum, p.cost.value) << "run " << run;
    ASSERT_EQ(tokens, u.input_total() + u.output_total()) << "run " << run;
    ASSERT_EQ(p.cost.low, p.cost.value) << "run " << run;
    ASSERT_EQ(p.cost.high, p.cost.value) << "run " << run;
    ASSERT_EQ(p.cost.price_hash, m.hash);
  }
  EXPECT_GT(exact, runs / 4) << "most runs must say something";
}

TEST(EveryBill, GrowsWithWhatIsUsed) {
  chance c(4);
  for (int run = 0; run < 2000; ++run) {
    const model m =
        make_model({per_mtok("input", "1"), per_mtok("cache_read", "0.1"), per_mtok("output", "8"),
                    per_mtok("input", "2", prompt(200'000, -1))});
    usage u{.input = c.count(), .cache_read = c.count(), .output = c.count(), .reported = true};
    const auto before = price_usage(m, u, {}).cost.value;
    u.output += 1 + c.upto(1000);
    ASSERT_GT(price_usage(m, u, {}).cost.value, before) << "run " << run;
  }
}

using dialect::reply_builder;
using json::reader;

std::string number(std::int64_t n) { return std::to_string(n); }

/// Buckets are disjoint: their sum is what the vendor counts, whatever its convention.
TEST(EveryVendorsCount, IsTheSumOfItsBuckets) {
  chance c(7);
  reader r;
  for (int run = 0; run < runs; ++run) {
    const std::int64_t prompt_count = c.count(), answer = c.count();
    const std::int64_t cached = c.upto(prompt_count), written = c.upto(prompt_count - cached);
    const std::int64_t reasoning = c.upto(answer);
    reply_builder notes;
    vendor row;
    const std::string openai =
        R"({"prompt_tokens":)" + number(prompt_count) + R"(,"completion_tokens":)" +
        number(answer) + R"(,"total_tokens":)" + number(prompt_count + answer) +
        R"(,"prompt_tokens_details":{"cached_tokens":)" + number(cached) +
        R"(,"cache_write_tokens":)" + number(written) +
        R"(},"completion_tokens_details":{"reasoning_tokens":)" + number(reasoning) + "}}";
    const auto o =
        adapters::openai::read_usage(r.parse(openai).value(), dialect::quirk_view(row), notes);
    ASSERT_EQ(o->input_total() + o->output_total(), *o->vendor_total) << openai;
    ASSERT_EQ(o->cache_read, cached) << openai;

    const std::int64_t write_5m = c.upto(written);
    const std::string anthropic =
        R"({"input_tokens":)" + number(prompt_count) + R"(,"output_tokens":)" + number(answer) +
        R"(,"cache_read_input_tokens":)" + number(cached) + R"(,"cache_creation_input_tokens":)" +
        number(written) + R"(,"cache_creation":{"ephemeral_5m_input_tokens":)" + number(write_5m) +
        R"(,"ephemeral_1h_input_tokens":)" + number(written - write_5m) + "}}";
    adapters::anthropic::usage_fields fields;
    fields.merge(r.parse(anthropic).value(), notes);
    const usage a = fields.total();
    ASSERT_EQ(a.input_total() + a.output_total(), prompt_count + cached + written + answer)
        << anthropic;

    const std::int64_t thoughts = c.count(), tool = c.count();
    const std::string gemini =
        R"({"promptTokenCount":)" + number(prompt_count) + R"(,"cachedContentTokenCount":)" +
        number(cached) + R"(,"candidatesTokenCount":)" + number(answer) +
        R"(,"thoughtsTokenCount":)" + number(thoughts) + R"(,"toolUsePromptTokenCount":)" +
        number(tool) + R"(,"totalTokenCount":)" + number(prompt_count + answer + thoughts + tool) +
        R"(,"candidatesTokensDetails":[{"modality":"IMAGE","tokenCount":)" + number(reasoning) +
        "}]}";
    adapters::gemini::usage_fields g;
    g.read(r.parse(gemini).value());
    const usage gu = g.total();
    ASSERT_EQ(gu.input_total() + gu.output_total(), *gu.vendor_total) << gemini;

    const std::string bedrock =
        R"({"inputTokens":)" + number(prompt_count) + R"(,"outputTokens":)" + number(answer) +
        R"(,"cacheReadInputTokens":)" + number(cached) + R"(,"cacheWriteInputTokens":)" +
        number(written) + R"(,"totalTokens":)" + number(prompt_count + cached + written + answer) +
        "}";
    const usage b = adapters::bedrock::read_usage(r.parse(bedrock).value(), notes);
    ASSERT_EQ(b.input_total() + b.output_total(), *b.vendor_total) << bedrock;
  }
}

}  // namespace
}  // namespace ark::catalog::price_property_test
