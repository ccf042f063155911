#include "catalog/service_rows.hpp"

#include <gtest/gtest.h>
#include <fstream>

#include "catalog/catalog.hpp"
#include "rows.hpp"
#include "tests/support/temporary_directory.hpp"

namespace ark::catalog {
namespace {

constexpr std::string_view good_service = R"(# scores of transactions
name: fraud
title: Fraud scores
base_url: https://scores.example/api
path: /v1/score
key_header: X-Api-Key
key_variable: FRAUD_KEY
body: '{"transaction": "{{prompt}}", "threshold": {{threshold}}}'
text: /result/label
error_text: /problem
currency: EUR
price_source: contract 17
price_date: 2026-11-01
model:
  - id: fraud-2
    price_per_call: "0.0004"
  - id: trial
)";

std::string service_complaint(std::string_view from, std::string_view to) {
  std::string text(good_service);
  text.replace(text.find(from), from.size(), to);
  const auto made = parse_service(text, "fraud.yaml");
  if (made) return "accepted";
  EXPECT_EQ(made.error().code, errc::config);
  return made.error().message;
}

TEST(service_rows, a_file_becomes_a_row_and_its_prices) {
  const auto made = parse_service(good_service, "fraud.yaml");
  ASSERT_TRUE(made) << made.error().message;
  const vendor& v = made->vendor;
  EXPECT_EQ(v.name, "fraud");
  EXPECT_EQ(v.dialect, "http_json");
  EXPECT_EQ(v.base_url, "https://scores.example/api");
  EXPECT_EQ(v.chat_path, "/v1/score");
  EXPECT_EQ(v.auth, auth_kind::header);
  EXPECT_EQ(v.auth_header, "X-Api-Key");
  ASSERT_TRUE(v.service);
  EXPECT_EQ(v.service->method, "POST");
  EXPECT_EQ(v.service->text_pointer, "/result/label");
  ASSERT_EQ(made->prices.models.size(), 2u);
  const model& m = made->prices.models[0];
  EXPECT_EQ(m.info.currency, "EUR");
  ASSERT_EQ(m.prices.size(), 1u);
  EXPECT_EQ(m.prices[0].value.to_string(), "0.0004");
  EXPECT_EQ(m.prices[0].dimension, "request");
  EXPECT_TRUE(made->prices.models[1].prices.empty());
}

TEST(service_rows, who_pays_by_the_call_pays_exactly_that) {
  const auto made = parse_service(good_service, "fraud.yaml");
  ASSERT_TRUE(made);
  usage used;
  used.reported = true;
  const auto known = price_usage(made->prices.models[0], used, {});
  EXPECT_EQ(known.cost.status, cost_status::exact);
  EXPECT_EQ(known.cost.value.to_string(), "0.0004");
  EXPECT_EQ(price_usage(made->prices.models[1], used, {}).cost.status, cost_status::unknown);
}

TEST(service_rows, mistakes_have_their_place) {
  EXPECT_EQ(service_complaint("base_url:", "base_ulr:").substr(0, 15), "fraud.yaml:4:1:");
  EXPECT_EQ(service_complaint("text: /result", "text: result"),
            "fraud.yaml:9: text: is a JSON pointer and begins with /");
  EXPECT_EQ(service_complaint("path: /v1/score", "path: v1"),
            "fraud.yaml:5: path: must begin with /");
  EXPECT_EQ(service_complaint("https://scores.example/api", "ftp://x").substr(0, 24),
            "fraud.yaml:4: base_url: ");
  EXPECT_EQ(service_complaint("name: fraud", "name: Fraud").substr(0, 20), "fraud.yaml:2: name: ");
  EXPECT_EQ(service_complaint("\"{{prompt}}\"", "{{prompt}").substr(0, 20), "fraud.yaml:8: body: ");
  EXPECT_EQ(service_complaint("path: /v1/score", "path: /v1\nmethod: GET"),
            "fraud.yaml:6: method: must be POST or PUT");
  EXPECT_NE(service_complaint("currency: EUR", "").find("currency and price_date"),
            std::string::npos);
  EXPECT_NE(service_complaint("\"0.0004\"", "cheap").find("model: "), std::string::npos);
}

TEST(service_rows, a_signed_service) {
  const auto with = [](std::string_view to) {
    std::string text(good_service);
    const std::string_view from = "key_header: X-Api-Key";
    return parse_service(text.replace(text.find(from), from.size(), to), "fraud.yaml");
  };
  const auto content = with("auth: CONTENT_MD5\nkey_header: X-A-Signature");
  ASSERT_TRUE(content) << content.error().message;
  EXPECT_EQ(content->vendor.auth, auth_kind::content_md5);
  EXPECT_EQ(content->vendor.auth_header, "X-A-Signature");
  EXPECT_EQ(with("auth: md5_members")->vendor.auth, auth_kind::md5_members);
  EXPECT_EQ(with("auth: NONE")->vendor.auth, auth_kind::none);
  EXPECT_EQ(with("no_key: true")->vendor.auth, auth_kind::none);
  EXPECT_EQ(with("")->vendor.auth, auth_kind::bearer);
  const auto scoped = with("auth: SIGV4\nauth_service: s\nauth_region: r");
  ASSERT_TRUE(scoped) << scoped.error().message;
  EXPECT_EQ(scoped->vendor.auth_service, "s");
  EXPECT_EQ(scoped->vendor.auth_region, "r");

  const auto says = [&](std::string_view to) {
    const auto made = with(to);
    return made ? std::string("accepted") : made.error().message;
  };
  EXPECT_NE(says("auth: CONTENT_MD5").find("key_header: is missing: auth is CONTENT_MD5"),
            std::string::npos);
  EXPECT_NE(says("auth: TC3\nauth_service: s\nkey_header: X").find("has no place with auth TC3"),
            std::string::npos);
  EXPECT_NE(says("auth: MD5_MEMBERS\nno_key: true").find("no_key: "), std::string::npos);
  EXPECT_NE(says("auth: SIGV4").find("auth_service: is missing"), std::string::npos);
  EXPECT_NE(says("auth: nonsense").find("fraud.yaml:6:"), std::string::npos);
}

TEST(service_rows, a_vendor_directory_may_hold_services) {
  const testing::temporary_directory folder;
  std::ofstream(folder.file("fraud.yaml")) << good_service;
  const auto book =
      load_book({adapters::vendor_rows(), adapters::model_rows()}, {folder.file("")}, {});
  ASSERT_TRUE(book) << book.error().message;
  const auto found = (*book)->resolve("fraud/fraud-2");
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->v->name, "fraud");
  ASSERT_NE(found->known, nullptr);
  std::ofstream(folder.file("worse.yaml")) << "name: x\n";
  EXPECT_FALSE(load_book({adapters::vendor_rows(), adapters::model_rows()}, {folder.file("")}, {}));
}

}  // namespace
}  // namespace ark::catalog
