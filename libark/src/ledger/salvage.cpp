#include "ledger/salvage.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "ledger/anchor.hpp"
#include "ledger/backfill.hpp"
#include "ledger/budget_book.hpp"
#include "ledger/file.hpp"
#include "ledger/record.hpp"
#include "ledger/salvage_copy.hpp"
#include "ledger/salvage_spools.hpp"
#include "ledger/verify.hpp"

namespace ark::detail {
namespace {

using finding = ledger_finding::kind;
constexpr std::chrono::milliseconds patience{10'000};
constexpr std::size_t lost_ranges_max = 1000;

error cannot_make(const std::string& path, std::string_view why) {
  return {.code = errc::ledger,
          .message = "cannot make the ledger " + path + ": " + std::string(why)};
}

bool is_there(const std::string& path) {
  struct stat s{};
  return ::lstat(path.c_str(), &s) == 0;
}

/// What was written to it, whoever wrote it, is on the disk then. A folder: its names. Not while
/// SQLite has the file open here: closing it would drop SQLite's locks.
result<void> sync(const std::string& path, const std::string& for_ledger) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0) return cannot_make(for_ledger, std::strerror(errno));
  // Some file systems cannot, and need not, for a folder.
  const int failed = ::fsync(fd) == 0 || errno == EINVAL ? 0 : errno;
  ::close(fd);
  return failed == 0 ? result<void>() : cannot_make(for_ledger, std::strerror(failed));
}

/// Where the new ledger is made: under another name until it is whole.
class new_ledger {
 public:
  new_ledger(std::string path, const std::string& anchor)
      : path_(std::move(path)), anchor_(anchor_path(path_, anchor)) {}
  new_ledger(const new_ledger&) = delete;
  new_ledger& operator=(const new_ledger&) = delete;
  ~new_ledger() {
    if (!begun_) return;
    for (const char* part : {"", "-wal", "-shm", "-anchor"}) ::unlink((part_name() + part).c_str());
    if (!whole_) ::unlink(anchor_.c_str());
  }

  std::string part_name() const { return path_ + "-part"; }
  const std::string& anchor() const noexcept { return anchor_; }

  result<void> begin() {
    if (path_.empty() || path_.back() == '/') return cannot_make(path_, "the path names no file");
    // A log or an anchor of another ledger would be taken for this one's.
    for (const std::string& name :
         {path_, path_ + "-wal", path_ + "-shm", anchor_, part_name(), part_name() + "-wal"})
      if (is_there(name))
        return error{.code = errc::invalid_request,
                     .message = "nothing was saved: there is a file " + name +
                                " already, and nothing is written over: name another file, or "
                                "move it away"};
    begun_ = true;
    return {};
  }
  /// Its bytes are on the disk before it has its name. A link and not a rename: that would replace
  /// a file that somebody has made meanwhile.
  result<void> end() {
    if (auto synced = sync(part_name(), path_); !synced) return synced;
    if (::link(part_name().c_str(), path_.c_str()) != 0)
      return cannot_make(path_, std::strerror(errno));
    whole_ = true;
    ::unlink(part_name().c_str());
    return sync(path_.substr(0, path_.rfind('/') + 1) + ".", path_);
  }

 private:
  std::string path_, anchor_;
  bool begun_ = false, whole_ = false;
};

class salvage {
 public:
  salvage(const ledger_options& damaged, const ledger_options& to, os::system& os)
      : damaged_(damaged), to_(to), os_(os), made_(to.path, to.anchor) {}

  result<ledger_salvage> run() {
    auto file = damaged_file::open(damaged_.path);
    if (!file) return file.error();
    file_ = std::move(*file);
    read_anchor_of_damaged();
    auto done = made_.begin();
    if (done) done = make_file();
    if (done) done = take_spools();
    if (done) done = close_file();
    if (done && file_->is_changed())
      done = error{.code = errc::ledger,
                   .message = "nothing was saved: somebody writes to " + damaged_.path +
                              ": stop the programs that use it, and try again"};
    if (done) done = made_.end();
    if (!done) return done.error();
    std::move(found_).give(findings_);
    told_.findings = std::move(findings_.findings);
    told_.more_findings = findings_.more_findings;
    return std::move(told_);
  }

 private:
  void read_anchor_of_damaged();
  result<void> make_file();
  result<void> fill(sqlite::database& db);
  result<void> find_rows(salvage_copy& copy, damaged_rows& rows);
  result<void> tell_lost(salvage_copy& copy, damaged_rows& rows, bool all_told);
  result<void> count_rows(sqlite::database& db);
  result<void> count_budgets(sqlite::database& db);
  result<void> take_spools();
  result<void> close_file();

  const ledger_options& damaged_;
  const ledger_options& to_;
  os::system& os_;
  new_ledger made_;
  std::unique_ptr<damaged_file> file_;
  ledger_salvage told_;
  findings found_;
  ledger_check findings_;  ///< where `found_` puts them
  std::vector<number_range> lost_outcomes_;
};

void salvage::read_anchor_of_damaged() {
  const auto content = read_anchor(anchor_path(damaged_.path, damaged_.anchor));
  if (content && *content)
    told_.anchor =
        ledger_head{.segment = (*content)->head.id,
                    .hash = (*content)->head.id == 0 ? "" : to_hex((*content)->head.hash)};
  else
    found_.add(finding::anchor, 0, 0,
               content ? "there is no anchor: whether the end was cut off is not known"
                       : content.error().message);
}

result<void> salvage::make_file() {
  auto db = open_writable(made_.part_name(), patience);
  if (!db) return db.error();
  // It is thrown away if anything fails; once whole it is synced as a whole.
  if (auto quick = db->run("PRAGMA synchronous=OFF"); !quick) return quick;
  if (auto begun = db->run("BEGIN IMMEDIATE"); !begun) return begun;
  if (auto done = fill(*db); !done) return done;
  return db->run("COMMIT");
}

result<void> salvage::fill(sqlite::database& db) {
  salvage_copy copy(db, to_us(os_.wall_now()), told_, found_);
  damaged_rows rows(*file_);
  if (auto ready = copy.prepare(); !ready) return ready;
  if (auto done = find_rows(copy, rows); !done) return done;
  if (auto done = count_rows(db); !done) return done;
  const auto all_told = check_salvaged_chain(db, told_, found_);
  if (!all_told) return all_told.error();
  if (auto done = tell_lost(copy, rows, *all_told); !done) return done;
  if (auto done = copy.keep_orphans(); !done) return done;
  if (auto done = copy.book_lost_outcomes(lost_outcomes_); !done) return done;
  if (auto done = copy.mark_changed(); !done) return done;
  if (auto done = copy.finish(); !done) return done;
  if (auto done = fill_chain(db); !done) return done;
  return count_budgets(db);
}

result<void> salvage::find_rows(salvage_copy& copy, damaged_rows& rows) {
  if (auto done = rows.find(copy.taker()); !done) return done;
  told_.pages = file_->pages();
  told_.damaged_pages = static_cast<std::int64_t>(rows.damaged_pages().size());
  for (const auto& [page, cells] : rows.damaged_pages())
    found_.add(finding::page, 0, 0,
               "page " + std::to_string(page) + ": " + std::to_string(cells) +
                   " rows on it cannot be read");
  if (file_->damaged_frames() > 0)
    found_.add(finding::page, 0, 0,
               std::to_string(file_->damaged_frames()) + " pages of the log are damaged");
  if (rows.newer() > 0)
    return error{.code = errc::ledger,
                 .message = "nothing was saved: rows of " + damaged_.path +
                            " were written by a newer version of this library: use that one"};
  return {};
}

result<void> salvage::count_rows(sqlite::database& db) {
  for (const auto& [kind, rows] : {std::pair{row_kind::intent, &told_.intents},
                                   {row_kind::outcome, &told_.outcomes},
                                   {row_kind::correction, &told_.corrections}}) {
    auto query = db.prepare(
        "SELECT count(*), ifnull(sum(trust = ?),0), ifnull(sum(trust = ?),0) FROM temp.found_row "
        "WHERE kind = ?");
    if (!query) return query.error();
    query->bind(1, static_cast<std::int64_t>(row_trust::changed));
    query->bind(2, static_cast<std::int64_t>(row_trust::unchecked));
    query->bind(3, static_cast<std::int64_t>(kind));
    if (query->step() != SQLITE_ROW) return db.last_error("read");
    rows->saved = query->integer(0);
    rows->changed = query->integer(1);
    rows->unchecked = query->integer(2);
  }
  if (told_.intents.saved + told_.outcomes.saved + told_.corrections.saved > 0) return {};
  return error{.code = errc::ledger,
               .message = "nothing was saved: no row of a ledger was found in " + damaged_.path +
                          ": name a ledger's file, or restore it from a copy"};
}

/// Gaps between what lies on one page and what lies on the next are losses, unless the segments
/// that are all there tell that nothing is missing.
result<void> salvage::tell_lost(salvage_copy& copy, damaged_rows& rows, bool all_told) {
  for (const auto& [kind, of] : {std::pair{row_kind::intent, &told_.intents},
                                 {row_kind::outcome, &told_.outcomes},
                                 {row_kind::correction, &told_.corrections}}) {
    if (all_told && of->saved == of->recorded) continue;
    const auto last = copy.last_number(kind);
    if (!last) return last.error();
    // Attempts, and corrections, are numbered without a gap.
    const auto& numbered = kind == row_kind::correction ? told_.corrections : told_.intents;
    const auto gaps = rows.gaps(kind, std::max(*last, numbered.recorded));
    if (kind == row_kind::outcome) lost_outcomes_ = gaps;
    for (const number_range& gap : gaps) {
      if (told_.lost.size() < lost_ranges_max)
        told_.lost.push_back({std::string(table_of(kind)), gap.first, gap.last});
      else
        ++told_.more_lost;
    }
  }
  return {};
}

result<void> salvage::count_budgets(sqlite::database& db) {
  budget_book budgets(to_.rates, os_);
  if (auto ready = budgets.prepare(db); !ready) return ready;
  if (auto read = budgets.refresh(); !read) return read;
  return budgets.count_all();
}

result<void> salvage::take_spools() {
  auto into = writer::open(
      {.path = made_.part_name(), .anchor = made_.anchor(), .rates = to_.rates, .os = &os_});
  if (!into) return into.error();
  const auto taken = take_spools_of(damaged_.path, **into, found_);
  if (!taken) return taken.error();
  told_.spooled = *taken;
  return {};
}

/// All of it goes into the one file.
result<void> salvage::close_file() {
  auto check = verify_ledger(made_.part_name(), made_.anchor(), patience, {.pages = true});
  if (!check) return check.error();
  told_.check = std::move(*check);
  auto db = open_writable(made_.part_name(), patience);
  if (!db) return db.error();
  if (auto full = db->run("PRAGMA synchronous=FULL"); !full) return full;
  int left = 0, moved = 0;
  const int code =
      sqlite3_wal_checkpoint_v2(db->raw(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, &left, &moved);
  return code == SQLITE_OK ? result<void>() : db->last_error("write");
}

}  // namespace

result<ledger_salvage> salvage_ledger(const ledger_options& damaged, const ledger_options& to,
                                      os::system& os) {
  return salvage(damaged, to, os).run();
}

}  // namespace ark::detail
