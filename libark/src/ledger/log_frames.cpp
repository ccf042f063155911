#include "ledger/log_frames.hpp"

#include <optional>

#include "ledger/leaf_page.hpp"

namespace ark::detail {
namespace {

constexpr std::uint32_t magic = 0x377f0682;

struct log_sum {
  std::uint32_t first = 0, second = 0;
  bool operator==(const log_sum&) const = default;
};

std::uint32_t word_at(std::string_view bytes, std::size_t at, bool big_endian) {
  if (big_endian) return big_endian_32(bytes, at);
  std::uint32_t value = 0;
  for (std::size_t i = 4; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

/// Over pairs of words; `bytes` has a multiple of eight.
log_sum add(log_sum sum, std::string_view bytes, bool big_endian) {
  for (std::size_t at = 0; at + 8 <= bytes.size(); at += 8) {
    sum.first += word_at(bytes, at, big_endian) + sum.second;
    sum.second += word_at(bytes, at + 4, big_endian) + sum.first;
  }
  return sum;
}

log_sum sum_at(std::string_view bytes, std::size_t at) {
  return {big_endian_32(bytes, at), big_endian_32(bytes, at + 4)};
}

bool is_whole(std::string_view head) {
  if (head.size() < log_head_bytes || (big_endian_32(head, 0) & ~1u) != magic) return false;
  return add({}, head.substr(0, 24), (big_endian_32(head, 0) & 1u) != 0) == sum_at(head, 24);
}

/// What the frames of this life of the log have in common: the salts, as they lie in a frame.
std::string salts_of(const log_reader& read, std::string_view head) {
  if (is_whole(head)) return std::string(head.substr(16, 8));
  const std::string_view first = read(log_head_bytes, log_frame_head_bytes);
  return first.size() == log_frame_head_bytes ? std::string(first.substr(8, 8)) : std::string();
}

}  // namespace

std::size_t page_size_of_log(std::string_view head) {
  const std::size_t size = is_whole(head) ? big_endian_32(head, 8) : 0;
  return is_page_size(size) ? size : 0;
}

log_content read_log(const log_reader& read, std::int64_t size, std::size_t page_size) {
  log_content log;
  const std::string head(read(0, log_head_bytes));
  if (head.size() < log_head_bytes) return log;
  log.page_size = page_size_of_log(head);
  const bool big_endian = is_whole(head) && (big_endian_32(head, 0) & 1u) != 0;
  const std::string salts = salts_of(read, head);
  std::optional<log_sum> before;
  if (is_whole(head)) before = sum_at(head, 24);
  const auto frame_bytes = log_frame_head_bytes + page_size;
  std::size_t committed = 0;
  for (std::int64_t at = log_head_bytes; at + static_cast<std::int64_t>(frame_bytes) <= size;
       at += static_cast<std::int64_t>(frame_bytes)) {
    const std::string_view frame = read(at, frame_bytes);
    if (frame.size() < frame_bytes) break;
    const log_sum is = sum_at(frame, 16);
    const bool same_life = frame.substr(8, 8) == salts;
    const bool fits = same_life && before &&
                      add(add(*before, frame.substr(0, 8), big_endian),
                          frame.substr(log_frame_head_bytes), big_endian) == is;
    before = is;
    if (!same_life) continue;
    log.frames.push_back({.page = big_endian_32(frame, 0),
                          .offset = at + static_cast<std::int64_t>(log_frame_head_bytes),
                          .fits = fits});
    if (big_endian_32(frame, 4) != 0) committed = log.frames.size();
  }
  log.frames.resize(committed);
  return log;
}

}  // namespace ark::detail
