#include "files/csv.hpp"

#include <algorithm>

namespace ark::files {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

error bad(int line, std::string why) {
  return error{.code = errc::config, .message = std::to_string(line) + ": " + std::move(why)};
}

error too_long(int line, std::size_t most) {
  return error{.code = errc::too_large,
               .message = std::to_string(line) + ": a record of more than " + std::to_string(most) +
                          " bytes; is a closing quote missing?"};
}

/// Apostrophes, and behind them what a spreadsheet takes for a formula's begin.
bool looks_like_formula(std::string_view text) {
  const auto first = text.find_first_not_of('\'');
  return first != std::string_view::npos &&
         std::string_view("=+-@\t\r").find(text[first]) != std::string_view::npos;
}

}  // namespace

void csv_reader::end_field() {
  record_.fields.push_back(std::move(field_));
  field_.clear();
}

result<void> csv_reader::end_record(const sink& each) {
  end_field();
  at_ = place::record_start;
  size_ = 0;
  csv_record done = std::move(record_);
  record_ = {};
  if (done.fields.size() == 1 && done.fields[0].empty()) return {};
  return each(std::move(done));
}

result<void> csv_reader::take(char c, const sink& each) {
  if (at_ == place::record_start) {
    record_.line = line_;
    at_ = place::field_start;
  }
  if (at_ == place::quoted) {
    if (c == '"')
      at_ = place::behind_quote;
    else
      field_ += c;
    line_ += c == '\n' ? 1 : 0;
    return {};
  }
  if (c == '"') {
    if (at_ == place::plain)
      return bad(line_, "a quote in the middle of a field; put the whole field in quotes");
    if (at_ == place::behind_quote) field_ += c;
    at_ = place::quoted;
    return {};
  }
  if (c == ',') {
    end_field();
    at_ = place::field_start;
    return {};
  }
  if (c == '\r' || c == '\n') {
    ++line_;
    after_cr_ = c == '\r';
    return end_record(each);
  }
  if (at_ == place::behind_quote) return bad(line_, "text after the closing quote of a field");
  at_ = place::plain;
  field_ += c;
  return {};
}

/// Text that nothing ends is taken at once.
result<void> csv_reader::take_text(std::string_view& piece) {
  if (at_ != place::plain && at_ != place::quoted) return {};
  const std::string_view ends = at_ == place::plain ? ",\"\r\n" : "\"\n";
  const auto length = std::min(piece.find_first_of(ends), piece.size());
  size_ += length;
  if (size_ > most_) return too_long(record_.line, most_);
  field_ += piece.substr(0, length);
  piece.remove_prefix(length);
  return {};
}

result<void> csv_reader::feed(std::string_view piece, const sink& each) {
  while (!piece.empty()) {
    if (auto ok = take_text(piece); !ok) return ok;
    if (piece.empty()) break;
    const char c = piece.front();
    piece.remove_prefix(1);
    if (mark_ < 3) {
      if (c == byte_order_mark[static_cast<std::size_t>(mark_)]) {
        ++mark_;
        continue;
      }
      // It was text that begins as the mark does.
      const auto held = byte_order_mark.substr(0, static_cast<std::size_t>(mark_));
      mark_ = 3;
      for (const char h : held)
        if (auto ok = take(h, each); !ok) return ok;
    }
    const bool second_half = after_cr_ && c == '\n';
    after_cr_ = false;
    if (second_half) continue;
    if (++size_ > most_) return too_long(record_.line, most_);
    if (auto ok = take(c, each); !ok) return ok;
  }
  return {};
}

result<void> csv_reader::finish(const sink& each) {
  if (mark_ > 0 && mark_ < 3) {
    const auto held = byte_order_mark.substr(0, static_cast<std::size_t>(mark_));
    mark_ = 3;
    for (const char h : held)
      if (auto ok = take(h, each); !ok) return ok;
  }
  if (at_ == place::quoted)
    return bad(record_.line, "a quoted field is not closed by the end of the file");
  if (at_ == place::record_start) return {};
  return end_record(each);
}

result<void> read_csv(std::string_view text, const csv_reader::sink& each) {
  csv_reader reader(text.size());
  if (auto ok = reader.feed(text, each); !ok) return ok;
  return reader.finish(each);
}

std::string csv_line(const std::vector<std::string>& cells) {
  std::string out;
  for (const auto& cell : cells) {
    if (&cell != &cells.front()) out += ',';
    if (cell.find_first_of("\",\r\n") == std::string::npos) {
      out += cell;
      continue;
    }
    out += '"';
    for (const char c : cell) {
      if (c == '"') out += '"';
      out += c;
    }
    out += '"';
  }
  return out + "\r\n";
}

std::string defused(std::string_view text) {
  std::string out;
  if (looks_like_formula(text)) out = "'";
  return out += text;
}

std::string_view undefused(std::string_view cell) {
  if (cell.starts_with('\'') && looks_like_formula(cell)) cell.remove_prefix(1);
  return cell;
}

}  // namespace ark::files
