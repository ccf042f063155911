#pragma once
#include <ark/result.hpp>

#include <string>
#include <string_view>

namespace ark::wire {

/// RFC 4648, section 4, with padding, on one line.
std::string base64_encode(std::string_view bytes);
void append_base64(std::string& out, std::string_view bytes);
/// Strict: length a multiple of 4, padding only at the end, no white space, unused bits zero.
result<std::string> base64_decode(std::string_view text);

}  // namespace ark::wire
