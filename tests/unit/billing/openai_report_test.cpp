#include "tests/unit/billing/report_support.hpp"

namespace ark::test {
namespace openai_reports {
namespace {

TEST(openai_report, costs_by_line_item_and_project) {
  const auto r = report_of(R"({"object":"page","data":[{"object":"bucket","start_time":1795219200,
    "end_time":1795305600,"results":[
      {"object":"organization.costs.result","amount":{"value":0.1,"currency":"usd"},
       "line_item":"gpt-4o-2024-08-06, input","project_id":"proj_1"},
      {"object":"organization.costs.result","amount":{"value":"2.5e-05","currency":"usd"},
       "line_item":"Web search","project_id":null}]}],"has_more":false,"next_page":null})");
  ASSERT_EQ(r.error, "");
  EXPECT_EQ(r.facts.format, "openai");
  ASSERT_EQ(r.lines.size(), 2u);
  EXPECT_EQ(r.lines[0].model, "gpt-4o-2024-08-06");
  EXPECT_EQ(r.lines[0].meter, "input");
  EXPECT_EQ(r.lines[0].project, "proj_1");
  EXPECT_EQ(to_string(*r.lines[0].cost), "0.1 USD");
  EXPECT_EQ(billing::second_text(*r.lines[0].from), "2026-11-21T00:00:00Z");
  EXPECT_EQ(billing::second_text(*r.lines[0].until), "2026-11-22T00:00:00Z");
  EXPECT_EQ(r.lines[1].model, "");
  EXPECT_EQ(to_string(*r.lines[1].cost), "0.000025 USD");
}

TEST(openai_report, usage_has_cached_tokens_apart) {
  const auto r = report_of(R"({"data":[{"start_time":1795219200,"end_time":1795305600,"results":[
      {"object":"organization.usage.completions.result","input_tokens":1000,
       "input_cached_tokens":250,"output_tokens":500,"model":"gpt-4o","api_key_id":"key_1",
       "input_audio_tokens":null}]}]})");
  ASSERT_EQ(r.error, "");
  const auto& u = *r.lines.at(0).usage;
  EXPECT_EQ(u.input, 750);
  EXPECT_EQ(u.cache_read, 250);
  EXPECT_EQ(u.output, 500);
  EXPECT_EQ(r.lines[0].api_key, "key_1");
  EXPECT_FALSE(r.lines[0].cost.has_value());
}

TEST(openai_report, mistakes_name_their_member) {
  const auto with = [](const std::string& result) {
    return report_of("{\"data\":[{\"start_time\":1,\"end_time\":2,\"results\":[" + result + "]}]}",
                     {.format = "openai"})
        .error;
  };
  EXPECT_EQ(with(R"({"amount":{"value":"x"}})"),
            "r.json: data[0].results[0].amount.value: is no number");
  EXPECT_NE(with(R"({"amount":{}})").find("has no amount.value"), std::string::npos);
  EXPECT_NE(with(R"({"input_tokens":-1})").find("input_tokens: is no count"), std::string::npos);
  EXPECT_NE(with(R"({"input_tokens":1,"input_cached_tokens":2})").find("more cached"),
            std::string::npos);
  EXPECT_NE(report_of(R"({"data":[{"results":[{}]}]})", {.format = "openai"}).error.find("bucket"),
            std::string::npos);
}

}  // namespace
}  // namespace openai_reports
}  // namespace ark::test
