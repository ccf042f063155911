#include "base/json.hpp"

#include "base/json_reader.hpp"

#include <charconv>
#include <cmath>

namespace ark::json {
namespace {

/// Length of the well-formed UTF-8 sequence at `p` (RFC 3629, table 3-7 of Unicode), 0 if none.
std::size_t utf8_length(const unsigned char* p, std::size_t left) {
  const auto tail = [&](std::size_t i) { return i < left && (p[i] & 0xC0) == 0x80; };
  if (p[0] < 0x80) return 1;
  if (p[0] >= 0xC2 && p[0] <= 0xDF) return tail(1) ? 2 : 0;
  if (p[0] >= 0xE0 && p[0] <= 0xEF) {
    if (!tail(1) || !tail(2)) return 0;
    if (p[0] == 0xE0 && p[1] < 0xA0) return 0;
    if (p[0] == 0xED && p[1] > 0x9F) return 0;
    return 3;
  }
  if (p[0] >= 0xF0 && p[0] <= 0xF4) {
    if (!tail(1) || !tail(2) || !tail(3)) return 0;
    if (p[0] == 0xF0 && p[1] < 0x90) return 0;
    if (p[0] == 0xF4 && p[1] > 0x8F) return 0;
    return 4;
  }
  return 0;
}

bool plain(unsigned char c) { return c >= 0x20 && c < 0x80 && c != '"' && c != '\\'; }

void append_escape(std::string& out, unsigned char c) {
  static constexpr char hex[] = "0123456789abcdef";
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      break;
  }
  out += "\\u00";
  out += hex[c >> 4];
  out += hex[c & 15];
}

}  // namespace

void append_string(std::string& out, std::string_view text) {
  out += '"';
  std::size_t i = 0;
  while (i < text.size()) {
    const std::size_t run = i;
    while (i < text.size() && plain(static_cast<unsigned char>(text[i]))) ++i;
    out.append(text.substr(run, i - run));
    if (i == text.size()) break;
    const auto* p = reinterpret_cast<const unsigned char*>(text.data()) + i;
    if (*p < 0x80) {
      append_escape(out, *p);
      ++i;
      continue;
    }
    const std::size_t length = utf8_length(p, text.size() - i);
    if (length == 0) {
      out += "\xEF\xBF\xBD";
      ++i;
    } else {
      out.append(text.substr(i, length));
      i += length;
    }
  }
  out += '"';
}

void writer::separate() {
  if (!first_) out_ += ',';
  first_ = false;
}
writer& writer::begin_object() {
  separate();
  out_ += '{';
  first_ = true;
  return *this;
}
writer& writer::end_object() {
  out_ += '}';
  first_ = false;
  return *this;
}
writer& writer::begin_array() {
  separate();
  out_ += '[';
  first_ = true;
  return *this;
}
writer& writer::end_array() {
  out_ += ']';
  first_ = false;
  return *this;
}
writer& writer::key(std::string_view name) {
  separate();
  append_string(out_, name);
  out_ += ':';
  first_ = true;
  return *this;
}
writer& writer::string(std::string_view text) {
  separate();
  append_string(out_, text);
  return *this;
}
writer& writer::number(std::int64_t value) {
  separate();
  char buffer[24];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
  out_.append(buffer, end);
  return *this;
}
writer& writer::number(double value) {
  if (!std::isfinite(value)) return null();
  separate();
  char buffer[40];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
  out_.append(buffer, end);
  return *this;
}
writer& writer::boolean(bool value) {
  separate();
  out_ += value ? "true" : "false";
  return *this;
}
writer& writer::null() {
  separate();
  out_ += "null";
  return *this;
}
writer& writer::raw(std::string_view json) {
  separate();
  out_ += json;
  return *this;
}

result<void> check(std::string_view text) {
  reader r;
  auto parsed = r.parse(text);
  if (!parsed) return parsed.error();
  return {};
}

bool is_valid(std::string_view text) { return check(text).has_value(); }

result<std::string> compact(std::string_view text) {
  if (auto ok = check(text); !ok) return ok.error();
  std::string out(text.size() + simdjson::SIMDJSON_PADDING, '\0');
  std::size_t length = 0;
  if (simdjson::minify(text.data(), text.size(), out.data(), length) != simdjson::SUCCESS)
    return error{.code = errc::invalid_request, .message = "the text is not JSON"};
  out.resize(length);
  return out;
}

}  // namespace ark::json
