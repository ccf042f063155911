#include "telemetry/channel.hpp"

#include "tests/support/fake_net.hpp"
#include "tests/support/fake_os.hpp"

#include <gtest/gtest.h>

namespace ark::telemetry {
namespace {

using testing::fake_loop;
using testing::fake_transport;

struct fake_system_on : testing::fake_system {
  explicit fake_system_on(std::shared_ptr<fake_loop> l) : loop(std::move(l)) {}
  std::chrono::steady_clock::time_point steady_now() override { return loop->now; }
  std::shared_ptr<fake_loop> loop;
};

class channel_case : public ::testing::Test {
 protected:
  channel& open(target to = {}) {
    to.origin = {.tls = false, .host = "127.0.0.1", .port = 4318};
    to.path = "/v1/traces";
    made = std::make_unique<channel>(loop, net, os, std::move(to));
    return *made;
  }
  void send(std::string body = "{}") {
    made->send(std::move(body), [this](const channel::outcome& o) { ended.push_back(o); });
  }
  static fake_transport::answer status(int code, std::string body = "{}",
                                       wire::header_list headers = {}) {
    return {.status = code, .headers = std::move(headers), .pieces = {std::move(body)}};
  }
  static fake_transport::answer lost(bool reused) {
    return {.status = 0,
            .failure = net::exchange_failure{
                .error = {.message = "reset"}, .request_begun = true, .reused = reused}};
  }
  std::shared_ptr<fake_loop> loop = std::make_shared<fake_loop>();
  std::shared_ptr<fake_transport> net = std::make_shared<fake_transport>(loop);
  fake_system_on os{loop};
  std::unique_ptr<channel> made;
  std::vector<channel::outcome> ended;
};

TEST_F(channel_case, posts_json_with_its_headers) {
  open({.headers = {{"api-key", "k", true}}});
  net->answers = {status(200)};
  send(R"({"a":1})");
  EXPECT_TRUE(made->is_busy());
  loop->drain();
  ASSERT_EQ(ended.size(), 1U);
  EXPECT_TRUE(ended[0].delivered);
  EXPECT_FALSE(made->is_busy());
  const auto& r = net->requests.at(0);
  EXPECT_EQ(r.request.method, "POST");
  EXPECT_EQ(r.request.target, "/v1/traces");
  EXPECT_EQ(r.request.body, R"({"a":1})");
  EXPECT_EQ(wire::find_header(r.request.headers, "content-type"), "application/json");
  EXPECT_EQ(wire::find_header(r.request.headers, "api-key"), "k");
  EXPECT_EQ(wire::find_header(r.request.headers, "content-encoding"), "");
}

TEST_F(channel_case, compresses_when_told) {
  open({.gzip = true});
  net->answers = {status(200)};
  send(std::string(1000, ' '));
  loop->drain();
  EXPECT_EQ(wire::find_header(net->requests[0].request.headers, "content-encoding"), "gzip");
  EXPECT_TRUE(net->requests[0].request.body.starts_with("\x1f\x8b"));
}

TEST_F(channel_case, waits_as_long_as_the_collector_asks_and_no_less) {
  open();
  net->answers = {status(503, "", {{"retry-after", "7", false}}), status(200)};
  send();
  loop->advance(std::chrono::milliseconds(6990));
  EXPECT_EQ(net->requests.size(), 1U);
  loop->advance(std::chrono::milliseconds(20));
  EXPECT_EQ(net->requests.size(), 2U);
  ASSERT_EQ(ended.size(), 1U);
  EXPECT_TRUE(ended[0].delivered);
  EXPECT_EQ(ended[0].retries, 1);
}

TEST_F(channel_case, gives_up_after_the_last_attempt) {
  open({.max_attempts = 3});
  net->answers = {status(503), status(502), status(504), status(200)};
  send();
  loop->advance(std::chrono::minutes(5));
  EXPECT_EQ(net->requests.size(), 3U);
  ASSERT_EQ(ended.size(), 1U);
  EXPECT_FALSE(ended[0].delivered);
  EXPECT_EQ(ended[0].problem, "the collector answered with status 504");
}

TEST_F(channel_case, a_stale_connection_is_no_attempt) {
  open({.max_attempts = 1});
  net->answers = {lost(true), status(200)};
  send();
  loop->drain();
  ASSERT_EQ(ended.size(), 1U);
  EXPECT_TRUE(ended[0].delivered);
  EXPECT_EQ(ended[0].retries, 0);
}

TEST_F(channel_case, a_status_counts_whatever_becomes_of_the_body) {
  open();
  net->answers = {status(200, "{")};
  net->answers[0].failure = net::exchange_failure{
      .error = {.message = "cut"}, .request_begun = true, .response_begun = true};
  send();
  loop->drain();
  EXPECT_TRUE(ended.at(0).delivered);
  EXPECT_EQ(net->requests.size(), 1U);
}

TEST_F(channel_case, what_does_not_answer_in_time_is_tried_again) {
  open({.timeout = std::chrono::milliseconds(100), .max_attempts = 2});
  net->answers = {{.status = 0, .hangs = true}, status(200)};
  send();
  loop->advance(std::chrono::seconds(10));
  EXPECT_EQ(net->aborted, 1);
  EXPECT_TRUE(ended.at(0).delivered);
}

TEST_F(channel_case, in_a_hurry_a_dead_collector_is_left_at_once) {
  open();
  net->answers = {lost(false), status(200)};
  made->hurry(loop->now + std::chrono::seconds(2));
  send();
  loop->drain();
  ASSERT_EQ(ended.size(), 1U);
  EXPECT_FALSE(ended[0].delivered);
  EXPECT_EQ(net->requests.size(), 1U);
}

TEST_F(channel_case, in_a_hurry_only_short_waits_are_waited) {
  open();
  net->answers = {status(503, "", {{"retry-after", "1", false}}), status(200)};
  made->hurry(loop->now + std::chrono::seconds(2));
  send();
  loop->advance(std::chrono::milliseconds(1100));
  EXPECT_TRUE(ended.at(0).delivered);
  net->answers = {status(503, "", {{"retry-after", "30", false}})};
  send();
  loop->drain();
  EXPECT_FALSE(ended.at(1).delivered);
}

TEST_F(channel_case, a_hurry_ends_a_long_wait_that_was_begun) {
  open();
  net->answers = {status(503, "", {{"retry-after", "30", false}})};
  send();
  loop->drain();
  EXPECT_TRUE(ended.empty());
  made->hurry(loop->now + std::chrono::seconds(2));
  ASSERT_EQ(ended.size(), 1U);
  EXPECT_EQ(ended[0].problem, "the collector answered with status 503");
}

TEST_F(channel_case, what_is_given_up_is_told_once) {
  open();
  net->answers = {{.status = 0, .hangs = true}};
  send();
  loop->drain();
  made->give_up("closed");
  made->give_up("closed");
  loop->advance(std::chrono::minutes(1));
  ASSERT_EQ(ended.size(), 1U);
  EXPECT_EQ(ended[0].problem, "closed");
}

}  // namespace
}  // namespace ark::telemetry
