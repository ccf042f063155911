#include "sign/content_trust.hpp"

#include "tests/support/sealing_vendor.hpp"
#include "tests/unit/sign/sign_support.hpp"

namespace ark::sign {
namespace {

using testing::sealing_vendor;

const wire::wall_time a_day_of_2026{std::chrono::seconds{1'767'225'600}};

std::string complaint(std::string_view pem, const content_trust& trust,
                      wire::wall_time at = a_day_of_2026) {
  const auto ok = check_certificate(pem, trust, at);
  if (ok) return {};
  EXPECT_EQ(ok.error().retry, retry_class::never);
  return ok.error().message;
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != text.npos; }

TEST(content_trust, dates_are_checked_in_any_case) {
  const sealing_vendor v;
  EXPECT_EQ(complaint(v.certificate(), {}), "");
  EXPECT_TRUE(
      has(complaint(v.certificate(), {}, a_day_of_2026 - std::chrono::days(2)), "not valid"));
  EXPECT_TRUE(
      has(complaint(v.certificate(), {}, a_day_of_2026 + std::chrono::days(366)), "expired"));
  EXPECT_TRUE(has(complaint("text", {}), "no PEM"));
  EXPECT_EQ(check_certificate("", {}, a_day_of_2026).error().code, errc::tls);
}

TEST(content_trust, the_chain_ends_in_an_authority_that_was_given) {
  const sealing_vendor v, other, third({.authority = "another authority"});
  EXPECT_EQ(complaint(v.certificate(), {.authorities = v.authority(), .host = {}}), "");
  const std::string both = third.authority() + v.authority();
  EXPECT_EQ(complaint(v.certificate(), {.authorities = both, .host = {}}), "");
  EXPECT_EQ(complaint(v.certificate(), {.authorities = v.certificate(), .host = {}}), "")
      << "the certificate itself may be the one that is trusted";
  EXPECT_TRUE(has(complaint(v.certificate(), {.authorities = other.authority(), .host = {}}),
                  "authorities"));
  // What comes with a certificate makes nothing trusted.
  EXPECT_TRUE(has(
      complaint(v.certificate() + v.authority(), {.authorities = other.authority(), .host = {}}),
      "authorities"));
  EXPECT_EQ(check_certificate(v.certificate(), {.authorities = "text", .host = {}}, a_day_of_2026)
                .error()
                .code,
            errc::config);
}

TEST(content_trust, a_changed_certificate_is_not_trusted) {
  const sealing_vendor v;
  std::string changed = v.certificate();
  const auto at = changed.size() / 2;
  changed[at] = changed[at] == 'A' ? 'B' : 'A';
  EXPECT_NE(complaint(changed, {.authorities = v.authority(), .host = {}}), "");
}

TEST(content_trust, the_name_is_looked_for_where_one_is_given) {
  const sealing_vendor v({.dns_names = {"one.example", "two.example"}});
  EXPECT_EQ(complaint(v.certificate(), {.authorities = {}, .host = "two.example"}), "");
  EXPECT_TRUE(
      has(complaint(v.certificate(), {.authorities = {}, .host = "three.example"}), "name"));
}

}  // namespace
}  // namespace ark::sign
