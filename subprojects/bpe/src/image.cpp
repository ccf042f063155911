#include "image.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <string>

namespace bpe {
namespace {

error broken(std::string_view what) {
  return {errc::malformed, "not a usable compiled vocabulary: " + std::string(what)};
}

template <class T>
bool view_section(std::string_view bytes, const image_header& header, section which,
                  std::span<const T>& out) {
  const auto& extent = header.sections[static_cast<std::size_t>(which)];
  if (extent.offset % 8 != 0 || extent.offset > bytes.size() ||
      extent.bytes > bytes.size() - extent.offset || extent.bytes % sizeof(T) != 0) {
    return false;
  }
  out = {reinterpret_cast<const T*>(bytes.data() + extent.offset), extent.bytes / sizeof(T)};
  return true;
}

bool view_section(std::string_view bytes, const image_header& header, section which,
                  std::string_view& out) {
  std::span<const char> chars;
  if (!view_section(bytes, header, which, chars)) return false;
  out = {chars.data(), chars.size()};
  return true;
}

bool view_section(std::string_view bytes, const image_header& header, section which,
                  trie_view& out) {
  std::span<const std::uint64_t> units;
  if (!view_section(bytes, header, which, units)) return false;
  out = trie_view(units);
  return true;
}

bool view_sections(image_view& v) {
  const auto part = [&](section which, auto& out) {
    return view_section(v.bytes, *v.header, which, out);
  };
  return part(section::id_offsets, v.id_offsets) && part(section::id_bytes, v.id_bytes) &&
         part(section::tokens, v.tokens) && part(section::pairs, v.pairs) &&
         part(section::words, v.words) && part(section::long_words, v.long_words) &&
         part(section::trie, v.trie) && part(section::byte_ids, v.byte_ids) &&
         part(section::specials, v.specials) && part(section::special_bytes, v.special_bytes) &&
         part(section::special_trie, v.special_trie) &&
         part(section::normalized_trie, v.normalized_trie) &&
         part(section::irregular_trie, v.irregular_trie);
}

std::string_view check_header(std::string_view bytes, const image_header& header) {
  if (header.magic != image_magic) return "it does not begin as one";
  if (header.endian != 0x01020304) return "it was made on a machine of the other byte order";
  if (header.version < image_version) return "it has an older form: compile its source again";
  if (header.version > image_version) return "it has the form of a newer version of this library";
  const std::string_view checked = bytes.substr(0, offsetof(image_header, header_checksum));
  if (checksum(checked) != header.header_checksum) return "its header is corrupt";
  if (header.file_bytes != bytes.size()) return "it is cut short or has bytes after its end";
  if (header.split > static_cast<std::uint32_t>(split_kind::qwen3_5)) return "unknown split";
  return {};
}

bool ids_fit(const image_view& v) {
  const image_header& h = *v.header;
  if (h.id_count > max_tokens || v.id_offsets.size() != std::size_t{h.id_count} + 1) return false;
  if (v.byte_ids.size() != 256 || v.tokens.size() > max_tokens) return false;
  if (h.reached_tokens > v.tokens.size() || v.pairs.empty() || v.words.empty()) return false;
  std::uint32_t last = 0;
  bool sorted = true;
  for (const std::uint32_t offset : v.id_offsets) {
    sorted &= offset >= last;
    last = offset;
  }
  bool known = sorted && last == v.id_bytes.size();
  for (const std::uint32_t id : v.byte_ids) known &= id < h.id_count || id == no_id;
  return known;
}

/// Merges are of earlier tokens, so that undoing them comes to an end.
bool tokens_fit(const image_view& v) {
  const std::uint32_t reached = v.header->reached_tokens;
  const bool monotone = v.has(flag_monotone);
  bool fit = true;
  for (std::uint32_t i = 0; i < v.tokens.size(); ++i) {
    const token_row& row = v.tokens[i];
    const bool symbol = row.left == i && row.right == i;
    const bool prefixed = row.prefix() != no_token;
    fit &= row.id < v.header->id_count && row.length() > 0;
    fit &= !prefixed || (row.prefix() < reached && v.tokens[row.prefix()].length() < row.length());
    fit &= !monotone || symbol || (row.left < i && row.right < i);
  }
  return fit;
}

bool specials_fit(const image_view& v) {
  bool fit = true;
  for (const special_row& row : v.specials) {
    fit &= row.length > 0 && row.length <= v.header->special_longest &&
           std::uint64_t{row.offset} + row.length <= v.special_bytes.size() &&
           row.id < v.header->id_count;
  }
  return fit;
}

}  // namespace

std::uint64_t checksum(std::string_view bytes) {
  constexpr std::uint64_t p1 = 0x9E3779B185EBCA87u;
  constexpr std::uint64_t p2 = 0xC2B2AE3D27D4EB4Fu;
  constexpr std::size_t lane_count = 8;
  std::array<std::uint64_t, lane_count> lanes{};
  std::array<std::uint64_t, lane_count> block{};
  std::size_t at = 0;
  for (; at + sizeof(block) <= bytes.size(); at += sizeof(block)) {
    std::memcpy(block.data(), bytes.data() + at, sizeof(block));
    for (std::size_t i = 0; i < lane_count; ++i) {
      lanes[i] = std::rotl((lanes[i] ^ block[i]) * p1, 29);
    }
  }
  std::uint64_t sum = bytes_hash(bytes.data() + at, bytes.size() - at) ^ bytes.size();
  for (const std::uint64_t lane : lanes) sum = fold_product(sum ^ lane, p2) + p1;
  return sum;
}

result<image_view> view_image(std::string_view bytes) {
  image_view v;
  v.bytes = bytes;
  if (bytes.size() < sizeof(image_header) ||
      reinterpret_cast<std::uintptr_t>(bytes.data()) % alignof(image_header) != 0) {
    return broken("it is cut short");
  }
  v.header = reinterpret_cast<const image_header*>(bytes.data());
  if (const std::string_view what = check_header(bytes, *v.header); !what.empty()) {
    return broken(what);
  }
  if (checksum(bytes.substr(sizeof(image_header))) != v.header->body_checksum) {
    return broken("its contents are corrupt");
  }
  const bool fits = view_sections(v) && ids_fit(v) && tokens_fit(v) && specials_fit(v);
  if (!fits) return broken("its tables contradict each other");
  return v;
}

std::string_view image_view::name() const {
  std::string_view out;
  view_section(bytes, *header, section::name, out);
  return out;
}

std::uint32_t image_view::long_word(std::string_view piece) const {
  if (long_words.empty() || piece.size() > max_token_bytes) return no_id;
  const std::uint64_t hash = bytes_hash(piece.data(), piece.size());
  std::size_t slot = slot_of(hash, long_words.size());
  for (std::uint32_t probe = 0; probe < max_probes; ++probe) {
    const long_word_row& row = long_words[slot];
    if (row.id >= header->id_count) break;
    if (row.hash == hash && token_bytes(row.id) == piece) return row.id;
    if (++slot == long_words.size()) slot = 0;
  }
  return no_id;
}

}  // namespace bpe
