#pragma once
#include <ark/result.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "cli/context.hpp"

namespace ark::cli {

/// Lines of a file or of standard input, one after the other. Memory for the longest one only.
class line_source {
 public:
  struct line {
    std::string_view text;   ///< without its end; until the next line is asked for
    std::size_t number = 0;  ///< from 1
    bool too_long = false;   ///< `text` is empty: it had more than the most bytes
  };

  /// "-" is standard input. errc::not_found, errc::config: it cannot be read.
  static result<line_source> open(context& ctx, const std::string& file, std::size_t most_bytes);
  line_source(line_source&& other) noexcept;
  line_source& operator=(line_source&&) = delete;
  ~line_source();

  /// Nothing at the end.
  result<std::optional<line>> next();
  /// The file's name for messages.
  const std::string& name() const noexcept { return name_; }

 private:
  line_source(int descriptor, input* standard_in, std::string name, std::size_t most_bytes);
  line taken(std::size_t end, std::size_t with_end);

  int descriptor_;  ///< -1: standard input, which it does not own
  input from_file_;
  input* standard_in_;
  std::string name_;
  std::size_t most_bytes_;
  std::string buffer_;
  std::size_t begin_ = 0;    ///< of what is not taken yet
  std::size_t scanned_ = 0;  ///< there is no line end before
  std::size_t number_ = 0;
  bool skipping_ = false;  ///< within a line that is too long
};

}  // namespace ark::cli
