#include "billing/entry_message.hpp"

#include <google/protobuf/util/delimited_message_util.h>
#include <gtest/gtest.h>

#include <sstream>

#include "ledger_entry.pb.h"
#include "tests/unit/billing/billing_support.hpp"

namespace ark::billing {
namespace {

std::vector<schema::LedgerEntry> messages_of(const std::string& bytes) {
  std::istringstream from(bytes);
  google::protobuf::io::IstreamInputStream stream(&from);
  std::vector<schema::LedgerEntry> out;
  bool clean_end = false;
  for (;;) {
    schema::LedgerEntry m;
    if (!google::protobuf::util::ParseDelimitedFromZeroCopyStream(&m, &stream, &clean_end)) break;
    out.push_back(m);
  }
  EXPECT_TRUE(clean_end);
  return out;
}

TEST(entry_message, a_stream_is_read_by_protobufs_own_reader) {
  std::string bytes;
  auto settled = testing::settled_entry();
  settled.lines = {{.dimension = "input",
                    .quantity = 7,
                    .unit_price = amount::parse("2.5").value(),
                    .per = 1'000'000,
                    .value = amount::parse("0.0000175").value()}};
  settled.usage.units = {{"web_search", 2}};
  settled.user = "\xff";
  append_message(bytes, testing::open_entry());
  append_message(bytes, settled);
  append_message(bytes, testing::ambiguous_entry());
  const auto all = messages_of(bytes);
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[0].state(), schema::LedgerEntry::STATE_SENDING);
  EXPECT_FALSE(all[0].has_usage());
  EXPECT_EQ(all[0].quote().high(), "0.5");
  EXPECT_EQ(all[0].begun_us(), 1'795'255'200'000'042);
  EXPECT_EQ(all[0].tags().at("no\"te"), "a,b\nc");
  EXPECT_EQ(all[1].cost().value(), "0.5");
  EXPECT_EQ(all[1].lines(0).unit_price(), "2.5");
  EXPECT_EQ(all[1].usage().units().at("web_search"), 2);
  EXPECT_EQ(all[1].user(), "\xEF\xBF\xBD");
  EXPECT_EQ(all[2].cost().value(), "");
  EXPECT_EQ(all[2].cost().low(), "0.25");
}

TEST(entry_message, the_same_entry_is_the_same_bytes) {
  auto e = testing::settled_entry();
  for (int i = 0; i < 50; ++i) e.tags["tag" + std::to_string(i)] = std::to_string(i);
  std::string one, other;
  append_message(one, e);
  append_message(other, e);
  EXPECT_EQ(one, other);
}

}  // namespace
}  // namespace ark::billing
