#include "cli/settings.hpp"

#include <gtest/gtest.h>

#include "tests/unit/cli/bench.hpp"

namespace ark::cli {
namespace {

struct a_settings : ::testing::Test {
  testing::cli_bench bench;
  global_flags flags;

  settings load() {
    auto all = load_settings(bench.machine, flags);
    EXPECT_TRUE(all) << all.error().message;
    return all ? std::move(*all) : settings{};
  }
  std::string told() {
    const auto all = load_settings(bench.machine, flags);
    return all ? "" : all.error().message;
  }
};

TEST_F(a_settings, built_in) {
  const auto all = load();
  EXPECT_EQ(all.values.model(), "auto");
  EXPECT_EQ(all.values.ledger().path(), bench.folder.file(".local/state/ark/ledger.sqlite"));
  EXPECT_EQ(all.origins.at("model").from, layer::built_in);
}

TEST_F(a_settings, user_file_with_line) {
  bench.write_config("# mine\nmodel: openai/a\nledger:\n  durability: power\n");
  const auto all = load();
  EXPECT_EQ(all.values.model(), "openai/a");
  EXPECT_EQ(all.values.ledger().durability(), schema::DURABILITY_POWER);
  EXPECT_EQ(all.origins.at("model").where, bench.config_file() + ":2");
  EXPECT_EQ(all.origins.at("ledger.durability").where, bench.config_file() + ":4");
}

TEST_F(a_settings, environment_over_file_and_flag_over_environment) {
  bench.write_config("ledger: {path: /file}\n");
  EXPECT_EQ(load().values.ledger().path(), "/file");
  bench.machine.variables["ARK_LEDGER"] = "/variable";
  EXPECT_EQ(load().values.ledger().path(), "/variable");
  EXPECT_EQ(load().origins.at("ledger.path").where, "ARK_LEDGER");
  flags.ledger_file = "/flag";
  EXPECT_EQ(load().values.ledger().path(), "/flag");
  EXPECT_EQ(load().origins.at("ledger.path").from, layer::flag);
}

TEST_F(a_settings, every_setting_has_a_variable) {
  bench.machine.variables = {{"HOME", "/h"},
                             {"ARK_TIMEOUTS_TOTAL_MS", "1500"},
                             {"ARK_AUTO_MODELS", "a/b,c/d"},
                             {"ARK_LEDGER_DISABLED", "true"},
                             {"ARK_LEDGER_DURABILITY", "power"},
                             {"ARK_MODEL", "null"}};
  const auto all = load();
  EXPECT_EQ(all.values.timeouts().total_ms(), 1500);
  ASSERT_EQ(all.values.auto_models_size(), 2);
  EXPECT_EQ(all.values.auto_models(1), "c/d");
  EXPECT_TRUE(all.values.ledger().disabled());
  EXPECT_EQ(all.values.model(), "null");
}

TEST_F(a_settings, wrong_variables_are_named) {
  bench.machine.variables["ARK_TIMEOUTS_TOTAL_MS"] = "soon";
  EXPECT_EQ(told(), "ARK_TIMEOUTS_TOTAL_MS: a whole number is expected, not 'soon'");
}

TEST_F(a_settings, vendors_from_variables) {
  bench.machine.variables["ARK_VOLCENGINE_ARK_BASE_URL"] = "http://127.0.0.1:9/api/v3";
  bench.machine.variables["ARK_VOLCENGINE_ARK_KEY"] = "k";
  const auto all = load();
  EXPECT_EQ(all.values.vendors().at("volcengine-ark").base_url(), "http://127.0.0.1:9/api/v3");
  EXPECT_EQ(all.vendor_keys.at("volcengine-ark").reveal_secret(), "k");
}

// T19
TEST_F(a_settings, proxies_of_the_environment_but_not_http_proxy_in_capitals) {
  bench.machine.variables["HTTP_PROXY"] = "http://evil:1";
  EXPECT_FALSE(load().values.has_proxy());
  bench.machine.variables["http_proxy"] = "http://a:1";
  EXPECT_EQ(load().values.proxy(), "http://a:1");
  bench.machine.variables["HTTPS_PROXY"] = "http://b:1";
  EXPECT_EQ(load().values.proxy(), "http://b:1");
  bench.machine.variables["https_proxy"] = "http://c:1";
  EXPECT_EQ(load().values.proxy(), "http://c:1");
  bench.machine.variables["ARK_PROXY"] = "http://d:1";
  EXPECT_EQ(load().values.proxy(), "http://d:1");
}

TEST_F(a_settings, unknown_fields_have_a_place_and_a_suggestion) {
  bench.write_config("model: a\nledgre:\n  path: x\n");
  EXPECT_EQ(told(), bench.config_file() + ":2:1: ledgre: unknown field; did you mean 'ledger'?");
}

// T17
TEST_F(a_settings, verification_cannot_be_turned_off_and_that_is_said) {
  bench.write_config("tls_verify: false\n");
  EXPECT_NE(told().find("cannot be turned off"), std::string::npos);
}

// T07
TEST_F(a_settings, urls_with_credentials_are_refused) {
  for (const auto* url : {"https://key@evil.test/", "https://api.openai.com@evil.test/",
                          "ftp://host/", "host/v1", "https://"}) {
    bench.write_config("vendors:\n  custom:\n    base_url: \"" + std::string{url} + "\"\n");
    EXPECT_NE(told().find(":3: vendors.custom.base_url: "), std::string::npos) << url << told();
  }
}

TEST_F(a_settings, file_that_is_named_must_be_there) {
  flags.config_file = bench.folder.file("none.yaml");
  EXPECT_NE(told().find("none.yaml"), std::string::npos);
}

TEST(settings, projects_must_not_redirect_keys_or_run_programs) {
  for (const auto* text : {"proxy: http://e\n", "ca_file: x\n", "ca_directory: x\n",
                           "vendor_directories: [x]\n", "vendors: {openai: {key_command: cat}}\n",
                           "no_proxy: x\n", "vendors: {openai: {places: [{key_command: cat}]}}\n",
                           "vendors: {openai: {allow_private_networks: true}}\n"}) {
    const auto refused = check_settings_text(text, "ark.yaml", true);
    ASSERT_FALSE(refused) << text;
    EXPECT_NE(refused.error().message.find("ark.yaml:1"), std::string::npos);
    EXPECT_TRUE(check_settings_text(text, "config.yaml", false)) << text;
  }
  EXPECT_TRUE(check_settings_text("model: a\nauto_models: [a]\n", "ark.yaml", true));
}

TEST(settings, credentials_of_a_proxy_are_hidden) {
  EXPECT_EQ(without_credentials("http://user:pw@host:1/"), "http://***@host:1/");
  EXPECT_EQ(without_credentials("user:p@w@host:1"), "***@host:1");
  EXPECT_EQ(without_credentials("http://host:1"), "http://host:1");
}

// S11
TEST(settings, home_is_expanded) {
  testing::fake_system machine;
  machine.variables["HOME"] = "/h";
  EXPECT_EQ(expand_home(machine, "~/x"), "/h/x");
  EXPECT_EQ(expand_home(machine, "/x"), "/x");
  EXPECT_EQ(expand_home(machine, "$HOME/x"), "$HOME/x");  // nothing else is expanded
  machine.variables["OPENAI_API_KEY"] = "sk-1";
  EXPECT_EQ(expand_home(machine, "~/${OPENAI_API_KEY}"), "/h/${OPENAI_API_KEY}");
}

}  // namespace
}  // namespace ark::cli
