#include "tests/unit/sign/sign_support.hpp"

namespace ark::sign {
namespace {

TEST(bce_v1, shared_vectors) {
  ARK_SHARED_OR_SKIP(path, "vectors/baidu-bce-v1.json");
  const auto count = for_each_vector(path, [](json::element vector) {
    const auto in = member(vector, "inputs");
    prepared made;
    made.request.method = text(in, "method");
    made.request.target = text(in, "path");
    append_query_of(made.request.target, member(in, "params"));
    made.request.headers = headers_of(member(in, "headers"), "x-bce-date");
    made.at = at_unix(json::as_integer(member(in, "timestamp_unix")));
    bce_v1_options options;
    options.expires = std::chrono::seconds(json::as_integer(member(in, "expiration_seconds")));
    if (const auto chosen = member(in, "headers_to_sign"); chosen.is_array())
      for (const auto name : chosen.get_array())
        options.signed_headers.emplace_back(json::as_text(name));
    const auto added =
        bce_v1_headers(made.what(), who(text(in, "access_key"), text(in, "secret_key")), options);
    EXPECT_EQ(header_of(added, "Authorization"), text(member(vector, "expected"), "authorization"));
    EXPECT_EQ(header_of(added, "x-bce-date"), text(in, "timestamp"));
  });
  EXPECT_EQ(count, 4u);
}

prepared bce_v1_example(std::string target = "/v1/things") {
  return {{.method = "POST",
           .target = std::move(target),
           .headers = {{"Content-Type", "application/json"}, {"Accept", "*/*"}},
           .body = "{}"},
          {true, "svc.example.com", 443},
          at_unix(1717243200)};
}

std::string bce_v1_signed_by(const prepared& made, const credentials& sender) {
  return header_of(bce_v1_headers(made.what(), sender), "Authorization");
}

TEST(bce_v1, example) {
  EXPECT_EQ(bce_v1_signed_by(bce_v1_example(), who("AK", "SK")),
            "bce-auth-v1/AK/2024-06-01T12:00:00Z/1800/content-type;host;x-bce-date/"
            "a07770edf071b246c7b13162aa33fd110283c9ae05837cefcae6de47d585280c");
}

TEST(bce_v1, temporary_credentials_are_signed) {
  const auto added = bce_v1_headers(bce_v1_example().what(), who("AK", "SK", "token"));
  EXPECT_NE(header_of(added, "Authorization").find("x-bce-date;x-bce-security-token/"),
            std::string::npos);
  ASSERT_EQ(added->size(), 3u);
  EXPECT_TRUE((*added)[1].is_secret);
}

TEST(bce_v1, the_query_sorts_as_whole_texts_and_drops_authorization) {
  const auto sender = who("AK", "SK");
  const auto one = bce_v1_signed_by(bce_v1_example("/?a-1=x&a=y"), sender);
  EXPECT_EQ(one, bce_v1_signed_by(bce_v1_example("/?a=y&a-1=x&authorization=z"), sender));
  EXPECT_NE(one, bce_v1_signed_by(bce_v1_example("/?a=y"), sender));
}

TEST(bce_v1, refuses) {
  prepared made = bce_v1_example();
  expect_refused(bce_v1_headers(made.what(), who("", "SK-secret")).error(), errc::auth,
                 "SK-secret");
  bce_v1_options options;
  options.expires = std::chrono::seconds(0);
  expect_refused(bce_v1_headers(made.what(), who("AK", "SK-secret"), options).error(),
                 errc::invalid_request, "SK-secret");
  made.request.headers.push_back({"X-Bce-Date", "x"});
  expect_refused(bce_v1_headers(made.what(), who("AK", "SK-secret")).error(), errc::invalid_request,
                 "SK-secret");
}

}  // namespace
}  // namespace ark::sign
