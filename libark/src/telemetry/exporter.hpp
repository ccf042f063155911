#pragma once
#include "net/loop.hpp"
#include "net/transport.hpp"
#include "os/os.hpp"
#include "telemetry/channel.hpp"
#include "telemetry/metrics.hpp"
#include "telemetry/span_queue.hpp"

#include <ark/telemetry.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace ark::telemetry {

/// Sends what it is told to a collector, on a client's loop and through its transport: no thread.
/// Spans leave in batches when `schedule` has passed or a batch is full; sums of metrics with them.
/// A caller's loop runs only while somebody waits: then they leave during the next call, or when
/// the client is closed.
class exporter final : public observer, public std::enable_shared_from_this<exporter> {
 public:
  struct parts {
    std::shared_ptr<net::loop> loop;
    std::shared_ptr<net::transport> transport;
    os::system* os = nullptr;
  };
  /// errc::config when an endpoint or a header cannot be used.
  static result<std::shared_ptr<exporter>> make(telemetry_options options, parts p);
  exporter(telemetry_options options, parts p, std::optional<target> traces,
           std::optional<target> points);

  // On the loop.
  void attempt_ended(const attempt_facts& attempt) noexcept override;
  void call_ended(const call_facts& call) noexcept override;

  /// Any thread.
  telemetry_counts counts() const;
  /// Sends what waits. `done` is told on the loop when nothing is left, or `limit` has passed.
  void flush(std::chrono::milliseconds limit, std::function<void()> done);
  /// The same within `close_timeout`; what is left then is dropped, and counted.
  void close(std::function<void()> done);

 private:
  struct flusher {
    std::unique_ptr<net::loop::timer> timer;
    std::function<void()> done;
  };
  void add(std::optional<std::string> span);
  void note_waiting();
  void schedule();
  void pump(bool whatever_waits);
  void send_spans();
  void send_points();
  void spans_ended(std::size_t n, const channel::outcome& how);
  void points_ended(const channel::outcome& how);
  void dropped(std::size_t n, const std::string& problem);
  void tell(const std::string& problem);
  bool is_idle() const;
  void begin_flush(std::chrono::milliseconds limit, bool closing, std::function<void()> done);
  void flush_ended(const std::shared_ptr<flusher>& f, bool closing);
  void tell_flushers();

  telemetry_options options_;
  parts parts_;
  metrics metrics_;
  span_queue queue_;
  std::unique_ptr<channel> traces_, points_;  ///< null: not wanted
  std::unique_ptr<net::loop::timer> timer_;
  std::chrono::system_clock::time_point since_;
  std::size_t in_flight_ = 0;  ///< spans of the batch under way
  bool armed_ = false;
  bool dirty_ = false;  ///< metrics changed since they were sent
  bool full_ = false;   ///< the last span found no place
  std::vector<std::shared_ptr<flusher>> flushers_;

  mutable std::mutex mutex_;  ///< guards the counts
  telemetry_counts counts_;
};

}  // namespace ark::telemetry
