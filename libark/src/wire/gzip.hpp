#pragma once
#include <string>
#include <string_view>

namespace ark::wire {

/// `bytes` as a gzip file of one member (RFC 1952), without name and time: the same bytes for the
/// same input.
std::string gzip(std::string_view bytes);

}  // namespace ark::wire
