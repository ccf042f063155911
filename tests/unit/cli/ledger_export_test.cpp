#include <gtest/gtest.h>

#include "client/journal.hpp"
#include "ledger/ledger_journal.hpp"
#include "tests/unit/cli/ledger_bench.hpp"

namespace ark::cli {
namespace {

using ledger_export_command = testing::ledger_bench;

TEST_F(ledger_export_command, writes_each_format) {
  record("call-1", "0.25");
  EXPECT_EQ(ark({"ledger", "export", "--format", "csv"}), 0) << err;
  EXPECT_TRUE(out.starts_with("sequence,call_id,")) << out;
  EXPECT_NE(out.find("call-1"), std::string::npos);
  EXPECT_EQ(ark({"ledger", "export", "--format", "jsonl"}), 0);
  EXPECT_NE(out.find("\"value\":\"0.25\""), std::string::npos) << out;
  EXPECT_EQ(ark({"ledger", "export", "--format", "protobuf"}), 0);
  EXPECT_NE(out.find("call-1"), std::string::npos);
  EXPECT_EQ(ark({"ledger", "export", "--format", "focus", "--account", "acme-7"}), 0);
  EXPECT_NE(out.find("OpenAI"), std::string::npos) << out;
  EXPECT_NE(out.find("acme-7"), std::string::npos) << out;
}

TEST_F(ledger_export_command, writes_a_file_and_says_so) {
  record("call-1", "0.25");
  const auto file = folder.file("out.csv");
  EXPECT_EQ(ark({"ledger", "export", "--format", "csv", "-o", file}), 0);
  EXPECT_EQ(out, "");
  EXPECT_NE(err.find("1 rows of 1 attempts"), std::string::npos) << err;
  EXPECT_NE(os::read_file(file, 10'000).value().find("call-1"), std::string::npos);
}

TEST_F(ledger_export_command, filters_as_list_does) {
  record("call-1", "0.25");
  EXPECT_EQ(ark({"ledger", "export", "--format", "jsonl", "--vendor", "nobody"}), 0);
  EXPECT_EQ(out, "");
  EXPECT_NE(err.find("no attempt matches"), std::string::npos) << err;
}

TEST_F(ledger_export_command, wrong_usage_is_told) {
  EXPECT_EQ(ark({"ledger", "export"}), 2);
  EXPECT_EQ(ark({"ledger", "export", "--format", "parquet"}), 2);
  EXPECT_EQ(ark({"ledger", "export", "--format", "csv", "--since", "soon"}), 2);
}

}  // namespace
}  // namespace ark::cli
