#include "wire/http_check.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace ark::wire {
namespace {

error bad(std::string why) { return {.code = errc::invalid_request, .message = std::move(why)}; }

bool is_token_character(char c) {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return text::is_alpha(c) || text::is_digit(c) || marks.find(c) != std::string_view::npos;
}

bool is_target_character(char c) { return c > ' ' && c < 0x7F && c != '#'; }

}  // namespace

bool is_token(std::string_view text) noexcept {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_token_character);
}

bool is_field_value(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) >= ' ' ? c != 0x7F : c == '\t';
  });
}

result<void> check_header(const header_field& field) {
  if (!is_token(field.name))
    return bad("a header's name has characters that no header can have, such as a line end");
  if (!is_field_value(field.value))
    return bad("the value of the header " + field.name +
               " has a control character (a line end?): remove it");
  return {};
}

result<void> check_request(const http_request& request) {
  if (!is_token(request.method)) return bad("the method of a request is not a word");
  if (request.target.empty() || request.target.front() != '/' ||
      !std::all_of(request.target.begin(), request.target.end(), is_target_character))
    return bad("the target of a request must begin with / and be percent-encoded");
  for (const header_field& field : request.headers)
    if (auto ok = check_header(field); !ok) return ok;
  return {};
}

}  // namespace ark::wire
