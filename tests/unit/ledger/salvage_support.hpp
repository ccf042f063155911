#pragma once
#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include "chain_support.hpp"

namespace ark::testing {

inline std::string bytes_of_file(const std::string& path) {
  std::ifstream from(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(from), {}};
}
inline void write_file(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

using rows_by_number = std::map<std::int64_t, std::string>;

inline std::string words_of(const std::vector<ledger_finding>& findings) {
  return words_of(ledger_check{.findings = findings});
}

/// A ledger's file, what is in it, and copies of it that are damaged.
class salvage_fixture : public chain_fixture {
 protected:
  static constexpr std::size_t page_bytes = 4096;

  /// Attempts in all states over several pages of each table, all of it in the one file.
  void record(std::uint64_t seed = 1, int transactions = 250) {
    open();
    random_ledger(seed).record(book, transactions);
    close();
    settle();
  }
  void settle() {
    sql(path, "PRAGMA wal_checkpoint(TRUNCATE)");
    whole = bytes_of_file(path);
    for (const char* table : {"intent", "outcome", "correction"})
      original[table] = rows_of(path, table);
  }
  /// Every column that the chain counts, as SQL literals.
  static rows_by_number rows_of(const std::string& file, const std::string& table) {
    const std::string names = sql(file,
                                  "SELECT group_concat('quote(' || name || ')', '||'',''||') FROM "
                                  "pragma_table_info('" +
                                      table +
                                      "') WHERE name NOT IN ('seq','segment',"
                                      "'row_check')");
    rows_by_number rows;
    sqlite3* db = nullptr;
    EXPECT_EQ(sqlite3_open(file.c_str(), &db), SQLITE_OK);
    sqlite3_exec(
        db, ("SELECT seq," + names + " FROM " + table).c_str(),
        [](void* into, int, char** values, char**) {
          static_cast<rows_by_number*>(into)->emplace(std::stoll(values[0]), values[1]);
          return 0;
        },
        &rows, nullptr);
    sqlite3_close(db);
    return rows;
  }
  /// A copy of the file with these bytes, and the anchor, under a new name.
  std::string damaged(const std::string& bytes) {
    const std::string name = folder.file("damaged-" + std::to_string(++copies) + ".db");
    write_file(name, bytes);
    if (std::filesystem::exists(path + "-anchor"))
      std::filesystem::copy_file(path + "-anchor", name + "-anchor",
                                 std::filesystem::copy_options::overwrite_existing);
    return name;
  }
  result<ledger_salvage> save(const std::string& from) {
    saved = from + "-saved";
    const std::string before = bytes_of_file(from);
    auto done = ledger::salvage({.path = from}, {.path = saved});
    EXPECT_TRUE(bytes_of_file(from) == before) << "the damaged file was changed";
    EXPECT_FALSE(std::filesystem::exists(saved + "-part"));
    EXPECT_EQ(std::filesystem::exists(saved), done.has_value());
    return done;
  }
  /// Numbers of rows of the original that are not in the new ledger.
  std::set<std::int64_t> missing(const std::string& table) {
    const auto has = rows_of(saved, table);
    std::set<std::int64_t> numbers;
    for (const auto& [number, row] : original[table])
      if (!has.contains(number)) numbers.insert(number);
    return numbers;
  }
  /// What the new ledger has that the original has not, but for what says that it was made by the
  /// salvage, and for what is named in its findings.
  std::string invented(const ledger_salvage& told) {
    std::set<std::int64_t> doubted;
    for (const auto& f : told.findings)
      if (f.what == ledger_finding::kind::row) doubted.insert(f.sequence);
    std::string words;
    for (const char* table : {"intent", "outcome", "correction"})
      for (const auto& [number, row] : rows_of(saved, table)) {
        const auto was = original[table].find(number);
        if (was != original[table].end() && was->second == row) continue;
        if (row.find("salvage") != std::string::npos || doubted.contains(number)) continue;
        words += std::string(table) + " " + std::to_string(number) + ": " + row + "\n";
      }
    return words;
  }
  /// Pages of the whole file by what they are: "intent leaf", "intent internal", ...
  std::map<std::string, std::vector<std::size_t>> pages() {
    std::map<std::string, std::vector<std::size_t>> all;
    const std::string text =
        sql(path, "SELECT group_concat(name || ' ' || pagetype || '=' || pageno, ';') FROM dbstat");
    for (std::size_t at = 0; at < text.size();) {
      const auto end = std::min(text.find(';', at), text.size());
      const auto is = text.rfind('=', end);
      all[text.substr(at, is - at)].push_back(std::stoul(text.substr(is + 1, end - is - 1)));
      at = end + 1;
    }
    return all;
  }
  std::string with_page(std::size_t number, const std::string& page) const {
    std::string bytes = whole;
    bytes.replace((number - 1) * page_bytes, page.size(), page);
    return bytes;
  }

  std::string whole, saved;
  std::map<std::string, rows_by_number> original;
  int copies = 0;
};

}  // namespace ark::testing
