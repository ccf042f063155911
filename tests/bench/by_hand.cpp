#include "bench.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <simdjson.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <stdexcept>

// The yardstick: one epoll, one read buffer, simdjson, and no more checks than a happy path needs.
namespace ark::bench {
namespace {

struct channel {
  int fd = -1;
  bool in_body = false;
  bool chunked = false;
  std::size_t remaining = 0;  // of a sized body or of a chunk
  std::string pending;        // bytes that are not a whole head, chunk line or event yet
  std::string body;
};

class hand_client {
 public:
  explicit hand_client(const workload& w) : work_(w), request_(request_bytes(w)), buffer_(65536) {}

  figures run() {
    epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
    channels_.resize(std::min(work_.concurrency, work_.count));
    for (channel& c : channels_) {
      open(c);
      begin(c);
    }
    epoll_event ready[64];
    while (out_.calls < work_.count) {
      const int n = ::epoll_wait(epoll_, ready, 64, -1);
      for (int i = 0; i < n; ++i) read(*static_cast<channel*>(ready[i].data.ptr));
    }
    for (channel& c : channels_) ::close(c.fd);
    ::close(epoll_);
    return out_;
  }

 private:
  void open(channel& c) {
    c.fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(work_.port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(c.fd, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0) {
      throw std::runtime_error("no server");
    }
    const int on = 1;
    ::setsockopt(c.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    epoll_event interest{EPOLLIN, {&c}};
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, c.fd, &interest);
  }
  void begin(channel& c) {
    if (begun_ == work_.count) return;
    ++begun_;
    c.in_body = false;
    if (::send(c.fd, request_.data(), request_.size(), MSG_NOSIGNAL) < 0) std::abort();
  }
  void read(channel& c) {
    const ssize_t n = ::recv(c.fd, buffer_.data(), buffer_.size(), MSG_DONTWAIT);
    if (n <= 0) throw std::runtime_error("connection lost");
    std::string_view bytes(buffer_.data(), static_cast<std::size_t>(n));
    if (!c.in_body && !head(c, bytes)) return;
    body(c, bytes);
  }
  bool head(channel& c, std::string_view& bytes) {
    const auto end = bytes.find("\r\n\r\n");  // a head comes in one read on loopback
    if (end == std::string_view::npos) throw std::runtime_error("split head");
    const std::string_view text = bytes.substr(0, end);
    const auto length = text.find("Content-Length: ");
    c.chunked = length == std::string_view::npos;
    c.remaining = c.chunked ? 0 : std::strtoul(text.data() + length + 16, nullptr, 10);
    c.in_body = true;
    bytes.remove_prefix(end + 4);
    return true;
  }
  void body(channel& c, std::string_view bytes) {
    if (!c.chunked) {
      c.remaining -= bytes.size();
      payload(c, bytes);
      if (c.remaining == 0) finish(c);
      return;
    }
    if (!c.pending.empty()) {
      c.pending.append(bytes);
      bytes = c.pending;
    }
    bool over = false;
    while (!over) {
      const auto line = bytes.find("\r\n");
      if (line == std::string_view::npos) break;
      const std::size_t size = std::strtoul(bytes.data(), nullptr, 16);
      if (bytes.size() < line + 2 + size + 2) break;
      if (size > 0) payload(c, bytes.substr(line + 2, size));
      bytes.remove_prefix(line + 2 + size + 2);
      over = size == 0;
    }
    c.pending = std::string(bytes);
    if (over) finish(c);
  }
  void payload(channel& c, std::string_view bytes) {
    if (!work_.stream) {
      c.body.append(bytes);
      return;
    }
    if (!c.body.empty()) {
      c.body.append(bytes);
      bytes = c.body;
    }
    for (;;) {
      const auto end = bytes.find("\n\n");
      if (end == std::string_view::npos) break;
      event(bytes.substr(6, end - 6));
      bytes.remove_prefix(end + 2);
    }
    c.body = std::string(bytes);
  }
  void event(std::string_view json) {
    ++out_.events;
    if (json == "[DONE]") return;
    const simdjson::dom::element chunk = parse(json);
    for (const simdjson::dom::element choice : chunk["choices"].get_array()) {
      std::string_view text;
      if (choice["delta"]["content"].get(text) == simdjson::SUCCESS) take_text(text);
      std::string_view finish;
      if (choice["finish_reason"].get(finish) == simdjson::SUCCESS) finishes_ += finish.size();
    }
  }
  void finish(channel& c) {
    if (!work_.stream) {
      const simdjson::dom::element reply = parse(c.body);
      std::string_view text;
      if (reply["choices"].at(0)["message"]["content"].get(text) == simdjson::SUCCESS) {
        take_text(text);
      }
      std::int64_t tokens = 0;
      if (reply["usage"]["total_tokens"].get(tokens) == simdjson::SUCCESS) {
        finishes_ += static_cast<std::size_t>(tokens);
      }
      c.body.clear();
    }
    ++out_.calls;
    begin(c);
  }
  void take_text(std::string_view text) {
    out_.text_bytes += text.size();
    if (const double delay = delay_us(text); delay >= 0) out_.delays_us.push_back(delay);
  }
  simdjson::dom::element parse(std::string_view json) {
    padded_.assign(json);
    padded_.reserve(json.size() + simdjson::SIMDJSON_PADDING);
    return parser_.parse(padded_.data(), json.size(), false).value();
  }

  const workload& work_;
  std::string request_;
  std::vector<char> buffer_;
  std::string padded_;
  simdjson::dom::parser parser_;
  std::vector<channel> channels_;
  int epoll_ = -1;
  std::size_t begun_ = 0;
  std::size_t finishes_ = 0;
  figures out_;
};

}  // namespace

figures run_by_hand(const workload& w) { return hand_client(w).run(); }

}  // namespace ark::bench
