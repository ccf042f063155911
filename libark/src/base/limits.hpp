#pragma once
#include <cstddef>

/// Every limit of the library that is not an option, in one place.
namespace ark::limits {
inline constexpr std::size_t json_depth = 256;
inline constexpr std::size_t http_head_bytes = 64u << 10;
inline constexpr std::size_t http_chunk_extension_bytes = 4u << 10;  ///< of one chunk
inline constexpr std::size_t stream_queue_events = 4096;             ///< before reading pauses
inline constexpr std::size_t stream_queue_bytes = 1u << 20;
inline constexpr std::size_t attribution_bytes = 16u << 10;  ///< of one call
inline constexpr std::size_t config_file_bytes = 4u << 20;
inline constexpr std::size_t key_file_bytes = 256u << 10;
inline constexpr int job_requests = 1000;  ///< of one exchange: pages of a list, steps of a job
inline constexpr int lost_questions = 10;  ///< about a task, one after the other, until it is lost
}  // namespace ark::limits
