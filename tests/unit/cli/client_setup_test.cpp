#include <gtest/gtest.h>

#include "cli/settings.hpp"
#include "tests/unit/cli/bench.hpp"

namespace ark::cli {
namespace {

struct a_client_setup : ::testing::Test {
  testing::cli_bench bench;
  std::string text;
  input in{std::string{}};
  output out{text};
  context ctx{bench.machine, in, out, out};

  ark::client_options options() {
    auto made = ctx.client_options();
    EXPECT_TRUE(made) << made.error().message;
    return made ? std::move(*made) : ark::client_options{};
  }
  std::string key(const ark::client_options& o, std::string_view vendor,
                  std::string_view variable) {
    const auto found = o.keys(vendor, variable);
    if (!found) return "error";
    return *found ? std::string{(*found)->reveal_secret()} : "";
  }
};

TEST_F(a_client_setup, everything_that_the_settings_say) {
  bench.write_config(
      "proxy: http://p:1\nca_file: ~/ca.pem\nmax_connections_per_origin: 3\n"
      "auto_models: [a/b]\nauto_currency: CNY\nvendor_directories: [~/rows]\n"
      "rates: [{from: USD, to: CNY, rate: '7.1', date: 2026-11-01}]\n"
      "vendors: {custom: {base_url: 'http://127.0.0.1:9/v1', allow_private_networks: true}}\n");
  const auto o = options();
  EXPECT_EQ(o.network.proxy, "http://p:1");
  EXPECT_EQ(o.network.ca_file, bench.folder.file("ca.pem"));
  EXPECT_EQ(o.network.max_connections_per_origin, 3);
  EXPECT_EQ(o.auto_models, std::vector<std::string>{"a/b"});
  EXPECT_EQ(o.auto_currency, "CNY");
  EXPECT_EQ(o.vendor_directories, std::vector<std::string>{bench.folder.file("rows")});
  ASSERT_EQ(o.rates.size(), 1u);
  EXPECT_EQ(o.rates[0].rate.to_string(), "7.1");
  EXPECT_TRUE(o.vendors.at("custom").allow_private_networks);
  EXPECT_TRUE(o.ledger);
}

TEST_F(a_client_setup, keys_in_order_environment_file_command) {
  bench.write_config("vendors: {openai: {key_command: 'printf from-command-{vendor}'}}\n");
  EXPECT_EQ(key(options(), "openai", "OPENAI_API_KEY"), "from-command-openai");
  ASSERT_TRUE(os::write_file(bench.folder.file(".config/ark/keys"), "openai = from-file\n", 0600));
  EXPECT_EQ(key(options(), "openai", "OPENAI_API_KEY"), "from-file");
  bench.machine.variables["OPENAI_API_KEY"] = "from-environment";
  EXPECT_EQ(key(options(), "openai", "OPENAI_API_KEY"), "from-environment");
  EXPECT_EQ(key(options(), "groq", "GROQ_API_KEY"), "");
}

TEST_F(a_client_setup, a_key_may_be_in_several_variables) {
  constexpr const char* names = "BEARER|ID+SECRET+TOKEN";
  EXPECT_EQ(key(options(), "bedrock", names), "");
  bench.machine.variables["ID"] = "AKID";
  EXPECT_EQ(key(options(), "bedrock", names), "");
  bench.machine.variables["SECRET"] = "s";
  EXPECT_EQ(key(options(), "bedrock", names), "AKID:s");
  bench.machine.variables["BEARER"] = "b";
  EXPECT_EQ(key(options(), "bedrock", names), "b");
}

TEST_F(a_client_setup, places_and_limits_of_a_vendor) {
  bench.write_config(
      "vendors: {openai: {\n"
      "  limits: [{requests_per_minute: 500}, {model: m, tokens_per_minute: 9}],\n"
      "  places: [{key_command: 'printf key-a', weight: 3}, {base_url: "
      "'http://127.0.0.1:9/v1'}]}}\n");
  ASSERT_TRUE(os::write_file(bench.folder.file(".config/ark/keys"),
                             "openai@http://127.0.0.1:9 = key-b\n", 0600));
  const auto o = options();
  const auto& v = o.vendors.at("openai");
  ASSERT_EQ(v.places.size(), 2u);
  EXPECT_EQ(v.places[0].key.reveal_secret(), "key-a");
  EXPECT_EQ(v.places[0].weight, 3);
  EXPECT_EQ(v.places[1].key.reveal_secret(), "key-b");
  EXPECT_EQ(v.places[1].weight, 1);
  ASSERT_EQ(v.limits.size(), 2u);
  EXPECT_EQ(v.limits[0].requests_per_minute, 500);
  EXPECT_EQ(v.limits[1].model, "m");
  EXPECT_EQ(v.limits[1].tokens_per_minute, 9);
  EXPECT_NE(o.rate_limits.file.find("/ark/rates"), std::string::npos) << o.rate_limits.file;
}

TEST_F(a_client_setup, without_limits_no_file_is_shared) {
  EXPECT_EQ(options().rate_limits.file, "");
}

TEST_F(a_client_setup, wrong_rates_are_told) {
  bench.write_config("rates: [{from: USD, to: CNY, rate: much}]\n");
  const auto made = ctx.client_options();
  ASSERT_FALSE(made);
  EXPECT_NE(made.error().message.find("USD to CNY"), std::string::npos);
}

TEST_F(a_client_setup, proxy_of_the_machine_is_not_for_the_machine_itself) {
  bench.machine.variables["HTTPS_PROXY"] = "http://p:1";
  bench.machine.variables["NO_PROXY"] = ".corp";
  EXPECT_EQ(options().network.no_proxy, ".corp,localhost,127.0.0.1,::1");
}

TEST_F(a_client_setup, proxy_that_was_set_for_ark_is_for_everything) {
  bench.machine.variables["ARK_PROXY"] = "http://p:1";
  EXPECT_EQ(options().network.no_proxy, "");
}

TEST_F(a_client_setup, no_ledger) {
  ctx.flags.no_ledger = true;
  EXPECT_FALSE(options().ledger);
}

TEST_F(a_client_setup, catalogue_needs_nothing) {
  const auto client = ctx.make_catalogue();
  ASSERT_TRUE(client);
  EXPECT_GE(client->vendors().size(), 12u);
}

}  // namespace
}  // namespace ark::cli
