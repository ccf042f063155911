#pragma once
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

/// The log of a database in WAL mode (https://www.sqlite.org/fileformat2.html#walformat), also
/// when some of it is damaged: a frame is judged by the checksum that the one before says it had.
namespace ark::detail {

struct log_frame {
  std::uint32_t page = 0;
  std::int64_t offset = 0;  ///< where the page's bytes begin
  bool fits = false;        ///< its checksum
};

struct log_content {
  std::size_t page_size = 0;      ///< 0: its head does not say
  std::vector<log_frame> frames;  ///< of committed transactions, in order
};

/// Reads so many bytes at an offset; fewer at the end.
using log_reader = std::function<std::string_view(std::int64_t offset, std::size_t bytes)>;
inline constexpr std::size_t log_head_bytes = 32;
inline constexpr std::size_t log_frame_head_bytes = 24;

/// The page size that the log's head names, 0 if the head is not whole.
std::size_t page_size_of_log(std::string_view head);
/// What was not committed, or is of an earlier life of the log, is left out.
log_content read_log(const log_reader& read, std::int64_t size, std::size_t page_size);

}  // namespace ark::detail
