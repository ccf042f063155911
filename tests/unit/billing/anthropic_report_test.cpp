#include "tests/unit/billing/report_support.hpp"

namespace ark::test {
namespace anthropic_reports {
namespace {

TEST(anthropic_report, costs_are_in_cents) {
  const auto r = report_of(R"({"data":[{"starting_at":"2026-11-21T00:00:00Z",
    "ending_at":"2026-11-22T00:00:00Z","results":[{"currency":"USD","amount":"123.78912",
      "workspace_id":"ws_1","cost_type":"tokens","model":"claude-opus-4-6",
      "token_type":"output_tokens"},
     {"currency":"USD","amount":"1000","workspace_id":null,"cost_type":"web_search","model":null,
      "token_type":null}]}],"has_more":true,"next_page":"page_2"})");
  ASSERT_EQ(r.error, "");
  EXPECT_EQ(r.facts.format, "anthropic");
  ASSERT_EQ(r.lines.size(), 2u);
  EXPECT_EQ(to_string(*r.lines[0].cost), "1.2378912 USD");
  EXPECT_EQ(r.lines[0].meter, "output_tokens");
  EXPECT_EQ(r.lines[0].project, "ws_1");
  EXPECT_EQ(to_string(*r.lines[1].cost), "10 USD");
  EXPECT_EQ(r.lines[1].meter, "web_search");
  EXPECT_EQ(r.lines[1].model, "");
  ASSERT_EQ(r.facts.notes.size(), 1u) << "a further page";
}

TEST(anthropic_report, usage_has_writes_by_lifetime) {
  const auto r = report_of(R"({"data":[{"starting_at":"2026-11-21T00:00:00Z",
    "ending_at":"2026-11-21T01:00:00Z","results":[{"uncached_input_tokens":7,
      "cache_creation":{"ephemeral_5m_input_tokens":2,"ephemeral_1h_input_tokens":3},
      "cache_read_input_tokens":11,"output_tokens":13,"model":"claude-opus-4-6",
      "api_key_id":"k","server_tool_use":{"web_search_requests":1}}]}]})");
  ASSERT_EQ(r.error, "");
  const auto& u = *r.lines.at(0).usage;
  EXPECT_EQ(u.input_total(), 23);
  EXPECT_EQ(u.cache_write_5m, 2);
  EXPECT_EQ(u.cache_write_1h, 3);
  EXPECT_EQ(u.output, 13);
  EXPECT_EQ(r.lines[0].api_key, "k");
}

TEST(anthropic_report, mistakes_name_their_member) {
  EXPECT_NE(report_of(R"({"data":[{"starting_at":"2026-11-21T00:00:00Z",
      "ending_at":"2026-11-22T00:00:00Z","results":[{"amount":"1,5"}]}]})")
                .error.find("data[0].results[0].amount: is no amount in cents"),
            std::string::npos);
  EXPECT_NE(report_of(R"({"data":[{"results":[{"amount":"1"}]}]})").error.find("starting_at"),
            std::string::npos);
}

}  // namespace
}  // namespace anthropic_reports
}  // namespace ark::test
