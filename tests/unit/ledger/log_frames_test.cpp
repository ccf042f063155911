#include "ledger/log_frames.hpp"

#include "salvage_support.hpp"

namespace ark::testing {
namespace {

/// A log that SQLite wrote, of three transactions.
class log_frames : public ::testing::Test {
 protected:
  void SetUp() override {
    sqlite3* db = nullptr;
    ASSERT_EQ(sqlite3_open(path.c_str(), &db), SQLITE_OK);
    for (const char* text : {"PRAGMA journal_mode=WAL", "CREATE TABLE t(a)",
                             "INSERT INTO t VALUES(1)", "INSERT INTO t VALUES(2)"})
      ASSERT_EQ(sqlite3_exec(db, text, nullptr, nullptr, nullptr), SQLITE_OK);
    log = bytes_of_file(path + "-wal");
    sqlite3_close(db);
  }
  detail::log_content read(const std::string& bytes) {
    const auto reader = [&](std::int64_t at, std::size_t count) {
      return std::string_view(bytes).substr(std::min(static_cast<std::size_t>(at), bytes.size()),
                                            count);
    };
    return detail::read_log(reader, static_cast<std::int64_t>(bytes.size()), 4096);
  }
  /// "+" for a frame that fits, "-" for one that does not.
  static std::string fits(const detail::log_content& content) {
    std::string text;
    for (const auto& frame : content.frames) text += frame.fits ? '+' : '-';
    return text;
  }
  static constexpr std::size_t frame_bytes = 4096 + 24;
  temporary_directory folder;
  std::string path = folder.file("t.db"), log;
};

TEST_F(log_frames, of_a_whole_log) {
  const auto content = read(log);
  EXPECT_EQ(content.page_size, 4096u);
  EXPECT_EQ(fits(content), "++++");
  EXPECT_EQ(content.frames.back().page, 2u);
  EXPECT_EQ(log.substr(static_cast<std::size_t>(content.frames.back().offset), 1), "\x0d");
}

TEST_F(log_frames, a_damaged_frame_does_not_cost_those_behind_it) {
  log[32 + frame_bytes + 500] ^= 1;
  EXPECT_EQ(fits(read(log)), "+-++");
}

TEST_F(log_frames, a_damaged_checksum_costs_the_frame_and_the_trust_in_the_next) {
  log[32 + frame_bytes + 16] ^= 1;
  EXPECT_EQ(fits(read(log)), "+--+");
}

TEST_F(log_frames, a_damaged_head_costs_the_first_frames_check) {
  log[16] ^= 1;
  EXPECT_EQ(fits(read(log)), "-+++");
  EXPECT_EQ(read(log).page_size, 0u);
}

TEST_F(log_frames, what_was_not_committed_is_not_there) {
  EXPECT_EQ(fits(read(log.substr(0, log.size() - 1))), "+++");
  // The last frame's mark of the end of a transaction.
  log.replace(32 + 3 * frame_bytes + 4, 4, std::string(4, '\0'));
  EXPECT_EQ(fits(read(log)), "+++");
}

TEST_F(log_frames, what_is_of_an_earlier_life_is_not_there) {
  log[32 + 3 * frame_bytes + 8] ^= 1;
  EXPECT_EQ(fits(read(log)), "+++");
}

TEST_F(log_frames, what_is_no_log) {
  for (const std::string& bytes : {std::string(), std::string(31, 'x'), std::string(9000, 'x')})
    EXPECT_EQ(read(bytes).page_size, 0u);
}

}  // namespace
}  // namespace ark::testing
