#include "net/transport.hpp"

#include "net/http_exchange.hpp"
#include "wire/base64.hpp"
#include "wire/url.hpp"

#include <utility>

namespace ark::net {
namespace {

result<std::optional<proxy>> read_proxy(const std::string& url) {
  if (url.empty()) return std::optional<proxy>();
  auto parsed = wire::parse_proxy_url(url);
  if (!parsed) return parsed.error();
  proxy p{std::move(parsed->origin), {}};
  if (!parsed->user.empty() || !parsed->password.empty()) {
    std::string credentials = parsed->user + ":";
    credentials += parsed->password.reveal_secret();
    p.authorization = "Basic " + wire::base64_encode(credentials);
  }
  return std::optional(std::move(p));
}

/// What the caller holds: aborts when it goes.
class exchange_owner final : public exchange {
 public:
  exchange_owner(std::shared_ptr<loop> l, std::shared_ptr<http_exchange> e)
      : loop_(std::move(l)), exchange_(std::move(e)) {}
  ~exchange_owner() override { exchange_->abort(); }
  void pause() override { exchange_->pause(); }
  void resume() override { exchange_->resume(); }

 private:
  std::shared_ptr<loop> loop_;  ///< goes after the exchange's socket
  std::shared_ptr<http_exchange> exchange_;
};

class http_transport final : public transport {
 public:
  http_transport(std::shared_ptr<asio_loop> l, const network_options& options)
      : loop_(std::move(l)), network_(std::make_shared<network>(loop_->core(), options)) {
    network_->via = read_proxy(options.proxy);
  }
  ~http_transport() override { network_->idle.clear(); }

  std::unique_ptr<exchange> start(exchange_request request, exchange_handler& handler) override {
    auto made = std::make_shared<http_exchange>(network_, std::move(request), handler);
    made->start();
    return std::make_unique<exchange_owner>(loop_, std::move(made));
  }
  counters count() const override { return network_->counters; }

 private:
  std::shared_ptr<asio_loop> loop_;  ///< goes after the sockets of the pool
  std::shared_ptr<network> network_;
};

}  // namespace

std::shared_ptr<transport> make_transport(std::shared_ptr<loop> l, const network_options& options) {
  // Loops are made by `make_loop` only, and all of those are Asio's.
  return std::make_shared<http_transport>(std::static_pointer_cast<asio_loop>(std::move(l)),
                                          options);
}

}  // namespace ark::net
