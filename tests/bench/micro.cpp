#include "base/json_reader.hpp"
#include "bench.hpp"
#include "dialect/frame_driver.hpp"
#include "dialect/openai_chat.hpp"
#include "policy/retry.hpp"
#include "telemetry/metrics.hpp"
#include "telemetry/otlp.hpp"
#include "telemetry/span.hpp"
#include "tests/unit/telemetry/facts.hpp"
#include "wire/gzip.hpp"
#include "wire/http1_body.hpp"
#include "wire/sse.hpp"

#include <benchmark/benchmark.h>

// In memory: what the parts cost, one by one.
namespace ark::bench {
namespace {

void sse_framing(benchmark::State& state) {
  std::string all;
  for (const std::string& e : stream_events()) all += e;
  std::size_t events = 0;
  for (auto _ : state) {
    wire::sse_reader reader(8u << 20);
    (void)reader.feed(all, [&](const wire::sse_event& e) {
      benchmark::DoNotOptimize(e.data.size());
      ++events;
      return true;
    });
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(events));
}
BENCHMARK(sse_framing);

void http_chunks(benchmark::State& state) {
  std::string all;
  for (const std::string& e : stream_events()) {
    char size[20];
    std::snprintf(size, sizeof size, "%zx\r\n", e.size());
    all += size + e + "\r\n";
  }
  all += "0\r\n\r\n";
  std::size_t chunks = 0;
  for (auto _ : state) {
    auto body = wire::http1_body::with_chunks();
    std::string_view rest = all;
    while (!rest.empty() && !body.done()) {
      benchmark::DoNotOptimize(body.next(rest)->size());
      ++chunks;
    }
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(chunks));
}
BENCHMARK(http_chunks);

void json_parse(benchmark::State& state) {
  const std::string text = chat_reply();
  json::reader reader;
  for (auto _ : state) benchmark::DoNotOptimize(reader.parse(text).has_value());
}
BENCHMARK(json_parse);

/// A row as the catalogue would make it, with nothing unusual.
vendor plain_vendor() {
  vendor v;
  v.name = "bench";
  v.base_url = "https://bench.invalid/v1";
  return v;
}

void encode(benchmark::State& state) {
  const vendor v = plain_vendor();
  call c;
  c.messages = {user("Write a haiku about rain.")};
  for (auto _ : state) {
    const auto made = adapters::openai_chat().encode_chat(c, "gpt-4o-mini", v, false);
    benchmark::DoNotOptimize(made->request.body.size());
  }
}
BENCHMARK(encode);

void decode_reply(benchmark::State& state) {
  const vendor v = plain_vendor();
  const wire::http_head head{200, {{"Content-Type", "application/json", false}}};
  const std::string body = chat_reply();
  for (auto _ : state) {
    const auto made = adapters::openai_chat().decode_chat({head, body}, v);
    benchmark::DoNotOptimize(made->usage.reported);
  }
}
BENCHMARK(decode_reply);

void decode_stream(benchmark::State& state) {
  const vendor v = plain_vendor();
  std::string all;
  for (const std::string& e : stream_events()) all += e;
  std::size_t events = 0;
  for (auto _ : state) {
    dialect::frame_driver driver(adapters::openai_chat(), v, {});
    benchmark::DoNotOptimize(driver.feed(all).has_value());
    benchmark::DoNotOptimize(driver.finish().has_value());
    events += driver.events().size();
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(events));
}
BENCHMARK(decode_stream);

void policy_of_a_failure(benchmark::State& state) {
  const error e{.code = errc::rate_limit, .retry = retry_class::safe};
  const policy::time_point now{};
  const policy::deadline until(now, std::chrono::milliseconds(600'000));
  for (auto _ : state) {
    benchmark::DoNotOptimize(policy::next_attempt({}, {.error = e}, until, now, 12345));
  }
}
BENCHMARK(policy_of_a_failure);

/// What a call with one attempt costs where telemetry is on, without sending.
void telemetry_of_a_call(benchmark::State& state) {
  telemetry::metrics sums(1000);
  attempt_facts attempt = testing::some_attempt();
  call_facts call = testing::some_call();
  for (auto _ : state) {
    sums.add(attempt);
    sums.add(call);
    benchmark::DoNotOptimize(telemetry::encode_attempt_span(attempt)->size());
    benchmark::DoNotOptimize(telemetry::encode_call_span(call)->size());
  }
}
BENCHMARK(telemetry_of_a_call);

/// A batch of 512 spans, packed for the wire.
void telemetry_batch(benchmark::State& state) {
  const std::vector<std::string> spans(512, *telemetry::encode_call_span(testing::some_call()));
  for (auto _ : state)
    benchmark::DoNotOptimize(wire::gzip(telemetry::traces_request({}, spans)).size());
  state.SetItemsProcessed(state.iterations() * 512);
}
BENCHMARK(telemetry_batch);

}  // namespace
}  // namespace ark::bench

BENCHMARK_MAIN();
