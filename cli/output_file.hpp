#pragma once
#include <ark/result.hpp>

#include <memory>
#include <string>

#include "cli/output.hpp"

namespace ark::cli {

/// A file (mode 0600) that is written piece by piece under another name beside it, and has its own
/// name only when it is whole. One thread at a time.
class output_file {
 public:
  /// errc::config if it cannot be made.
  static result<output_file> make(const std::string& path);
  output_file(output_file&&) noexcept;
  output_file& operator=(output_file&&) noexcept;
  /// Without `keep`, nothing is left.
  ~output_file();

  output& out() noexcept { return *out_; }
  /// On disk, under its own name; what was there before is replaced.
  result<void> keep();

 private:
  struct open_file;
  output_file(std::unique_ptr<open_file> file, std::string path);
  std::unique_ptr<open_file> file_;
  std::string path_;
  std::unique_ptr<output> out_;
};

}  // namespace ark::cli
