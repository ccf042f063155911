#pragma once
#include <sqlite3.h>

#include <ark/result.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/log_frames.hpp"

/// The pages of a database that SQLite may not be able to open: read, never written, never locked.
namespace ark::detail {

/// One copy of a page: in the file, or in the log.
struct page_copy {
  std::uint32_t page = 0;       ///< from 1
  std::int64_t log_offset = 0;  ///< where its bytes begin in the log; 0: it is in the file
};

class damaged_file {
 public:
  /// The file and its log ("PATH-wal"), if there is one.
  static result<std::unique_ptr<damaged_file>> open(const std::string& path);
  damaged_file(const damaged_file&) = delete;
  damaged_file& operator=(const damaged_file&) = delete;
  ~damaged_file();

  std::size_t page_size() const noexcept { return page_size_; }
  std::uint32_t pages() const noexcept { return pages_; }
  /// The page as it was committed last. Nothing where the medium gives nothing. Valid until the
  /// next call of this or of `copy`.
  std::string_view page(std::uint32_t number);
  std::string_view copy(const page_copy& which);
  /// What is there besides: what the log replaced, and frames of it that are not whole.
  const std::vector<page_copy>& older() const noexcept { return older_; }
  /// How much of the log did not fit its checksums.
  std::int64_t damaged_frames() const noexcept { return damaged_frames_; }
  /// Whether somebody has written to the file, its log or its spools since it was opened.
  bool is_changed() const;

 private:
  explicit damaged_file(std::string path) : path_(std::move(path)) {}
  result<void> open_file();
  result<void> open_log();
  void choose_page_size();
  std::string_view read(const page_copy& which);
  std::string stamp() const;

  std::string path_, stamp_;
  const char* name_ = nullptr;  ///< SQLite's copy of the path
  std::unique_ptr<char[]> handle_;
  sqlite3_file* file_ = nullptr;
  int log_ = -1;
  std::int64_t size_ = 0;
  std::size_t page_size_ = 4096;
  std::uint32_t pages_ = 0;
  std::vector<std::int64_t> latest_;  ///< for each page, its place in the log, or 0
  std::vector<page_copy> older_;
  std::int64_t damaged_frames_ = 0;
  std::string bytes_;
};

}  // namespace ark::detail
