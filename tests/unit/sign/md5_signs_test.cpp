#include "tests/unit/sign/sign_support.hpp"

namespace ark::sign {
namespace {

void check_members(json::element in, json::element expected) {
  const auto at = at_unix(std::stoll(text(in, "timestamp")));
  const auto members = md5_members(who(text(in, "appkey"), text(in, "secret")), at).value();
  EXPECT_EQ(members, (std::vector<std::pair<std::string, std::string>>{
                         {"appkey", text(in, "appkey")},
                         {"timestamp", text(in, "timestamp")},
                         {"signature", text(expected, "signature")}}));
}

void check_md5_headers(json::element in, json::element expected) {
  const auto at = at_unix(std::stoll(text(in, "timestamp")));
  const auto added = md5_headers(who(text(in, "app_key"), text(in, "app_secret")), at);
  const auto wanted = headers_of(member(expected, "headers"));
  EXPECT_EQ(wanted.size(), 3u);
  for (const auto& header : wanted) EXPECT_EQ(header_of(added, header.name), header.value);
}

void check_content_md5(json::element vector) {
  const auto in = member(vector, "inputs");
  prepared made;
  made.request.target = "/";
  append_query_of(made.request.target, member(in, "query"));
  made.request.headers = {{"Accept", "application/json"}, {"Content-Type", "application/json"}};
  made.request.body = text(in, "body");
  made.at = wire::parse_http_date(text(in, "date")).value();
  const auto added =
      content_md5_headers(made.what(), who(text(in, "access_key"), text(in, "access_secret")),
                          text(in, "nonce"), "X-Any-Signature");
  EXPECT_EQ(header_of(added, "Authorization"), text(member(vector, "expected"), "authorization"));
  EXPECT_EQ(header_of(added, "Content-MD5"), text(member(vector, "intermediate"), "content_md5"));
  EXPECT_EQ(header_of(added, "Date"), text(in, "date"));
  EXPECT_EQ(header_of(added, "X-Any-Signature-Nonce"), text(in, "nonce"));
  EXPECT_EQ(header_of(added, "X-Any-Signature-Method"), "HMAC-SHA256");
}

TEST(md5_signs, shared_vectors) {
  ARK_SHARED_OR_SKIP(path, "vectors/simple-mobvoi-skywork-langboat.json");
  std::size_t known = 0;
  for_each_vector(path, [&](json::element vector) {
    const std::string vendor = text(vector, "vendor");
    const auto in = member(vector, "inputs"), expected = member(vector, "expected");
    if (vendor == "mobvoi") {
      check_members(in, expected);
    } else if (vendor == "skywork-tiangong") {
      check_md5_headers(in, expected);
    } else if (vendor == "langboat-mengzi") {
      check_content_md5(vector);
    } else {
      ADD_FAILURE() << "a vector of an unknown kind: " << vendor;
    }
    ++known;
  });
  EXPECT_EQ(known, 3u);
}

TEST(md5_signs, examples) {
  const auto at = at_unix(1717243200);
  EXPECT_EQ(md5_members(who("id", "key"), at).value()[2].second,
            "d9b85273598fe7b014506a0498ccc770");
  EXPECT_EQ(header_of(md5_headers(who("id", "key"), at), "sign"),
            "51994f04884cae5022bf54556d551752");
}

TEST(md5_signs, members_stand_in_front_of_the_bodys_own) {
  const auto at = at_unix(1717243200);
  const std::string front =
      R"({"appkey":"id","timestamp":"1717243200","signature":"d9b85273598fe7b014506a0498ccc770")";
  EXPECT_EQ(md5_body("{}", who("id", "key"), at).value(), front + "}");
  EXPECT_EQ(md5_body(" { } ", who("id", "key"), at).value(), front + " }");
  EXPECT_EQ(md5_body(R"({"a":{"appkey":1}})", who("id", "key"), at).value(),
            front + R"(,"a":{"appkey":1}})");
  for (const char* body : {"", "[]", "7", "{", R"({"timestamp":1})", R"({"a":1,"appkey":""})"})
    expect_refused(md5_body(body, who("id", "key-secret"), at).error(), errc::invalid_request,
                   "key-secret");
  expect_refused(md5_body("{}", who("id", ""), at).error(), errc::auth);
}

prepared content_md5_example() {
  return {{.method = "POST",
           .target = "/?b=2&a=%20",
           .headers = {{"Accept", "application/json"}, {"Content-Type", "application/json"}},
           .body = "{}"},
          {true, "svc.example.com", 443},
          at_unix(1717243200)};
}

// The query is signed decoded.
TEST(md5_signs, example_of_headers_over_the_body) {
  const auto added =
      content_md5_headers(content_md5_example().what(), who("id", "key"), "n1", "X-Any-Signature");
  EXPECT_EQ(header_of(added, "Authorization"), "id:ViPOdEp2aO8Tnv0sGDKPZKG0+YeiUvsSYCnqMWlpQyw=");
  EXPECT_TRUE(added->back().is_secret);
}

TEST(md5_signs, refuse) {
  prepared made = content_md5_example();
  expect_refused(md5_members(who("id", ""), made.at).error(), errc::auth);
  expect_refused(md5_headers(who("", "key-secret"), made.at).error(), errc::auth, "key-secret");
  made.request.headers.pop_back();
  expect_refused(content_md5_headers(made.what(), who("id", "key-secret"), "n", "X").error(),
                 errc::invalid_request, "key-secret");
  made = content_md5_example();
  made.request.headers.push_back({"X-Nonce", "1"});
  expect_refused(content_md5_headers(made.what(), who("id", "key-secret"), "n", "X").error(),
                 errc::invalid_request, "key-secret");
}

}  // namespace
}  // namespace ark::sign
