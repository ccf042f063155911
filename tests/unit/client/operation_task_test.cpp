#include "base/limits.hpp"
#include "task_client.hpp"

#include <gtest/gtest.h>

namespace ark::testing {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(operation_task, is_one_attempt_however_often_it_is_asked_for) {
  task_client t;
  t.net->answers = {t.word("begin t1"), t.word("again"), t.word("begin t1", {{"retry-after", "3"}}),
                    t.word("done https://e.test/cat")};
  const auto begun = t.loop->now;
  const auto r = t.make().image(t.draw());
  ASSERT_TRUE(r) << to_string(r.error());
  EXPECT_EQ(r->images.at(0).url, "https://e.test/cat");
  EXPECT_EQ(r->task_id, "t1");
  EXPECT_EQ(r->attempts, 1);
  EXPECT_EQ(r->cost.value.to_string(), "0.02");
  ASSERT_EQ(t.net->requests.size(), 4U);
  EXPECT_EQ(t.asked(0), "POST https://toy.example/v1/draw");
  for (const std::size_t i : {1U, 2U, 3U}) {
    EXPECT_EQ(t.asked(i), "GET https://toy.example/v1/tasks/t1");
    const auto& request = t.net->requests[i].request;
    EXPECT_EQ(wire::find_header(request.headers, "authorization"), "Bearer toy-key-1234567890");
    EXPECT_EQ(wire::find_header(request.headers, "content-type"), "") << "of the call, not of this";
    EXPECT_EQ(request.body, "");
  }
  EXPECT_EQ(t.loop->now - begun, milliseconds(1000 + 1500 + 3000));
  ASSERT_EQ(t.ledger->intents().size(), 1U);
  ASSERT_EQ(t.ledger->outcomes().size(), 1U);
  const auto outcome = t.ledger->outcomes()[0];
  EXPECT_EQ(outcome.state, attempt_state::settled);
  EXPECT_EQ(outcome.cost, r->cost);
  EXPECT_EQ(outcome.request_id, "t1") << "by which the vendor knows it";
}

TEST(operation_task, questions_that_are_lost_are_asked_again) {
  task_client t;
  t.net->answers = {t.word("begin t1"), t.lost(),          t.whole("boom", 500),
                    t.whole("{}", 429), t.word("garbage"), t.word("done u")};
  const auto r = t.make().image(t.draw());
  ASSERT_TRUE(r) << to_string(r.error());
  EXPECT_EQ(t.net->requests.size(), 6U);
  EXPECT_EQ(t.ledger->intents().size(), 1U);
  EXPECT_EQ(t.ledger->outcomes().at(0).state, attempt_state::settled);
  ASSERT_EQ(r->notes.size(), 4U);
  EXPECT_EQ(r->notes[0], "a question for the task failed (network) and was asked again");
}

TEST(operation_task, is_lost_when_nobody_answers_and_the_error_names_it) {
  task_client t;
  t.net->answers = {t.word("begin t1")};
  for (int i = 0; i < limits::lost_questions; ++i) t.net->answers.push_back(t.lost());
  auto call = t.draw();
  call.retry.allow_billed = true;
  const auto r = t.make().image(std::move(call));
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code, errc::network);
  EXPECT_EQ(r.error().retry, retry_class::maybe_billed);
  EXPECT_NE(r.error().message.find("ask for the task t1 later (task_id)"), std::string::npos);
  EXPECT_EQ(t.net->requests.size(), 1U + limits::lost_questions);
  EXPECT_EQ(std::count_if(t.net->requests.begin(), t.net->requests.end(),
                          [](const auto& q) { return q.request.method == "POST"; }),
            1)
      << "what costs money is never repeated";
  ASSERT_EQ(t.ledger->outcomes().size(), 1U);
  const auto outcome = t.ledger->outcomes()[0];
  EXPECT_EQ(outcome.state, attempt_state::ambiguous);
  EXPECT_EQ(outcome.cost.status, cost_status::interval);
  EXPECT_EQ(outcome.cost.high.to_string(), "0.02");
  EXPECT_EQ(outcome.request_id, "t1");
}

TEST(operation_task, a_refused_question_ends_the_call_and_says_nothing_of_the_bill) {
  task_client t;
  t.net->answers = {t.word("begin t1"), t.whole("no", 400)};
  const auto r = t.make().image(t.draw());
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().http_status, 400);
  EXPECT_EQ(r.error().retry, retry_class::never);
  EXPECT_EQ(t.net->requests.size(), 2U);
  EXPECT_EQ(t.ledger->outcomes().at(0).state, attempt_state::ambiguous) << "a 4xx, but not to it";
}

TEST(operation_task, a_question_that_was_never_sent_does_not_make_the_task_void) {
  task_client t;
  net::exchange_failure refused{
      .error = {.code = errc::tls, .retry = retry_class::never, .message = "bad certificate"}};
  t.net->answers = {t.word("begin t1"), {.failure = refused}};
  ASSERT_FALSE(t.make().image(t.draw()));
  EXPECT_EQ(t.ledger->outcomes().at(0).state, attempt_state::ambiguous);
}

TEST(operation_task, the_total_time_covers_all_questions) {
  task_client t;
  t.net->answers.push_back(t.word("begin t1"));
  for (int i = 0; i < 50; ++i) t.net->answers.push_back(t.word("again"));
  auto call = t.draw();
  call.timeouts.total = seconds(20);
  const auto begun = t.loop->now;
  const auto r = t.make().image(std::move(call));
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code, errc::timeout);
  EXPECT_NE(r.error().message.find("task t1"), std::string::npos);
  EXPECT_EQ(t.loop->now - begun, seconds(20));
  EXPECT_EQ(t.net->aborted, 0);
  EXPECT_EQ(t.ledger->outcomes().at(0).state, attempt_state::ambiguous);
}

TEST(operation_task, a_question_without_an_answer_ends_with_the_total_time) {
  task_client t;
  t.net->answers = {t.word("begin t1"), {.pieces = {}, .hangs = true}};
  auto call = t.draw();
  call.timeouts.total = seconds(20);
  const auto begun = t.loop->now;
  const auto r = t.make().image(std::move(call));
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code, errc::timeout);
  EXPECT_EQ(t.loop->now - begun, seconds(20));
  EXPECT_EQ(t.net->aborted, 1);
}

TEST(operation_task, cancelled_while_it_is_made) {
  task_client t;
  t.net->answers = {t.word("begin t1")};
  std::optional<result<image_reply>> got;
  const client c = t.make();
  const auto id = c.image_async(t.draw(), [&](result<image_reply> r) { got = std::move(r); });
  t.loop->drain();
  c.cancel(id);
  t.loop->drain();
  ASSERT_TRUE(got && !*got);
  EXPECT_EQ(got->error().code, errc::cancelled);
  EXPECT_NE(got->error().message.find("task t1"), std::string::npos);
  EXPECT_EQ(t.net->requests.size(), 1U);
  EXPECT_EQ(t.ledger->outcomes().at(0).state, attempt_state::ambiguous);
}

TEST(operation_task, that_failed_is_neither_asked_for_nor_begun_again) {
  task_client t;
  t.net->answers = {t.word("begin t1"), t.word("failed"), t.word("begin t2")};
  auto call = t.draw();
  call.retry.allow_billed = true;
  const auto r = t.make().image(std::move(call));
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().message, "it was not made (task t1)");
  EXPECT_EQ(t.net->requests.size(), 2U);
  EXPECT_EQ(t.ledger->outcomes().at(0).state, attempt_state::ambiguous);
}

TEST(operation_task, a_call_that_begins_nothing_fails_as_any_other) {
  task_client t;
  t.net->answers = {t.whole("{}", 429), t.word("begin t1"), t.word("done u")};
  const auto r = t.make().image(t.draw());
  ASSERT_TRUE(r) << to_string(r.error());
  EXPECT_EQ(r->attempts, 2);
  EXPECT_EQ(t.ledger->outcomes().at(0).state, attempt_state::void_);
}

TEST(operation_task, what_is_made_is_fetched_at_once) {
  task_client t;
  t.net->answers = {t.word("begin t1"), t.word("fetch f9"), t.word("done u")};
  const auto begun = t.loop->now;
  ASSERT_TRUE(t.make().image(t.draw()));
  EXPECT_EQ(t.asked(2), "GET https://toy.example/v1/files/f9");
  EXPECT_EQ(t.loop->now - begun, seconds(1));
}

TEST(operation_task, an_answer_that_begins_nothing_is_not_repeated) {
  task_client t;
  t.net->answers = {t.word("again"), t.word("done u")};
  const auto r = t.make().image(t.draw());
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code, errc::protocol);
  EXPECT_EQ(t.net->requests.size(), 1U);
}

// T12
TEST(operation_task, is_asked_for_where_the_vendor_says_if_the_key_may_go_there) {
  task_client t;
  t.book->row.media.task_hosts = {".toy.example"};
  t.net->answers = {t.word("at https://eu4.toy.example/v1/get?id=7"), t.word("again"),
                    t.word("done u")};
  const auto r = t.make().image(t.draw());
  ASSERT_TRUE(r) << to_string(r.error());
  EXPECT_EQ(t.asked(1), "GET https://eu4.toy.example/v1/get?id=7");
  EXPECT_EQ(t.asked(2), t.asked(1));
  EXPECT_EQ(r->task_id, "https://eu4.toy.example/v1/get?id=7");
  for (const char* elsewhere :
       {"at https://toy.example.evil.test/x", "at https://evil.test/.toy.example/x",
        "at http://eu4.toy.example/x", "at https://eu4.toy.example:8443/x",
        "at https://toyexample/x", "at https://u@eu4.toy.example/x"}) {
    t.net->requests.clear();
    t.net->answers = {t.word(elsewhere)};
    const auto refused = t.make().image(t.draw());
    ASSERT_FALSE(refused) << elsewhere;
    EXPECT_EQ(refused.error().code, errc::protocol) << elsewhere;
    EXPECT_EQ(t.net->requests.size(), 1U) << elsewhere;
    EXPECT_EQ(t.ledger->outcomes().back().state, attempt_state::ambiguous);
  }
}

// T12
TEST(operation_task, a_users_base_url_is_asked_alone) {
  task_client t;
  t.book->row.media.task_hosts = {".toy.example"};
  t.parts->options.vendors["toy"] = {.base_url = "https://proxy.test/v1", .key = secret("k")};
  t.net->answers = {t.word("at https://eu4.toy.example/get")};
  ASSERT_FALSE(t.make().image(t.draw()));
  EXPECT_EQ(t.net->requests.size(), 1U);
  // What the row's own origin is, stands for the user's.
  t.net->answers = {t.word("at https://toy.example/v1/get"), t.word("done u")};
  ASSERT_TRUE(t.make().image(t.draw()));
  EXPECT_EQ(t.asked(2), "GET https://proxy.test/v1/get");
}

TEST(operation_task, an_earlier_one_is_only_asked_for) {
  task_client t;
  t.net->answers = {t.lost(), t.word("again"), t.word("done u")};
  const auto r = t.make().image({.model = "toy/m1", .task_id = "t1"});
  ASSERT_TRUE(r) << to_string(r.error());
  EXPECT_EQ(r->images.at(0).url, "u");
  EXPECT_EQ(r->task_id, "t1");
  EXPECT_EQ(r->cost.status, cost_status::void_) << "it was paid for by the call that began it";
  for (const std::size_t i : {0U, 1U, 2U})
    EXPECT_EQ(t.asked(i), "GET https://toy.example/v1/tasks/t1");
  EXPECT_TRUE(t.ledger->all.empty());
}

TEST(operation_task, an_earlier_one_that_the_vendor_does_not_know) {
  task_client t;
  t.net->answers = {t.whole("no", 400)};
  const auto r = t.make().image({.model = "toy/m1", .task_id = "t1"});
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().message, "bad (task t1)") << "nothing was begun, nothing is billed";
  EXPECT_EQ(t.net->requests.size(), 1U);
  EXPECT_TRUE(t.ledger->all.empty());
}

TEST(operation_task, a_video_is_billed_by_the_seconds_asked_for_where_nobody_counts) {
  task_client t;
  t.net->answers = {t.word("begin v1"), t.word("done u")};
  const auto r = t.make().video({.model = "toy/m1", .prompt = "a storm", .duration_s = 8});
  ASSERT_TRUE(r) << to_string(r.error());
  EXPECT_EQ(r->videos.at(0).url, "u");
  EXPECT_EQ(r->cost.value.to_string(), "0.8");
  EXPECT_EQ(t.ledger->intents().at(0).operation, "video");
  EXPECT_EQ(t.ledger->intents().at(0).quote.high.to_string(), "0.8");
  EXPECT_NE(r->notes.at(0).find("seconds asked for"), std::string::npos);
}

}  // namespace
}  // namespace ark::testing
