#pragma once
#include <ark/telemetry.hpp>

#include <array>
#include <cstdint>
#include <functional>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace ark::telemetry {

/// What a label is called in OTLP and in Prometheus' text.
struct label_name {
  std::string_view otel, prometheus;
};
struct label {
  const label_name* name = nullptr;  ///< of static storage
  std::string value;
  bool is_integer = false;
};

/// One combination of labels. Which member counts depends on the instrument's kind.
struct series {
  std::vector<label> labels;
  std::uint64_t count = 0;  ///< of a counter, and how many values a histogram has
  amount money;
  double sum = 0, low = 0, high = 0;     ///< of a histogram's values
  std::vector<std::uint64_t> in_bucket;  ///< one more than there are bounds
};

enum class instrument_kind : std::uint8_t { counter, money, histogram };

/// A metric and all its series.
struct instrument {
  std::string_view otel, prometheus, unit, description;
  instrument_kind kind = instrument_kind::counter;
  std::span<const double> bounds;  ///< upper, inclusive
  std::vector<series> all;
  std::unordered_map<std::string, std::size_t> index;  ///< by the labels' values
};

/// Adds up what calls and attempts were. A machine without clock: sums since it was made. Thread
/// safe. At most `max_series` series of an instrument; what comes later is counted in one of its
/// own, labelled as the OpenTelemetry SDK specification has it ("otel.metric.overflow").
class metrics {
 public:
  explicit metrics(std::size_t max_series);
  void add(const attempt_facts& attempt);
  void add(const call_facts& call);
  /// All instruments, under the lock.
  void read(const std::function<void(std::span<const instrument>)>& reader) const;

 private:
  enum place : std::size_t {
    token_usage,
    duration,
    time_to_first_chunk,
    time_per_output_chunk,
    attempts,
    tokens,
    cost_exact,
    cost_low,
    cost_high,
    unpriced,
    places
  };
  series& series_of(place which, std::vector<label> labels);
  void record(place which, std::vector<label> labels, double value);
  void count(place which, std::vector<label> labels, std::int64_t by);
  void add_money(place which, std::vector<label> labels, const amount& by);
  void add_tokens(const attempt_facts& attempt);
  void add_cost(const attempt_facts& attempt);

  mutable std::mutex mutex_;
  std::size_t max_series_;
  std::array<instrument, places> instruments_;
};

}  // namespace ark::telemetry
