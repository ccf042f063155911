#pragma once
#include "wire/http_types.hpp"

#include <ark/result.hpp>

#include <string_view>

namespace ark::wire {

/// A token of RFC 9110: what names of headers and methods are made of.
bool is_token(std::string_view text) noexcept;
/// No CR, LF, NUL or other control character but tab: nothing that ends the line early.
bool is_field_value(std::string_view text) noexcept;

/// errc::invalid_request for a header that would not stay one line. Names the header, never shows
/// its value, which may be a key.
result<void> check_header(const header_field& field);
/// As above for all of it: method, target (begins with "/", no blanks, no fragment) and headers.
/// The transport checks what it sends; dialects need not.
result<void> check_request(const http_request& request);

}  // namespace ark::wire
