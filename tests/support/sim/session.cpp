#include "sim/session.hpp"

#include <algorithm>
#include <limits>

namespace ark::testing {

namespace {

namespace http = boost::beast::http;
constexpr std::size_t head_bytes_max = 64u << 10;
constexpr std::size_t write_bytes = 64u << 10;
constexpr std::chrono::seconds idle_time{120};
constexpr std::int64_t everything = std::numeric_limits<std::int64_t>::max();

std::string_view reason_of(int status) {
  if (status == 529) return "Overloaded";
  const auto known = http::obsolete_reason(static_cast<http::status>(status));
  return {known.data(), known.size()};
}

}  // namespace

session::session(std::unique_ptr<byte_port> port, boost::asio::io_context& loop, engine& brain,
                 std::size_t max_body_bytes)
    : port_(std::move(port)), timer_(loop), brain_(brain), max_body_bytes_(max_body_bytes) {}

void session::start() {
  port_->open([self = shared_from_this()](boost::system::error_code failed) {
    if (!failed) self->begin_request();
  });
}

void session::begin_request() {
  parser_.emplace();
  parser_->eager(true);
  parser_->body_limit(max_body_bytes_);
  parser_->header_limit(static_cast<std::uint32_t>(head_bytes_max));
  answering_ = continued_ = false;
  request_bytes_ = static_cast<std::int64_t>(inbox_.size());
  after(idle_time, &session::close);
  if (inbox_.empty())
    read_more();
  else
    parse();
}

void session::read_more() {
  if (reading_) return;
  reading_ = true;
  port_->read_some(boost::asio::buffer(read_buffer_),
                   [self = shared_from_this()](boost::system::error_code failed, std::size_t size) {
                     self->on_read(failed, size);
                   });
}

void session::on_read(boost::system::error_code failed, std::size_t size) {
  reading_ = false;
  if (ended_) return;
  if (failed) return answering_ ? end("client_gone") : close();
  inbox_.append(read_buffer_.data(), size);
  if (answering_) return;
  request_bytes_ += static_cast<std::int64_t>(size);
  if (const auto cut = brain_.request_cut(); cut && request_bytes_ >= *cut) return reset();
  parse();
}

void session::parse() {
  boost::system::error_code problem;
  const std::size_t used = parser_->put(boost::asio::buffer(inbox_), problem);
  inbox_.erase(0, used);
  if (problem == http::error::body_limit) return refuse(413, "request body too large");
  if (problem == http::error::header_limit) return refuse(431, "request header too large");
  if (problem && problem != http::error::need_more) return refuse(400, "malformed request");
  if (parser_->is_done()) return on_request();
  const bool expects = parser_->is_header_done() && !continued_ &&
                       parser_->get()[http::field::expect] == "100-continue";
  if (expects) {
    continued_ = true;
    outbox_ = "HTTP/1.1 100 Continue\r\n\r\n";
    return write(&session::read_more);
  }
  read_more();
}

void session::refuse(int status, std::string_view why) {
  timer_.cancel();
  outbox_ = "HTTP/1.1 " + std::to_string(status) + " " + std::string(reason_of(status)) +
            "\r\ncontent-type: text/plain\r\nconnection: close\r\ncontent-length: " +
            std::to_string(why.size()) + "\r\n\r\n" + std::string(why);
  write(&session::close);
}

void session::on_request() {
  timer_.cancel();
  const auto& message = parser_->get();
  sim_http_request request;
  request.method = std::string(message.method_string());
  request.target = std::string(message.target());
  for (const auto& field : message) {
    std::string name(field.name_string());
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    request.headers[name] = std::string(field.value());
  }
  request.body = std::move(parser_->get().body());
  keep_alive_ = message.keep_alive();
  chunked_ = message.version() >= 11;
  plan_ = brain_.handle(request);
  answering_ = true;
  struck_ = false;
  next_frame_ = 0;
  output_ = reasoning_ = 0;
  allowance_ = plan_.fault.cut_after     ? plan_.fault.cut_after
               : plan_.fault.reset_after ? plan_.fault.reset_after
                                         : plan_.fault.stall_after;
  // Reading on while answering is how a client that leaves is noticed.
  if (inbox_.empty()) read_more();
  after(plan_.first_wait, &session::send_head);
}

void session::after(std::chrono::microseconds wait, void (session::*next)()) {
  if (wait.count() == 0) return (this->*next)();
  timer_.expires_after(wait);
  timer_.async_wait([self = shared_from_this(), next](boost::system::error_code cancelled) {
    if (!cancelled && !self->ended_) (self.get()->*next)();
  });
}

void session::send_head() {
  if (plan_.fault.reset || plan_.fault.lost_answer) {
    output_ = reasoning_ = everything;
    return reset();
  }
  const answer& a = plan_.answer;
  outbox_ =
      "HTTP/1.1 " + std::to_string(a.status) + " " + std::string(reason_of(a.status)) + "\r\n";
  for (const auto& [name, value] : a.headers) outbox_ += name + ": " + value + "\r\n";
  huge_left_ = plan_.fault.huge.value_or(0);
  if (huge_left_ > 0) {
    outbox_ += "content-length: " + std::to_string(huge_left_) + "\r\n";
  } else if (!a.streaming || a.status != 200) {
    outbox_ += "content-length: " + std::to_string(a.body.size()) + "\r\n";
  } else if (chunked_) {
    outbox_ += "transfer-encoding: chunked\r\n";
  } else {
    keep_alive_ = false;  // HTTP/1.0: the end of the connection ends the body
  }
  if (!keep_alive_) outbox_ += "connection: close\r\n";
  outbox_ += "\r\n";
  if (plan_.fault.cut_head && *plan_.fault.cut_head < static_cast<std::int64_t>(outbox_.size())) {
    outbox_.resize(static_cast<std::size_t>(*plan_.fault.cut_head));
    output_ = reasoning_ = everything;
    return write(&session::cut);
  }
  if (huge_left_ > 0) return write(&session::send_huge);
  if (a.streaming && a.status == 200) return write(&session::send_frames);
  send_body();
}

bool session::spend(std::string_view& bytes) {
  if (!allowance_) return false;
  const auto size = static_cast<std::int64_t>(bytes.size());
  if (size <= *allowance_) {
    *allowance_ -= size;
    return false;
  }
  bytes = bytes.substr(0, static_cast<std::size_t>(*allowance_));
  return struck_ = true;
}

void session::send_body() {
  std::string_view body = plan_.answer.body;
  spend(body);
  outbox_ += body;
  if (plan_.fault.twice && !struck_) outbox_ += std::string(outbox_);
  output_ = reasoning_ = everything;
  write(struck_ ? &session::stall_or_cut : &session::finish_answer);
}

void session::send_huge() {
  const auto size = std::min<std::int64_t>(huge_left_, static_cast<std::int64_t>(write_bytes));
  const bool first = huge_left_ == *plan_.fault.huge;
  outbox_.assign(static_cast<std::size_t>(size), 'x');
  const std::string_view lead = plan_.answer.streaming ? "data: {\"id\":\"" : "{\"id\":\"";
  if (first) outbox_.replace(0, std::min(lead.size(), outbox_.size()), lead);
  huge_left_ -= size;
  output_ = reasoning_ = everything;
  write(huge_left_ > 0 ? &session::send_huge : &session::finish_answer);
}

void session::send_frames() {
  if (next_frame_ >= plan_.answer.frames.size()) return body_done();
  const auto wait = plan_.frame_waits.size() > next_frame_ ? plan_.frame_waits[next_frame_]
                                                           : std::chrono::microseconds(0);
  after(wait, &session::write_frames);
}

void session::append_chunk(std::string_view bytes) {
  if (bytes.empty()) return;
  if (!chunked_) {
    outbox_ += bytes;
    return;
  }
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string size;
  for (std::size_t n = bytes.size(); n > 0; n /= 16) size.insert(size.begin(), digits[n % 16]);
  outbox_ += size + "\r\n";
  outbox_ += bytes;
  outbox_ += "\r\n";
}

void session::write_frames() {
  outbox_.clear();
  const bool together = plan_.frame_waits.empty();
  do {
    const frame& f = plan_.answer.frames[next_frame_++];
    std::string_view bytes = f.bytes;
    spend(bytes);
    append_chunk(bytes);
    output_ = f.output;
    reasoning_ = f.reasoning;
  } while (together && !struck_ && outbox_.size() < write_bytes &&
           next_frame_ < plan_.answer.frames.size());
  write(struck_ ? &session::stall_or_cut : &session::send_frames);
}

void session::body_done() {
  outbox_ = chunked_ ? "0\r\n\r\n" : "";
  if (outbox_.empty()) return finish_answer();
  write(&session::finish_answer);
}

void session::write(void (session::*next)()) {
  if (ended_) return;
  port_->write(boost::asio::buffer(outbox_),
               [self = shared_from_this(), next](boost::system::error_code failed) {
                 if (self->ended_) return;
                 if (failed) return self->answering_ ? self->end("client_gone") : self->close();
                 (self.get()->*next)();
               });
}

void session::cut() { end("cut"); }

/// Closing with linger zero sends RST instead of FIN.
void session::reset() {
  boost::system::error_code ignored;
  port_->socket().set_option(boost::asio::socket_base::linger(true, 0), ignored);
  is_reset_ = true;
  cut();
}

void session::stall_or_cut() {
  if (plan_.fault.bills_all) output_ = reasoning_ = everything;
  if (plan_.fault.cut_after) return cut();
  if (plan_.fault.reset_after) return reset();
  // Stalled: nothing more is sent; the read that is under way tells when the client gives up.
  if (plan_.number != 0) brain_.settle(plan_.number, "cut", output_, reasoning_);
  plan_.number = 0;
  if (!reading_) read_more();
}

void session::finish_answer() {
  if (plan_.number != 0) brain_.settle(plan_.number, "complete", output_, reasoning_);
  if (!keep_alive_) return close();
  begin_request();
}

void session::end(std::string_view outcome) {
  if (plan_.number != 0) brain_.settle(plan_.number, outcome, output_, reasoning_);
  plan_.number = 0;
  close();
}

void session::close() {
  if (ended_) return;
  ended_ = true;
  timer_.cancel();
  boost::system::error_code ignored;
  if (!is_reset_) port_->socket().shutdown(boost::asio::ip::tcp::socket::shutdown_send, ignored);
  port_->socket().close(ignored);
}

}  // namespace ark::testing
