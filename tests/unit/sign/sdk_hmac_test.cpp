#include "tests/unit/sign/sign_support.hpp"

namespace ark::sign {
namespace {

TEST(sdk_hmac, shared_vectors) {
  ARK_SHARED_OR_SKIP(path, "vectors/huawei-sdk-hmac-sha256.json");
  const auto count = for_each_vector(path, [](json::element vector) {
    const auto in = member(vector, "inputs");
    prepared made;
    made.request.method = text(in, "method");
    made.request.target = text(in, "path");
    append_query_of(made.request.target, member(in, "query"));
    made.request.headers = headers_of(member(in, "headers"));
    made.request.body = text(in, "body");
    made.origin.host = text(in, "host");
    made.at = at_compact(text(in, "xdate"));
    const auto added = sdk_hmac_headers(made.what(), who(text(in, "ak"), text(in, "sk")));
    EXPECT_EQ(header_of(added, "Authorization"), text(member(vector, "expected"), "authorization"));
    EXPECT_EQ(header_of(added, "X-Sdk-Date"), text(in, "xdate"));
  });
  EXPECT_EQ(count, 4u);
}

prepared sdk_hmac_example(std::string target = "/v1/things") {
  return {{.method = "POST",
           .target = std::move(target),
           .headers = {{"Content-Type", "application/json"}},
           .body = "{}"},
          {true, "svc.example.com", 443},
          at_unix(1717243200)};
}

std::string sdk_hmac_signed(const prepared& made, std::string_view token = "") {
  return header_of(sdk_hmac_headers(made.what(), who("AK", "SK", token)), "Authorization");
}

TEST(sdk_hmac, example) {
  EXPECT_EQ(sdk_hmac_signed(sdk_hmac_example()),
            "SDK-HMAC-SHA256 Access=AK, SignedHeaders=content-type;host;x-sdk-date, "
            "Signature=ecf6e1af62b801b8a40f5a87549f8abdf01ff58bda532e30617d1f16c9721337");
}

TEST(sdk_hmac, the_path_is_signed_decoded_and_with_a_slash_at_its_end) {
  EXPECT_EQ(sdk_hmac_signed(sdk_hmac_example("/v1/a b/%C3%A9/")),
            sdk_hmac_signed(sdk_hmac_example("/v1/a%20b/\xC3\xA9")));
}

TEST(sdk_hmac, temporary_credentials_and_names_with_underscores) {
  prepared made = sdk_hmac_example();
  const auto plain = sdk_hmac_signed(made);
  made.request.headers.push_back({"x_y", "z"});
  EXPECT_EQ(sdk_hmac_signed(made), plain);
  EXPECT_NE(sdk_hmac_signed(made, "token").find("x-sdk-date;x-security-token"), std::string::npos);
}

TEST(sdk_hmac, refuses) {
  prepared made = sdk_hmac_example("/%zz");
  expect_refused(sdk_hmac_headers(made.what(), who("AK", "SK-secret")).error(),
                 errc::invalid_request, "SK-secret");
  made = sdk_hmac_example();
  expect_refused(sdk_hmac_headers(made.what(), who("AK", "")).error(), errc::auth);
  made.request.headers.push_back({"X-Sdk-Content-Sha256", "UNSIGNED-PAYLOAD"});
  expect_refused(sdk_hmac_headers(made.what(), who("AK", "SK-secret")).error(),
                 errc::invalid_request, "SK-secret");
}

}  // namespace
}  // namespace ark::sign
