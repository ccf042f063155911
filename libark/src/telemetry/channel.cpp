#include "telemetry/channel.hpp"

#include "wire/gzip.hpp"

#include <algorithm>

namespace ark::telemetry {

channel::channel(std::shared_ptr<net::loop> l, std::shared_ptr<net::transport> t, os::system& os,
                 target to)
    : loop_(std::move(l)), transport_(std::move(t)), os_(os), to_(std::move(to)) {}

channel::~channel() = default;

void channel::send(std::string body, told done) {
  body_ = to_.gzip ? wire::gzip(body) : std::move(body);
  told_ = std::move(done);
  attempts_ = 0;
  stale_retried_ = false;
  if (!timer_) timer_ = loop_->make_timer();
  attempt();
}

void channel::attempt() {
  waits_until_.reset();
  answer_ = {};
  ++attempts_;
  net::exchange_request request{.origin = to_.origin};
  request.request.method = "POST";
  request.request.target = to_.path;
  request.request.headers = to_.headers;
  request.request.headers.push_back({"user-agent", "libark/" ARK_VERSION, false});
  request.request.headers.push_back({"content-type", "application/json", false});
  if (to_.gzip) request.request.headers.push_back({"content-encoding", "gzip", false});
  request.request.body = body_;
  request.connect_timeout = to_.timeout;
  request.tls_timeout = to_.timeout;
  request.max_body_bytes = 64u << 10;
  request.vendor = "telemetry";
  exchange_ = transport_->start(std::move(request), *this);
  timer_->start(to_.timeout, [this] {
    exchange_.reset();
    answer_ = {.problem = "it did not answer in time"};
    answered();
  });
}

void channel::on_head(wire::http_head head) {
  answer_.status = head.status;
  answer_.headers = std::move(head.headers);
}

void channel::on_body(std::string_view bytes) { answer_.body.append(bytes); }

void channel::on_end(std::optional<net::exchange_failure> failure) {
  exchange_.reset();
  // The collector closed an idle connection at the same moment: no answer was begun.
  if (failure && failure->reused && !failure->response_begun && !stale_retried_) {
    stale_retried_ = true;
    --attempts_;
    return attempt();
  }
  // With a status the request was judged, whatever became of the body.
  if (failure && answer_.status == 0) answer_.problem = failure->error.message;
  answered();
}

bool channel::is_too_late(const delivery_verdict& verdict) const {
  if (!hurry_until_) return false;
  return answer_.status == 0 || os_.steady_now() + verdict.wait > *hurry_until_;
}

void channel::answered() {
  timer_->stop();
  const auto now = std::chrono::time_point_cast<std::chrono::milliseconds>(os_.wall_now());
  auto verdict = judge_delivery(answer_, attempts_, to_.max_attempts, now, os_.random_u64());
  using kind = delivery_verdict::kind;
  if (verdict.what == kind::again && !is_too_late(verdict)) {
    waits_until_ = os_.steady_now() + verdict.wait;
    waits_because_ = std::move(verdict.problem);
    return timer_->start(verdict.wait, [this] { attempt(); });
  }
  end({.delivered = verdict.what == kind::delivered,
       .rejected = verdict.rejected,
       .problem = std::move(verdict.problem)});
}

void channel::hurry(std::chrono::steady_clock::time_point deadline) {
  hurry_until_ = deadline;
  if (waits_until_ && *waits_until_ > deadline) give_up(waits_because_);
}

void channel::give_up(std::string problem) {
  if (!is_busy()) return;
  end({.problem = std::move(problem)});
}

void channel::end(outcome how) {
  how.retries = std::max(attempts_ - 1, 0);
  exchange_.reset();
  timer_->stop();
  waits_until_.reset();
  body_.clear();
  const auto done = std::exchange(told_, nullptr);
  done(how);
}

}  // namespace ark::telemetry
