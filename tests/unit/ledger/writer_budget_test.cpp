#include "budget_fixture.hpp"
#include "ledger/reserve.hpp"
#include "ledger/writer.hpp"

namespace ark::testing {
namespace {

using namespace std::chrono_literals;

class writer_budget_test : public budget_fixture {
 protected:
  void SetUp() override {
    file = detail::writer::open({.path = path,
                                 .on_threshold =
                                     [this](const budget_alert& a) {
                                       EXPECT_TRUE(file->may_follow({outcome(99)}))
                                           << "a lock is held";
                                       alerts.push_back(a);
                                     },
                                 .os = &machine})
               .value();
  }
  std::unique_ptr<detail::writer> file;
};

TEST_F(writer_budget_test, only_attempts_without_a_budget_may_follow_later) {
  std::vector<journal_record> first = {asks(1, "0.1")};
  ASSERT_TRUE(file->write(first));
  EXPECT_TRUE(file->may_follow({asks(2, "0.1"), outcome(1)}));
  budget b = limited("1");
  b.scope.tags = {{"team", "search"}};
  ASSERT_TRUE(file->set_budget(b));
  attempt_intent ours = asks(3, "0.1");
  ours.tags = {{"team", "search"}};
  EXPECT_FALSE(file->may_follow({ours}));
  EXPECT_TRUE(file->may_follow({asks(4, "0.1")}));
  std::vector<journal_record> reserved = {ours};
  ASSERT_TRUE(file->write(reserved));
  EXPECT_FALSE(file->may_follow({outcome(3)})) << "it makes room for others";
  EXPECT_TRUE(file->may_follow({outcome(1)}));
}

TEST_F(writer_budget_test, alerts_wait_for_tell) {
  budget b = limited("1");
  b.thresholds = {50};
  ASSERT_TRUE(file->set_budget(b));
  std::vector<journal_record> all = {asks(1, "0.5"), outcome(1, "0.5")};
  ASSERT_TRUE(file->write(all));
  EXPECT_TRUE(alerts.empty());
  file->tell();
  EXPECT_EQ(alerts.size(), 1u);
  file->tell();
  EXPECT_EQ(alerts.size(), 1u);
}

TEST_F(writer_budget_test, a_sweep_that_finds_nothing_writes_nothing) {
  std::vector<journal_record> all = {asks(1, "0.5"), outcome(1, "0.5")};
  ASSERT_TRUE(file->write(all));
  const std::string log = path + "-wal";
  const auto size = std::filesystem::file_size(log);
  ASSERT_TRUE(detail::sweep(*file, detail::lost_among::all));
  EXPECT_EQ(std::filesystem::file_size(log), size);
  EXPECT_EQ(sql(path, "SELECT count(*) FROM ledger_mark"), "0");
}

TEST_F(writer_budget_test, what_has_an_outcome_by_now_is_not_booked_as_lost) {
  std::vector<journal_record> all = {asks(1, "0.5"), asks(2, "0.5")};
  ASSERT_TRUE(file->write(all));
  sql(path, "UPDATE session SET process_start = 1");
  const auto found = file->find_lost(detail::lost_among::all).value();
  ASSERT_EQ(found.lost.size(), 2u);
  std::vector<journal_record> told = {outcome(1)};
  ASSERT_TRUE(file->write(told));
  ASSERT_TRUE(file->book_lost(found));
  EXPECT_EQ(sql(path, "SELECT group_concat(state) FROM outcome"), "settled,ambiguous");
  EXPECT_EQ(sql(path, "SELECT count(*) FROM correction"), "0");
}

TEST_F(writer_budget_test, sweeps_are_a_second_apart) {
  EXPECT_TRUE(file->may_sweep());
  EXPECT_FALSE(file->may_sweep());
  machine.advance(999ms);
  EXPECT_FALSE(file->may_sweep());
  machine.advance(1ms);
  EXPECT_TRUE(file->may_sweep());
}

}  // namespace
}  // namespace ark::testing
