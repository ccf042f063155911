#include "bench.hpp"

#include <ark/ark.hpp>
#include <cstdlib>
#include <memory>
#include <optional>

// The whole client: encode, policy, decode, accounting; the ledger if ARK_BENCH_LEDGER names a
// file.
namespace ark::bench {
namespace {

client make(const workload& w, const char* ledger_file) {
  client_options options;
  // The row adds the interface's path after this one; the server looks at the beginning only.
  options.vendors["openai"] = {.base_url = "http://127.0.0.1:" + std::to_string(w.port) + w.path,
                               .key = secret("sk-bench")};
  if (ledger_file != nullptr) options.ledger = ledger::open({.path = ledger_file}).value();
  return make_client(std::move(options)).value();
}

call one_call(const workload& w) {
  call c;
  c.model = "openai/gpt-4o-mini";
  c.messages = {user("Write a haiku about rain.")};
  (void)w;
  return c;
}

void count(figures& out, const event& e) {
  ++out.events;
  if (e.kind != event_kind::text) return;
  out.text_bytes += e.text.size();
  if (const double delay = delay_us(e.text); delay >= 0) out.delays_us.push_back(delay);
}

void run_blocking(const client& c, const workload& w, figures& out) {
  for (std::size_t i = 0; i < w.count; ++i) {
    if (!w.stream) {
      out.text_bytes += c.complete(one_call(w)).value().text().size();
    } else {
      auto s = c.stream(one_call(w)).value();
      for (;;) {
        const auto e = s.next().value();
        if (!e) break;
        count(out, *e);
      }
    }
    ++out.calls;
  }
}

struct many {
  const client& c;
  const workload& w;
  figures& out;
  std::size_t begun = 0;

  void begin() {
    if (begun == w.count) return;
    ++begun;
    if (w.stream) {
      c.stream_async(one_call(w), [this](result<stream> s) {
        next(std::make_shared<stream>(std::move(s.value())));
      });
      return;
    }
    c.complete_async(one_call(w), [this](result<reply> r) {
      out.text_bytes += r.value().text().size();
      ++out.calls;
      begin();
    });
  }
  void next(const std::shared_ptr<stream>& s) {
    s->next_async([this, s](result<std::optional<event>> e) {
      if (e.value()) {
        count(out, **e);
        return next(s);
      }
      ++out.calls;
      begin();
    });
  }
};

}  // namespace

namespace {

void run_with(const client& c, const workload& w, figures& out) {
  if (w.concurrency == 1) return run_blocking(c, w, out);
  many all{c, w, out};
  for (std::size_t i = 0; i < w.concurrency; ++i) all.begin();
  c.run();
}

}  // namespace

figures run_ark(const workload& w) {
  figures out;
  run_with(make(w, nullptr), w, out);
  return out;
}

std::pair<double, double> run_with_and_without_ledger(const workload& w, const char* file) {
  constexpr std::size_t block = 256;
  const client without = make(w, nullptr);
  const client with = make(w, file);
  workload part = w;
  part.count = block;
  figures ignored;
  run_with(without, part, ignored);
  run_with(with, part, ignored);
  std::pair<double, double> used;
  std::size_t done = 0;
  for (; done < w.count; done += block) {
    const double begin = cpu_us();
    run_with(without, part, ignored);
    const double middle = cpu_us();
    run_with(with, part, ignored);
    used.first += middle - begin;
    used.second += cpu_us() - middle;
  }
  const auto calls = static_cast<double>(done);
  return {used.first / calls, used.second / calls};
}

}  // namespace ark::bench
