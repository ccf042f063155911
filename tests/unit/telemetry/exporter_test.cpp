#include "telemetry/exporter.hpp"

#include "base/json.hpp"
#include "facts.hpp"
#include "tests/support/fake_net.hpp"
#include "tests/support/fake_os.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace ark::telemetry {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::fake_loop;
using testing::fake_transport;
using testing::some_attempt;
using testing::some_call;

struct exporter_system : testing::fake_system {
  explicit exporter_system(std::shared_ptr<fake_loop> l) : loop(std::move(l)) {}
  std::chrono::steady_clock::time_point steady_now() override { return loop->now; }
  std::shared_ptr<fake_loop> loop;
};

/// A collector that answers all alike.
struct collector final : net::transport {
  explicit collector(const std::shared_ptr<fake_loop>& l) : inner(l) {}
  std::unique_ptr<net::exchange> start(net::exchange_request request,
                                       net::exchange_handler& handler) override {
    inner.answers = {answer};
    return inner.start(std::move(request), handler);
  }
  counters count() const override { return inner.count(); }
  std::ptrdiff_t asked(std::string_view path) const {
    return std::count_if(inner.requests.begin(), inner.requests.end(),
                         [&](const auto& r) { return r.request.target == path; });
  }
  /// How many spans the request has.
  static std::size_t spans(const net::exchange_request& r) {
    std::size_t n = 0;
    for (auto at = r.request.body.find("\"traceId\""); at != std::string::npos;
         at = r.request.body.find("\"traceId\"", at + 1))
      ++n;
    return n;
  }
  fake_transport inner;
  fake_transport::answer answer{.status = 200, .headers = {}, .pieces = {"{}"}};
};

class exporter_case : public ::testing::Test {
 protected:
  exporter& open(telemetry_options o = {}) {
    o.on_problem = [this](const error& e) { problems.push_back(e.message); };
    made = *exporter::make(std::move(o), {loop, net, &os});
    return *made;
  }
  void call(int n = 1) {
    for (int i = 0; i < n; ++i) {
      made->attempt_ended(some_attempt());
      made->call_ended(some_call());
    }
  }
  bool close() {
    bool closed = false;
    made->close([&] { closed = true; });
    loop->run_until([&] { return closed; });
    return closed;
  }
  static fake_transport::answer down() {
    return {.status = 0,
            .failure = net::exchange_failure{.error = {.message = "connection refused"}}};
  }
  std::shared_ptr<fake_loop> loop = std::make_shared<fake_loop>();
  std::shared_ptr<collector> net = std::make_shared<collector>(loop);
  exporter_system os{loop};
  std::shared_ptr<exporter> made;
  std::vector<std::string> problems;
};

TEST_F(exporter_case, what_came_leaves_together_when_its_time_has_come) {
  open();
  call(3);
  EXPECT_EQ(made->counts().spans_waiting, 6U);
  loop->advance(milliseconds(4990));
  EXPECT_TRUE(net->inner.requests.empty());
  loop->advance(milliseconds(20));
  ASSERT_EQ(net->inner.requests.size(), 2U);
  EXPECT_EQ(net->asked("/v1/traces"), 1);
  EXPECT_EQ(net->asked("/v1/metrics"), 1);
  for (const auto& r : net->inner.requests) EXPECT_TRUE(json::is_valid(r.request.body));
  EXPECT_EQ(collector::spans(net->inner.requests[0]), 6U);
  const auto c = made->counts();
  EXPECT_EQ(c.spans_sent, 6U);
  EXPECT_EQ(c.spans_dropped, 0U);
  EXPECT_EQ(c.spans_waiting, 0U);
  EXPECT_EQ(c.metric_exports, 1U);
  loop->advance(std::chrono::hours(1));
  EXPECT_EQ(net->inner.requests.size(), 2U) << "nothing new, nothing sent";
}

TEST_F(exporter_case, a_full_batch_does_not_wait) {
  open({.max_batch_spans = 4});
  call(2);
  loop->drain();
  EXPECT_EQ(net->asked("/v1/traces"), 1);
  EXPECT_EQ(net->asked("/v1/metrics"), 0);
}

TEST_F(exporter_case, a_long_queue_leaves_in_batches) {
  open({.max_batch_spans = 4});
  call(5);
  EXPECT_TRUE(close());
  std::vector<std::size_t> sizes;
  for (const auto& r : net->inner.requests)
    if (r.request.target == "/v1/traces") sizes.push_back(collector::spans(r));
  EXPECT_EQ(sizes, (std::vector<std::size_t>{4, 4, 2}));
  EXPECT_EQ(made->counts().spans_sent, 10U);
}

TEST_F(exporter_case, what_finds_no_place_is_counted_and_told_once) {
  open({.max_queue_spans = 5});
  net->answer = {.status = 0, .hangs = true};
  call(5);
  EXPECT_EQ(made->counts().spans_dropped, 5U);
  EXPECT_EQ(made->counts().spans_waiting, 5U);
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(problems[0], "telemetry: 1 span was dropped: the queue is full");
}

TEST_F(exporter_case, a_collector_that_is_down_costs_the_batch_after_the_last_attempt) {
  open({.max_attempts = 2});
  net->answer = down();
  call();
  loop->advance(std::chrono::minutes(2));
  const auto c = made->counts();
  EXPECT_EQ(c.spans_dropped, 2U);
  EXPECT_EQ(c.spans_sent, 0U);
  EXPECT_EQ(c.metric_exports_failed, 1U);
  EXPECT_EQ(c.retries, 2U);
  EXPECT_EQ(problems.size(), 2U);
  EXPECT_NE(c.last_problem.find("connection refused"), std::string::npos);
}

TEST_F(exporter_case, sums_that_were_lost_are_in_the_next_export) {
  open({.traces = false, .max_attempts = 1});
  net->answer = down();
  call();
  loop->advance(seconds(6));
  EXPECT_EQ(made->counts().metric_exports_failed, 1U);
  net->answer = {.status = 200, .headers = {}, .pieces = {"{}"}};
  call();
  loop->advance(seconds(6));
  ASSERT_EQ(net->inner.requests.size(), 2U);
  EXPECT_NE(net->inner.requests[1].request.body.find(R"("count":"2")"), std::string::npos);
}

TEST_F(exporter_case, a_partial_success_is_counted_and_final) {
  open();
  net->answer.pieces = {R"({"partialSuccess":{"rejectedSpans":"1","errorMessage":"why"}})"};
  call();
  loop->advance(seconds(60));
  EXPECT_EQ(net->asked("/v1/traces"), 1);
  EXPECT_EQ(made->counts().spans_sent, 1U);
  EXPECT_EQ(made->counts().spans_rejected, 1U);
  EXPECT_EQ(made->counts().spans_dropped, 0U);
}

TEST_F(exporter_case, closing_sends_the_rest_at_once) {
  open();
  call();
  const auto begun = loop->now;
  EXPECT_TRUE(close());
  EXPECT_EQ(made->counts().spans_sent, 2U);
  EXPECT_EQ(made->counts().metric_exports, 1U);
  EXPECT_EQ(loop->now, begun);
}

TEST_F(exporter_case, closing_waits_for_a_silent_collector_no_longer_than_allowed) {
  open({.close_timeout = milliseconds(300)});
  net->answer = {.status = 0, .hangs = true};
  call(1000);
  const auto begun = loop->now;
  EXPECT_TRUE(close());
  EXPECT_EQ(loop->now - begun, milliseconds(300));
  EXPECT_EQ(made->counts().spans_dropped, 2000U);
  EXPECT_EQ(made->counts().spans_waiting, 0U);
}

TEST_F(exporter_case, closing_does_not_wait_for_a_dead_one) {
  open();
  net->answer = down();
  call();
  const auto begun = loop->now;
  EXPECT_TRUE(close());
  EXPECT_EQ(loop->now, begun);
  EXPECT_EQ(made->counts().spans_dropped, 2U);
}

TEST_F(exporter_case, closing_with_nothing_to_send_sends_nothing) {
  open();
  EXPECT_TRUE(close());
  EXPECT_TRUE(net->inner.requests.empty());
}

TEST_F(exporter_case, a_flush_that_ends_early_drops_nothing) {
  open();
  net->answer = {.status = 0, .hangs = true};
  call();
  bool flushed = false;
  made->flush(milliseconds(100), [&] { flushed = true; });
  loop->advance(milliseconds(200));
  EXPECT_TRUE(flushed);
  EXPECT_EQ(made->counts().spans_dropped, 0U);
  EXPECT_EQ(made->counts().spans_waiting, 2U);
}

TEST_F(exporter_case, it_lives_until_its_close_is_over) {
  open();
  call();
  bool closed = false;
  made->close([&] { closed = true; });
  made.reset();
  loop->drain();
  EXPECT_TRUE(closed);
  EXPECT_EQ(net->asked("/v1/traces"), 1);
}

TEST_F(exporter_case, signals_that_are_not_wanted_are_not_sent) {
  open({.metrics = false});
  call();
  EXPECT_TRUE(close());
  EXPECT_EQ(net->asked("/v1/traces"), 1);
  EXPECT_EQ(net->asked("/v1/metrics"), 0);
}

TEST_F(exporter_case, an_unusable_endpoint_is_refused_when_it_is_made) {
  const auto bad = exporter::make({.endpoint = "no url"}, {loop, net, &os});
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().code, errc::config);
}

}  // namespace
}  // namespace ark::telemetry
