// CPU and time of the ledger: what recording one call (its intent and its outcome) adds, and what
// reading costs. BM_record's argument is the number of calls whose records one commit takes.
// BM_record_process: a transaction for each commit; BM_record_gathered: the default interval.
// libark/doc/ledger.md has figures.
#include <benchmark/benchmark.h>
#include <ark/ledger.hpp>

#include <future>
#include <random>

#include "client/journal.hpp"
#include "ledger/ledger_journal.hpp"
#include "tests/support/temporary_directory.hpp"

namespace ark {
namespace {

amount parsed(std::string_view text) { return amount::parse(text).value(); }

attempt_intent make_intent(std::uint64_t id, std::chrono::system_clock::time_point begun) {
  static const std::vector<std::string> models = {"gpt-6.1-sol", "claude-opus-5-5",
                                                  "doubao-seed-2.1-pro-260628", "deepseek-v4.1"};
  attempt_intent i;
  i.attempt_id = id;
  i.call_id = "0192f3c4-7a10-7bbb-8000-0123456789ab";
  i.begun = begun;
  i.vendor = "openai";
  i.model = models[id % models.size()];
  i.operation = "chat";
  i.quote = {.status = cost_status::interval,
             .currency = "USD",
             .value = parsed("0.0325"),
             .low = parsed("0.0012"),
             .high = parsed("0.0325"),
             .price_hash = "3f9a1c22d0b4e511"};
  i.tenant = "acme";
  i.task = "support";
  i.tags = {{"team", "search"}};
  return i;
}

attempt_outcome make_outcome(std::uint64_t id, std::chrono::system_clock::time_point ended) {
  attempt_outcome o;
  o.attempt_id = id;
  o.ended = ended;
  o.usage.input = 512;
  o.usage.cache_read = 128;
  o.usage.output = 96;
  o.usage.reported = true;
  o.usage.vendor_total = 736;
  const amount paid = parsed("0.00217325");
  o.cost = {.status = cost_status::exact,
            .currency = "USD",
            .value = paid,
            .low = paid,
            .high = paid,
            .price_hash = "3f9a1c22d0b4e511"};
  o.reply_model = "gpt-6.1-sol-2026-09-11";
  o.finish = "stop";
  o.request_id = "req_0123456789abcdef0123456789abcdef";
  o.http_status = 200;
  o.latency = std::chrono::milliseconds(834);
  return o;
}

void commit(journal& to, std::vector<journal_record> records) {
  std::promise<result<void>> done;
  to.commit(std::move(records), [&](const commit_result& r) { done.set_value(r.all); });
  done.get_future().get().value();
}

/// The records of a turn: the intents of new calls, and the outcomes of those of the turn before.
void record(benchmark::State& state, durability how, std::chrono::microseconds interval = {},
            const budget* limit = nullptr) {
  testing::temporary_directory folder;
  const auto book =
      ledger::open(
          {.path = folder.file("ledger.db"), .durability = how, .commit_interval = interval})
          .value();
  if (limit != nullptr) book.set_budget(*limit).value();
  const auto to = journal_of(book);
  const auto calls = static_cast<std::uint64_t>(state.range(0));
  const auto now = std::chrono::system_clock::now();
  std::mt19937_64 ids(1);
  std::vector<std::uint64_t> before;
  for (auto _ : state) {
    std::vector<journal_record> records;
    records.reserve(2 * calls);
    for (const auto id : before) records.emplace_back(make_outcome(id, now));
    before.clear();
    for (std::uint64_t i = 0; i < calls; ++i) before.push_back(ids());
    for (const auto id : before) records.emplace_back(make_intent(id, now));
    commit(*to, std::move(records));
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void BM_make_records(benchmark::State& state) {
  const auto now = std::chrono::system_clock::now();
  std::uint64_t id = 1;
  for (auto _ : state) {
    std::vector<journal_record> records;
    records.reserve(2);
    records.emplace_back(make_intent(++id, now));
    records.emplace_back(make_outcome(id, now));
    benchmark::DoNotOptimize(records);
  }
}
BENCHMARK(BM_make_records);

void BM_record_process(benchmark::State& state) { record(state, durability::process); }
BENCHMARK(BM_record_process)->Arg(1)->Arg(8)->Arg(64);

void BM_record_budget(benchmark::State& state) {
  budget day;
  day.name = "day";
  day.limit = {parsed("1000000"), "USD"};
  day.period = budget_period::day;
  day.hard = true;
  record(state, durability::process, std::chrono::milliseconds(5), &day);
}
BENCHMARK(BM_record_budget)->Arg(1)->Arg(8)->Arg(64);
void BM_record_gathered(benchmark::State& state) {
  record(state, durability::process, ledger_options{}.commit_interval);
}
BENCHMARK(BM_record_gathered)->Arg(1)->Arg(8)->Arg(64);
void BM_record_power(benchmark::State& state) { record(state, durability::power); }
BENCHMARK(BM_record_power)->Arg(1)->Arg(64)->UseRealTime();

/// A ledger of `rows` settled attempts over 30 days.
void fill(journal& to, std::int64_t rows) {
  const auto begin = std::chrono::sys_days(std::chrono::year(2026) / 10 / 1);
  const auto step = std::chrono::microseconds(30LL * 86'400 * 1'000'000 / rows);
  for (std::int64_t row = 0; row < rows;) {
    std::vector<journal_record> records;
    for (int i = 0; i < 500 && row < rows; ++i, ++row) {
      const auto at = begin + row * step;
      records.emplace_back(make_intent(static_cast<std::uint64_t>(row) + 1, at));
      records.emplace_back(make_outcome(static_cast<std::uint64_t>(row) + 1, at));
    }
    commit(to, std::move(records));
  }
}

void report(benchmark::State& state, const std::vector<std::string>& by) {
  testing::temporary_directory folder;
  const auto book = ledger::open({.path = folder.file("ledger.db")}).value();
  fill(*journal_of(book), state.range(0));
  for (auto _ : state) benchmark::DoNotOptimize(book.report(by, {}).value());
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
void BM_report_day(benchmark::State& state) { report(state, {"day"}); }
BENCHMARK(BM_report_day)->Arg(100'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);
void BM_report_day_model(benchmark::State& state) { report(state, {"day", "model"}); }
BENCHMARK(BM_report_day_model)->Arg(100'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);
void BM_report_tag(benchmark::State& state) { report(state, {"tag:team"}); }
BENCHMARK(BM_report_tag)->Arg(100'000)->Unit(benchmark::kMillisecond);

void BM_scan(benchmark::State& state) {
  testing::temporary_directory folder;
  const auto book = ledger::open({.path = folder.file("ledger.db")}).value();
  fill(*journal_of(book), state.range(0));
  for (auto _ : state) {
    std::int64_t seen = 0;
    book.scan({}, [&](const ledger_entry&) { return ++seen > 0; }).value();
    benchmark::DoNotOptimize(seen);
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_scan)->Arg(100'000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace ark

BENCHMARK_MAIN();
