#pragma once

// The form of a compiled vocabulary, which is used in place (mapped or in memory). Little-endian
// only.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "bpe/error.hpp"
#include "hashing.hpp"
#include "split.hpp"

namespace bpe {

inline constexpr std::array<char, 8> image_magic = {'B', 'P', 'E', 'V', 'O', 'C', '1', '\n'};
inline constexpr std::uint32_t image_version = 2;  ///< One more with each change of the form.
inline constexpr std::uint32_t max_tokens = (1u << 20) - 1;  ///< Internal numbers have 20 bits.
inline constexpr std::uint32_t max_token_bytes = (1u << 12) - 1;  ///< Lengths have 12 bits.
inline constexpr std::uint32_t no_token = max_tokens;
inline constexpr std::uint32_t no_id = 0xFFFFFFFF;
inline constexpr std::uint32_t max_probes = 1024;

enum image_flag : std::uint32_t {
  flag_nfc = 1,            ///< Text is brought to NFC first.
  flag_spaces_marked = 2,  ///< U+0020 is written U+2581 in tokens.
  flag_byte_fallback =
      4,              ///< Symbols are characters; one without a token becomes its bytes' tokens.
  flag_monotone = 8,  ///< Each regular merge is of earlier ones: backtracking is exact for them.
};

/// Parts of the file, in this order.
enum class section : std::uint32_t {
  name,
  id_offsets,
  id_bytes,
  tokens,
  pairs,
  words,
  long_words,
  trie,
  byte_ids,
  specials,
  special_bytes,
  special_trie,
  normalized_trie,
  irregular_trie,
  count
};

/// A token by its internal number. Numbers follow ranks: symbols first, then merges in order, then
/// tokens that no merge makes.
struct token_row {
  std::uint32_t left;  ///< What it is merged from; itself for a symbol or an irregular token.
  std::uint32_t right;
  std::uint32_t prefix_length;  ///< Longest proper prefix that is a token << 12 | bytes.
  std::uint32_t id;             ///< The vocabulary's id.
  // Bit `partner_bit(x)` for each x with which it merges, as the left one and as the right one.
  // Most pairs that do not merge are refused by these alone.
  std::uint64_t followers;
  std::uint64_t leaders;

  std::uint32_t prefix() const { return prefix_length >> 12; }
  std::uint32_t length() const { return prefix_length & 0xFFF; }
};

/// The place of a token in the filters of a row.
inline std::uint64_t partner_bit(std::uint32_t token) {
  return std::uint64_t{1} << ((token * 0x9E3779B1u) >> 26);
}

/// A word of at most 13 bytes: its key, with its id in the top 20 bits of `high`. Empty: `high` is
/// 0.
struct word_row {
  std::uint64_t low;
  std::uint64_t high;

  std::uint32_t id() const { return static_cast<std::uint32_t>(high >> 44); }
};

/// A longer word, by hash; the bytes are compared through `id`. Empty: `id` is 0xFFFFFFFF.
struct long_word_row {
  std::uint64_t hash;
  std::uint32_t id;
  std::uint32_t unused;
};

enum special_flag : std::uint32_t {
  special_control = 1,      ///< The file calls it special.
  special_normalized = 2,   ///< It is looked for in the normalized text.
  special_strip_left = 4,   ///< White space before it belongs to it.
  special_strip_right = 8,  ///< White space after it belongs to it.
  special_whole_word = 16,  ///< It matches only where no letter, mark, digit or _ touches it.
};

struct special_row {
  std::uint32_t offset;
  std::uint32_t length;
  std::uint32_t id;
  std::uint32_t flags;
};

struct image_header {
  std::array<char, 8> magic;
  std::uint32_t version;
  std::uint32_t endian;  ///< 0x01020304
  std::uint64_t file_bytes;
  std::uint64_t body_checksum;
  std::uint32_t split;
  std::uint32_t flags;
  std::uint32_t id_count;        ///< Largest id + 1.
  std::uint32_t reached_tokens;  ///< Internal numbers below it can come out of merges.
  std::uint32_t special_longest;
  std::uint32_t unused;
  struct extent {
    std::uint64_t offset;
    std::uint64_t bytes;
  };
  std::array<extent, static_cast<std::size_t>(section::count)> sections;
  std::uint64_t header_checksum;  ///< Of all before it.
};
static_assert(sizeof(token_row) == 32 && sizeof(word_row) == 16 && sizeof(long_word_row) == 16 &&
                  sizeof(special_row) == 16 && sizeof(image_header) == 288,
              "another form needs another image_version");

/// A trie as a double array. Unit: base << 32 | used << 31 | value << 8 | label.
class trie_view {
 public:
  static constexpr std::uint64_t used = std::uint64_t{1} << 31;
  static constexpr std::uint32_t no_value = (1u << 23) - 1;

  trie_view() = default;
  explicit trie_view(std::span<const std::uint64_t> units) : units_(units) {}

  bool empty() const { return units_.empty(); }
  static std::uint32_t value(std::uint64_t unit) {
    return static_cast<std::uint32_t>(unit >> 8) & no_value;
  }
  std::uint64_t root() const { return units_.empty() ? 0 : units_[0]; }
  /// The child of `unit` by `byte`; 0 if there is none.
  std::uint64_t child(std::uint64_t unit, unsigned char byte) const {
    const std::uint64_t slot = (unit >> 32) + byte;
    if (slot >= units_.size()) return 0;
    const std::uint64_t next = units_[slot];
    return (next & (used | 0xFF)) == (used | byte) ? next : 0;
  }
  struct match {
    std::uint32_t value = no_value;
    std::uint32_t length = 0;
  };
  /// The longest key that the text from `p` begins with; of length 0 if there is none.
  match longest(const char* p, const char* end) const {
    match best;
    std::uint64_t unit = root();
    for (const char* at = p; at < end;) {
      unit = child(unit, static_cast<unsigned char>(*at++));
      if (unit == 0) break;
      if (value(unit) != no_value) best = {value(unit), static_cast<std::uint32_t>(at - p)};
    }
    return best;
  }

 private:
  std::span<const std::uint64_t> units_;
};

/// Typed views of a validated image.
struct image_view {
  std::string_view bytes;
  const image_header* header = nullptr;
  std::span<const std::uint32_t> id_offsets;
  std::string_view id_bytes;
  std::span<const token_row> tokens;
  std::span<const std::uint64_t> pairs;
  std::span<const word_row> words;
  std::span<const long_word_row> long_words;
  trie_view trie;
  std::span<const std::uint32_t> byte_ids;
  std::span<const special_row> specials;
  std::string_view special_bytes;
  trie_view special_trie;
  trie_view normalized_trie;
  trie_view irregular_trie;  ///< Tokens whose merge comes before a merge that it needs; `trie` has
                             ///< the others.

  bool has(image_flag flag) const { return (header->flags & flag) != 0; }
  split_kind split() const { return static_cast<split_kind>(header->split); }
  std::string_view name() const;
  /// The bytes of an id; empty when there is no such token. `id < id_count`.
  std::string_view token_bytes(std::uint32_t id) const {
    return id_bytes.substr(id_offsets[id], id_offsets[id + 1] - id_offsets[id]);
  }
  std::string_view special_text(const special_row& row) const {
    return special_bytes.substr(row.offset, row.length);
  }
  /// What `left` and `right` merge to; `no_token` when they do not.
  std::uint32_t merged(std::uint32_t left, std::uint32_t right) const;
  /// The id of a whole word of at most 13 bytes; `no_id` when it is none.
  std::uint32_t word(const word_key& key) const;
  /// The same for longer ones.
  std::uint32_t long_word(std::string_view piece) const;
};

inline std::uint32_t image_view::merged(std::uint32_t left, std::uint32_t right) const {
  const std::uint64_t key = static_cast<std::uint64_t>(left) << 20 | right;
  std::size_t slot = slot_of(pair_hash(left, right), pairs.size());
  for (std::uint32_t probe = 0; probe < max_probes; ++probe) {
    const std::uint64_t entry = pairs[slot];
    if (entry >> 20 == key) return static_cast<std::uint32_t>(entry & 0xFFFFF);
    if (entry == ~0ull) break;
    if (++slot == pairs.size()) slot = 0;
  }
  return no_token;
}

inline std::uint32_t image_view::word(const word_key& key) const {
  std::size_t slot = slot_of(key.hash(), words.size());
  for (std::uint32_t probe = 0; probe < max_probes; ++probe) {
    const word_row& row = words[slot];
    if (row.low == key.low && (row.high & word_key::mask) == key.high) return row.id();
    if (row.high == 0) break;
    if (++slot == words.size()) slot = 0;
  }
  return no_id;
}

/// Checks sizes, checksums and the numbers that are used as an index without a look at their size.
result<image_view> view_image(std::string_view bytes);

std::uint64_t checksum(std::string_view bytes);

}  // namespace bpe
