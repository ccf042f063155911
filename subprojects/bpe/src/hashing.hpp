#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace bpe {

/// Both halves of a product, folded.
inline std::uint64_t fold_product(std::uint64_t a, std::uint64_t b) {
  __extension__ using wide = unsigned __int128;
  const wide product = static_cast<wide>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

/// Maps a hash to a slot of a table of any size.
inline std::size_t slot_of(std::uint64_t hash, std::size_t size) {
  return static_cast<std::size_t>(((hash >> 32) * size) >> 32);
}

inline std::uint64_t pair_hash(std::uint32_t left, std::uint32_t right) {
  return fold_product((static_cast<std::uint64_t>(left) << 20 | right) + 1, 0x9E3779B97F4A7C15u) *
         0xD6E8FEB86659FD93u;
}

/// A word of at most 13 bytes: 8 in `low`, 5 in `high`, then its length in 4 bits; the top 20 bits
/// are 0.
struct word_key {
  static constexpr std::uint64_t mask = (std::uint64_t{1} << 44) - 1;

  std::uint64_t low;
  std::uint64_t high;

  std::uint64_t hash() const {
    return fold_product(low ^ 0x9E3779B97F4A7C15u, high ^ 0xE7037ED1A0B428DBu);
  }
};

inline constexpr std::size_t max_key_bytes = 13;

/// `length <= 13`; reads up to 16 bytes where `readable_end` allows.
inline word_key make_word_key(const char* p, std::size_t length, const char* readable_end) {
  word_key key{0, 0};
  if (readable_end - p >= 16) {
    std::memcpy(&key, p, 16);
    if (length < 8) {
      key.low &= (std::uint64_t{1} << (8 * length)) - 1;
      key.high = 0;
    } else {
      key.high &= (std::uint64_t{1} << (8 * (length - 8))) - 1;
    }
  } else {
    std::memcpy(&key, p, length);
  }
  key.high |= static_cast<std::uint64_t>(length) << 40;
  return key;
}

/// A hash of bytes of any number.
inline std::uint64_t bytes_hash(const char* p, std::size_t length) {
  std::uint64_t hash = length * 0x9E3779B97F4A7C15u;
  while (length > 0) {
    std::uint64_t part = 0;
    const std::size_t taken = length < 8 ? length : 8;
    std::memcpy(&part, p, taken);
    hash = fold_product(hash ^ part, 0xD6E8FEB86659FD93u) + 0x9E3779B97F4A7C15u;
    p += taken;
    length -= taken;
  }
  return hash;
}

}  // namespace bpe
