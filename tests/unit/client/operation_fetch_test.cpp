// Temporary keys: the row of Volcengine Ark, whose "ID:SECRET" is exchanged.
#include <ark/jobs.hpp>

#include "row_client.hpp"

#include <gtest/gtest.h>

namespace ark::testing {
namespace {

constexpr std::string_view access_id = "AKLTexample", access_secret = "c2VjcmV0LW9mLW1pbmU=";
constexpr std::string_view key_action = "Action=GetApiKey";

/// The vendor gives "tmp-key-1", "tmp-key-2", ... for seven days, and takes only the last one.
struct exchanging_client : row_client {
  exchanging_client() {
    const std::string pair = std::string(access_id) + ":" + std::string(access_secret);
    parts->options.keys = keys_from_map({{"volcengine-ark", secret(pair)}});
    net->respond = [this](const net::exchange_request& r) {
      if (r.request.target.find(key_action) == std::string::npos) return answer_chat(r);
      if (refusal) return *refusal;
      const auto ends = std::chrono::floor<std::chrono::seconds>(os.wall) + std::chrono::days(7);
      return toy_client::whole(R"({"ResponseMetadata":{"RequestId":"r"},"Result":{"ApiKey":")" +
                               last_key(++keys_given) + R"(","ExpiredTime":)" +
                               std::to_string(ends.time_since_epoch().count()) + "}}");
    };
  }
  static std::string last_key(int number) {
    return "tmp-key-" + std::to_string(number) + "-0123456789";
  }
  fake_transport::answer answer_chat(const net::exchange_request& r) const {
    const auto key = wire::find_header(r.request.headers, "authorization");
    if (key == "Bearer " + last_key(keys_given) && !takes_none)
      return toy_client::whole(chat_json("hi"));
    return toy_client::whole(R"({"error":{"code":"AuthenticationError","message":"the key )" +
                                 std::string(key) + R"( is invalid"}})",
                             401);
  }
  static call ask() { return {.model = "volcengine-ark/ep-123", .messages = {user("hello")}}; }

  int keys_given = 0;
  bool takes_none = false;
  std::optional<fake_transport::answer> refusal;
};

bool tells_secret(const std::string& text) {
  return text.find(access_secret) != text.npos || text.find("tmp-key-") != text.npos;
}

void expect_no_secret(const error& e) {
  for (const auto& text : {e.message, e.vendor_message, e.vendor_code, e.request_id, to_string(e)})
    EXPECT_FALSE(tells_secret(text)) << text;
}

TEST(operation_fetch, a_key_is_fetched_once_for_many_calls) {
  exchanging_client t;
  const client c = t.make();
  int done = 0;
  for (int i = 0; i < 3; ++i)
    c.complete_async(exchanging_client::ask(), [&](result<reply> r) { done += r ? 1 : 100; });
  c.run();
  EXPECT_EQ(done, 3);
  ASSERT_TRUE(c.complete(exchanging_client::ask()));
  EXPECT_EQ(t.asked(key_action), 1);
  ASSERT_EQ(t.requests().size(), 5U);
  EXPECT_EQ(t.ledger->intents().size(), 4U) << "the exchange is free and not on record";

  const auto& exchange = t.requests()[0];
  EXPECT_EQ(exchange.origin.to_string(), "https://open.volcengineapi.com");
  EXPECT_EQ(exchange.request.target, "/?Action=GetApiKey&Version=2024-01-01");
  EXPECT_EQ(exchange.request.body,
            R"({"DurationSeconds":604800,"ResourceType":"endpoint","ResourceIds":["ep-123"]})");
  EXPECT_TRUE(
      wire::find_header(exchange.request.headers, "authorization")
          .starts_with("HMAC-SHA256 Credential=AKLTexample/20260101/cn-beijing/ark/request, "
                       "SignedHeaders="));
  for (const auto& r : t.requests()) {
    for (const auto& h : r.request.headers) EXPECT_EQ(h.value.find(access_secret), h.value.npos);
    EXPECT_EQ(r.request.body.find(access_secret), std::string::npos);
  }
  EXPECT_EQ(t.requests()[4].origin.to_string(), "https://ark.cn-beijing.volces.com");
}

TEST(operation_fetch, each_endpoint_has_a_key_of_its_own) {
  exchanging_client t;
  const client c = t.make();
  ASSERT_TRUE(c.complete(exchanging_client::ask()));
  call other = exchanging_client::ask();
  other.model = "volcengine-ark/ep-456";
  ASSERT_TRUE(c.complete(other));
  EXPECT_EQ(t.asked(key_action), 2);
}

TEST(operation_fetch, a_key_is_renewed_ten_minutes_before_its_end) {
  exchanging_client t;
  const client c = t.make();
  ASSERT_TRUE(c.complete(exchanging_client::ask()));
  t.os.wall += std::chrono::days(7) - std::chrono::minutes(11);
  ASSERT_TRUE(c.complete(exchanging_client::ask()));
  EXPECT_EQ(t.asked(key_action), 1);
  t.os.wall += std::chrono::minutes(2);
  ASSERT_TRUE(c.complete(exchanging_client::ask()));
  EXPECT_EQ(t.asked(key_action), 2);
}

TEST(operation_fetch, a_key_that_the_vendor_refuses_is_renewed_once) {
  exchanging_client t;
  const client c = t.make();
  ASSERT_TRUE(c.complete(exchanging_client::ask()));
  ++t.keys_given;  // the first one is void from now on
  const auto r = c.complete(exchanging_client::ask());
  ASSERT_TRUE(r) << to_string(r.error());
  EXPECT_EQ(r->attempts, 2);
  EXPECT_EQ(t.asked(key_action), 2);
  EXPECT_EQ(t.ledger->outcomes().at(1).state, attempt_state::void_);

  t.takes_none = true;
  const auto never = c.complete(exchanging_client::ask());
  ASSERT_FALSE(never);
  EXPECT_EQ(never.error().code, errc::auth);
  EXPECT_EQ(never.error().attempt, 2);
  EXPECT_EQ(t.asked(key_action), 3);
  expect_no_secret(never.error());
}

TEST(operation_fetch, one_attempt_means_one) {
  exchanging_client t;
  t.takes_none = true;
  call once = exchanging_client::ask();
  once.retry.max_attempts = 1;
  ASSERT_FALSE(t.make().complete(once));
  EXPECT_EQ(t.asked("/chat/completions"), 1);
}

TEST(operation_fetch, an_exchange_that_fails_is_an_error_and_nothing_is_on_record) {
  exchanging_client t;
  t.refusal = toy_client::whole(
      R"({"ResponseMetadata":{"RequestId":"q7","Error":{"Code":"SignatureDoesNotMatch",)"
      R"("Message":"made with )" +
          std::string(access_secret) + R"("}}})",
      401);
  const auto r = t.make().complete(exchanging_client::ask());
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code, errc::auth);
  EXPECT_EQ(r.error().vendor_code, "SignatureDoesNotMatch");
  EXPECT_EQ(r.error().request_id, "q7");
  EXPECT_TRUE(r.error().message.starts_with("nothing was sent")) << r.error().message;
  expect_no_secret(r.error());
  EXPECT_TRUE(t.ledger->all.empty());
  EXPECT_EQ(t.asked("/chat/completions"), 0);
}

TEST(operation_fetch, an_answer_without_a_key_is_not_quoted) {
  exchanging_client t;
  t.refusal = toy_client::whole(R"({"Result":{"ApiKey":"tmp-key-9-0123456789"}})");
  const auto r = t.make().complete(exchanging_client::ask());
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code, errc::protocol);
  expect_no_secret(r.error());
  EXPECT_TRUE(t.ledger->all.empty());
}

TEST(operation_fetch, an_exchange_is_made_again_when_its_answer_is_lost) {
  exchanging_client t;
  const auto usual = t.net->respond;
  int lost = 0;
  t.net->respond = [&](const net::exchange_request& r) {
    if (lost++ == 0) return toy_client::whole("bad gateway", 502);
    return usual(r);
  };
  ASSERT_TRUE(t.make().complete(exchanging_client::ask()));
  EXPECT_EQ(t.asked(key_action), 2);
}

TEST(operation_fetch, cancelling_the_only_call_ends_the_exchange) {
  exchanging_client t;
  t.refusal = fake_transport::answer{.pieces = {}, .hangs = true};
  const client c = t.make();
  std::optional<result<reply>> got;
  const auto id = c.complete_async(exchanging_client::ask(), [&](result<reply> r) { got = r; });
  t.loop->drain();
  c.cancel(id);
  t.loop->drain();
  ASSERT_TRUE(got && !*got);
  EXPECT_EQ(got->error().code, errc::cancelled);
  EXPECT_EQ(t.net->inner.aborted, 1);
  EXPECT_TRUE(t.parts->active.empty());
  EXPECT_TRUE(t.ledger->all.empty());
}

TEST(operation_fetch, the_calls_time_limit_holds_while_its_key_is_fetched) {
  exchanging_client t;
  t.refusal = fake_transport::answer{.pieces = {}, .hangs = true};
  call hurried = exchanging_client::ask();
  hurried.timeouts.total = std::chrono::seconds(2);
  const auto begun = t.loop->now;
  const auto r = t.make().complete(hurried);
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code, errc::timeout);
  EXPECT_EQ(t.loop->now - begun, std::chrono::seconds(2));
  EXPECT_TRUE(t.parts->active.empty());
  EXPECT_TRUE(t.ledger->all.empty());
}

TEST(operation_fetch, models_need_a_project) {
  exchanging_client t;
  call model = exchanging_client::ask();
  model.model = "volcengine-ark/doubao-seed-1-6";
  const auto without = t.make().complete(model);
  ASSERT_FALSE(without);
  EXPECT_EQ(without.error().code, errc::auth);
  EXPECT_NE(without.error().message.find("project"), std::string::npos);
  EXPECT_TRUE(t.requests().empty());

  t.parts->options.vendors["volcengine-ark"].project = "mine";
  ASSERT_TRUE(t.make().complete(model));
  EXPECT_NE(t.requests()[0].request.body.find(R"("ResourceType":"presetendpoint")"),
            std::string::npos);
  EXPECT_NE(t.requests()[0].request.body.find(R"("ProjectName":"mine")"), std::string::npos);
  EXPECT_EQ(wire::find_header(t.requests()[1].request.headers, "x-project-name"), "mine");
}

TEST(operation_fetch, auto_chooses_a_pair_only_with_a_project) {
  exchanging_client t;
  const vendor& row = *t.parts->book->find_vendor("volcengine-ark");
  EXPECT_FALSE(t.parts->has_key(row));
  t.parts->options.vendors["volcengine-ark"].project = "mine";
  EXPECT_TRUE(t.parts->has_key(row));
}

TEST(operation_fetch, an_api_key_is_sent_as_it_is) {
  exchanging_client t;
  t.parts->options.keys = keys_from_map({{"volcengine-ark", secret("plain-api-key")}});
  t.net->respond = [](const auto&) { return toy_client::whole(chat_json("hi")); };
  ASSERT_TRUE(t.make().complete(exchanging_client::ask()));
  ASSERT_EQ(t.requests().size(), 1U);
  EXPECT_EQ(wire::find_header(t.requests()[0].request.headers, "authorization"),
            "Bearer plain-api-key");
}

TEST(operation_fetch, a_pair_is_for_the_vendors_own_address_and_for_models) {
  exchanging_client t;
  const jobs kept(t.make(), "volcengine-ark");
  const auto listed = kept.models();
  ASSERT_FALSE(listed);
  EXPECT_EQ(listed.error().code, errc::auth);
  auto& changed = t.parts->options.vendors["volcengine-ark"];
  changed.base_url = "https://elsewhere.example/api/v3";
  changed.key = secret("AK:SK-of-elsewhere");
  t.parts->endpoints.clear();
  const auto r = t.make().complete(exchanging_client::ask());
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code, errc::auth);
  EXPECT_TRUE(t.requests().empty());
}

}  // namespace
}  // namespace ark::testing
