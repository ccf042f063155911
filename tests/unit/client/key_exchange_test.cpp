// Keys of the built-in rows that are exchanged: how the question proves who asks, and where the
// temporary key goes.
#include <ark/jobs.hpp>

#include "row_client.hpp"

#include <gtest/gtest.h>

namespace ark::testing {
namespace {

constexpr std::string_view first_token = "24.token/1.2592000", second_token = "24.token/2.2592000";
/// The same in a target.
constexpr std::string_view first_sent = "24.token%2F1.2592000",
                           second_sent = "24.token%2F2.2592000";

/// A client of one row that answers the question and the calls as it is told.
struct exchange_client : row_client {
  exchange_client(std::string row, std::string key, std::string question)
      : name(std::move(row)), asks_at(std::move(question)) {
    parts->options.keys = keys_from_map({{name, secret(std::move(key))}});
    net->respond = [this](const net::exchange_request& r) {
      return r.request.target.starts_with(asks_at) ? give(++given) : answer(r);
    };
  }
  call ask(std::string model = "m") const {
    return {.model = name + "/" + std::move(model), .messages = {user("hello")}};
  }
  /// Nothing that was sent holds `text`, but for the bodies and headers of questions.
  void expect_unsent(std::string_view text) const {
    for (const auto& r : requests()) {
      EXPECT_EQ(r.request.target.find(text), std::string::npos);
      if (r.request.target.starts_with(asks_at)) continue;
      EXPECT_EQ(r.request.body.find(text), std::string::npos);
      for (const auto& h : r.request.headers) EXPECT_EQ(h.value.find(text), h.value.npos);
    }
  }

  std::string name, asks_at;
  int given = 0;
  std::function<fake_transport::answer(int)> give;
  std::function<fake_transport::answer(const net::exchange_request&)> answer;
};

void expect_untold(const error& e, std::string_view text) {
  for (const auto& said : {e.message, e.vendor_message, e.vendor_code, e.request_id, to_string(e)})
    EXPECT_EQ(said.find(text), said.npos) << said;
}

/// The first API: OAuth, and an access token in the query.
struct query_client : exchange_client {
  query_client() : exchange_client("qianfan-v1", "an-api-key:a-secret-key", "/oauth/2.0/token") {
    give = [](int number) {
      return toy_client::whole(R"({"access_token":")" +
                               std::string(number == 1 ? first_token : second_token) +
                               R"(","expires_in":2592000})");
    };
    answer = [](const auto&) { return toy_client::whole(R"({"id":"as-1","result":"hi"})"); };
  }
  const net::exchange_request& sent(std::size_t number) const { return requests().at(number); }
};

TEST(key_exchange, an_access_token_is_in_the_query_of_calls) {
  query_client t;
  const client c = t.make();
  const auto r = c.complete(t.ask("ERNIE-4.0-8K"));
  ASSERT_TRUE(r) << to_string(r.error());
  EXPECT_EQ(r->text(), "hi");
  ASSERT_TRUE(c.complete(t.ask("ERNIE-3.5-8K")));
  EXPECT_EQ(t.given, 1) << "one token for all models";
  EXPECT_EQ(t.sent(0).origin.to_string(), "https://aip.baidubce.com");
  EXPECT_EQ(t.sent(0).request.target, "/oauth/2.0/token");
  EXPECT_EQ(t.sent(0).request.body,
            "grant_type=client_credentials&client_id=an-api-key&client_secret=a-secret-key");
  EXPECT_FALSE(wire::has_header(t.sent(0).request.headers, "authorization"));
  EXPECT_EQ(t.sent(1).request.target,
            "/rpc/2.0/ai_custom/v1/wenxinworkshop/chat/completions_pro?access_token=" +
                std::string(first_sent));
  EXPECT_EQ(t.sent(2).request.target,
            "/rpc/2.0/ai_custom/v1/wenxinworkshop/chat/completions?access_token=" +
                std::string(first_sent));
  EXPECT_FALSE(wire::has_header(t.sent(1).request.headers, "authorization"));
  t.expect_unsent("a-secret-key");
  EXPECT_EQ(t.ledger->intents().size(), 2U) << "the exchange is not on record";
}

TEST(key_exchange, a_token_that_ended_is_renewed_once_although_the_status_is_200) {
  for (const int code : {110, 111}) {
    query_client t;
    t.answer = [&](const net::exchange_request& r) {
      if (r.request.target.ends_with(second_sent))
        return toy_client::whole(R"({"id":"as-2","result":"hi"})");
      return toy_client::whole(R"({"error_code":)" + std::to_string(code) +
                               R"(,"error_msg":"Access token invalid"})");
    };
    const auto r = t.make().complete(t.ask());
    ASSERT_TRUE(r) << to_string(r.error());
    EXPECT_EQ(t.given, 2);
    EXPECT_EQ(r->attempts, 2);
  }
}

TEST(key_exchange, a_token_is_renewed_for_a_stream_too) {
  query_client t;
  t.answer = [&](const net::exchange_request& r) {
    if (!r.request.target.ends_with(second_sent))
      return fake_transport::answer{
          .pieces = {
              toy_client::sse({R"({"error_code":111,"error_msg":"Access token expired"})"})}};
    return fake_transport::answer{
        .pieces = {toy_client::sse({R"({"id":"as-2","is_end":true,"result":"hi"})"})}};
  };
  auto s = t.make().stream(t.ask());
  ASSERT_TRUE(s);
  std::string text;
  for (const event& e : *s)
    if (e.kind == event_kind::text) text += e.text;
  EXPECT_FALSE(s->failure()) << to_string(*s->failure());
  EXPECT_EQ(text, "hi");
  EXPECT_EQ(t.given, 2);
}

TEST(key_exchange, a_vendor_that_repeats_the_address_does_not_show_the_token) {
  query_client t;
  const std::string address = "https://aip.baidubce.com/x?access_token=" + std::string(first_sent) +
                              ", that is " + std::string(first_token);
  t.answer = [&](const auto&) {
    return toy_client::whole(R"({"error_code":6,"error_msg":"no right at )" + address +
                             " by a-secret-key\"}");
  };
  const auto refused = t.make().complete(t.ask());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::permission);
  expect_untold(refused.error(), first_token);
  expect_untold(refused.error(), first_sent);
  expect_untold(refused.error(), "a-secret-key");

  t.answer = [&](const auto&) {
    fake_transport::answer moved = toy_client::whole("", 302);
    moved.headers.push_back({"location", address, false});
    return moved;
  };
  const auto redirected = t.make().complete(t.ask());
  ASSERT_FALSE(redirected);
  EXPECT_NE(redirected.error().message.find("redirect"), std::string::npos);
  expect_untold(redirected.error(), first_token);
  expect_untold(redirected.error(), first_sent);
}

TEST(key_exchange, a_token_of_the_users_is_sent_as_it_is_and_not_shown) {
  query_client t;
  t.parts->options.keys = keys_from_map({{"qianfan-v1", secret("24.mine/of=today+")}});
  t.answer = [](const net::exchange_request& r) {
    return toy_client::whole(R"({"error_code":110,"error_msg":")" + r.request.target +
                             R"( 24.mine/of=today+"})");
  };
  const auto r = t.make().complete(t.ask());
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code, errc::auth);
  EXPECT_EQ(t.given, 0);
  ASSERT_EQ(t.requests().size(), 1U);
  EXPECT_TRUE(t.sent(0).request.target.ends_with("?access_token=24.mine%2Fof%3Dtoday%2B"));
  expect_untold(r.error(), "24.mine");
}

TEST(key_exchange, a_refused_question_does_not_show_the_pair) {
  query_client t;
  t.give = [](int) {
    return toy_client::whole(
        R"({"error":"invalid_client","error_description":"bad client_secret=a-secret-key"})", 401);
  };
  const auto r = t.make().complete(t.ask());
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code, errc::auth);
  EXPECT_TRUE(r.error().message.starts_with("nothing was sent"));
  expect_untold(r.error(), "a-secret-key");
  EXPECT_TRUE(t.ledger->all.empty());
}

/// The second API: a question that is signed, and a bearer token.
TEST(key_exchange, a_bearer_token_is_got_with_a_signature) {
  exchange_client t("qianfan", "an-access-key:a-secret-key", "/v1/BCE-BEARER/token");
  t.give = [](int number) {
    return toy_client::whole(R"({"token":"bce-v3/ALTAK-)" + std::to_string(number) +
                             R"(/x","expireTime":"2026-01-01T12:00:00Z"})");
  };
  t.answer = [](const auto&) { return toy_client::whole(chat_json("hi")); };
  const client c = t.make();
  ASSERT_TRUE(c.complete(t.ask()));
  const auto& question = t.requests()[0];
  EXPECT_EQ(question.origin.to_string(), "https://iam.bj.baidubce.com");
  EXPECT_EQ(question.request.method, "GET");
  EXPECT_EQ(question.request.target, "/v1/BCE-BEARER/token?expireInSeconds=43200");
  EXPECT_EQ(wire::find_header(question.request.headers, "x-bce-date"), "2026-01-01T00:00:00Z");
  const auto proof = wire::find_header(question.request.headers, "authorization");
  // Computed with Python's hmac from the algorithm's document.
  EXPECT_EQ(proof,
            "bce-auth-v1/an-access-key/2026-01-01T00:00:00Z/1800/host;x-bce-date/"
            "11256f3c8acae304454b88fc317b1f046ad4a96d6d3e4344edce3f8df76a5ee4");
  EXPECT_EQ(wire::find_header(t.requests()[1].request.headers, "authorization"),
            "Bearer bce-v3/ALTAK-1/x");
  t.expect_unsent("a-secret-key");

  t.os.wall += std::chrono::hours(11);
  ASSERT_TRUE(c.complete(t.ask()));
  EXPECT_EQ(t.given, 1);
  t.os.wall += std::chrono::minutes(51);
  ASSERT_TRUE(c.complete(t.ask())) << "ten minutes before its end";
  EXPECT_EQ(t.given, 2);
}

TEST(key_exchange, a_bearer_token_is_good_for_lists_and_for_auto) {
  exchange_client t("qianfan", "an-access-key:a-secret-key", "/v1/BCE-BEARER/token");
  t.give = [](int) {
    return toy_client::whole(R"({"token":"bce-v3/x/y","expireTime":"2026-01-01T12:00:00Z"})");
  };
  t.answer = [](const auto&) { return toy_client::whole(R"({"data":[{"id":"ernie-x"}]})"); };
  const jobs kept(t.make(), "qianfan");
  const auto listed = kept.models();
  ASSERT_TRUE(listed) << to_string(listed.error());
  EXPECT_EQ(t.requests().at(1).request.target, "/v2/models");
  EXPECT_EQ(wire::find_header(t.requests()[1].request.headers, "authorization"),
            "Bearer bce-v3/x/y");
  EXPECT_TRUE(t.parts->has_key(*t.parts->book->find_vendor("qianfan"))) << "without a project";
}

TEST(key_exchange, an_api_key_of_the_second_api_is_sent_as_it_is) {
  exchange_client t("qianfan", "bce-v3/ALTAK-mine/secret", "/v1/BCE-BEARER/token");
  t.answer = [](const auto&) { return toy_client::whole(chat_json("hi")); };
  ASSERT_TRUE(t.make().complete(t.ask()));
  EXPECT_EQ(wire::find_header(t.requests().at(0).request.headers, "authorization"),
            "Bearer bce-v3/ALTAK-mine/secret");
}

/// A user and a password, and a token that comes and goes in a header.
struct login_client : exchange_client {
  explicit login_client(std::string key = "Account:Eve:pass.wo:rd")
      : exchange_client("pangu-iam", std::move(key), "/v3/auth/tokens") {
    give = [](int number) {
      fake_transport::answer made =
          toy_client::whole(R"({"token":{"expires_at":"2026-01-02T00:00:00.000000Z"}})", 201);
      made.headers.push_back({"X-Subject-Token", "MIItoken-" + std::to_string(number), true});
      return made;
    };
    answer = [](const auto&) { return toy_client::whole(chat_json("hi")); };
  }
};

TEST(key_exchange, a_login_gives_a_token_in_a_header) {
  login_client t;
  ASSERT_TRUE(t.make().complete(t.ask()));
  const auto& question = t.requests()[0];
  EXPECT_EQ(question.origin.to_string(), "https://iam.cn-southwest-2.myhuaweicloud.com");
  EXPECT_EQ(question.request.target, "/v3/auth/tokens");
  EXPECT_NE(question.request.body.find(R"("password":"pass.wo:rd")"), std::string::npos);
  EXPECT_NE(question.request.body.find(R"("project":{"name":"cn-southwest-2"})"),
            std::string::npos);
  const auto& headers = t.requests()[1].request.headers;
  EXPECT_EQ(wire::find_header(headers, "X-Auth-Token"), "MIItoken-1");
  EXPECT_FALSE(wire::has_header(headers, "authorization"));
  t.expect_unsent("pass.wo:rd");
  t.parts->options.vendors["pangu-iam"].project = "mine";
  ASSERT_TRUE(t.make().complete(t.ask()));
  EXPECT_EQ(t.given, 2) << "a token is of one project";
}

TEST(key_exchange, a_password_with_colons_and_dots_is_not_shown) {
  login_client t;
  t.give = [](int) {
    return toy_client::whole(
        R"({"error":{"code":401,"message":"Eve has not pass.wo:rd","title":"Unauthorized"}})", 401);
  };
  const auto r = t.make().complete(t.ask());
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code, errc::auth);
  expect_untold(r.error(), "pass.wo:rd");
}

TEST(key_exchange, a_login_that_is_not_whole_is_told_before_anything_is_sent) {
  login_client t("Account:Eve");
  const auto r = t.make().complete(t.ask());
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code, errc::auth);
  EXPECT_NE(r.error().message.find("DOMAIN:USER:PASSWORD"), std::string::npos);
  EXPECT_TRUE(t.requests().empty());
  EXPECT_FALSE(t.parts->has_key(*t.parts->book->find_vendor("pangu-iam")));
  EXPECT_TRUE(login_client().parts->has_key(*t.parts->book->find_vendor("pangu-iam")));
}

TEST(key_exchange, families_without_certificates_seal_nothing) {
  query_client t;
  call sealed = t.ask();
  sealed.end_to_end_encryption = true;
  const auto r = t.make().complete(sealed);
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code, errc::unsupported);
  EXPECT_TRUE(t.requests().empty());
}

}  // namespace
}  // namespace ark::testing
