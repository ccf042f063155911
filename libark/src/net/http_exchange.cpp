#include "net/http_exchange.hpp"

#include "net/failures.hpp"
#include "net/request_head.hpp"

#include <fmt/format.h>
#include <boost/asio/post.hpp>
#include <utility>

namespace ark::net {
namespace {

// After so many reads the other streams get their turn.
constexpr int reads_in_a_row = 8;
// TLS makes a record of each write: a small request is one.
constexpr std::size_t joined_bytes = 16u << 10;

}  // namespace

http_exchange::http_exchange(std::shared_ptr<network> net, exchange_request request,
                             exchange_handler& handler)
    : net_(std::move(net)), request_(std::move(request)), handler_(&handler) {
  key_ = request_.origin.to_string();
  // A connection that was made under looser rules does not serve stricter ones.
  if (!request_.allow_private) key_ += " public";
}

void http_exchange::start() {
  ++net_->counters.requests;
  boost::asio::post(net_->loop->executor(),
                    net_->loop->turn([self = shared_from_this()] { self->begin(); }));
}

void http_exchange::abort() noexcept {
  handler_ = nullptr;
  if (dialer_) dialer_->abort();
  connection_.reset();
  give_back_place();
}

void http_exchange::give_back_place() noexcept {
  if (std::exchange(counted_, false)) net_->idle.closed(key_);
}

void http_exchange::begin() {
  if (over()) return;
  if (!net_->via) return fail(net_->via.error());
  const proxy* via = net_->via_to(request_.origin);
  request_form form;
  form.absolute = via != nullptr && !request_.origin.tls;
  if (form.absolute) form.proxy_authorization = via->authorization;
  auto head = write_request_head(request_.origin, request_.request, form);
  if (!head) return fail(head.error());
  head_ = std::move(*head);
  acquire();
}

void http_exchange::acquire() {
  const auto now = std::chrono::steady_clock::now();
  while (auto idle = net_->idle.take(key_, now)) {
    counted_ = true;
    if ((*idle)->still_good()) {
      ++net_->counters.reused;
      return use(std::move(*idle));
    }
    idle->reset();
    give_back_place();
  }
  if (!net_->idle.open(key_)) return net_->idle.wait(key_, weak_from_this());
  counted_ = true;
  dial();
}

bool http_exchange::place_free() {
  if (over()) return false;
  boost::asio::post(net_->loop->executor(), net_->loop->turn([self = shared_from_this()] {
    if (!self->over()) self->acquire();
  }));
  return true;
}

void http_exchange::dial() {
  dialer_ = std::make_shared<dialer>(
      net_, dialer::target{request_.origin, request_.allow_private, request_.connect_timeout,
                           request_.tls_timeout, request_.vendor});
  dialer_->start([self = shared_from_this()](result<std::unique_ptr<connection>> made) {
    if (self->over()) return;
    if (!made) return self->fail(made.error());
    self->use(std::move(*made));
  });
}

void http_exchange::use(std::unique_ptr<connection> ready) {
  dialer_.reset();
  connection_ = std::move(ready);
  handler_->on_sending();
  if (!over()) send();
}

void http_exchange::send() {
  if (connection_->tls() != nullptr && request_.request.body.size() <= joined_bytes) {
    head_ += request_.request.body;
    request_.request.body.clear();
  }
  unsent_ = head_.size() + request_.request.body.size();
  send_more();
  // The answer may come before all is sent: an early refusal. So both are waited for.
  if (!over()) await_answer();
}

void http_exchange::send_more() {
  const std::string_view body = request_.request.body;
  while (unsent_ > 0) {
    const std::size_t in_head = unsent_ > body.size() ? unsent_ - body.size() : 0;
    const std::string_view head = std::string_view(head_).substr(head_.size() - in_head);
    request_begun_ = request_begun_ || connection_->tls() != nullptr;
    const io_result wrote =
        connection_->write_some(head, body.substr(body.size() - (unsent_ - in_head)));
    if (wrote.status == io_status::done) {
      request_begun_ = true;
      unsent_ -= wrote.bytes;
      continue;
    }
    if (wrote.status == io_status::want_write || wrote.status == io_status::want_read) {
      auto ready = [self = shared_from_this()](const boost::system::error_code& failure) {
        if (!self->over() && !failure && self->unsent_ > 0) self->send_more();
      };
      return connection_->wait_writable(net_->loop->turn(std::move(ready)));
    }
    if (!write_failed(wrote)) return;
  }
  handler_->on_sent();
}

/// The peer closed before it took all; perhaps it said why first. Then reading goes on (true).
bool http_exchange::write_failed(const io_result& wrote) {
  const io_result got = connection_->read_some(net_->buffer);
  if (got.status != io_status::done) {
    const std::string what = "Sending the request to " + request_.origin.to_string() + " failed";
    fail(connection_->tls() != nullptr && wrote.why == 0 ? connection_->tls()->failure()
                                                         : connection_lost(what, wrote.why));
    return false;
  }
  unsent_ = 0;
  keep_alive_ = false;
  return take(std::span(net_->buffer).first(got.bytes));
}

void http_exchange::await_answer() {
  if (waiting_ || paused_) return;
  waiting_ = true;
  auto ready = [self = shared_from_this()](const boost::system::error_code& failure) {
    self->waiting_ = false;
    if (!self->over() && !failure) self->on_readable();
  };
  connection_->wait_readable(net_->loop->turn(std::move(ready)));
}

void http_exchange::on_readable() {
  for (int i = 0; i < reads_in_a_row; ++i) {
    if (paused_) return;
    const io_result got = connection_->read_some(net_->buffer);
    if (got.status == io_status::want_read) return await_answer();
    if (got.status == io_status::want_write) return await_answer();
    if (got.status != io_status::done) return on_closed(got);
    response_begun_ = true;
    if (!take(std::span(net_->buffer).first(got.bytes))) return;
    // A plain socket that did not fill the buffer is empty; TLS may hold a record back.
    if (connection_->tls() == nullptr && got.bytes < net_->buffer.size()) return await_answer();
  }
  boost::asio::post(net_->loop->executor(), net_->loop->turn([self = shared_from_this()] {
    if (!self->over() && !self->waiting_) self->on_readable();
  }));
}

bool http_exchange::take(std::span<char> bytes) {
  response_begun_ = true;
  if (!body_) {
    std::string_view view(bytes.data(), bytes.size());
    if (!take_head(view)) return !over();
    bytes = bytes.last(view.size());
  }
  return take_body(bytes);
}

/// True when the head is whole and the handler has it.
bool http_exchange::take_head(std::string_view& bytes) {
  auto found = heads_.feed(bytes);
  if (!found) {
    fail(found.error());
    return false;
  }
  if (!*found) return false;
  answer_head& answer = **found;
  const proxy* via = net_->via_to(request_.origin);
  if (answer.head.status == 407 && via != nullptr && !request_.origin.tls) {
    fail(proxy_refusal("The proxy " + via->name(), 407));
    return false;
  }
  auto body = body_reader::of(answer.head, request_.request.method, request_.max_body_bytes);
  if (!body) {
    fail(body.error());
    return false;
  }
  body_.emplace(std::move(*body));
  keep_alive_ = answer.keep_alive && !body_->ends_connection() && unsent_ == 0;
  handler_->on_head(std::move(answer.head));
  return !over();
}

std::function<bool(std::string_view)> http_exchange::to_handler() {
  return [this](std::string_view piece) {
    handler_->on_body(piece);
    return !over() && !paused_;
  };
}

bool http_exchange::take_body(std::span<char> bytes) {
  const auto payload = body_->unframe(bytes);
  if (!payload) {
    fail(payload.error());
    return false;
  }
  const auto decoded = body_->decode(*payload, to_handler());
  if (over()) return false;
  if (!decoded) {
    fail(decoded.error());
    return false;
  }
  if (body_->framing_done()) {
    if (!bytes.empty()) keep_alive_ = false;  // more than was announced: do not trust it again
    if (!body_->holds_rest()) finish(true);
    return false;
  }
  return !paused_;
}

void http_exchange::resume() {
  if (!std::exchange(paused_, false) || over()) return;
  boost::asio::post(net_->loop->executor(), net_->loop->turn([self = shared_from_this()] {
    if (self->over() || self->paused_ || !self->connection_ || self->waiting_) return;
    if (!self->body_) return self->on_readable();
    const auto drained = self->body_->drain(self->to_handler());
    if (self->over()) return;
    if (!drained) return self->fail(drained.error());
    if (self->body_->holds_rest()) return;
    if (self->body_->framing_done()) return self->finish(true);
    self->on_readable();
  }));
}

void http_exchange::on_closed(const io_result& got) {
  if (got.status == io_status::end && body_ && body_->close()) return finish(false);
  const std::string peer = request_.origin.to_string();
  if (body_) {
    return fail(failure(errc::truncated, retry_class::maybe_billed,
                        "The connection to " + peer + " closed before the end of the answer."));
  }
  if (got.status == io_status::failed && got.why != 0) {
    return fail(connection_lost("Reading the answer of " + peer + " failed", got.why));
  }
  if (got.status == io_status::failed) return fail(connection_->tls()->failure());
  if (response_begun_) {
    return fail(failure(errc::truncated, retry_class::maybe_billed,
                        "The connection to " + peer + " closed inside the answer's head."));
  }
  fail(failure(errc::network, retry_class::maybe_billed,
               peer + " closed the connection without an answer."));
}

void http_exchange::finish(bool clean) {
  if (auto whole = body_->check_whole(); !whole) return fail(whole.error());
  if (clean && keep_alive_) {
    connection_->has_served();
    counted_ = false;  // the pool's again
    net_->idle.put(key_, std::move(connection_), std::chrono::steady_clock::now());
  }
  connection_.reset();
  give_back_place();
  std::exchange(handler_, nullptr)->on_end(std::nullopt);
}

void http_exchange::fail(error e) {
  exchange_failure failure{std::move(e), request_begun_, response_begun_,
                           connection_ && connection_->served_before()};
  connection_.reset();
  give_back_place();
  std::exchange(handler_, nullptr)->on_end(std::move(failure));
}

}  // namespace ark::net
