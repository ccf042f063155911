#include "ledger/salvage.hpp"

#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>

#include "ledger/record.hpp"
#include "ledger/spool.hpp"
#include "salvage_support.hpp"

namespace ark::testing {
namespace {

/// A file or folder that is put on the disk, as it is then.
struct synced_file {
  std::string path, bytes;
  bool is_named;  ///< the new ledger has its name
};
struct sync_log {
  std::string ledger;
  std::vector<synced_file> all;
};
std::atomic<sync_log*> watched = nullptr;

int synced(long call, int fd) {
  if (sync_log* const log = watched) {
    const auto path = std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(fd)).string();
    log->all.push_back({path, std::filesystem::is_directory(path) ? "" : bytes_of_file(path),
                        std::filesystem::exists(log->ledger)});
  }
  return static_cast<int>(::syscall(call, fd));
}

}  // namespace
}  // namespace ark::testing

// SQLite's library finds these before the C library's.
extern "C" int fdatasync(int fd) { return ark::testing::synced(SYS_fdatasync, fd); }
extern "C" int fsync(int fd) { return ark::testing::synced(SYS_fsync, fd); }

namespace ark::testing {
namespace {

// Threat L12: what can still be read of a damaged file is saved.
class salvage_test : public salvage_fixture {};

TEST_F(salvage_test, L12_a_sound_file_comes_out_as_it_was) {
  record();
  const auto before = ledger::open({.path = path, .read_only = true}).value();
  const auto lines = before.report({"day", "model"}, {}).value();
  const auto told = save(damaged(whole));
  ASSERT_TRUE(told) << told.error().message;
  EXPECT_TRUE(told->complete()) << words_of(told->findings);
  EXPECT_TRUE(told->check.good()) << words_of(told->check.findings);
  EXPECT_TRUE(told->ends_at_anchor);
  EXPECT_EQ(told->segments, told->good_segments);
  EXPECT_EQ(told->intents.saved, static_cast<std::int64_t>(original["intent"].size()));
  EXPECT_EQ(told->intents.recorded, told->intents.saved);
  EXPECT_EQ(told->outcomes.recorded, told->outcomes.saved);
  EXPECT_EQ(told->corrections.recorded, told->corrections.saved);
  for (const char* table : {"intent", "outcome", "correction"})
    EXPECT_TRUE(rows_of(saved, table) == original[table]) << table;
  const auto after = ledger::open({.path = saved, .read_only = true}).value();
  const auto again = after.report({"day", "model"}, {}).value();
  ASSERT_EQ(again.size(), lines.size());
  for (std::size_t i = 0; i < lines.size(); ++i) {
    EXPECT_EQ(again[i].key, lines[i].key);
    EXPECT_EQ(again[i].attempts, lines[i].attempts);
    EXPECT_EQ(again[i].cost, lines[i].cost);
    EXPECT_EQ(again[i].high, lines[i].high);
  }
}

TEST_F(salvage_test, L12_the_new_ledger_goes_on) {
  record();
  ASSERT_TRUE(save(damaged(whole)));
  path = saved;
  open();
  ASSERT_TRUE(commit(*to, {intent(900'001), outcome(900'001)}));
  const auto check = book.verify().value();
  EXPECT_TRUE(check.good()) << words_of(check);
}

/// Outcomes that are in doubt now and once were not.
constexpr const char* rebooked = "SELECT count(*) FROM outcome WHERE note LIKE 'salvage: whether%'";

/// Pages of each kind: zeros.
TEST_F(salvage_test, L12_a_lost_page_costs_its_own_rows_and_no_others) {
  record();
  const auto all = pages();
  for (const char* kind :
       {"intent leaf", "intent internal", "outcome leaf", "outcome internal", "correction leaf",
        "correction_resolved leaf", "segment leaf", "segment internal", "session leaf",
        "rollup leaf", "rollup_key leaf", "sqlite_schema internal", "sqlite_schema leaf"})
    EXPECT_TRUE(all.contains(kind)) << kind;
  for (const auto& [kind, numbers] : all)
    for (std::size_t i = 0; i < numbers.size(); i += (numbers.size() + 1) / 2) {
      const std::string what = kind + " page " + std::to_string(numbers[i]);
      const auto told = save(damaged(with_page(numbers[i], std::string(page_bytes, '\0'))));
      ASSERT_TRUE(told) << what << ": " << told.error().message;
      EXPECT_TRUE(told->check.good()) << what << words_of(told->check.findings);
      EXPECT_EQ(invented(*told), "") << what;
      for (const char* table : {"intent", "outcome", "correction"}) {
        const auto lost = missing(table);
        if (kind != std::string(table) + " leaf" && kind != "intent leaf") {
          EXPECT_TRUE(lost.empty()) << what << " cost " << table << " " << *lost.begin();
          continue;
        }
        if (kind != std::string(table) + " leaf") continue;
        const auto& told_of = table[0] == 'i'   ? told->intents
                              : table[0] == 'o' ? told->outcomes
                                                : told->corrections;
        const auto gone = told_of.recorded - told_of.saved;
        EXPECT_GT(gone, 0) << what;
        // An attempt whose outcome is lost has one in doubt in its place, as have those that were
        // open.
        if (table[0] == 'o')
          EXPECT_LE(gone, std::stoll(sql(saved, rebooked))) << what;
        else
          EXPECT_EQ(gone, static_cast<std::int64_t>(lost.size())) << what;
        ASSERT_FALSE(told->lost.empty()) << what;
        for (const std::int64_t number : lost) {
          bool named = false;
          for (const auto& range : told->lost)
            named =
                named || (range.table == table && range.first <= number && number <= range.last);
          EXPECT_TRUE(named) << what << ": " << number << " is lost and not told";
        }
      }
    }
}

TEST_F(salvage_test, L12_outcomes_without_intent_are_kept_with_what_they_cost) {
  record();
  const auto all = pages();
  const auto told =
      save(damaged(with_page(all.at("intent leaf")[1], std::string(page_bytes, '\xff')))).value();
  const auto lost = missing("intent");
  ASSERT_FALSE(lost.empty());
  std::int64_t had = 0;
  for (const std::int64_t number : lost) had += original["outcome"].contains(number) ? 1 : 0;
  ASSERT_GT(had, 0);
  EXPECT_EQ(told.orphans, had);
  EXPECT_EQ(told.intents.recorded - told.intents.saved, static_cast<std::int64_t>(lost.size()));
  EXPECT_EQ(sql(saved,
                "SELECT count(*) FROM correction WHERE kind = 'orphan' AND of_seq IS NOT "
                "NULL"),
            std::to_string(had));
  const std::string numbers =
      "(" + std::to_string(*lost.begin()) + " AND " + std::to_string(*lost.rbegin()) + ")";
  ASSERT_FALSE(told.orphan_cost.empty());
  for (const auto& [value, currency] : told.orphan_cost) {
    const std::string where = " FROM outcome WHERE currency = '" + currency + "' AND seq BETWEEN " +
                              numbers.substr(1, numbers.size() - 2);
    const auto micro = std::stoll(sql(path, "SELECT sum(cost_micro)" + where));
    const auto femto = std::stoll(sql(path, "SELECT sum(cost_femto)" + where));
    EXPECT_EQ(value, detail::join(micro, femto)) << currency;
  }
}

TEST_F(salvage_test, L12_numbers_that_are_given_again_have_nothing_of_the_lost) {
  open();
  std::vector<journal_record> records;
  for (std::uint64_t id = 1; id <= 200; ++id) {
    attempt_outcome doubtful = outcome(id);
    doubtful.state = attempt_state::ambiguous;
    doubtful.cost = interval("0", "1");
    for (const journal_record& r : {journal_record(intent(id)), journal_record(doubtful)})
      records.push_back(r);
  }
  ASSERT_TRUE(commit(*to, std::move(records)));
  for (std::uint64_t id = 1; id <= 200; ++id) ASSERT_TRUE(commit(*to, {outcome(id, "0.75")}));
  close();
  settle();
  const auto last = static_cast<std::size_t>(std::stoll(
      sql(path,
          "SELECT pageno FROM dbstat WHERE name = 'intent' AND pagetype = 'leaf' ORDER BY "
          "path DESC LIMIT 1")));
  const auto told = save(damaged(with_page(last, std::string(page_bytes, '\0')))).value();
  const auto lost = missing("intent");
  ASSERT_FALSE(lost.empty());
  EXPECT_EQ(*lost.rbegin(), 200);
  EXPECT_EQ(told.orphans, static_cast<std::int64_t>(lost.size()));
  path = saved;
  open();
  for (std::uint64_t id = 1001; id < 1001 + lost.size(); ++id)
    ASSERT_TRUE(commit(*to, {intent(id), outcome(id)}));
  const auto entries = book.list({}).value();
  ASSERT_EQ(entries.size(), 200u);
  for (const auto& e : entries) {
    EXPECT_EQ(e.state, attempt_state::settled);
    EXPECT_EQ(e.cost.value, money_of(lost.contains(e.sequence) ? "0.25" : "0.75"));
  }
  EXPECT_TRUE(book.verify().value().good());
}

TEST_F(salvage_test, L12_attempts_whose_outcome_is_lost_are_in_doubt_up_to_their_quote) {
  record();
  const auto all = pages();
  const auto told =
      save(damaged(with_page(all.at("outcome leaf")[1], std::string(page_bytes, '\0')))).value();
  // All that were there, and those that were open beside them.
  EXPECT_GE(rows_of(saved, "outcome").size(), original["outcome"].size());
  ASSERT_GT(told.in_doubt, 0);
  const auto book_saved = ledger::open({.path = saved, .read_only = true}).value();
  std::int64_t seen = 0;
  for (const auto& e : book_saved.list({}).value()) {
    if (!e.note.starts_with("salvage: whether")) continue;
    ++seen;
    EXPECT_EQ(e.state, attempt_state::ambiguous);
    if (e.quote.status == cost_status::unknown) continue;
    EXPECT_EQ(e.cost.low, amount{});
    EXPECT_EQ(e.cost.high, e.quote.high);
  }
  EXPECT_GT(seen, 0);
}

TEST_F(salvage_test, L12_a_row_that_does_not_fit_its_check_is_kept_in_doubt) {
  record_ten();
  settle();
  auto bytes = whole;
  bytes.replace(bytes.find("req-7"), 5, "req-8");
  bytes.replace(bytes.find("call-3"), 6, "call-4");
  const auto told = save(damaged(bytes)).value();
  EXPECT_EQ(told.intents.changed, 1);
  EXPECT_EQ(told.outcomes.changed, 1);
  EXPECT_EQ(told.in_doubt, 1);
  EXPECT_EQ(told.good_segments, told.segments - 2);
  EXPECT_TRUE(told.check.good());
  const auto entries = ledger::open({.path = saved}).value().list({}).value();
  ASSERT_EQ(entries.size(), 10u);
  EXPECT_EQ(entries[6].state, attempt_state::ambiguous);
  EXPECT_EQ(entries[6].cost.high, money_of("0.5"));
  EXPECT_EQ(entries[6].note, "salvage: its outcome does not fit its own check (settled, 0.25 USD)");
  EXPECT_EQ(entries[2].state, attempt_state::settled) << "what it cost is in another row";
  EXPECT_EQ(sql(saved, "SELECT note FROM correction WHERE kind = 'salvaged' AND of_seq = 3"),
            "salvage: what it was sent for does not fit its own check");
  EXPECT_NE(words_of(told.findings).find("the outcome of number 7 does not fit its own check"),
            std::string::npos);
}

TEST_F(salvage_test, L12_flipped_bytes_anywhere) {
  record(2, 60);
  std::map<std::size_t, std::string> kinds;
  for (const auto& [kind, numbers] : pages())
    for (const std::size_t number : numbers) kinds[number] = kind;
  std::mt19937_64 chance(7);
  for (int i = 0; i < 30; ++i) {
    std::string bytes = whole;
    // The head of a page is where a byte costs most.
    std::size_t at = chance() % bytes.size();
    if (i % 3 == 0) at = at / page_bytes * page_bytes + chance() % 110;
    bytes[at] = static_cast<char>(bytes[at] ^ (1 + chance() % 255));
    const auto told = save(damaged(bytes));
    ASSERT_TRUE(told) << at << ": " << told.error().message;
    EXPECT_TRUE(told->check.good()) << at << words_of(told->check.findings);
    EXPECT_EQ(invented(*told), "") << at << "\n" << words_of(told->findings);
    // What is not on the page, nor hangs on it, is there.
    const std::string& kind = kinds[at / page_bytes + 1];
    const auto intents = missing("intent"), outcomes = missing("outcome");
    EXPECT_TRUE(intents.empty() || kind.starts_with("intent ")) << at << " in " << kind;
    EXPECT_TRUE(missing("correction").empty() || kind == "correction leaf" || kind == "intent leaf")
        << at << " in " << kind;
    EXPECT_TRUE(std::includes(intents.begin(), intents.end(), outcomes.begin(), outcomes.end()) ||
                kind == "outcome leaf")
        << at << " in " << kind;
    for (const char* part : {"", "-anchor"}) std::filesystem::remove(saved + part);
  }
}

TEST_F(salvage_test, L12_a_file_that_is_cut_anywhere) {
  record(3, 60);
  for (std::size_t size = 0; size < whole.size(); size += 3 * page_bytes + 1000) {
    const auto told = save(damaged(whole.substr(0, size)));
    if (!told) {
      EXPECT_NE(told.error().message.find("nothing was saved"), std::string::npos);
      continue;
    }
    EXPECT_TRUE(told->check.good()) << size;
    EXPECT_EQ(invented(*told), "") << size;
    EXPECT_FALSE(told->complete());
    // A row that lies wholly in what is left, on a page of its table, is there.
    EXPECT_TRUE(told->intents.saved + told->outcomes.saved + told->corrections.saved > 0);
  }
}

TEST_F(salvage_test, L12_what_is_in_the_log_is_taken_too) {
  open();
  random_ledger(4).record(book, 60);
  to.reset();
  const std::string name = folder.file("torn.db");
  for (const char* part : {"", "-wal", "-anchor"})
    std::filesystem::copy_file(path + part, name + part);
  for (const char* table : {"intent", "outcome", "correction"})
    original[table] = rows_of(path, table);
  const auto told = save(name);
  ASSERT_TRUE(told) << told.error().message;
  EXPECT_TRUE(told->complete()) << words_of(told->findings);
  EXPECT_TRUE(missing("intent").empty() && missing("outcome").empty());
  // A page of the log is damaged: what other copies of it have is there.
  auto log = bytes_of_file(name + "-wal");
  log[log.size() / 2] = static_cast<char>(log[log.size() / 2] ^ 0x55);
  const std::string second = folder.file("second.db");
  write_file(second, bytes_of_file(name));
  write_file(second + "-wal", log);
  std::filesystem::copy_file(name + "-anchor", second + "-anchor");
  const auto again = save(second);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(invented(*again), "");
  EXPECT_FALSE(again->findings.empty());
  EXPECT_LT(missing("intent").size() + missing("outcome").size(), 60u);
}

TEST_F(salvage_test, L12_a_long_row_over_several_pages) {
  open();
  attempt_intent i = intent(1);
  i.tags["what"] = std::string(30'000, 'x');
  ASSERT_TRUE(commit(*to, {i, outcome(1), intent(2), outcome(2)}));
  close();
  settle();
  const auto told = save(damaged(whole)).value();
  EXPECT_TRUE(told.complete()) << words_of(told.findings);
  EXPECT_TRUE(rows_of(saved, "intent") == original["intent"]);
}

TEST_F(salvage_test, L12_a_file_of_thousands_of_pages) {
  open();
  for (std::uint64_t id = 1; id <= 25'000;) {
    std::vector<journal_record> records;
    for (int i = 0; i < 500; ++i, ++id) {
      records.emplace_back(intent(id));
      records.emplace_back(outcome(id));
    }
    ASSERT_TRUE(commit(*to, std::move(records)));
  }
  close();
  sql(path, "PRAGMA wal_checkpoint(TRUNCATE)");
  EXPECT_GT(std::filesystem::file_size(path), 1200 * page_bytes);
  const auto told = save(path).value();
  EXPECT_TRUE(told.complete()) << words_of(told.findings).substr(0, 1000);
  EXPECT_EQ(told.intents.saved, 25'000);
  EXPECT_TRUE(told.check.good());
}

TEST_F(salvage_test, L12_a_file_from_before_the_chain) {
  record_ten();
  make_older();
  settle();
  const auto told = save(damaged(whole)).value();
  EXPECT_EQ(told.intents.unchecked, 10);
  EXPECT_EQ(told.segments, 0);
  EXPECT_TRUE(told.check.good());
  EXPECT_EQ(ledger::open({.path = saved}).value().list({}).value().size(), 10u);
}

TEST_F(salvage_test, L12_whose_session_is_lost_is_waited_for_until_its_lease_is_over) {
  open();
  attempt_intent now = intent(1);
  now.begun = std::chrono::system_clock::now();
  now.lease = std::chrono::hours(1);
  ASSERT_TRUE(commit(*to, {now, intent(2)}));
  close();
  settle();
  const auto leaf = pages().at("session leaf")[0];
  const auto told = save(damaged(with_page(leaf, std::string(page_bytes, '\0')))).value();
  EXPECT_EQ(told.sessions, 0);
  EXPECT_EQ(sql(saved, "SELECT count(*) FROM session WHERE id IN (SELECT session FROM intent)"),
            "1");
  const auto entries = ledger::open({.path = saved}).value().list({}).value();
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(entries[0].state, attempt_state::sending);
  EXPECT_EQ(entries[1].state, attempt_state::ambiguous);
}

TEST_F(salvage_test, L12_spools_are_taken_and_left_where_they_are) {
  record_ten();
  settle();
  const std::string from = damaged(whole);
  const auto spool = detail::spool::create(from, 77).value();
  // The first was taken into the ledger already, whatever its session says.
  ASSERT_TRUE(spool->append({intent(3), outcome(3), intent(11), outcome(11, "0.75"), intent(12)}));
  spool->abandon();
  const auto told = save(from).value();
  EXPECT_TRUE(told.check.good()) << words_of(told.check.findings);
  EXPECT_EQ(detail::find_spools(from).size(), 1u);
  const auto entries = ledger::open({.path = saved}).value().list({}).value();
  ASSERT_EQ(entries.size(), 12u);
  EXPECT_EQ(entries[10].cost.value, money_of("0.75"));
  EXPECT_EQ(sql(saved, "SELECT count(*) FROM correction"), "0");
}

std::atomic<int> passes = 0;
/// Of any connection of this process.
int count_passes(sqlite3* db, char**, const sqlite3_api_routines*) {
  const auto each = [](unsigned, void*, void* statement, void*) {
    const char* const sql = sqlite3_sql(static_cast<sqlite3_stmt*>(statement));
    if (std::string_view(sql) == "SELECT attempt_id FROM intent") ++passes;
    return 0;
  };
  return sqlite3_trace_v2(db, SQLITE_TRACE_STMT, each, nullptr);
}

TEST_F(salvage_test, L12_an_attempt_in_two_spools_is_taken_once) {
  record_ten();
  settle();
  const std::string from = damaged(whole);
  for (const std::int64_t session : {77, 78}) {
    const auto spool = detail::spool::create(from, session).value();
    ASSERT_TRUE(spool->append({intent(3), intent(11), intent(static_cast<unsigned>(session))}));
    spool->abandon();
  }
  const auto extension = reinterpret_cast<void (*)()>(&count_passes);
  passes = 0;
  ASSERT_EQ(sqlite3_auto_extension(extension), SQLITE_OK);
  const auto told = save(from);
  sqlite3_cancel_auto_extension(extension);
  ASSERT_TRUE(told) << told.error().message;
  EXPECT_EQ(passes, 1) << "over all attempts, whatever the number of spools";
  EXPECT_TRUE(told->check.good()) << words_of(told->check.findings);
  EXPECT_EQ(told->spooled, 3);
  EXPECT_EQ(sql(saved, "SELECT count(*) FROM intent"), "13");
}

TEST_F(salvage_test, its_bytes_are_on_the_disk_before_it_has_its_name_and_then_its_folder) {
  record_ten();
  settle();
  const std::string from = damaged(whole);
  const std::string real = std::filesystem::canonical(folder.path()).string();
  sync_log log{.ledger = from + "-saved"};
  watched = &log;
  const auto told = save(from);
  watched = nullptr;
  ASSERT_TRUE(told) << told.error().message;
  const std::string part = real + "/" + std::filesystem::path(saved + "-part").filename().string();
  const auto last = std::find_if(log.all.rbegin(), log.all.rend(),
                                 [&](const synced_file& s) { return s.path == part; });
  ASSERT_NE(last, log.all.rend());
  EXPECT_FALSE(last->is_named);
  EXPECT_TRUE(last->bytes == bytes_of_file(saved)) << "more was written to it afterwards";
  EXPECT_EQ(log.all.back().path, real);
  EXPECT_TRUE(log.all.back().is_named);
}

TEST_F(salvage_test, L12_budgets_are_counted_anew) {
  open();
  budget month{.name = "all", .limit = {money_of("100"), "USD"}, .period = budget_period::total};
  ASSERT_TRUE(book.set_budget(month));
  for (std::uint64_t id = 1; id <= 4; ++id) ASSERT_TRUE(commit(*to, {intent(id), outcome(id)}));
  close();
  settle();
  const auto told = save(damaged(whole)).value();
  EXPECT_EQ(told.budgets, 1);
  const auto all = ledger::open({.path = saved}).value().budgets().value();
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].spent, money_of("1"));
}

TEST_F(salvage_test, nothing_is_written_over) {
  record_ten();
  settle();
  const std::string from = damaged(whole);
  for (const char* part : {"", "-wal", "-anchor"}) {
    const std::string name = folder.file("there" + std::string(part) + ".db");
    write_file(name + part, "mine");
    const auto told = ledger::salvage({.path = from}, {.path = name});
    ASSERT_FALSE(told);
    EXPECT_EQ(told.error().code, errc::invalid_request);
    EXPECT_EQ(bytes_of_file(name + part), "mine");
  }
  EXPECT_FALSE(ledger::salvage({.path = from}, {.path = from}));
}

TEST_F(salvage_test, what_is_no_ledger_leaves_nothing_behind) {
  std::filesystem::create_directories(folder.file("state"));
  write_file(path, std::string(50'000, 'x'));
  const auto told = ledger::salvage({.path = path}, {.path = folder.file("new.db")});
  ASSERT_FALSE(told);
  EXPECT_NE(told.error().message.find("no row of a ledger was found"), std::string::npos);
  for (const auto& each : std::filesystem::directory_iterator(folder.path()))
    EXPECT_EQ(each.path().filename(), "state");
  EXPECT_EQ(
      ledger::salvage({.path = folder.file("none")}, {.path = folder.file("new.db")}).error().code,
      errc::not_found);
  EXPECT_EQ(ledger::salvage({.path = "postgresql://x/y"}, {.path = path}).error().code,
            errc::invalid_request);
}

TEST_F(salvage_test, a_handle_of_the_same_process_keeps_its_locks) {
  record_ten();
  open();
  ASSERT_TRUE(commit(*to, {intent(20)}));
  ASSERT_TRUE(ledger::salvage({.path = path}, {.path = folder.file("new.db")}));
  ASSERT_TRUE(commit(*to, {outcome(20)}));
  EXPECT_TRUE(book.verify().value().good());
}

}  // namespace
}  // namespace ark::testing
