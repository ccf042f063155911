// The CSV reader: the same records whole and cut, and what is written is read again.
#include "files/csv.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace {

using rows = std::vector<std::vector<std::string>>;

/// The records, and the message of the error if there was one.
std::pair<rows, std::string> whole(std::string_view text) {
  rows out;
  const auto done = ark::files::read_csv(text, [&](ark::files::csv_record r) -> ark::result<void> {
    out.push_back(std::move(r.fields));
    return {};
  });
  return {std::move(out), done ? "" : done.error().message};
}

std::pair<rows, std::string> cut(const ark::fuzz::input& in) {
  rows out;
  ark::files::csv_reader reader;
  const auto each = [&](ark::files::csv_record r) -> ark::result<void> {
    out.push_back(std::move(r.fields));
    return {};
  };
  ark::result<void> done;
  in.cut([&](std::string_view piece) {
    done = reader.feed(piece, each);
    return done.has_value();
  });
  if (done) done = reader.finish(each);
  return {std::move(out), done ? "" : done.error().message};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ark::fuzz::input in(data, size);
  const auto read = whole(in.bytes());
  ark::fuzz::require(read == cut(in), "the records are the same whole and cut");
  for (const auto& row : read.first) {
    const bool empty = row.size() == 1 && row[0].empty();
    const auto again = whole(ark::files::csv_line(row));
    ark::fuzz::require(empty || again.first == rows{row} || row[0].starts_with("\xEF\xBB\xBF"),
                       "a written record is read again");
    for (const auto& cell : row)
      ark::fuzz::require(ark::files::undefused(ark::files::defused(cell)) == cell,
                         "a defused text comes back");
  }
  return 0;
}
