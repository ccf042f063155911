// The shared ledger beside what pgbench does: durable entries a second with 64 producers that each
// wait for their own row (an entry is an intent or an outcome), with and without a hot budget, and
// single-row updates, a transaction each, of one hot row and of a row for each client; then
// `verify` over all of it. In one run, against one server: its own in a temporary folder, or the
// one that the first argument names.
//   pg-bench [NAME] [SECONDS]
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <future>
#include <thread>

#include "ledger/ledger_journal.hpp"
#include "ledger_pg/pg_connection.hpp"
#include "os/os.hpp"
#include "tests/integration/ledger_pg/pg_server.hpp"

namespace ark {
namespace {

using std::chrono::steady_clock;

struct measured {
  double a_second = 0, p50_ms = 0, p99_ms = 0;
};

/// Runs `step` in `threads` threads for `seconds`; each call is one thing done.
template <class Make>
measured run(int threads, int seconds, Make&& make) {
  std::atomic<bool> stop = false;
  std::vector<std::vector<double>> took(static_cast<std::size_t>(threads));
  std::vector<std::thread> all;
  const auto begun = steady_clock::now();
  for (int t = 0; t < threads; ++t)
    all.emplace_back([&, t] {
      auto step = make(t);
      while (!stop) {
        const auto before = steady_clock::now();
        step();
        const std::chrono::duration<double, std::milli> ms = steady_clock::now() - before;
        took[static_cast<std::size_t>(t)].push_back(ms.count());
      }
    });
  std::this_thread::sleep_for(std::chrono::seconds(seconds));
  stop = true;
  for (auto& t : all) t.join();
  const std::chrono::duration<double> whole = steady_clock::now() - begun;
  std::vector<double> each;
  for (const auto& t : took) each.insert(each.end(), t.begin(), t.end());
  std::sort(each.begin(), each.end());
  if (each.empty()) return {};
  return {static_cast<double>(each.size()) / whole.count(), each[each.size() / 2],
          each[each.size() * 99 / 100]};
}

void tell(const char* what, const measured& m) {
  std::printf("%-58s %9.0f/s  p50 %7.2f ms  p99 %7.2f ms\n", what, m.a_second, m.p50_ms, m.p99_ms);
  std::fflush(stdout);
}

cost priced(const char* text) {
  const amount a = amount::parse(text).value();
  return {.status = cost_status::exact, .currency = "USD", .value = a, .low = a, .high = a};
}

/// Intent, then outcome, in turn: each waits until it is durable.
auto producer(const std::shared_ptr<journal>& to) {
  return [to, id = std::uint64_t{0}]() mutable {
    std::vector<journal_record> one;
    const auto now = std::chrono::system_clock::now();
    if (id == 0) {
      id = os::real().random_u64() | 1;
      attempt_intent i;
      i.attempt_id = id;
      i.call_id = "0192f3c4-7a10-7bbb-8000-0123456789ab";
      i.begun = now;
      i.vendor = "openai";
      i.model = "gpt-6.1-sol";
      i.operation = "chat";
      i.tenant = "acme";
      i.tags = {{"team", "search"}};
      i.quote = priced("0.0325");
      one.emplace_back(std::move(i));
    } else {
      attempt_outcome o;
      o.attempt_id = std::exchange(id, 0);
      o.ended = now;
      o.usage.input = 512;
      o.usage.output = 96;
      o.usage.reported = true;
      o.cost = priced("0.00217325");
      o.request_id = "req_0123456789abcdef0123456789abcdef";
      o.http_status = 200;
      one.emplace_back(std::move(o));
    }
    std::promise<result<void>> done;
    to->commit(std::move(one), [&](const commit_result& r) { done.set_value(r.of(0)); });
    done.get_future().get().value();
  };
}

auto updater(const std::string& name, int row) {
  auto db = std::make_shared<pg::connection>(
      pg::connection::open({.text = name}, steady_clock::now() + std::chrono::seconds(10)).value());
  return [db, row] {
    const pg::statement update{"hot", "UPDATE ark_bench.hot SET n = n + 1 WHERE id = $1"};
    db->queue(update, pg::parameters().integer(row));
    db->flush(steady_clock::now() + std::chrono::seconds(30)).value();
  };
}

int bench(const std::string& name, int seconds) {
  auto db = pg::connection::open({.text = name}, steady_clock::now() + std::chrono::seconds(10));
  db.value()
      .script(
          "DROP SCHEMA IF EXISTS ark_bench CASCADE; CREATE SCHEMA ark_bench; CREATE TABLE "
          "ark_bench.hot(id bigint PRIMARY KEY, n bigint); INSERT INTO ark_bench.hot SELECT x, 0 "
          "FROM generate_series(0, 100) x",
          steady_clock::now() + std::chrono::seconds(10))
      .value();
  for (const int clients : {1, 8, 64})
    tell(("update one row, a transaction each, clients: " + std::to_string(clients)).c_str(),
         run(clients, seconds, [&](int) { return updater(name, 1); }));
  tell("update a row for each client, clients: 64",
       run(64, seconds, [&](int t) { return updater(name, t); }));
  const auto book = ledger::open({.path = name}).value();
  for (const int producers : {1, 8, 64})
    tell(("ledger entries, producers: " + std::to_string(producers)).c_str(),
         run(producers, seconds, [&](int) { return producer(journal_of(book)); }));
  tell("ledger entries, producers: 256",
       run(256, seconds, [&](int) { return producer(journal_of(book)); }));
  book.set_budget({.name = "bench", .limit = {amount::parse("1000000").value(), "USD"}}).value();
  tell("ledger entries against one hot budget, producers: 64",
       run(64, seconds, [&](int) { return producer(journal_of(book)); }));
  std::vector<ledger> machines;
  for (int i = 0; i < 4; ++i) machines.push_back(ledger::open({.path = name}).value());
  tell("the same from 4 handles, as from 4 machines, producers: 64", run(64, seconds, [&](int t) {
         return producer(journal_of(machines[static_cast<std::size_t>(t % 4)]));
       }));
  const auto begun = steady_clock::now();
  const ledger_check check = book.verify().value();
  const std::chrono::duration<double> took = steady_clock::now() - begun;
  std::printf("verify: %s; %lld attempts in %lld segments, %.1f us an attempt\n",
              check.good() ? "good" : "NOT good", static_cast<long long>(check.intents),
              static_cast<long long>(check.segments),
              took.count() * 1e6 / static_cast<double>(check.intents));
  return check.good() ? 0 : 1;
}

}  // namespace
}  // namespace ark

int main(int count, char** arguments) {
  const int seconds = count > 2 ? std::atoi(arguments[2]) : 4;
  if (count > 1 && arguments[1][0] != '\0') return ark::bench(arguments[1], seconds);
  const auto server = ark::testing::pg_server::start();
  if (server == nullptr) {
    std::fprintf(stderr, "postgresql is not installed: name a server\n");
    return 1;
  }
  return ark::bench(server->name(), seconds);
}
