#pragma once
#include <ark/result.hpp>

#include <string>
#include <vector>

#include "eval/row.hpp"
#include "eval/suite.hpp"

namespace ark::eval {

/// Where rows go: JSON lines, the first of which names the suite and its hash. Each row is on disk
/// (fsync) before the next question is asked in its place, so that a killed run has lost nothing
/// that it was told. Locked while it is open: two runs never write one file. Move-only.
class results_file {
 public:
  /// Opens or makes the file. What it holds of the same suite is read into `rows()`; a last line
  /// that was torn by a crash is cut off. `fresh` throws away what is there. errc::config: the rows
  /// are of another suite or another state of it, another run has the file, a line is damaged.
  static result<results_file> open(const std::string& path, const suite& of, bool fresh);
  results_file(results_file&& other) noexcept;
  results_file& operator=(results_file&&) = delete;
  ~results_file();

  /// What earlier runs have left, the last of each question.
  const std::vector<row>& rows() const noexcept { return rows_; }
  /// Appends a row and waits for the disk. errc::config when the disk refuses.
  result<void> append(const row& value);

 private:
  explicit results_file(std::string path) : path_(std::move(path)) {}
  error failed(std::string_view what) const;
  result<void> read_existing(const suite& of);
  result<void> write_header(const suite& of);
  result<void> write_line(std::string line);

  std::string path_;
  int file_ = -1;
  std::vector<row> rows_;
};

}  // namespace ark::eval
