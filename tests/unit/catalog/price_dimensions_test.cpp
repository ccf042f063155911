#include "catalog/model_rows.hpp"
#include "make_model.hpp"

#include <gtest/gtest.h>

namespace ark::catalog::price_dimensions_test {
namespace {

/// Each kind of price that the catalogue's format has, from the text of a row to the bill: one test
/// for each condition and each unit.
model row(const std::string& body) {
  const auto list = parse_list(
      "vendor: \"v\" currency: \"USD\" model { id: \"m\" mode: chat source: "
      "\"s\" date: \"2026-01-01\" " +
          body + " }",
      "row.textproto");
  EXPECT_TRUE(list) << (list ? "" : list.error().message);
  return list ? list->models.at(0) : model{};
}

std::string cost_of(const std::string& body, usage u, price_context context = {}) {
  u.reported = true;
  const priced p = price_usage(row(body), u, context);
  return p.cost.status == cost_status::exact ? p.cost.value.to_string() : "unknown: " + p.reason;
}

usage units(const char* name, std::int64_t n) { return {.units = {{name, n}}}; }
usage million(std::int64_t usage::* bucket) {
  usage u;
  u.*bucket = 1'000'000;
  return u;
}

constexpr const char* standard = R"(price { dimension: input amount: "2" unit: Mtok } )";

TEST(APrice, MayHoldAtSomeHours) {
  const std::string night = std::string(standard) +
                            R"(price { dimension: input amount: "1" unit: Mtok
                                when { utc_from: "16:30" utc_to: "00:30" } })";
  EXPECT_EQ(cost_of(night, million(&usage::input), {.at = at(18, 16, 30)}), "1");
  EXPECT_EQ(cost_of(night, million(&usage::input), {.at = at(18, 0, 29)}), "1");
  EXPECT_EQ(cost_of(night, million(&usage::input), {.at = at(18, 0, 30)}), "2");
}

TEST(APrice, MayHoldOnSomeDays) {
  const std::string peak = R"(
    price { dimension: input amount: "2" unit: Mtok when { period: "peak" } }
    price { dimension: input amount: "1" unit: Mtok when { period: "off_peak" } }
    schedule { peak_utc { from: "01:00" to: "04:00" } off_peak_weekday: [0, 6]
               weekday_utc_offset_minutes: 480 })";
  EXPECT_EQ(cost_of(peak, million(&usage::input), {.at = at(18, 1)}), "2");
  EXPECT_EQ(cost_of(peak, million(&usage::input), {.at = at(18, 4)}), "1");
  EXPECT_EQ(cost_of(peak, million(&usage::input), {.at = at(21, 2)}), "1") << "a Saturday";
  EXPECT_NE(cost_of(peak, million(&usage::input)).find("unknown"), std::string::npos);
}

TEST(APrice, MayDependOnTheWholePromptAndTheAnswer) {
  const std::string tiers = R"(
    price { dimension: input amount: "1" unit: Mtok when { input_tokens_le: 32000 output_tokens_le: 200 } }
    price { dimension: input amount: "2" unit: Mtok when { input_tokens_le: 32000 } }
    price { dimension: input amount: "4" unit: Mtok when { input_tokens_gt: 32000 input_tokens_le: 64000 } }
    price { dimension: cache_read amount: "1" unit: Mtok }
    price { dimension: output amount: "0" unit: Mtok })";
  EXPECT_EQ(cost_of(tiers, {.input = 32'000, .output = 200}), "0.032");
  EXPECT_EQ(cost_of(tiers, {.input = 32'000, .output = 201}), "0.064");
  EXPECT_EQ(cost_of(tiers, {.input = 32'000, .cache_read = 1, .output = 1}), "0.128001");
  EXPECT_NE(cost_of(tiers, {.input = 64'001}).find("no price row fits"), std::string::npos);
  EXPECT_EQ(cost_of(R"(price { dimension: input amount: "1" unit: Mtok }
                       price { dimension: input amount: "2" unit: Mtok when { input_tokens_ge: 200000 } })",
                    {.input = 200'000}),
            "0.4");
}

TEST(APrice, MayDependOnTheTierThatServed) {
  const std::string tiers =
      std::string(standard) +
      R"(price { dimension: input amount: "1" unit: Mtok when { service_tier: "flex" } }
                               price { dimension: multiplier amount: "0.25" unit: x when { service_tier: "batch" } })";
  EXPECT_EQ(cost_of(tiers, million(&usage::input), {.service_tier = "default"}), "2");
  EXPECT_EQ(cost_of(tiers, million(&usage::input), {.service_tier = "flex"}), "1");
  EXPECT_EQ(cost_of(tiers, million(&usage::input), {.batch = true}), "0.5");
  EXPECT_NE(cost_of(tiers, million(&usage::input), {.service_tier = "priority"}).find("unknown"),
            std::string::npos);
}

TEST(APrice, MayDependOnRegionPlaceAndSpeed) {
  const std::string by_place = std::string(standard) + R"(
    price { dimension: input amount: "2.2" unit: Mtok when { region: "eu" } }
    price { dimension: multiplier amount: "1.1" unit: x when { inference_geo: "us" } }
    price { dimension: multiplier amount: "6" unit: x when { speed: "fast" } }
    price { dimension: multiplier amount: "3" unit: x when { data_residency: "jp" } })";
  EXPECT_EQ(cost_of(by_place, million(&usage::input), {.region = "eu"}), "2.2");
  EXPECT_EQ(cost_of(by_place, million(&usage::input), {.attributes = {{"inference_geo", "us"}}}),
            "2.2");
  EXPECT_EQ(cost_of(by_place, million(&usage::input),
                    {.attributes = {{"inference_geo", "us"}, {"speed", "fast"}}}),
            "13.2");
  EXPECT_EQ(cost_of(by_place, million(&usage::input), {.attributes = {{"data_residency", "jp"}}}),
            "6");
}

TEST(APrice, MayDependOnThinking) {
  const std::string thinking =
      R"(price { dimension: output amount: "2" unit: Mtok when { thinking: false } }
                                  price { dimension: output amount: "8" unit: Mtok when { thinking: true } })";
  EXPECT_EQ(cost_of(thinking, million(&usage::output)), "2");
  EXPECT_EQ(cost_of(thinking, {.output = 500'000, .reasoning = 500'000}, {.thinking = true}), "8");
}

TEST(ACacheWrite, CostsByItsTimeToLive) {
  const std::string writes = R"(price { dimension: cache_write_5m amount: "3.75" unit: Mtok }
                                price { dimension: cache_write_1h amount: "6" unit: Mtok }
                                price { dimension: cache_storage amount: "4.5" unit: Mtok_hour })";
  EXPECT_EQ(cost_of(writes, million(&usage::cache_write_5m)), "3.75");
  EXPECT_EQ(cost_of(writes, million(&usage::cache_write_1h)), "6");
  EXPECT_EQ(cost_of(writes, million(&usage::cache_write)), "3.75") << "the default time to live";
  EXPECT_EQ(cost_of(writes, units("cache_storage", 1'500'000)), "6.75");
}

TEST(AFee, IsForEachOfWhatItCounts) {
  EXPECT_EQ(cost_of(R"(price { dimension: request amount: "5" unit: thousand_calls })", {}),
            "0.005");
  EXPECT_EQ(
      cost_of(
          R"(price { dimension: request amount: "8" unit: thousand_calls when { search_context_size: "medium" } })",
          {}, {.attributes = {{"search_context_size", "medium"}}}),
      "0.008");
  EXPECT_EQ(cost_of(R"(price { dimension: web_search amount: "10" unit: thousand_calls })",
                    units("web_search", 3)),
            "0.03");
  EXPECT_EQ(
      cost_of(R"(price { dimension: query amount: "2" unit: thousand_calls })", units("query", 1)),
      "0.002");
  EXPECT_EQ(
      cost_of(R"(price { dimension: ocr_page amount: "2" unit: kpage })", units("ocr_page", 29)),
      "0.058");
  EXPECT_EQ(cost_of(R"(price { dimension: input_chars amount: "15" unit: Mchar })",
                    units("input_chars", 1234)),
            "0.01851");
  EXPECT_EQ(cost_of(R"(price { dimension: code_interpreter amount: "0.03" unit: session })",
                    units("code_interpreter", 2)),
            "0.06");
  EXPECT_EQ(cost_of(R"(price { dimension: file_storage amount: "0.1" unit: GB_day })",
                    units("file_storage", 3)),
            "0.3");
}

TEST(AMedium, CostsByImageSecondPixelOrVideo) {
  const std::string image =
      R"(price { dimension: image_generation amount: "0.04" unit: image when { quality: "standard" } }
                               price { dimension: image_generation amount: "0.08" unit: image when { quality: "hd" } })";
  EXPECT_EQ(cost_of(image, units("image_generation", 3), {.attributes = {{"quality", "hd"}}}),
            "0.24");
  EXPECT_EQ(
      cost_of(R"(price { dimension: audio amount: "0.006" unit: minute })", units("audio", 71)),
      "0.0071");
  EXPECT_EQ(cost_of(R"(price { dimension: audio amount: "0.36" unit: hour })", units("audio", 10)),
            "0.001");
  const std::string video =
      R"(price { dimension: video_generation amount: "0.1" unit: second when { resolution: "720p" } }
                               price { dimension: video_generation amount: "0.3" unit: second when { resolution: "1080p" } })";
  EXPECT_EQ(cost_of(video, units("video_generation", 8), {.attributes = {{"resolution", "1080p"}}}),
            "2.4");
  EXPECT_EQ(cost_of(R"(price { dimension: video_generation amount: "2" unit: video })",
                    units("video_generation_videos", 2)),
            "4");
  EXPECT_EQ(cost_of(R"(price { dimension: video_generation amount: "16" unit: Mtok })",
                    units("video_generation_tokens", 108'900)),
            "1.7424");
  EXPECT_EQ(cost_of(R"(price { dimension: image_generation amount: "0.01" unit: megapixel })",
                    units("image_generation_pixels", 1'048'576)),
            "0.01048576");
}

TEST(AStandingThing, CostsByTrainedTokensAndStartedHours) {
  EXPECT_EQ(
      cost_of(R"(price { dimension: training amount: "3" unit: Mtok })", units("training", 5768)),
      "0.017304");
  EXPECT_EQ(cost_of(R"(price { dimension: training amount: "100" unit: hour })",
                    units("training_seconds", 5400)),
            "150");
  const std::string hosting = R"(price { dimension: deployment amount: "20" unit: started_hour })";
  EXPECT_EQ(cost_of(hosting, units("deployment", 3600)), "20");
  EXPECT_EQ(cost_of(hosting, units("deployment", 3601)), "40");
}

TEST(ARow, MayHoldFromADayOn) {
  EXPECT_EQ(
      row(std::string(standard) + R"(from_date: "2026-11-10" until_date: "2026-11-20")").from_day,
      20767);
  const std::string dated =
      std::string(standard) + R"(from_date: "2026-11-10" until_date: "2026-11-20")";
  EXPECT_EQ(cost_of(dated, million(&usage::input), {.at = at(19, 23)}), "2");
  EXPECT_NE(cost_of(dated, million(&usage::input), {.at = at(20, 0)}).find("unknown"),
            std::string::npos);
  EXPECT_NE(cost_of(dated, million(&usage::input), {.at = at(9, 0)}).find("unknown"),
            std::string::npos);
  for (const char* wrong :
       {R"(from_date: "soon")", R"(from_date: "2026-11-10" until_date: "2026-11-10")"})
    EXPECT_FALSE(parse_list(
        "vendor: \"v\" currency: \"USD\" model { id: \"m\" mode: chat " + std::string(wrong) + " }",
        "f"));
}

}  // namespace
}  // namespace ark::catalog::price_dimensions_test
