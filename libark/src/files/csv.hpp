#pragma once
#include <ark/result.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace ark::files {

/// A record and the line (from 1) where it begins.
struct csv_record {
  std::vector<std::string> fields;
  int line = 1;
};

/// Reads CSV (RFC 4180: quotes doubled inside quotes, line ends inside quotes; a byte order mark
/// and empty lines are skipped) in pieces of any size. Memory: one record, of at most
/// `most` bytes (errc::too_large). errc::config with the line for a quote that is not closed or
/// that stands in the middle of a field. Not to be used after an error.
class csv_reader {
 public:
  /// Gets each record; returns an error to stop.
  using sink = std::function<result<void>(csv_record)>;
  explicit csv_reader(std::size_t most = 4u << 20) noexcept : most_(most) {}
  result<void> feed(std::string_view piece, const sink& each);
  /// The end of the text: the last record needs no line end.
  result<void> finish(const sink& each);

 private:
  enum class place { record_start, field_start, plain, quoted, behind_quote };
  result<void> take(char c, const sink& each);
  result<void> take_text(std::string_view& piece);
  void end_field();
  result<void> end_record(const sink& each);

  place at_ = place::record_start;
  bool after_cr_ = false;  ///< a line feed that follows belongs to the same line end
  int mark_ = 0;  ///< bytes of a byte order mark seen; 3: it is behind us, or there is none
  int line_ = 1;
  std::size_t most_;
  std::size_t size_ = 0;
  std::string field_;
  csv_record record_;
};

/// Reads a whole text; a record may be as long as that.
result<void> read_csv(std::string_view text, const csv_reader::sink& each);

/// One line of CSV with its CRLF: quoted where a cell has a quote, comma or line end (RFC 4180).
std::string csv_line(const std::vector<std::string>& cells);

/// Text that others wrote, for a cell that a spreadsheet may open: where it would be taken for a
/// formula (=, +, -, @, tab or carriage return first), an apostrophe comes before it. Nothing is
/// lost: text that has apostrophes before such a character gets one more, so that taking one away
/// is always right.
std::string defused(std::string_view text);
/// The text that `defused` was given.
std::string_view undefused(std::string_view cell);

}  // namespace ark::files
