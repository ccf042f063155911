#include "bench.hpp"
#include "net/transport.hpp"
#include "wire/sse.hpp"

#include <memory>
#include <optional>
#include <stdexcept>

// libark's transport (and its event framing) alone: no JSON, no policy, no client.
namespace ark::bench {
namespace {

class net_call final : public net::exchange_handler {
 public:
  net_call(net::transport& t, const workload& w, figures& out, std::size_t& begun)
      : transport_(t), work_(w), out_(out), begun_(begun) {}

  void begin() {
    if (begun_ == work_.count) return;
    ++begun_;
    net::exchange_request request;
    request.origin = {false, "127.0.0.1", work_.port};
    request.request.target = work_.path;
    request.request.headers = {{"Content-Type", "application/json", false},
                               {"Authorization", "Bearer sk-bench", true}};
    request.request.body = request_body(work_.stream);
    reader_.emplace(8u << 20);
    exchange_ = transport_.start(std::move(request), *this);
  }
  void on_sending() override {}
  void on_sent() override {}
  void on_head(wire::http_head) override {}
  void on_body(std::string_view bytes) override {
    if (!work_.stream) return;
    (void)reader_->feed(bytes, [this](const wire::sse_event& e) {
      ++out_.events;
      if (const double delay = delay_us(e.data); delay >= 0) out_.delays_us.push_back(delay);
      return true;
    });
  }
  void on_end(std::optional<net::exchange_failure> failure) override {
    if (failure) throw std::runtime_error(failure->error.message);
    ++out_.calls;
    begin();
  }

 private:
  net::transport& transport_;
  const workload& work_;
  figures& out_;
  std::size_t& begun_;
  std::optional<wire::sse_reader> reader_;
  std::unique_ptr<net::exchange> exchange_;
};

}  // namespace

figures run_net(const workload& w) {
  const auto loop = net::make_loop({});
  const auto transport = net::make_transport(loop, {});
  figures out;
  std::size_t begun = 0;
  std::vector<std::unique_ptr<net_call>> calls;
  for (std::size_t i = 0; i < w.concurrency; ++i) {
    calls.push_back(std::make_unique<net_call>(*transport, w, out, begun));
    calls.back()->begin();
  }
  loop->run_until([&] { return out.calls == w.count; });
  return out;
}

}  // namespace ark::bench
