#include "wire/multipart.hpp"

#include "base/text.hpp"
#include "wire/http_check.hpp"

#include <algorithm>
#include <utility>

namespace ark::wire {
namespace {

// Without blank and quotes, so that the header needs no quoting.
bool is_boundary_character(char c) {
  return text::is_alpha(c) || text::is_digit(c) || c == '-' || c == '_' || c == '.' || c == '+';
}

/// As browsers do (WHATWG, "multipart/form-data encoding"): three characters, and no backslashes.
void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    switch (c) {
      case '"':
        out += "%22";
        break;
      case '\r':
        out += "%0D";
        break;
      case '\n':
        out += "%0A";
        break;
      default:
        out += c;
    }
  }
  out += '"';
}

}  // namespace

std::string boundary_for(std::string_view bytes) {
  // Whoever writes the bytes can make this long, but not endless: each try must stand in them.
  for (std::size_t turn = 0;; ++turn) {
    std::string boundary = "libark-part-" + std::to_string(turn) + "-end";
    if (bytes.find(boundary) == bytes.npos) return boundary;
  }
}

multipart_form::multipart_form(std::string boundary) : boundary_(std::move(boundary)) {
  if (boundary_.empty() || boundary_.size() > 70 ||
      !std::all_of(boundary_.begin(), boundary_.end(), is_boundary_character))
    problem_ = "a form's boundary must be 1 to 70 letters, digits, or -_.+";
}

void multipart_form::begin_part(std::string_view name) {
  body_ += "--" + boundary_ + "\r\nContent-Disposition: form-data; name=";
  append_quoted(body_, name);
}

void multipart_form::add_content(std::string_view bytes) {
  if (bytes.find("--" + boundary_) != std::string_view::npos)
    problem_ = "a form's boundary occurs in what it divides: choose another";
  body_ += "\r\n\r\n";
  body_ += bytes;
  body_ += "\r\n";
}

multipart_form& multipart_form::add_field(std::string_view name, std::string_view value) {
  begin_part(name);
  add_content(value);
  return *this;
}

multipart_form& multipart_form::add_file(std::string_view name, std::string_view file_name,
                                         std::string_view media_type, std::string_view bytes) {
  if (media_type.empty()) media_type = "application/octet-stream";
  if (!is_field_value(media_type)) problem_ = "a file's media type has a control character";
  begin_part(name);
  body_ += "; filename=";
  append_quoted(body_, file_name);
  body_ += "\r\nContent-Type: ";
  body_ += media_type;
  add_content(bytes);
  return *this;
}

result<std::string> multipart_form::finish() {
  std::string body = std::exchange(body_, {});
  if (!problem_.empty()) return error{.code = errc::invalid_request, .message = problem_};
  body += "--" + boundary_ + "--\r\n";
  return body;
}

}  // namespace ark::wire
