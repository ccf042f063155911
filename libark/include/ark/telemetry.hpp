#pragma once
#include <ark/error.hpp>
#include <ark/ledger.hpp>
#include <ark/result.hpp>
#include <ark/secret.hpp>
#include <ark/usage.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ark {

/// What the caller asked for: the same for all attempts of a call.
struct request_facts {
  std::optional<std::int64_t> max_tokens{};
  std::optional<std::int64_t> seed{};
  std::optional<double> temperature{};
  std::optional<double> top_p{};
  std::vector<std::string> stop{};
  std::string output_type{};  ///< "text", "json", "image", "speech", ...; "" if not said
  std::string prompt_id{}, prompt_version{};
  std::string traceparent{}, tracestate{};  ///< as the caller gave them (W3C Trace Context)
  std::string tenant{}, user{}, task{}, run{};
  std::map<std::string, std::string> tags{};
  /// JSON in the form of the GenAI conventions; "" unless `telemetry_options::capture_messages`.
  std::string input_messages{}, system_instructions{};
};

/// Where an attempt went.
struct destination_facts {
  std::string vendor{};          ///< the row's name
  std::string provider{};        ///< as the GenAI conventions call it; often the same
  std::string tier_attribute{};  ///< the convention's attribute for the tier served; "" if none
  std::string model{};           ///< as asked for
  std::string server_address{};  ///< host name or address
  std::uint16_t server_port = 0;
};

/// One attempt whose outcome is known.
struct attempt_facts {
  std::string call_id{};         ///< as in the ledger: 32 hexadecimal digits
  std::uint64_t attempt_id = 0;  ///< as in the ledger
  int attempt = 1;
  std::string operation{};  ///< as in the ledger: "chat", "embed", ...
  destination_facts to{};
  bool streamed = false;
  attempt_state state = attempt_state::settled;
  ark::usage usage{};
  ark::cost cost{};
  std::string reply_model{};
  std::string request_id{};
  std::string finish{};         ///< finish reason; "" after a failure
  std::string error{};          ///< name of the errc; "" after a success
  std::string error_message{};  ///< ours, safe to print
  int http_status = 0;
  std::chrono::system_clock::time_point begun{}, ended{};
  /// Of a stream: attempt begun -> first content; and from each piece of content to the next.
  std::optional<std::chrono::microseconds> first_chunk{};
  std::vector<std::chrono::microseconds> chunk_gaps{};
  std::shared_ptr<const request_facts> asked{};  ///< never null
};

/// A call that has ended, after all its attempts.
struct call_facts {
  std::string call_id{};
  std::uint64_t span_id = 0;  ///< never 0
  std::string operation{};
  destination_facts to{};  ///< of the last attempt
  bool streamed = false;
  int attempts = 0;
  ark::usage usage{};  ///< of the answer
  ark::cost cost{};    ///< of all attempts
  std::string reply_id{}, reply_model{}, request_id{};
  std::string finish{};
  std::string error{}, error_message{};
  std::chrono::system_clock::time_point begun{}, ended{};
  std::optional<std::chrono::microseconds> first_chunk{};  ///< call begun -> first content
  std::string route_reason{};
  std::string output_messages{};                 ///< JSON; as `request_facts::input_messages`
  std::shared_ptr<const request_facts> asked{};  ///< never null
};

/// Told what a client's calls were, on the client's executor, one at a time. It must not wait.
/// Calls that nobody bills for (token counts, questions about jobs), and calls refused before an
/// attempt was prepared, are not told.
class ARK_API observer {
 public:
  virtual ~observer() = default;
  virtual void attempt_ended(const attempt_facts& attempt) noexcept = 0;  ///< once for each
  virtual void call_ended(const call_facts& call) noexcept = 0;           ///< behind its attempts
};

/// Sends spans and metrics to an OpenTelemetry collector: OTLP/HTTP with JSON. Off unless
/// `enabled`. libark/doc/telemetry.md says what is in them.
struct telemetry_options {
  bool enabled = false;
  std::string endpoint = "http://localhost:4318";  ///< "/v1/traces" and "/v1/metrics" are added
  std::string traces_endpoint{};                   ///< whole URL, instead
  std::string metrics_endpoint{};
  std::map<std::string, secret> headers{};  ///< of each request, as an API key of the collector
  bool traces = true;
  bool metrics = true;
  bool gzip = false;
  std::string service_name{};  ///< "": "unknown_service"
  std::map<std::string, std::string> resource_attributes{};
  /// Parent of the calls that name none, for a program that runs within one trace.
  std::string traceparent{}, tracestate{};
  /// Prompts and replies go into the spans: at most `capture_bytes` of text each way. Never those
  /// of a call with `end_to_end_encryption`, and never the bytes of images, sound and files.
  bool capture_messages = false;
  std::size_t capture_bytes = 64u << 10;
  // Limits. What does not fit is dropped, counted (`telemetry_counts`) and told (`on_problem`).
  std::size_t max_queue_spans = 2048;
  std::size_t max_queue_bytes = 8u << 20;
  std::size_t max_batch_spans = 512;
  std::size_t max_series = 1000;  ///< of one metric; further ones are counted in one together
  int max_attempts = 5;           ///< to deliver one batch
  std::chrono::milliseconds schedule{5000};  ///< what has come is sent so long after
  std::chrono::milliseconds request_timeout{10'000};
  /// When the client is closed, what is left is sent within this time, or dropped.
  std::chrono::milliseconds close_timeout{2000};
  /// Told on the client's executor when something was dropped or refused. It must not throw or
  /// wait.
  std::function<void(const error&)> on_problem{};
};

/// `base`, and for what it leaves at its default the standard variables:
/// OTEL_EXPORTER_OTLP_ENDPOINT, _TRACES_ENDPOINT, _METRICS_ENDPOINT, _HEADERS, _COMPRESSION,
/// _TIMEOUT, _PROTOCOL (not "grpc"), OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES,
/// OTEL_TRACES_EXPORTER and OTEL_METRICS_EXPORTER
/// ("none"), OTEL_SDK_DISABLED, OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT. It does not set
/// `enabled`. errc::config names the variable that cannot be read.
ARK_API result<telemetry_options> telemetry_from_environment(telemetry_options base = {});

/// What became of the telemetry of a client.
struct telemetry_counts {
  std::uint64_t spans_sent = 0;      ///< taken by the collector
  std::uint64_t spans_dropped = 0;   ///< never delivered: queue full, collector down, client closed
  std::uint64_t spans_rejected = 0;  ///< delivered, and refused by the collector
  std::uint64_t points_rejected = 0;  ///< of metrics
  std::uint64_t metric_exports = 0;
  std::uint64_t metric_exports_failed = 0;  ///< the next export has the same sums
  std::uint64_t retries = 0;
  std::uint64_t spans_waiting = 0;
  std::string last_problem{};
};

namespace telemetry {
class metrics;
}

/// Counters and histograms of a client's calls, for a page that Prometheus reads:
/// `client_options::observers = {m}`, then `m->prometheus()`. Thread safe.
class ARK_API live_metrics final : public observer {
 public:
  explicit live_metrics(std::size_t max_series = 1000);
  ~live_metrics() override;
  void attempt_ended(const attempt_facts& attempt) noexcept override;  ///< adds it up
  void call_ended(const call_facts& call) noexcept override;           ///< likewise
  /// The text exposition format, version 0.0.4.
  std::string prometheus() const;

 private:
  std::unique_ptr<telemetry::metrics> metrics_;
};

/// The same format from lines of `ledger::report({"vendor", "model"}, ...)`. Beyond `max_series`
/// pairs of vendor and model the rest, those with the fewest attempts, is added up as "_other".
ARK_API std::string prometheus_of_report(const std::vector<report_line>& by_vendor_and_model,
                                         std::size_t max_series = 1000);

}  // namespace ark
