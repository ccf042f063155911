#include "ledger/salvage_spools.hpp"

#include <algorithm>
#include <unordered_set>

#include "ledger/file.hpp"
#include "ledger/spool.hpp"
#include "ledger/spool_fold.hpp"

namespace ark::detail {
namespace {

constexpr std::chrono::milliseconds read_patience{10'000};

/// Those of these attempts that the ledger has. One pass: there is no index for it.
result<std::unordered_set<std::uint64_t>> known_of(const std::string& path,
                                                   const std::unordered_set<std::uint64_t>& asked) {
  std::unordered_set<std::uint64_t> known;
  auto db = open_readable(path, read_patience);
  if (!db) return db.error();
  auto query = db->prepare("SELECT attempt_id FROM intent");
  if (!query) return query.error();
  int code = SQLITE_ROW;
  while ((code = query->step()) == SQLITE_ROW)
    if (const auto id = static_cast<std::uint64_t>(query->integer(0)); asked.contains(id))
      known.insert(id);
  if (code != SQLITE_DONE) return db->last_error("read");
  return known;
}

struct spool_content {
  std::int64_t session = 0;
  std::vector<spooled_record> records;
};

/// Those with records that can be read.
std::vector<spool_content> read_spools(const std::string& damaged_path, findings& found) {
  std::vector<spool_content> all;
  for (const found_spool& each : find_spools(damaged_path)) {
    auto records = read_spool_file(each.path);
    if (!records)
      found.add(ledger_finding::kind::page, 0, 0, records.error().message);
    else if (*records && !(*records)->empty())
      all.push_back({each.session, std::move(**records)});
  }
  return all;
}

std::unordered_set<std::uint64_t> begun_in(const std::vector<spool_content>& spools) {
  std::unordered_set<std::uint64_t> ids;
  for (const auto& spool : spools)
    for (const auto& each : spool.records)
      if (const auto* intent = std::get_if<attempt_intent>(&each.record))
        ids.insert(intent->attempt_id);
  return ids;
}

/// An outcome that the ledger has already changes nothing when it is told again.
result<std::int64_t> take(spool_content from, std::unordered_set<std::uint64_t>& known,
                          writer& into) {
  const std::uint64_t last = from.records.back().number;
  std::vector<journal_record> fresh;
  for (auto& each : from.records) {
    const auto* intent = std::get_if<attempt_intent>(&each.record);
    if (intent == nullptr || known.insert(intent->attempt_id).second)
      fresh.push_back(std::move(each.record));
  }
  const auto count = static_cast<std::int64_t>(fresh.size());
  if (auto done = into.take_over(from.session, last, fresh); !done) return done.error();
  return count;
}

}  // namespace

result<std::int64_t> take_spools_of(const std::string& damaged_path, writer& into,
                                    findings& found) {
  std::vector<spool_content> spools = read_spools(damaged_path, found);
  if (spools.empty()) return std::int64_t{0};
  auto known = known_of(into.path(), begun_in(spools));
  if (!known) return known.error();
  std::int64_t taken = 0;
  for (auto& each : spools) {
    const auto count = take(std::move(each), *known, into);
    if (!count) return count;
    taken += *count;
  }
  return taken;
}

}  // namespace ark::detail
