#include "net/http_exchange.hpp"

#include "net/failures.hpp"
#include "net/request_head.hpp"
#include "os/os.hpp"

#include <fmt/format.h>
#include <array>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <cstring>
#include <utility>

namespace ark::net {
namespace {

// After so many reads the other streams get their turn.
constexpr int reads_in_a_row = 8;
// TLS makes a record of each write: a small request is one.
constexpr std::size_t joined_bytes = 16u << 10;
// A peer that sends pings and does not read gets no more pongs: not all need one (RFC 6455, 5.5.3).
constexpr std::size_t most_unsent_pongs = 64u << 10;
// More than a round trip to anywhere (300 ms around the world): a reset has come by then.
constexpr std::chrono::milliseconds reset_wait{400};

bool is_reset(int why) noexcept { return why == ECONNRESET || why == EPIPE; }

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
  reset_wait_.reset();
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
  if (request_.request.websocket) {
    message_ = std::exchange(request_.request.body, {});
    websocket_key_ = wire::websocket_key({os::real().random_u64(), os::real().random_u64()});
    wire::add_websocket_headers(request_.request.headers, websocket_key_);
  }
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
    request_begun_ = request_begun_ || (connection_->tls() != nullptr && !is_opening());
    const io_result wrote =
        connection_->write_some(head, body.substr(body.size() - (unsent_ - in_head)));
    if (wrote.status == io_status::done) {
      request_begun_ = request_begun_ || !is_opening();
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
  if (!is_opening() && !std::exchange(told_sent_, true)) handler_->on_sent();
}

/// The peer closed before it took all; perhaps it said why first. Then reading goes on (true).
bool http_exchange::write_failed(const io_result& wrote) {
  if (messages_) {  // sent while what was read is being taken: the next read says how it ends
    unsent_ = 0;
    return true;
  }
  const io_result got = connection_->read_some(net_->buffer);
  if (got.status != io_status::done) {
    const std::string what = "Sending the request to " + request_.origin.to_string() + " failed";
    was_reset_ = is_reset(wrote.why);
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
  std::string_view view(bytes.data(), bytes.size());
  if (!body_ && !messages_ && !take_head(view)) return !over();
  return messages_ ? take_messages(view) : take_body(bytes.last(view.size()));
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
  if (answer.head.status == 101) return take_upgrade(std::move(answer.head));
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

/// The server speaks WebSocket from here on: the message goes out. False: the exchange is over.
bool http_exchange::take_upgrade(wire::http_head head) {
  const bool asked = request_.request.websocket && unsent_ == 0;
  const auto agreed = asked ? wire::check_websocket_answer(head, websocket_key_)
                            : failure(errc::protocol, retry_class::maybe_billed,
                                      "The server changed the protocol without being asked.");
  if (!agreed) {
    fail(agreed.error());
    return false;
  }
  messages_.emplace(wire::websocket_reader::limits{.message_bytes = request_.max_message_bytes,
                                                   .all_bytes = request_.max_body_bytes});
  handler_->on_head(std::move(head));
  if (!over()) send_frame(wire::websocket_opcode::text, std::exchange(message_, {}));
  return !over();
}

/// Behind what waits to be sent.
void http_exchange::send_frame(wire::websocket_opcode opcode, std::string_view payload) {
  const std::uint64_t random = os::real().random_u64();
  std::array<unsigned char, 4> mask;
  std::memcpy(mask.data(), &random, mask.size());
  const bool waits = unsent_ > 0;
  head_.erase(0, head_.size() - unsent_);
  const std::string frame = wire::websocket_frame(opcode, payload, mask);
  head_ += frame;
  unsent_ += frame.size();
  if (!waits) send_more();
}

bool http_exchange::take_messages(std::string_view bytes) {
  for (;;) {
    if (paused_) {
      held_.assign(bytes);
      return false;
    }
    const auto event = messages_->next(bytes);
    if (!event) {
      fail(event.error());
      return false;
    }
    if (!*event) return true;
    if (!take_event(**event)) return false;
  }
}

/// False: the exchange is over.
bool http_exchange::take_event(const wire::websocket_event& event) {
  using enum wire::websocket_opcode;
  if (event.kind == text) handler_->on_body(event.payload);
  if (event.kind == ping && unsent_ < most_unsent_pongs) send_frame(pong, event.payload);
  if (event.kind == close) closed_by_peer(event);
  if (event.kind == binary) {
    fail(failure(errc::protocol, retry_class::maybe_billed,
                 "The server sent a binary message where texts are spoken."));
  }
  return !over();
}

void http_exchange::closed_by_peer(const wire::websocket_event& event) {
  send_frame(wire::websocket_opcode::close, event.payload);
  if (over()) return;
  if (event.close_code == wire::websocket_normal_close ||
      event.close_code == wire::websocket_no_status)
    return end_well();
  error e = failure(errc::truncated, retry_class::maybe_billed,
                    fmt::format("{} closed the WebSocket with the code {}.",
                                request_.origin.to_string(), event.close_code));
  e.vendor_message = event.close_reason;
  fail(std::move(e));
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
    if (self->messages_ && !self->take_messages(std::exchange(self->held_, {}))) return;
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
  if (body_ || messages_) {
    return fail(failure(errc::truncated, retry_class::maybe_billed,
                        "The connection to " + peer + " closed before the end of the answer."));
  }
  if (got.status == io_status::failed && got.why != 0) {
    was_reset_ = is_reset(got.why);
    return fail(connection_lost("Reading the answer of " + peer + " failed", got.why));
  }
  if (got.status == io_status::failed) return fail(connection_->tls()->failure());
  if (response_begun_) {
    return fail(failure(errc::truncated, retry_class::maybe_billed,
                        "The connection to " + peer + " closed inside the answer's head."));
  }
  if (!connection_->served_before()) return closed_without_answer();
  // Closed while the request was under way, or by who had read it? Only the first is followed by a
  // reset, a round trip later.
  reset_wait_ = std::make_unique<loop_timer>(net_->loop);
  reset_wait_->start(reset_wait, [self = shared_from_this()] {
    if (self->over()) return;
    self->was_reset_ = self->connection_->was_reset();
    self->closed_without_answer();
  });
}

void http_exchange::closed_without_answer() {
  fail(failure(errc::network, retry_class::maybe_billed,
               request_.origin.to_string() + " closed the connection without an answer."));
}

void http_exchange::finish(bool clean) {
  if (auto whole = body_->check_whole(); !whole) return fail(whole.error());
  if (clean && keep_alive_) {
    connection_->has_served();
    counted_ = false;  // the pool's again
    net_->idle.put(key_, std::move(connection_), std::chrono::steady_clock::now());
  }
  end_well();
}

void http_exchange::end_well() {
  connection_.reset();
  give_back_place();
  std::exchange(handler_, nullptr)->on_end(std::nullopt);
}

void http_exchange::fail(error e) {
  exchange_failure failure{std::move(e), request_begun_, response_begun_,
                           connection_ && connection_->served_before(), was_reset_};
  reset_wait_.reset();
  connection_.reset();
  give_back_place();
  std::exchange(handler_, nullptr)->on_end(std::move(failure));
}

}  // namespace ark::net
