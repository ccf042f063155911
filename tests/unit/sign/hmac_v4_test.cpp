#include "tests/unit/sign/sign_support.hpp"

namespace ark::sign {
namespace {

prepared hmac_v4_request(json::element in) {
  prepared made;
  made.request.method = text(in, "method");
  made.request.target = text(in, "path");
  append_query_of(made.request.target, member(in, "query"));
  made.request.body = text(in, "body");
  made.at = at_compact(text(in, "x_date"));
  json::element headers;
  if (json::find(in, "headers", headers)) made.request.headers = headers_of(headers);
  return made;
}

void check_hmac_v4(json::element in, json::element expected, const hmac_v4_options& options) {
  const prepared made = hmac_v4_request(in);
  const auto sender =
      who(text(in, "access_key"), text(in, "secret_key"), text(in, "session_token"));
  const scope where{text(in, "region"), text(in, "service")};
  json::element field;
  if (json::find(expected, "query_string", field)) {
    EXPECT_EQ(hmac_v4_target(made.what(), sender, where).value(),
              "/?" + std::string(json::as_text(field)));
    return;
  }
  const auto added = hmac_v4_headers(made.what(), sender, where, options);
  ASSERT_TRUE(added) << added.error().message;
  if (json::find(expected, "headers", field)) {
    const auto wanted = headers_of(field);
    EXPECT_EQ(added->size(), wanted.size());
    for (const auto& header : wanted) EXPECT_EQ(header_of(added, header.name), header.value);
  } else {
    EXPECT_EQ(header_of(added, "Authorization"), text(expected, "authorization"));
  }
  EXPECT_TRUE(added->back().is_secret);
}

TEST(hmac_v4, shared_vectors) {
  ARK_SHARED_OR_SKIP(path, "vectors/volcengine-v4.json");
  json::element first;
  const auto count = for_each_vector(path, [&](json::element vector) {
    const auto expected = member(vector, "expected");
    json::element in;
    if (text(vector, "name") == "ark-GetApiKey") first = member(vector, "inputs");
    if (!json::find(vector, "inputs", in)) in = first;  // "same request through ..."
    hmac_v4_options options;
    if (text(vector, "name").ends_with("no-content-type"))
      options.unsigned_headers = {"Content-Type"};
    check_hmac_v4(in, expected, options);
  });
  EXPECT_EQ(count, 8u);
}

prepared example() {
  return {{.method = "POST",
           .target = "/?Version=1&Action=Do",
           .headers = {{"Content-Type", "application/json"}},
           .body = "{}"},
          {true, "open.example.com", 443},
          at_unix(1717243200)};
}
const scope here{"north-1", "svc"};

TEST(hmac_v4, example) {
  const auto added = hmac_v4_headers(example().what(), who("AK", "SK"), here);
  EXPECT_EQ(header_of(added, "Authorization"),
            "HMAC-SHA256 Credential=AK/20240601/north-1/svc/request, "
            "SignedHeaders=content-type;host;x-content-sha256;x-date, "
            "Signature=9adb5b6a8001223a6964c2932de9371449bf4cca5fd0e6ea9471ad2353169ace");
  EXPECT_EQ(header_of(added, "X-Date"), "20240601T120000Z");
}

TEST(hmac_v4, the_default_port_is_not_signed) {
  prepared made = example();
  const auto plain =
      header_of(hmac_v4_headers(made.what(), who("AK", "SK"), here), "Authorization");
  made.request.headers.push_back({"Host", "open.example.com:443"});
  EXPECT_EQ(header_of(hmac_v4_headers(made.what(), who("AK", "SK"), here), "Authorization"), plain);
  made.request.headers.back().value = "open.example.com:8443";
  EXPECT_NE(header_of(hmac_v4_headers(made.what(), who("AK", "SK"), here), "Authorization"), plain);
}

TEST(hmac_v4, refuses) {
  prepared made = example();
  expect_refused(hmac_v4_headers(made.what(), who("AK", ""), here).error(), errc::auth);
  expect_refused(hmac_v4_target(made.what(), who("AK", "SK-secret", "token"), here).error(),
                 errc::unsupported, "SK-secret");
  made.request.target = "/?X-Signature=1";
  expect_refused(hmac_v4_target(made.what(), who("AK", "SK-secret"), here).error(),
                 errc::invalid_request, "SK-secret");
  made.request.headers.push_back({"x-date", "20240601T120000Z"});
  expect_refused(hmac_v4_headers(made.what(), who("AK", "SK-secret"), here).error(),
                 errc::invalid_request, "SK-secret");
}

}  // namespace
}  // namespace ark::sign
