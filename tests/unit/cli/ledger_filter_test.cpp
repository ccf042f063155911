#include "cli/ledger_filter.hpp"

#include <gtest/gtest.h>

namespace ark::cli {
namespace {

using namespace std::chrono_literals;
const std::chrono::system_clock::time_point now = std::chrono::sys_days{2026y / 11 / 21} + 10h;

TEST(moment, dates_clocks_and_ages) {
  EXPECT_EQ(parse_moment("2026-11-01", now).value(), std::chrono::sys_days{2026y / 11 / 1});
  EXPECT_EQ(parse_moment("2026-11-01T10:30", now).value(),
            std::chrono::sys_days{2026y / 11 / 1} + 10h + 30min);
  EXPECT_EQ(parse_moment("2026-11-01 10:30:15Z", now).value(),
            std::chrono::sys_days{2026y / 11 / 1} + 10h + 30min + 15s);
  EXPECT_EQ(parse_moment("90m", now).value(), now - 90min);
  EXPECT_EQ(parse_moment("24h", now).value(), now - 24h);
  EXPECT_EQ(parse_moment("7d", now).value(), now - 168h);
  EXPECT_EQ(parse_moment("2w", now).value(), now - 336h);
}

TEST(moment, everything_else_is_told) {
  for (const char* text : {"", "d", "7", "-7d", "+7d", "7x", "2026-02-30", "2026-13-01",
                           "2026-11-1", "2026-11-01T25:00", "2026-11-01T10", "2026-11-01x",
                           "99999999d", "999999w", "9998-11-21", "1600-01-01"}) {
    const auto at = parse_moment(text, now);
    ASSERT_FALSE(at) << text;
    EXPECT_EQ(at.error().code, errc::invalid_request);
    EXPECT_NE(at.error().message.find("no time"), std::string::npos);
  }
}

TEST(selection, becomes_a_filter) {
  ledger_selection s;
  s.since = "7d";
  s.vendor = "openai";
  s.state = "void";
  s.tags = {"team=search", "note=a=b", "empty="};
  const auto f = filter_of(s, now).value();
  EXPECT_EQ(f.since, now - 168h);
  EXPECT_FALSE(f.until);
  EXPECT_EQ(f.vendor, "openai");
  EXPECT_EQ(f.state, attempt_state::void_);
  EXPECT_EQ(f.tags, (std::map<std::string, std::string>{
                        {"team", "search"}, {"note", "a=b"}, {"empty", ""}}));
}

TEST(selection, a_wrong_option_is_named) {
  ledger_selection s;
  s.until = "tomorrow";
  EXPECT_NE(filter_of(s, now).error().message.find("--until"), std::string::npos);
  s = {};
  s.tags = {"team"};
  EXPECT_NE(filter_of(s, now).error().message.find("NAME=VALUE"), std::string::npos);
}

}  // namespace
}  // namespace ark::cli
