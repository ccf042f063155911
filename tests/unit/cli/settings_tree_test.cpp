#include "cli/settings_tree.hpp"

#include <gtest/gtest.h>

#include "cli/settings.hpp"

namespace ark::cli {
namespace {

TEST(settings_tree, leaves_in_order_with_their_text) {
  schema::Config c;
  c.set_model("a b");
  c.add_auto_models("x/y");
  c.mutable_ledger()->set_durability(schema::DURABILITY_POWER);
  (*c.mutable_vendors())["zz"].set_base_url("u");
  (*c.mutable_vendors())["aa"].set_allow_private_networks(true);
  c.mutable_timeouts()->set_total_ms(5);
  std::string text;
  for (const auto& each : leaves_of(c)) text += each.path + "=" + each.value + "\n";
  EXPECT_EQ(text,
            "model=\"a b\"\nauto_models=[x/y]\nledger.durability=full\n"
            "vendors.aa.allow_private_networks=true\nvendors.zz.base_url=u\ntimeouts.total_ms=5\n");
}

TEST(settings_tree, overlay_merges_groups_and_replaces_lists) {
  schema::Config low;
  low.add_auto_models("a");
  (*low.mutable_vendors())["v"].set_base_url("u");
  low.mutable_ledger()->set_path("p");
  schema::Config high;
  high.add_auto_models("b");
  (*high.mutable_vendors())["v"].set_key_command("c");
  high.mutable_ledger()->set_disabled(true);
  overlay(low, high);
  EXPECT_EQ(low.auto_models_size(), 1);
  EXPECT_EQ(low.auto_models(0), "b");
  EXPECT_EQ(low.vendors().at("v").base_url(), "u");
  EXPECT_EQ(low.vendors().at("v").key_command(), "c");
  EXPECT_EQ(low.ledger().path(), "p");
  EXPECT_TRUE(low.ledger().disabled());
}

TEST(settings_tree, values_by_path) {
  schema::Config c;
  ASSERT_TRUE(put_setting(c, "vendors.custom.base_url", "http://h: 1 # x"));
  EXPECT_EQ(c.vendors().at("custom").base_url(), "http://h: 1 # x");
  ASSERT_TRUE(put_setting(c, "max_attempts", "5"));
  EXPECT_EQ(c.max_attempts(), 5);
  ASSERT_TRUE(put_setting(c, "auto_models", "a,b"));
  EXPECT_EQ(c.auto_models_size(), 2);
  EXPECT_FALSE(put_setting(c, "ledger.disabled", "yes"));
  EXPECT_NE(put_setting(c, "modle", "x").error().message.find("did you mean 'model'?"),
            std::string::npos);
  EXPECT_FALSE(put_setting(c, "ledger", "x"));
  EXPECT_FALSE(put_setting(c, "rates", "x"));
  EXPECT_FALSE(put_setting(c, "", "x"));
}

TEST(settings_tree, values_as_they_are_written) {
  EXPECT_EQ(*yaml_value("model", "openai/gpt-5"), "openai/gpt-5");
  EXPECT_EQ(*yaml_value("model", "true"), "\"true\"");
  EXPECT_EQ(*yaml_value("model", "5"), "\"5\"");
  EXPECT_EQ(*yaml_value("model", "a: b"), "\"a: b\"");
  EXPECT_EQ(*yaml_value("timeouts.total_ms", "5"), "5");
  EXPECT_EQ(*yaml_value("auto_models", "a/b,c/d"), "[a/b, c/d]");
}

TEST(settings_tree, names_with_their_variables) {
  std::map<std::string, std::string> names;
  for (const auto& each : setting_names()) names[each.path] = each.variable;
  EXPECT_EQ(names.at("ledger.path"), "ARK_LEDGER");
  EXPECT_EQ(names.at("timeouts.idle_ms"), "ARK_TIMEOUTS_IDLE_MS");
  EXPECT_EQ(names.at("vendors.NAME.base_url"), "");
}

}  // namespace
}  // namespace ark::cli
