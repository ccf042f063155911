#include "cli/reachable.hpp"

#include <optional>

#include "net/transport.hpp"
#include "wire/url.hpp"

namespace ark::cli {
namespace {

/// Any answer will do.
class first_answer final : public net::exchange_handler {
 public:
  void on_sending() override {}
  void on_sent() override {}
  void on_head(wire::http_head head) override {
    ended = true;
    got = {head.status, wire::parse_http_date(wire::find_header(head.headers, "date"))};
  }
  void on_body(std::string_view) override {}
  void on_end(std::optional<net::exchange_failure> failure) override {
    if (!ended && failure) why = failure->error;
    ended = true;
  }
  bool ended = false;
  reached got;
  std::optional<error> why;
};

}  // namespace

result<reached> reach(const std::string& base_url, const network_options& network) {
  const auto url = wire::parse_base_url(base_url);
  if (!url) return url.error();
  const auto loop = net::make_loop({});
  const auto transport = net::make_transport(loop, network);
  net::exchange_request request;
  request.origin = url->origin;
  request.request = {.method = "HEAD", .target = url->path.empty() ? "/" : url->path};
  first_answer answer;
  const auto running = transport->start(std::move(request), answer);
  bool late = false;
  const auto timer = loop->make_timer();
  timer->start(std::chrono::seconds{20}, [&] { late = true; });
  loop->run_until([&] { return answer.ended || late; });
  if (answer.why) return *answer.why;
  if (answer.ended) return answer.got;
  error e;
  e.code = errc::timeout;
  e.message = base_url + " did not answer within 20 s";
  return e;
}

}  // namespace ark::cli
