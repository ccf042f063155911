#pragma once
#include "net/transport.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace ark::testing {

/// Notes what an exchange tells.
class recorder : public net::exchange_handler {
 public:
  void on_sending() override { trace += "sending "; }
  void on_sent() override { trace += "sent "; }
  void on_head(wire::http_head h) override {
    head = std::move(h);
    trace += "head ";
  }
  void on_body(std::string_view bytes) override {
    body.append(bytes);
    ++pieces;
    if (each) each();
  }
  void on_end(std::optional<net::exchange_failure> f) override {
    failure = std::move(f);
    ended = true;
    trace += failure ? "failed" : "end";
  }

  wire::http_head head;
  std::string body;
  std::size_t pieces = 0;
  std::string trace;
  bool ended = false;
  std::optional<net::exchange_failure> failure;
  std::function<void()> each;
};

/// A loop and a transport, used from the test's thread.
struct client_side {
  explicit client_side(const network_options& options = {})
      : loop(net::make_loop({})), transport(net::make_transport(loop, options)) {}

  static net::exchange_request request(std::uint16_t port, bool tls = false) {
    net::exchange_request r;
    r.origin = {tls, tls ? "localhost" : "127.0.0.1", port};
    r.request.target = "/v1/chat";
    r.request.headers = {{"Content-Type", "application/json", false}};
    r.request.body = "{}";
    return r;
  }
  /// Makes one exchange and waits for its end.
  std::unique_ptr<recorder> run(net::exchange_request r) {
    auto told = std::make_unique<recorder>();
    const auto exchange = transport->start(std::move(r), *told);
    loop->run_until([&] { return told->ended; });
    return told;
  }
  std::unique_ptr<recorder> get(std::uint16_t port, bool tls = false) {
    return run(request(port, tls));
  }

  std::shared_ptr<net::loop> loop;
  std::shared_ptr<net::transport> transport;
};

}  // namespace ark::testing
