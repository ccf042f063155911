#include "tests/unit/sign/sign_support.hpp"

namespace ark::sign {
namespace {

prepared tc3_request(json::element in) {
  prepared made;
  made.request.method = "POST";
  made.request.target = "/";
  made.request.headers = {{"Content-Type", text(in, "ct")}, {"X-TC-Action", text(in, "action")}};
  made.request.body = text(in, "payload");
  made.origin.host = text(in, "host");
  made.at = at_unix(json::as_integer(member(in, "ts")));
  return made;
}

TEST(tc3, shared_vectors) {
  ARK_SHARED_OR_SKIP(path, "vectors/tencent-tc3.json");
  const auto count = for_each_vector(path, [](json::element vector) {
    const auto in = member(vector, "inputs");
    tc3_options options;
    options.sign_action = member(in, "with_action").get_bool();
    const prepared made = tc3_request(in);
    const auto added = tc3_headers(made.what(), who(text(in, "sid"), text(in, "skey")),
                                   text(in, "service"), options);
    EXPECT_EQ(header_of(added, "Authorization"), text(member(vector, "expected"), "authorization"));
    EXPECT_EQ(header_of(added, "X-TC-Timestamp"),
              std::to_string(json::as_integer(member(in, "ts"))));
  });
  EXPECT_EQ(count, 5u);
}

prepared tc3_example() {
  return {{.method = "POST",
           .target = "/",
           .headers = {{"Content-Type", "application/json"}, {"X-TC-Action", "Do"}},
           .body = "{}"},
          {true, "svc.example.com", 443},
          at_unix(1717243200)};
}

TEST(tc3, example) {
  const auto added = tc3_headers(tc3_example().what(), who("ID", "KEY", "token-1"), "svc");
  EXPECT_EQ(header_of(added, "Authorization"),
            "TC3-HMAC-SHA256 Credential=ID/2024-06-01/svc/tc3_request, "
            "SignedHeaders=content-type;host, "
            "Signature=54bdd49c2f8a95369a7cf9eec6abc932b56a50c8bb05b7266accd3ed999354d3");
  ASSERT_EQ(added->size(), 3u);
  EXPECT_EQ((*added)[1].name, "X-TC-Token");
  EXPECT_TRUE((*added)[1].is_secret);
  EXPECT_TRUE((*added)[2].is_secret);
}

// The day is UTC's, whatever the second.
TEST(tc3, the_day_of_the_last_second_of_a_year) {
  prepared made = tc3_example();
  made.at = at_unix(1735689599) + std::chrono::milliseconds(999);
  EXPECT_NE(header_of(tc3_headers(made.what(), who("ID", "KEY"), "svc"), "Authorization")
                .find("/2024-12-31/"),
            std::string::npos);
}

TEST(tc3, refuses) {
  prepared made = tc3_example();
  expect_refused(tc3_headers(made.what(), who("ID", ""), "svc").error(), errc::auth);
  made.request.headers.erase(made.request.headers.begin());
  expect_refused(tc3_headers(made.what(), who("ID", "KEY-secret"), "svc").error(),
                 errc::invalid_request, "KEY-secret");
  made = tc3_example();
  made.request.headers.push_back({"X-TC-Timestamp", "1"});
  expect_refused(tc3_headers(made.what(), who("ID", "KEY-secret"), "svc").error(),
                 errc::invalid_request, "KEY-secret");
}

}  // namespace
}  // namespace ark::sign
