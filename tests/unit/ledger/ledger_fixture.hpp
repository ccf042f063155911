#pragma once
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <ark/ledger.hpp>

#include <future>
#include <memory>
#include <string>
#include <vector>

#include "client/journal.hpp"
#include "ledger/ledger_journal.hpp"
#include "tests/support/temporary_directory.hpp"

namespace ark::testing {

/// 2026-11-21T10:00:00Z, and `seconds` later.
inline std::chrono::system_clock::time_point at(std::int64_t seconds = 0) {
  return std::chrono::system_clock::time_point(std::chrono::seconds(1'795'255'200 + seconds));
}

inline amount money_of(std::string_view text) { return amount::parse(text).value(); }

inline cost exact(std::string_view text, std::string currency = "USD") {
  const amount a = money_of(text);
  return {.status = cost_status::exact,
          .currency = std::move(currency),
          .value = a,
          .low = a,
          .high = a,
          .price_hash = "p1"};
}

inline cost interval(std::string_view low, std::string_view high) {
  return {.status = cost_status::interval,
          .currency = "USD",
          .value = money_of(high),
          .low = money_of(low),
          .high = money_of(high),
          .price_hash = "p1"};
}

inline attempt_intent intent(std::uint64_t id, std::int64_t seconds = 0) {
  attempt_intent i;
  i.attempt_id = id;
  i.call_id = "call-" + std::to_string(id);
  i.begun = at(seconds);
  i.vendor = "openai";
  i.model = "gpt-6";
  i.operation = "chat";
  i.quote = exact("0.5");
  return i;
}

inline attempt_outcome outcome(std::uint64_t id, std::string_view price = "0.25") {
  attempt_outcome o;
  o.attempt_id = id;
  o.ended = at(2);
  o.usage.input = 100;
  o.usage.output = 20;
  o.usage.reported = true;
  o.cost = exact(price);
  o.reply_model = "gpt-6-2026";
  o.finish = "stop";
  o.request_id = "req-" + std::to_string(id);
  o.http_status = 200;
  o.latency = std::chrono::milliseconds(1500);
  return o;
}

/// Waits, whatever thread `done` is called on.
inline result<void> commit(journal& j, std::vector<journal_record> records) {
  const auto told = std::make_shared<std::promise<result<void>>>();
  j.commit(std::move(records), [told](const commit_result& r) {
    told->set_value(r.refused.empty() ? r.all : result<void>(r.refused.front().why));
  });
  auto answer = told->get_future();
  if (answer.wait_for(std::chrono::seconds(60)) != std::future_status::ready)
    return error{.code = errc::internal, .message = "done was not called"};
  return answer.get();
}

/// Runs SQL on a file with a connection of its own; the first column of the first row.
inline std::string sql(const std::string& path, const std::string& text) {
  sqlite3* db = nullptr;
  EXPECT_EQ(sqlite3_open(path.c_str(), &db), SQLITE_OK);
  sqlite3_busy_timeout(db, 10'000);
  std::string first;
  bool seen = false;
  struct context {
    std::string* first;
    bool* seen;
  } c{&first, &seen};
  char* why = nullptr;
  sqlite3_exec(
      db, text.c_str(),
      [](void* p, int columns, char** values, char**) {
        auto* to = static_cast<context*>(p);
        if (!*to->seen && columns > 0 && values[0] != nullptr) *to->first = values[0];
        *to->seen = true;
        return 0;
      },
      &c, &why);
  EXPECT_EQ(why, nullptr) << why;
  sqlite3_free(why);
  sqlite3_close(db);
  return first;
}

/// A ledger in a folder of its own.
class ledger_fixture : public ::testing::Test {
 protected:
  void open(durability how = durability::process) {
    // A transaction for each commit, so that other programs see it at once.
    book = ledger::open({.path = path, .durability = how, .commit_interval = {}}).value();
    to = journal_of(book);
  }
  temporary_directory folder;
  std::string path = folder.file("state/ledger.db");
  ledger book;
  std::shared_ptr<journal> to;
};

}  // namespace ark::testing
