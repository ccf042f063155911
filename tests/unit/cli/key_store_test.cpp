#include "cli/key_store.hpp"

#include <gtest/gtest.h>

#include "tests/unit/cli/bench.hpp"

namespace ark::cli {
namespace {

struct a_key_store : ::testing::Test {
  testing::cli_bench bench;
  std::string text;
  input in{std::string{}};
  output out{text};
  context ctx{bench.machine, in, out, out};

  /// The key that goes to openai's address as the settings are now.
  std::string key() {
    const auto all = load_settings(bench.machine, {});
    EXPECT_TRUE(all) << all.error().message;
    const auto changed = override_for(ctx, *all, "openai");
    EXPECT_TRUE(changed);
    return std::string{changed->key.reveal_secret()};
  }
  void store(const std::string& lines) {
    ASSERT_TRUE(os::make_private_directory(bench.folder.file(".config/ark")));
    ASSERT_TRUE(os::write_file(bench.folder.file(".config/ark/keys"), lines, 0600));
  }
};

// T12
TEST_F(a_key_store, vendors_key_does_not_go_to_another_address) {
  store("openai = sk-own\n");
  bench.machine.variables["OPENAI_API_KEY"] = "sk-own-too";
  bench.write_config("vendors: {openai: {base_url: 'http://127.0.0.1:9/v1'}}\n");
  EXPECT_EQ(key(), "");
}

TEST_F(a_key_store, key_stored_for_the_address) {
  store("openai = sk-own\nopenai@http://127.0.0.1:9 = sk-local\n");
  bench.write_config("vendors: {openai: {base_url: 'http://127.0.0.1:9/v1'}}\n");
  EXPECT_EQ(key(), "sk-local");
  bench.write_config("vendors: {openai: {base_url: 'http://127.0.0.1:10/v1'}}\n");
  EXPECT_EQ(key(), "");
}

TEST_F(a_key_store, variable_beside_the_address) {
  bench.machine.variables["ARK_OPENAI_BASE_URL"] = "http://127.0.0.1:9/v1";
  bench.machine.variables["ARK_OPENAI_KEY"] = "sk-given";
  EXPECT_EQ(key(), "sk-given");
}

TEST_F(a_key_store, command_beside_the_address) {
  bench.write_config(
      "vendors: {openai: {base_url: 'http://127.0.0.1:9/v1', key_command: 'printf "
      "key-of-{vendor}'}}\n");
  EXPECT_EQ(key(), "key-of-openai");
}

}  // namespace
}  // namespace ark::cli
