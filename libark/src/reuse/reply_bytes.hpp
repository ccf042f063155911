#pragma once
#include <ark/reply.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace ark::detail {

/// What of an answer is the vendor's: message, finish, id, model, citations, log probabilities,
/// and what it cost. Not what belongs to the call that asked: route, times, attempts, notes, the
/// vendor's own bytes. Little-endian machines of one kind read each other's.
std::string pack_reply(const reply& r);
/// Nothing if the bytes are not whole, or of another version.
std::optional<reply> unpack_reply(std::string_view bytes);

}  // namespace ark::detail
