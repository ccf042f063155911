#include "ledger/store.hpp"

#include <gtest/gtest.h>

namespace ark::testing {
namespace {

TEST(store, tells_a_servers_name_from_a_files) {
  for (const char* server : {"postgresql://ark@db/usage", "postgres://db",
                             "host=/run/postgresql dbname=x", "dbname = usage", "service=ledger"})
    EXPECT_TRUE(detail::names_server(server)) << server;
  for (const char* file : {"ledger.sqlite", "/var/lib/host=x/ledger", "./dbname=x", "a=b",
                           "postgresql.db", "~/user=me.sqlite", ""})
    EXPECT_FALSE(detail::names_server(file)) << file;
}

TEST(store, a_store_without_budgets_says_so) {
  class nothing final : public detail::ledger_store {
    void commit(std::vector<journal_record>, std::function<void(commit_result)>) override {}
    result<void> scan(const ledger_filter&,
                      const std::function<bool(const ledger_entry&)>&) override {
      return {};
    }
    result<std::vector<report_line>> report(const std::vector<std::string>&,
                                            const ledger_filter&) override {
      return std::vector<report_line>{};
    }
  } store;
  EXPECT_EQ(store.set_budget({}).error().code, errc::unsupported);
  EXPECT_EQ(store.budgets().error().code, errc::unsupported);
}

}  // namespace
}  // namespace ark::testing
