#pragma once
#include "net/transport.hpp"
#include "os/os.hpp"
#include "telemetry/delivery.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace ark::telemetry {

/// Where one kind of telemetry goes.
struct target {
  wire::origin origin;
  std::string path;
  wire::header_list headers;  ///< of each request, secret ones too
  bool gzip = false;
  std::chrono::milliseconds timeout{10'000};
  int max_attempts = 5;
};

/// Delivers one body after the other to a collector, each as often as the rules allow. On the loop
/// only.
class channel final : public net::exchange_handler {
 public:
  struct outcome {
    bool delivered = false;
    std::int64_t rejected = 0;
    int retries = 0;
    std::string problem;
  };
  using told = std::function<void(const outcome&)>;

  channel(std::shared_ptr<net::loop> l, std::shared_ptr<net::transport> t, os::system& os,
          target to);
  ~channel() override;

  bool is_busy() const noexcept { return static_cast<bool>(told_); }
  /// Not while it is busy. `done` may send the next one.
  void send(std::string body, told done);
  /// From now on nothing waits beyond `deadline`, and a connection that fails is not tried again:
  /// what cannot be delivered so is given up.
  void hurry(std::chrono::steady_clock::time_point deadline);
  /// The caller no longer waits for this: as `hurry` ends.
  void relax() { hurry_until_.reset(); }
  /// Gives up what is under way.
  void give_up(std::string problem);

 private:
  void on_sending() override {}
  void on_sent() override {}
  void on_head(wire::http_head head) override;
  void on_body(std::string_view bytes) override;
  void on_end(std::optional<net::exchange_failure> failure) override;

  void attempt();
  void answered();
  void end(outcome how);
  bool is_too_late(const delivery_verdict& verdict) const;

  std::shared_ptr<net::loop> loop_;
  std::shared_ptr<net::transport> transport_;
  os::system& os_;
  target to_;
  std::unique_ptr<net::loop::timer> timer_;
  std::unique_ptr<net::exchange> exchange_;
  std::string body_;
  told told_;
  delivery_answer answer_;
  int attempts_ = 0;
  bool stale_retried_ = false;
  std::optional<std::chrono::steady_clock::time_point> waits_until_;  ///< between two attempts
  std::string waits_because_;
  std::optional<std::chrono::steady_clock::time_point> hurry_until_;
};

}  // namespace ark::telemetry
