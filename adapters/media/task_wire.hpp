#pragma once
#include "media/media_wire.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

/// What the families of tasks have in common: what vendors make in the background. Pure.
namespace ark::adapters::media {

using ark::dialect::task_step;
using next_result = result<std::optional<task_step>>;

/// A question by GET.
task_step ask_by_get(std::string id, std::string target, const quirk_view& quirks);
/// Ask the same again.
inline next_result same_again() { return std::optional(task_step{}); }
/// The answer is to be decoded.
inline next_result decode_it() { return std::optional<task_step>{}; }

/// Why a task ended without a result. The row's words for `code` count, then what code and message
/// have in them. Inside a 2xx answer nothing is safe to begin again.
error task_failure(const answer& a, std::string_view code, std::string_view message,
                   const quirk_view& quirks);

/// "1024x768" as two numbers.
std::optional<std::pair<std::int64_t, std::int64_t>> numbers_of(std::string_view size);

/// A call that the vendor cannot be asked for: errc::unsupported.
error beyond_vendor(std::string why);
/// Each image of a video call needs bytes with a media type, or a URL.
result<void> check_frames(const video_call& c);

}  // namespace ark::adapters::media
