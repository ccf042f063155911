#include "eval/csv.hpp"

#include <algorithm>

namespace ark::eval {

namespace {

error bad(int line, std::string why) {
  return error{.code = errc::config, .message = std::to_string(line) + ": " + std::move(why)};
}

/// Reads one record from `text` on; moves both forward.
result<csv_record> next_record(std::string_view& text, int& line) {
  csv_record out{.line = line};
  while (true) {
    std::string field;
    if (!text.empty() && text.front() == '"') {
      text.remove_prefix(1);
      while (true) {
        const std::size_t quote = text.find('"');
        if (quote == std::string_view::npos)
          return bad(out.line, "a quoted field is not closed by the end of the file");
        for (const char c : text.substr(0, quote)) line += c == '\n' ? 1 : 0;
        field += text.substr(0, quote);
        text.remove_prefix(quote + 1);
        if (text.empty() || text.front() != '"') break;
        field += '"';
        text.remove_prefix(1);
      }
    } else {
      const std::size_t end = std::min(text.find_first_of(",\r\n"), text.size());
      field = text.substr(0, end);
      if (field.find('"') != std::string::npos)
        return bad(line, "a quote in the middle of a field; put the whole field in quotes");
      text.remove_prefix(end);
    }
    out.fields.push_back(std::move(field));
    if (text.empty()) return out;
    const char next = text.front();
    text.remove_prefix(1);
    if (next == ',') continue;
    if (next == '\r' && !text.empty() && text.front() == '\n') text.remove_prefix(1);
    if (next != '\r' && next != '\n') return bad(line, "text after the closing quote of a field");
    ++line;
    return out;
  }
}

}  // namespace

result<void> read_csv(std::string_view text, const std::function<result<void>(csv_record)>& each) {
  if (text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);
  int line = 1;
  while (!text.empty()) {
    auto record = next_record(text, line);
    if (!record) return record.error();
    const bool empty = record->fields.size() == 1 && record->fields[0].empty();
    if (empty) continue;
    if (auto ok = each(std::move(*record)); !ok) return ok.error();
  }
  return {};
}

}  // namespace ark::eval
