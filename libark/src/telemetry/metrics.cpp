#include "telemetry/metrics.hpp"

#include "telemetry/span.hpp"

#include <algorithm>

namespace ark::telemetry {
namespace {

// Bounds that the GenAI conventions ask for (gen-ai-metrics.md, read 2026-11-28).
constexpr double token_bounds[] = {1,     4,     16,     64,      256,     1024,     4096,
                                   16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864};
constexpr double second_bounds[] = {0.01, 0.02, 0.04, 0.08,  0.16,  0.32,  0.64,
                                    1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92};

namespace name {
constexpr label_name operation{"gen_ai.operation.name", "gen_ai_operation_name"};
constexpr label_name provider{"gen_ai.provider.name", "gen_ai_provider_name"};
constexpr label_name request_model{"gen_ai.request.model", "gen_ai_request_model"};
constexpr label_name response_model{"gen_ai.response.model", "gen_ai_response_model"};
constexpr label_name token_type{"gen_ai.token.type", "gen_ai_token_type"};
constexpr label_name server_address{"server.address", "server_address"};
constexpr label_name server_port{"server.port", "server_port"};
constexpr label_name error_type{"error.type", "error_type"};
constexpr label_name vendor{"ark.vendor", "vendor"};
constexpr label_name model{"ark.model", "model"};
constexpr label_name kind{"ark.token.kind", "kind"};
constexpr label_name currency{"ark.cost.currency", "currency"};
constexpr label_name state{"ark.attempt.state", "state"};
constexpr label_name overflow{"otel.metric.overflow", "otel_metric_overflow"};
}  // namespace name

/// A value may be a vendor's text.
std::string bounded(std::string_view value) {
  constexpr std::size_t longest = 200;
  return std::string(value.substr(0, longest));
}

void add_if(std::vector<label>& out, const label_name& n, std::string_view value) {
  if (!value.empty()) out.push_back({&n, bounded(value)});
}

std::vector<label> common(std::string_view operation, const destination_facts& to,
                          std::string_view reply_model) {
  std::vector<label> out;
  out.reserve(8);
  out.push_back({&name::operation, bounded(operation_name(operation))});
  out.push_back({&name::provider, bounded(to.provider)});
  add_if(out, name::request_model, to.model);
  add_if(out, name::response_model, reply_model);
  if (!to.server_address.empty()) {
    out.push_back({&name::server_address, bounded(to.server_address)});
    out.push_back({&name::server_port, std::to_string(to.server_port), true});
  }
  return out;
}

std::vector<label> of_model(const destination_facts& to) {
  return {{&name::vendor, bounded(to.vendor)}, {&name::model, bounded(to.model)}};
}

std::vector<label> with(std::vector<label> base, const label_name& n, std::string_view value) {
  base.push_back({&n, bounded(value)});
  return base;
}

double value_in_seconds(std::chrono::nanoseconds t) {
  return std::chrono::duration<double>(std::max(t, std::chrono::nanoseconds{0})).count();
}

instrument make_histogram(std::string_view otel, std::string_view prometheus, std::string_view unit,
                          std::string_view description, std::span<const double> bounds) {
  return {otel, prometheus, unit, description, instrument_kind::histogram, bounds, {}, {}};
}

instrument make_counter(std::string_view otel, std::string_view prometheus, std::string_view unit,
                        std::string_view description) {
  return {otel, prometheus, unit, description, instrument_kind::counter, {}, {}, {}};
}

instrument make_money_sum(std::string_view otel, std::string_view prometheus,
                          std::string_view description) {
  return {otel, prometheus, "1", description, instrument_kind::money, {}, {}, {}};
}

}  // namespace

metrics::metrics(std::size_t max_series) : max_series_(std::max<std::size_t>(max_series, 2)) {
  instruments_[token_usage] =
      make_histogram("gen_ai.client.token.usage", "gen_ai_client_token_usage", "{token}",
                     "Number of input and output tokens used.", token_bounds);
  instruments_[duration] =
      make_histogram("gen_ai.client.operation.duration", "gen_ai_client_operation_duration_seconds",
                     "s", "GenAI operation duration.", second_bounds);
  instruments_[time_to_first_chunk] =
      make_histogram("gen_ai.client.operation.time_to_first_chunk",
                     "gen_ai_client_operation_time_to_first_chunk_seconds", "s",
                     "Time to receive the first chunk of a stream.", second_bounds);
  instruments_[time_per_output_chunk] =
      make_histogram("gen_ai.client.operation.time_per_output_chunk",
                     "gen_ai_client_operation_time_per_output_chunk_seconds", "s",
                     "Time from each chunk of a stream to the next.", second_bounds);
  instruments_[attempts] = make_counter("ark.client.attempts", "ark_attempts_total", "{attempt}",
                                        "Attempts by how they ended.");
  instruments_[tokens] = make_counter("ark.client.tokens", "ark_tokens_total", "{token}",
                                      "Tokens in disjoint kinds: a token is in one of them.");
  instruments_[cost_exact] =
      make_money_sum("ark.client.cost", "ark_cost_total", "Sum of the exactly known costs.");
  instruments_[cost_low] = make_money_sum("ark.client.cost.low", "ark_cost_interval_low_total",
                                          "Sum of what attempts of unknown fate cost at least.");
  instruments_[cost_high] = make_money_sum("ark.client.cost.high", "ark_cost_interval_high_total",
                                           "Sum of what attempts of unknown fate cost at most.");
  instruments_[unpriced] =
      make_counter("ark.client.attempts.unpriced", "ark_unpriced_attempts_total", "{attempt}",
                   "Attempts whose cost is not known.");
}

series& metrics::series_of(place which, std::vector<label> labels) {
  instrument& i = instruments_[which];
  std::string key;
  for (const label& l : labels) {
    key.append(l.name->otel).push_back('\x1f');
    key.append(l.value).push_back('\x1e');
  }
  if (const auto known = i.index.find(key); known != i.index.end()) return i.all[known->second];
  if (i.all.size() + 1 >= max_series_) {
    if (const auto rest = i.index.find(""); rest != i.index.end()) return i.all[rest->second];
    labels = {{&name::overflow, "true"}};
    key.clear();
  }
  i.index.emplace(std::move(key), i.all.size());
  series made;
  made.labels = std::move(labels);
  if (i.kind == instrument_kind::histogram) made.in_bucket.resize(i.bounds.size() + 1);
  return i.all.emplace_back(std::move(made));
}

void metrics::record(place which, std::vector<label> labels, double value) {
  series& s = series_of(which, std::move(labels));
  const auto& bounds = instruments_[which].bounds;
  const auto at = std::lower_bound(bounds.begin(), bounds.end(), value) - bounds.begin();
  ++s.in_bucket[static_cast<std::size_t>(at)];
  s.low = s.count == 0 ? value : std::min(s.low, value);
  s.high = s.count == 0 ? value : std::max(s.high, value);
  s.sum += value;
  ++s.count;
}

void metrics::count(place which, std::vector<label> labels, std::int64_t by) {
  if (by > 0) series_of(which, std::move(labels)).count += static_cast<std::uint64_t>(by);
}

void metrics::add_money(place which, std::vector<label> labels, const amount& by) {
  series& s = series_of(which, std::move(labels));
  // Past 1.7e23 units of a currency the sum stays where it is.
  if (const auto sum = s.money.plus(by)) s.money = *sum;
}

void metrics::add_tokens(const attempt_facts& attempt) {
  const usage& u = attempt.usage;
  if (!u.reported) return;
  const auto labels = common(attempt.operation, attempt.to, attempt.reply_model);
  record(token_usage, with(labels, name::token_type, "input"),
         static_cast<double>(u.input_total()));
  record(token_usage, with(labels, name::token_type, "output"),
         static_cast<double>(u.output_total()));
  const std::pair<std::string_view, std::int64_t> kinds[] = {
      {"input", u.input},
      {"cache_read", u.cache_read},
      {"cache_write", u.cache_write + u.cache_write_5m + u.cache_write_1h},
      {"input_audio", u.input_audio},
      {"input_image", u.input_image},
      {"input_video", u.input_video},
      {"tool_prompt", u.tool_prompt},
      {"output", u.output},
      {"reasoning", u.reasoning},
      {"output_audio", u.output_audio},
      {"output_image", u.output_image}};
  for (const auto& [kind, n] : kinds)
    if (n > 0) count(tokens, with(of_model(attempt.to), name::kind, kind), n);
}

void metrics::add_cost(const attempt_facts& attempt) {
  const cost& c = attempt.cost;
  if (c.status == cost_status::void_) return;
  if (c.status == cost_status::unknown) return count(unpriced, of_model(attempt.to), 1);
  const auto labels = with(of_model(attempt.to), name::currency, c.currency);
  if (c.status == cost_status::exact) return add_money(cost_exact, labels, c.value);
  add_money(cost_low, labels, c.low);
  add_money(cost_high, labels, c.high);
}

void metrics::add(const attempt_facts& attempt) {
  const std::lock_guard lock(mutex_);
  count(attempts, with(of_model(attempt.to), name::state, to_string(attempt.state)), 1);
  add_tokens(attempt);
  add_cost(attempt);
  if (!attempt.streamed || attempt.chunk_gaps.empty()) return;
  const auto labels = common(attempt.operation, attempt.to, attempt.reply_model);
  for (const auto gap : attempt.chunk_gaps)
    record(time_per_output_chunk, labels, value_in_seconds(gap));
}

void metrics::add(const call_facts& call) {
  const std::lock_guard lock(mutex_);
  auto labels = common(call.operation, call.to, call.reply_model);
  if (call.streamed && call.first_chunk)
    record(time_to_first_chunk, labels, value_in_seconds(*call.first_chunk));
  add_if(labels, name::error_type, call.error);
  record(duration, std::move(labels), value_in_seconds(call.ended - call.begun));
}

void metrics::read(const std::function<void(std::span<const instrument>)>& reader) const {
  const std::lock_guard lock(mutex_);
  reader(instruments_);
}

}  // namespace ark::telemetry
