#include "client/authorize.hpp"

#include "toy.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace ark::testing {
namespace {

constexpr std::string_view signing_id = "AKIDEXAMPLE", signing_secret = "wJalrXUtnFEMI/K7MDENG";

vendor signing_row(auth_kind kind) {
  vendor v;
  v.name = "signed";
  v.auth = kind;
  v.auth_service = "models";
  return v;
}

const std::chrono::system_clock::time_point a_friday =
    std::chrono::sys_days{std::chrono::year{2026} / 11 / 27};

/// The headers that prove who sends, after `authorize` with this key.
wire::header_list proof(auth_kind kind, const std::string& key, const vendor* row = nullptr) {
  wire::http_request request{.method = "POST", .target = "/model/m%3A0/converse"};
  request.headers = {{"content-type", "application/json", false}, {"x-tc-action", "Ask", false}};
  request.body = "{}";
  const vendor made = row != nullptr ? *row : signing_row(kind);
  const wire::origin origin{.host = "models.eu-west-3.host.example", .port = 443};
  const auto done = authorize(made, origin, secret(key), {a_friday}, request);
  if (!done) return {{"error", done.error().message, false}};
  request.headers.erase(request.headers.begin(), request.headers.begin() + 2);
  return request.headers;
}

std::string authorization(auth_kind kind, const std::string& key, const vendor* row = nullptr) {
  const auto headers = proof(kind, key, row);
  const auto found = wire::find_header(headers, "authorization");
  return std::string(found.empty() ? wire::find_header(headers, "error") : found);
}

const std::string signing_pair = std::string(signing_id) + ":" + std::string(signing_secret);

TEST(authorize, plain_keys_stand_in_a_header) {
  EXPECT_EQ(authorization(auth_kind::bearer, "k1"), "Bearer k1");
  vendor row = signing_row(auth_kind::header);
  row.auth_header = "x-api-key";
  const auto headers = proof(auth_kind::header, "k1", &row);
  ASSERT_EQ(headers.size(), 1u);
  EXPECT_EQ(headers[0].name, "x-api-key");
  EXPECT_EQ(headers[0].value, "k1");
  EXPECT_TRUE(headers[0].is_secret);
  EXPECT_TRUE(proof(auth_kind::none, "k1").empty());
  EXPECT_TRUE(proof(auth_kind::bearer, "").empty());
}

TEST(authorize, a_dated_target_is_signed_and_no_header_is_added) {
  const vendor row = signing_row(auth_kind::dated_target);
  wire::http_request request{.method = "GET", .target = "/v4.0/chat"};
  const wire::origin origin{.host = "socket.example", .port = 443};
  ASSERT_TRUE(authorize(row, origin, secret(signing_pair), {a_friday}, request));
  EXPECT_TRUE(request.headers.empty());
  EXPECT_TRUE(request.target.starts_with("/v4.0/chat?authorization=")) << request.target;
  EXPECT_TRUE(
      request.target.ends_with("&date=Fri%2C+27+Nov+2026+00%3A00%3A00+GMT"
                               "&host=socket.example"))
      << request.target;
  const auto refused = authorize(row, origin, secret("no-pair-key"), {a_friday}, request);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::auth);
  EXPECT_TRUE(signs_requests(row));
}

TEST(authorize, a_key_may_stand_in_the_query) {
  vendor row = signing_row(auth_kind::query);
  row.auth_header = "access_token";
  wire::http_request request{.method = "POST", .target = "/chat/m?v=1"};
  const wire::origin origin{.host = "models.example", .port = 443};
  ASSERT_TRUE(authorize(row, origin, secret("24.a/b"), {a_friday}, request));
  EXPECT_EQ(request.target, "/chat/m?v=1&access_token=24.a%2Fb");
  EXPECT_TRUE(request.headers.empty());
  EXPECT_TRUE(signs_requests(row)) << "each attempt has its own";
}

TEST(authorize, a_key_that_is_no_pair_goes_into_the_rows_header) {
  vendor row = signing_row(auth_kind::sdk_hmac);
  row.auth_header = "X-Apig-AppCode";
  const auto plain = proof(auth_kind::sdk_hmac, "an-api-key", &row);
  ASSERT_EQ(plain.size(), 1u);
  EXPECT_EQ(plain[0].name, "X-Apig-AppCode");
  EXPECT_EQ(plain[0].value, "an-api-key");
  EXPECT_TRUE(plain[0].is_secret);
  EXPECT_TRUE(
      authorization(auth_kind::sdk_hmac, signing_pair, &row).starts_with("SDK-HMAC-SHA256 "));
}

TEST(authorize, questions_for_temporary_keys) {
  const auto asked = [](dialect::key_proof proof, const std::string& key,
                        const std::string& service) {
    vendor row = signing_row(auth_kind::bearer);
    row.auth_service = service;
    wire::http_request request{.method = "GET", .target = "/token?life=5"};
    const wire::origin origin{.host = "keys.eu-west-3.example", .port = 443};
    const auto ok = sign_exchange(row, origin, proof, secret(key), a_friday, request);
    if (!ok) return std::string(to_string(ok.error().code));
    return std::string(wire::find_header(request.headers, "authorization"));
  };
  using enum dialect::key_proof;
  EXPECT_TRUE(asked(hmac_v4, signing_pair, "models")
                  .starts_with("HMAC-SHA256 Credential=AKIDEXAMPLE/20261127/eu-west-3/models/"));
  EXPECT_TRUE(
      asked(bce_v1, signing_pair, "")
          .starts_with("bce-auth-v1/AKIDEXAMPLE/2026-11-27T00:00:00Z/1800/host;x-bce-date/"));
  EXPECT_EQ(asked(in_body, "a:b:c", ""), "");
  EXPECT_EQ(asked(hmac_v4, signing_pair, ""), "config");
  EXPECT_EQ(asked(bce_v1, "no-pair", ""), "auth");
}

TEST(authorize, sigv4_takes_the_region_from_the_host_or_the_row) {
  EXPECT_TRUE(authorization(auth_kind::sigv4, signing_pair)
                  .starts_with("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261127/eu-west-3/models/"
                               "aws4_request, SignedHeaders="));
  vendor row = signing_row(auth_kind::sigv4);
  row.auth_region = "us-east-2";
  EXPECT_NE(authorization(auth_kind::sigv4, signing_pair, &row).find("/us-east-2/models/"),
            std::string::npos);
  const auto with_token = proof(auth_kind::sigv4, signing_pair + ":to:ken==");
  EXPECT_EQ(wire::find_header(with_token, "x-amz-security-token"), "to:ken==");
  EXPECT_EQ(authorization(auth_kind::sigv4, "an-api-key"), "Bearer an-api-key");
}

TEST(authorize, the_other_signatures) {
  const std::string tc3 = authorization(auth_kind::tc3, signing_pair);
  EXPECT_TRUE(
      tc3.starts_with("TC3-HMAC-SHA256 Credential=AKIDEXAMPLE/2026-11-27/models/"
                      "tc3_request, SignedHeaders=content-type;host, "))
      << tc3;
  const std::string sdk = authorization(auth_kind::sdk_hmac, signing_pair);
  EXPECT_TRUE(sdk.starts_with("SDK-HMAC-SHA256 Access=AKIDEXAMPLE, SignedHeaders=")) << sdk;
  for (const auto kind : {auth_kind::tc3, auth_kind::sdk_hmac})
    EXPECT_NE(authorization(kind, "an-api-key").find("must be \"ID:SECRET\""), std::string::npos);
}

const std::chrono::system_clock::time_point a_saturday{std::chrono::seconds(1717243200)};

/// A request with this body after `authorize` with the key "id:key".
result<wire::http_request> md5_signed(auth_kind kind, std::string body,
                                      const std::string& key = "id:key") {
  vendor row = signing_row(kind);
  row.auth_header = "X-A-Signature";
  wire::http_request request{.method = "POST", .target = "/?b=2&a=1"};
  request.headers = {{"content-type", "application/json", false},
                     {"accept", "application/json", false}};
  request.body = std::move(body);
  const auto done = authorize(row, {.host = "a.example"}, secret(key), {a_saturday, 7}, request);
  if (!done) return done.error();
  return request;
}

TEST(authorize, md5_stands_in_headers) {
  const auto request = md5_signed(auth_kind::md5_headers, "{}");
  ASSERT_TRUE(request) << request.error().message;
  EXPECT_EQ(wire::find_header(request->headers, "app_key"), "id");
  EXPECT_EQ(wire::find_header(request->headers, "timestamp"), "1717243200");
  EXPECT_EQ(wire::find_header(request->headers, "sign"), "51994f04884cae5022bf54556d551752");
  EXPECT_EQ(request->body, "{}");
}

TEST(authorize, md5_stands_in_the_body) {
  const std::string sign = "d9b85273598fe7b014506a0498ccc770";
  const auto request = md5_signed(auth_kind::md5_members, R"({"signatures":["\"signature\":"]})");
  ASSERT_TRUE(request) << request.error().message;
  EXPECT_EQ(request->body, R"({"appkey":"id","timestamp":"1717243200","signature":")" + sign +
                               R"(","signatures":["\"signature\":"]})");
  EXPECT_EQ(request->headers.size(), 2u);
  const vendor row = signing_row(auth_kind::md5_members);
  EXPECT_EQ(body_proof(row, request->body), sign);
  EXPECT_EQ(body_proof(row, "{}"), "");
  EXPECT_EQ(body_proof(signing_row(auth_kind::md5_headers), request->body), "");
  EXPECT_EQ(md5_signed(auth_kind::md5_members, "[]").error().code, errc::invalid_request);
}

TEST(authorize, the_bodys_md5_the_query_and_a_nonce_are_signed) {
  const auto request = md5_signed(auth_kind::content_md5, "{}");
  ASSERT_TRUE(request) << request.error().message;
  EXPECT_EQ(wire::find_header(request->headers, "content-md5"), "mZFLkyvTelC5g8XnyQrpOw==");
  EXPECT_EQ(wire::find_header(request->headers, "x-a-signature-nonce"), "7");
  EXPECT_TRUE(wire::find_header(request->headers, "authorization").starts_with("id:"));
  EXPECT_EQ(request->body, "{}") << "what is sent is what was hashed";
}

TEST(authorize, md5_has_no_session_tokens) {
  for (const auto kind : {auth_kind::md5_headers, auth_kind::md5_members, auth_kind::content_md5}) {
    EXPECT_TRUE(signs_requests(signing_row(kind)));
    for (const char* key : {"plain-key", "id:key-secret:token"}) {
      const auto refused = md5_signed(kind, "{}", key);
      ASSERT_FALSE(refused);
      EXPECT_EQ(refused.error().code, errc::auth);
      EXPECT_NE(refused.error().message.find("must be \"ID:SECRET\","), std::string::npos);
      EXPECT_EQ(refused.error().message.find("key-secret"), std::string::npos);
    }
  }
}

TEST(authorize, tokens_are_made_of_two_parts_and_plain_keys_pass) {
  const std::string made = authorization(auth_kind::api_key_jwt, "id.secret-secret");
  EXPECT_TRUE(made.starts_with("Bearer eyJ")) << made;
  EXPECT_EQ(std::count(made.begin(), made.end(), '.'), 2);
  EXPECT_TRUE(authorization(auth_kind::issuer_jwt, "id.secret-secret").starts_with("Bearer eyJ"));
  EXPECT_EQ(authorization(auth_kind::api_key_jwt, "plain"), "Bearer plain");
}

TEST(authorize, secrets_are_marked_and_never_shown) {
  for (const auto kind : {auth_kind::sigv4, auth_kind::tc3, auth_kind::sdk_hmac})
    for (const auto& header : proof(kind, signing_pair + ":session-token"))
      EXPECT_EQ(header.value.find(signing_secret), std::string::npos) << header.name;
  const secret key(signing_pair + ":session-token");
  EXPECT_EQ(secret_parts(key), (std::vector<std::string_view>{key.reveal_secret(), signing_secret,
                                                              "session-token", "session-token"}));
  const secret login("domain:user:pass.wo:rd");
  const auto parts = secret_parts(login);
  EXPECT_NE(std::find(parts.begin(), parts.end(), "pass.wo:rd"), parts.end());
}

TEST(authorize, each_attempt_is_signed_with_its_own_time) {
  toy_client t;
  t.book->row.auth = auth_kind::sigv4;
  t.book->row.auth_service = "models";
  t.parts->options.keys = keys_from_map({{"toy", secret(signing_pair)}});
  t.net->answers = {t.whole("slow down", 429), t.whole("hi 1 1")};
  const client c = t.make();
  std::optional<result<reply>> got;
  c.complete_async(hello(), [&](result<reply> r) { got = std::move(r); });
  t.loop->drain();
  ASSERT_EQ(t.net->requests.size(), 1u);
  t.os.wall += std::chrono::seconds(2);
  t.loop->advance(std::chrono::seconds(2));
  t.loop->drain();
  ASSERT_TRUE(got && *got) << (got ? (*got).error().message : "no answer");
  ASSERT_EQ(t.net->requests.size(), 2u);
  std::vector<std::string> dates;
  for (const auto& sent : t.net->requests) {
    const auto& headers = sent.request.headers;
    EXPECT_TRUE(wire::find_header(headers, "authorization").starts_with("AWS4-HMAC-SHA256 "));
    dates.emplace_back(wire::find_header(headers, "x-amz-date"));
  }
  EXPECT_NE(dates[0], dates[1]);
}

TEST(authorize, a_key_that_cannot_sign_is_told_before_anything_is_recorded) {
  toy_client t;
  t.book->row.auth = auth_kind::tc3;
  t.book->row.auth_service = "models";
  t.parts->options.keys = keys_from_map({{"toy", secret("an-api-key")}});
  const auto r = t.make().complete(hello());
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code, errc::auth);
  EXPECT_EQ(r.error().message.find("an-api-key"), std::string::npos);
  EXPECT_TRUE(t.ledger->intents().empty());
  EXPECT_TRUE(t.net->requests.empty());
}

TEST(authorize, a_vendor_that_repeats_the_secret_does_not_show_it) {
  toy_client t;
  t.book->row.auth = auth_kind::sigv4;
  t.book->row.auth_service = "models";
  t.parts->options.keys = keys_from_map({{"toy", secret(signing_pair)}});
  t.net->answers = {t.whole("bad secret " + std::string(signing_secret), 401)};
  const auto r = t.make().complete(hello());
  ASSERT_FALSE(r);
  EXPECT_EQ(to_string(r.error()).find(signing_secret), std::string::npos);
  EXPECT_EQ(r.error().vendor_message.find(signing_secret), std::string::npos);
}

TEST(authorize, a_vendor_that_repeats_a_token_does_not_show_it) {
  toy_client t;
  t.book->row.auth = auth_kind::api_key_jwt;
  t.parts->options.keys = keys_from_map({{"toy", secret("id.secret-secret")}});
  const std::string token = authorization(auth_kind::api_key_jwt, "id.secret-secret")
                                .substr(std::string("Bearer ").size());
  // The toy's clock stands where the proof's does, so that the token is the same.
  t.os.wall = a_friday;
  t.net->answers = {t.whole("bad token " + token, 401)};
  const auto r = t.make().complete(hello());
  ASSERT_FALSE(r);
  ASSERT_EQ(t.net->requests.size(), 1u);
  EXPECT_EQ(wire::find_header(t.net->requests[0].request.headers, "authorization"),
            "Bearer " + token);
  EXPECT_EQ(r.error().vendor_message, "bad token ***");
}

}  // namespace
}  // namespace ark::testing
