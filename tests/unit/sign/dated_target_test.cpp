#include "tests/unit/sign/sign_support.hpp"

namespace ark::sign {
namespace {

TEST(dated_target, shared_vectors) {
  ARK_SHARED_OR_SKIP(path, "vectors/iflytek-ws-url.json");
  const auto count = for_each_vector(path, [](json::element vector) {
    const auto in = member(vector, "inputs");
    const std::string url = text(in, "url");
    const auto host = url.find("://") + 3;
    const auto slash = url.find('/', host);
    prepared made;
    made.request.method = text(in, "method");
    made.request.target = url.substr(slash);
    made.origin.host = url.substr(host, slash - host);
    made.at = wire::parse_http_date(text(in, "date")).value();
    const auto target = dated_target(made.what(), who(text(in, "api_key"), text(in, "api_secret")));
    EXPECT_EQ(url.substr(0, slash) + target.value(), text(member(vector, "expected"), "url"));
  });
  EXPECT_EQ(count, 4u);
}

prepared dated_example(std::string target = "/v1/chat") {
  return {{.method = "GET", .target = std::move(target), .headers = {}, .body = ""},
          {true, "ws.example.com", 443},
          at_unix(1717243200)};
}

TEST(dated_target, example) {
  EXPECT_EQ(dated_target(dated_example().what(), who("id", "key")).value(),
            "/v1/"
            "chat?authorization="
            "YXBpX2tleT0iaWQiLCBhbGdvcml0aG09ImhtYWMtc2hhMjU2IiwgaGVhZGVycz0iaG9zdCBkYXRlIHJlcXVlc3"
            "QtbGluZSIsIHNpZ25hdHVyZT0iWHNyZ0cwQVdCY20rVWRicFhYZE1xWWhwZWprWkJCZTlmWHRXblBNNWtjQT0i"
            "&date=Sat%2C+01+Jun+2024+12%3A00%3A00+GMT&host=ws.example.com");
}

TEST(dated_target, keeps_a_query_and_signs_the_port) {
  prepared made = dated_example("/v1/chat?x=1");
  made.origin.port = 8443;
  const auto target = dated_target(made.what(), who("id", "key")).value();
  EXPECT_TRUE(target.starts_with("/v1/chat?x=1&authorization="));
  EXPECT_TRUE(target.ends_with("&host=ws.example.com%3A8443"));
}

TEST(dated_target, refuses) {
  expect_refused(dated_target(dated_example().what(), who("i\"d", "key-secret")).error(),
                 errc::auth, "key-secret");
  expect_refused(dated_target(dated_example("/?date=x").what(), who("id", "key-secret")).error(),
                 errc::invalid_request, "key-secret");
}

}  // namespace
}  // namespace ark::sign
