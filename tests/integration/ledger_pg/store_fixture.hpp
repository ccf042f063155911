#pragma once
#include <future>

#include "tests/integration/ledger_pg/pg_server.hpp"
#include "tests/unit/ledger/ledger_fixture.hpp"

namespace ark::testing {

inline commit_result commit_all(journal& j, std::vector<journal_record> records) {
  std::promise<commit_result> told;
  j.commit(std::move(records), [&](commit_result r) { told.set_value(std::move(r)); });
  return told.get_future().get();
}

/// Waits, whatever thread `done` is called on.
inline result<void> put(journal& j, std::vector<journal_record> records) {
  const auto r = commit_all(j, std::move(records));
  return r.refused.empty() ? r.all : result<void>(r.refused.front().why);
}

/// One ledger of each store: what holds for one holds for the other.
class store_fixture : public ::testing::TestWithParam<const char*> {
 protected:
  bool is_server() const { return std::string_view(GetParam()) == "postgres"; }
  void SetUp() override {
    if (!is_server()) return;
    server = the_server();
    if (server == nullptr) GTEST_SKIP() << "skipped: postgresql is not installed";
    server->wipe();
    place = server->name();
  }
  void open() {
    book = ledger::open({.path = place, .commit_interval = {}}).value();
    to = journal_of(book);
  }
  void close() {
    to.reset();
    book = {};
  }
  /// SQL for both; tables are written as @name.
  std::string ask(std::string text) const {
    for (auto at = text.find('@'); at != std::string::npos; at = text.find('@', at))
      text.replace(at, 1, is_server() ? "ark." : "");
    return is_server() ? server->ask(text) : sql(place, text);
  }
  std::string corrections() const {
    return ask(is_server()
                   ? "SELECT coalesce(string_agg(kind, ',' ORDER BY seq), '') FROM @correction"
                   : "SELECT ifnull(group_concat(kind), '') FROM correction");
  }
  temporary_directory folder;
  pg_server* server = nullptr;
  std::string place = folder.file("state/ledger.db");
  ledger book;
  std::shared_ptr<journal> to;
};

inline std::string store_name(const ::testing::TestParamInfo<const char*>& info) {
  return info.param;
}

}  // namespace ark::testing
