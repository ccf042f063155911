// One of the processes that share a ledger, a file's or a server's: see budget_race_test.py and
// budget_kill_test.py.
//   budget-worker set LEDGER LIMIT        a budget "b" for what has the tag team=a
//   budget-worker race LEDGER THREADS SECONDS REFUSALS
//   budget-worker crash LEDGER            until it is killed; tells what was acknowledged
//   budget-worker sweep LEDGER            books what the dead left
#include <unistd.h>

#include <ark/ledger.hpp>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <random>
#include <string>
#include <thread>

#include "client/journal.hpp"
#include "ledger/ledger_journal.hpp"
#include "ledger/store.hpp"
#ifdef ARK_TEST_POSTGRES
#include "ledger_pg/pg_store.hpp"
#endif

namespace {

using namespace std::chrono_literals;

ark::amount micros(std::int64_t n) {
  return ark::amount::from_raw(static_cast<__int128>(n) * 1'000'000'000);
}

ark::cost exactly(ark::amount value) {
  return {.status = ark::cost_status::exact,
          .currency = "USD",
          .value = value,
          .low = value,
          .high = value};
}

ark::attempt_intent intent_of(std::uint64_t id, std::int64_t most_micro, bool budgeted) {
  ark::attempt_intent i;
  i.attempt_id = id;
  i.call_id = "c-" + std::to_string(id);
  i.begun = std::chrono::system_clock::now();
  i.vendor = "v";
  i.model = "m";
  i.operation = "chat";
  i.quote = exactly(micros(most_micro));
  i.lease = 1s;
  i.tags = {{"team", budgeted ? "a" : "b"}};
  return i;
}

ark::result<void> commit(ark::journal& to, ark::journal_record record) {
  std::promise<ark::result<void>> told;
  to.commit({std::move(record)}, [&](const ark::commit_result& r) { told.set_value(r.of(0)); });
  return told.get_future().get();
}

int fail(const ark::error& e) {
  std::fprintf(stderr, "%s\n", ark::to_string(e).c_str());
  return 1;
}

std::uint64_t new_id(std::mt19937_64& chance) { return (chance() >> 1) | 1; }

/// Settles below, now and then at, the quote; or is void; or stays in doubt.
ark::attempt_outcome outcome_of(std::uint64_t id, std::int64_t most, std::mt19937_64& chance) {
  ark::attempt_outcome o;
  o.attempt_id = id;
  o.ended = std::chrono::system_clock::now();
  const auto dice = chance() % 20;
  if (dice == 0) {
    o.state = ark::attempt_state::void_;
    o.cost = {.status = ark::cost_status::void_, .currency = "USD"};
  } else {
    const auto most_u = static_cast<std::uint64_t>(most);
    o.cost = exactly(micros(dice < 5 ? most : static_cast<std::int64_t>(chance() % most_u)));
  }
  return o;
}

int race_thread(ark::journal& to, std::chrono::steady_clock::time_point until, long enough,
                std::atomic<long>& refused) {
  std::mt19937_64 chance(std::random_device{}());
  while (refused < enough && std::chrono::steady_clock::now() < until) {
    const std::uint64_t id = new_id(chance);
    const auto most = static_cast<std::int64_t>(200 + chance() % 2000);
    if (auto kept = commit(to, intent_of(id, most, true)); !kept) {
      if (kept.error().code != ark::errc::budget) return fail(kept.error());
      ++refused;
      std::this_thread::sleep_for(2ms);
      continue;
    }
    if (auto kept = commit(to, outcome_of(id, most, chance)); !kept) return fail(kept.error());
  }
  return 0;
}

/// Until all threads together were refused so often.
int race(const std::string& path, int threads, int seconds, long refusals) {
  const auto book = ark::ledger::open({.path = path});
  if (!book) return fail(book.error());
  const auto to = ark::journal_of(*book);
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
  std::atomic<long> refused = 0;
  std::atomic<int> failed = 0;
  std::vector<std::thread> all;
  for (int t = 0; t < threads; ++t)
    all.emplace_back([&] { failed += race_thread(*to, until, refusals, refused); });
  for (auto& t : all) t.join();
  std::printf("%ld\n", refused.load());
  return failed == 0 ? 0 : 1;
}

bool tell(char what, std::uint64_t id, std::int64_t cost) {
  char line[64];
  const int size = std::snprintf(line, sizeof line, "%c %llu %lld\n", what,
                                 static_cast<unsigned long long>(id), static_cast<long long>(cost));
  return ::write(1, line, static_cast<std::size_t>(size)) == size;
}

/// Every other attempt has no budget, and may go by way of the spool.
int crash(const std::string& path) {
  const auto book = ark::ledger::open({.path = path});
  if (!book) return fail(book.error());
  const auto to = ark::journal_of(*book);
  std::mt19937_64 chance(std::random_device{}());
  for (bool budgeted = true;; budgeted = !budgeted) {
    const std::uint64_t id = new_id(chance);
    const auto most = static_cast<std::int64_t>(100'000 + chance() % 100'000);
    if (auto kept = commit(*to, intent_of(id, most, budgeted)); !kept) {
      if (kept.error().code != ark::errc::budget) return fail(kept.error());
      std::this_thread::sleep_for(1ms);
      continue;
    }
    if (!tell('i', id, most)) return 2;
    if (chance() % 4 == 0) std::this_thread::sleep_for(std::chrono::microseconds(chance() % 3000));
    ark::attempt_outcome o;
    o.attempt_id = id;
    o.ended = std::chrono::system_clock::now();
    const auto cost = static_cast<std::int64_t>(1 + chance() % 3);
    o.cost = exactly(micros(cost));
    if (auto kept = commit(*to, o); !kept) return fail(kept.error());
    if (!tell('o', id, cost)) return 2;
  }
}

int set(const std::string& path, const std::string& limit) {
  const auto book = ark::ledger::open({.path = path});
  if (!book) return fail(book.error());
  const auto done = book->set_budget({.name = "b",
                                      .limit = {ark::amount::parse(limit).value(), "USD"},
                                      .scope = {.tags = {{"team", "a"}}}});
  return done ? 0 : fail(done.error());
}

/// Opening a file does it. A machine's silence is waited for.
int sweep(const std::string& path) {
#ifdef ARK_TEST_POSTGRES
  if (ark::detail::names_server(path)) {
    const auto quick =
        ark::detail::pg_store::open({.path = path}, {.beat = 50ms, .silence = 300ms});
    if (!quick) return fail(quick.error());
    std::this_thread::sleep_for(2s);
    return 0;
  }
#endif
  const auto book = ark::ledger::open({.path = path});
  return book ? 0 : fail(book.error());
}

}  // namespace

int main(int argc, char** argv) {
  const std::string verb = argc > 2 ? argv[1] : "";
  if (verb == "set" && argc == 4) return set(argv[2], argv[3]);
  if (verb == "race" && argc == 6)
    return race(argv[2], std::atoi(argv[3]), std::atoi(argv[4]), std::atol(argv[5]));
  if (verb == "crash") return crash(argv[2]);
  if (verb == "sweep") return sweep(argv[2]);
  std::fprintf(stderr, "usage: budget-worker set|race|crash|sweep LEDGER ...\n");
  return 2;
}
