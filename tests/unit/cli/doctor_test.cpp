#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/json.hpp"
#include "tests/unit/cli/bench.hpp"

namespace ark::cli {
namespace {

struct a_doctor : ::testing::Test {
  testing::cli_bench bench;
};

TEST_F(a_doctor, looks_at_everything) {
  bench.run({"doctor"});
  for (const auto* what :
       {"configuration", "key file", "vendors", "ledger", "certificates", "proxy"}) {
    EXPECT_NE(bench.out.find(what), std::string::npos) << what << bench.out;
  }
  bench.run({"doctor", "--json"});
  EXPECT_TRUE(json::is_valid(bench.out));
}

TEST_F(a_doctor, finds_what_is_wrong) {
  bench.write_config("proxy: 'http://user:hunter2@proxy:1'\nca_file: /no/such.pem\n");
  ASSERT_TRUE(os::write_file(bench.folder.file(".config/ark/keys"), "openai = sk-x\n", 0644));
  bench.machine.variables["ARK_MODLE"] = "x";
  bench.machine.variables["ARK_LEDGER"] = "/proc/none/ledger";
  EXPECT_EQ(bench.run({"doctor"}), 1);
  EXPECT_NE(bench.out.find("chmod 600"), std::string::npos);
  EXPECT_NE(bench.out.find("/no/such.pem"), std::string::npos);
  EXPECT_NE(bench.out.find("did you mean ARK_MODEL?"), std::string::npos);
  EXPECT_NE(bench.out.find("problem  ledger"), std::string::npos) << bench.out;
  EXPECT_EQ((bench.out + bench.err).find("hunter2"), std::string::npos);
  EXPECT_EQ((bench.out + bench.err).find("sk-x"), std::string::npos);
}

TEST_F(a_doctor, wrong_settings_are_a_finding) {
  bench.write_config("modle: x\n");
  EXPECT_EQ(bench.run({"doctor"}), 1);
  EXPECT_NE(bench.out.find("did you mean 'model'?"), std::string::npos);
}

TEST_F(a_doctor, is_asked_for_what_goes_together) {
  EXPECT_EQ(bench.run({"doctor", "--yes"}), 2);
  EXPECT_NE(bench.err.find("name a vendor"), std::string::npos) << bench.err;
  EXPECT_EQ(bench.run({"doctor", "openai", "--offline", "--yes"}), 2);
  EXPECT_EQ(bench.run({"doctor", "--offline", "--net"}), 2);
  EXPECT_EQ(bench.run({"doctor", "opanai"}), 2);
  EXPECT_NE(bench.err.find("did you mean 'openai'?"), std::string::npos) << bench.err;
}

}  // namespace
}  // namespace ark::cli
