#include <algorithm>
#include <cstring>
#include <unordered_map>
#include <utility>

#include "hashing.hpp"
#include "source.hpp"
#include "unicode.hpp"

namespace bpe {
namespace {

constexpr std::uint32_t none = 0xFFFFFFFF;

/// How a token comes about, in indices of the source's tokens.
struct origin {
  std::uint32_t left = none;
  std::uint32_t right = none;
  std::uint32_t rank = none;  ///< `none`: no merge makes it.
  bool symbol = false;
};

/// Finds for each token the pair that makes it. There is at most one: the merges within a token's
/// bytes go in the same order wherever no merge crosses their ends.
class origin_finder {
 public:
  explicit origin_finder(const vocabulary_source& source) : source_(source) {
    for (std::uint32_t i = 0; i < source.tokens.size(); ++i) {
      by_bytes_.try_emplace(source.tokens[i].bytes, i);
    }
    for (std::uint32_t rank = 0; rank < source.merges.size(); ++rank) {
      const auto& [left, right] = source.merges[rank];
      ranks_.try_emplace(static_cast<std::uint64_t>(left) << 32 | right, rank);
    }
  }

  origin find(std::uint32_t token) {
    const std::string& bytes = source_.tokens[token].bytes;
    if (!split_symbols(bytes)) return {};
    if (parts_.size() == 1) return {token, token, none, true};
    while (parts_.size() > 2) {
      std::size_t best = 0;
      for (std::size_t i = 1; i + 1 < parts_.size(); ++i) {
        if (parts_[i].rank < parts_[best].rank) best = i;
      }
      if (parts_[best].rank == none) return {};
      merge(bytes, best);
    }
    if (parts_[0].rank == none || parts_[0].merged != token) return {};
    return {parts_[0].token, parts_[1].token, parts_[0].rank, false};
  }

 private:
  struct part {
    std::size_t begin;
    std::size_t end;
    std::uint32_t token;
    std::uint32_t rank;  ///< Of the merge with the next part.
    std::uint32_t merged;
  };

  std::uint32_t lookup(std::string_view bytes) const {
    const auto it = by_bytes_.find(bytes);
    return it == by_bytes_.end() ? none : it->second;
  }

  bool split_symbols(const std::string& bytes) {
    parts_.clear();
    const bool characters = (source_.flags & flag_byte_fallback) != 0;
    for (std::size_t at = 0; at < bytes.size();) {
      const std::size_t length =
          characters ? decode_utf8(bytes.data() + at, bytes.data() + bytes.size()).length : 1;
      const std::uint32_t symbol = lookup(std::string_view(bytes).substr(at, length));
      if (symbol == none) return false;
      parts_.push_back({at, at + length, symbol, none, none});
      at += length;
    }
    for (std::size_t i = 0; i + 1 < parts_.size(); ++i) rank(bytes, i);
    return !parts_.empty();
  }

  void rank(const std::string& bytes, std::size_t i) {
    part& p = parts_[i];
    p.rank = none;
    if (i + 1 == parts_.size()) return;
    const part& next = parts_[i + 1];
    if (source_.ranks_are_ids) {
      p.merged = lookup(std::string_view(bytes).substr(p.begin, next.end - p.begin));
      if (p.merged != none) p.rank = source_.tokens[p.merged].id;
      return;
    }
    const auto it = ranks_.find(static_cast<std::uint64_t>(p.token) << 32 | next.token);
    if (it == ranks_.end()) return;
    p.merged = lookup(std::string_view(bytes).substr(p.begin, next.end - p.begin));
    if (p.merged != none) p.rank = it->second;
  }

  void merge(const std::string& bytes, std::size_t i) {
    parts_[i].token = parts_[i].merged;
    parts_[i].end = parts_[i + 1].end;
    parts_.erase(parts_.begin() + static_cast<std::ptrdiff_t>(i) + 1);
    rank(bytes, i);
    if (i > 0) rank(bytes, i - 1);
  }

  const vocabulary_source& source_;
  std::unordered_map<std::string_view, std::uint32_t> by_bytes_;
  std::unordered_map<std::uint64_t, std::uint32_t> ranks_;
  std::vector<part> parts_;
};

/// Collects the parts of the file.
class image_builder {
 public:
  explicit image_builder(const vocabulary_source& source) : source_(source) {}

  result<std::string> run() {
    if (auto wrong = check_limits(); !wrong.message.empty()) return wrong;
    if (auto wrong = check_ids(); !wrong.message.empty()) return wrong;
    number_tokens();
    make_ids();
    make_rows();
    if (!make_pairs() || !make_words()) {
      return error{errc::unsupported, "the vocabulary defeats the hash tables"};
    }
    make_specials();
    make_byte_ids();
    return assemble();
  }

 private:
  using key_list = std::vector<std::pair<std::string_view, std::uint32_t>>;

  error check_limits() {
    const auto too_large = [](const std::string& what) { return error{errc::too_large, what}; };
    if (source_.tokens.size() > max_tokens) return too_large("more than 1,048,575 tokens");
    for (const auto& token : source_.tokens) {
      id_count_ = std::max(id_count_, token.id + 1);
      if (token.id >= max_tokens) return too_large("a token's id is not below 1,048,575");
      if (token.bytes.size() > max_token_bytes) return too_large("a token of over 4,095 bytes");
      if (token.bytes.empty()) return {errc::malformed, "a token is empty"};
    }
    for (const auto& added : source_.added_tokens) {
      id_count_ = std::max(id_count_, added.id + 1);
      if (added.id >= max_tokens) return too_large("an added token's id is not below 1,048,575");
      if (added.text.empty()) return {errc::malformed, "an added token is empty"};
      if (added.text.size() > max_token_bytes)
        return too_large("an added token of over 4,095 bytes");
    }
    return {};
  }

  /// Decoding needs one text for each id.
  error check_ids() const {
    std::vector<std::string_view> texts(id_count_);
    const auto taken = [&](std::uint32_t id, std::string_view text) {
      const std::string_view before = std::exchange(texts[id], text);
      return !before.empty() && before != text;
    };
    const auto twice = [](std::uint32_t id) {
      return error{errc::malformed, "the id " + std::to_string(id) + " has two texts"};
    };
    for (const auto& token : source_.tokens) {
      if (taken(token.id, token.bytes)) return twice(token.id);
    }
    for (const auto& added : source_.added_tokens) {
      if (!added.shares_id && taken(added.id, added.text)) return twice(added.id);
    }
    return {};
  }

  /// Internal numbers: symbols, then merged tokens by rank, then those that no merge makes.
  void number_tokens() {
    origin_finder finder(source_);
    const auto count = static_cast<std::uint32_t>(source_.tokens.size());
    origins_.reserve(count);
    for (std::uint32_t i = 0; i < count; ++i) origins_.push_back(finder.find(i));
    order_.resize(count);
    for (std::uint32_t i = 0; i < count; ++i) order_[i] = i;
    const auto group = [&](std::uint32_t i) {
      return origins_[i].symbol ? 0 : origins_[i].rank != none ? 1 : 2;
    };
    std::stable_sort(order_.begin(), order_.end(), [&](std::uint32_t a, std::uint32_t b) {
      if (group(a) != group(b)) return group(a) < group(b);
      return group(a) == 1 && origins_[a].rank < origins_[b].rank;
    });
    number_.resize(count);
    for (std::uint32_t i = 0; i < count; ++i) number_[order_[i]] = i;
    while (reached_ < count && group(order_[reached_]) != 2) ++reached_;
    find_irregular();
  }

  /// A merge that comes before one that it needs is irregular, and so is what is made of it.
  /// Vocabularies have none or some dozens.
  void find_irregular() {
    irregular_.assign(reached_, false);
    std::size_t count = 0;
    for (bool changed = true; changed;) {
      changed = false;
      for (std::uint32_t i = 0; i < reached_; ++i) {
        const origin& o = origins_[order_[i]];
        if (o.symbol || irregular_[i]) continue;
        const std::uint32_t left = number_[o.left];
        const std::uint32_t right = number_[o.right];
        if (left < i && right < i && !irregular_[left] && !irregular_[right]) continue;
        irregular_[i] = changed = true;
        ++count;
      }
    }
    monotone_ = count <= reached_ / 16;
  }

  void make_ids() {
    std::vector<std::string_view> texts(id_count_);
    for (const auto& added : source_.added_tokens) texts[added.id] = added.text;
    for (const auto& token : source_.tokens) texts[token.id] = token.bytes;
    id_offsets_.push_back(0);
    for (const std::string_view text : texts) {
      id_bytes_.append(text);
      id_offsets_.push_back(static_cast<std::uint32_t>(id_bytes_.size()));
    }
  }

  /// Rows of tokens and the trie of those that merges reach.
  void make_rows() {
    key_list keys;
    key_list irregular;
    rows_.resize(source_.tokens.size());
    for (std::uint32_t i = 0; i < reached_; ++i) {
      (irregular_[i] ? irregular : keys).emplace_back(bytes_of(i), i);
    }
    std::sort(irregular.begin(), irregular.end());
    irregular_trie_ = build_trie(irregular);
    for (const auto& key : irregular) set_row(key.second, no_token);
    std::sort(keys.begin(), keys.end());
    std::vector<std::pair<std::string_view, std::uint32_t>> open;  // prefixes of the current key
    for (const auto& [bytes, number] : keys) {
      while (!open.empty() && !bytes.starts_with(open.back().first)) open.pop_back();
      set_row(number, open.empty() ? no_token : open.back().second);
      open.emplace_back(bytes, number);
    }
    for (auto i = reached_; i < rows_.size(); ++i) set_row(i, no_token);
    trie_ = build_trie(keys);
  }

  void set_row(std::uint32_t number, std::uint32_t prefix) {
    const origin& o = origins_[order_[number]];
    const bool merged = !o.symbol && o.rank != none && !irregular_[number];
    const auto length = static_cast<std::uint32_t>(bytes_of(number).size());
    rows_[number] = {merged ? number_[o.left] : number,
                     merged ? number_[o.right] : number,
                     prefix << 12 | length,
                     source_.tokens[order_[number]].id,
                     0,
                     0};
  }

  bool make_pairs() {
    std::size_t count = 0;
    for (const origin& o : origins_) count += !o.symbol && o.rank != none;
    pairs_.assign(count + count / 2 + 64, ~0ull);
    for (std::uint32_t i = 0; i < reached_; ++i) {
      const origin& o = origins_[order_[i]];
      if (o.symbol) continue;
      const std::uint32_t left = number_[o.left];
      const std::uint32_t right = number_[o.right];
      std::size_t slot = slot_of(pair_hash(left, right), pairs_.size());
      std::uint32_t probes = 0;
      for (; pairs_[slot] != ~0ull; slot = slot + 1 == pairs_.size() ? 0 : slot + 1) {
        if (++probes >= max_probes) return false;
      }
      rows_[left].followers |= partner_bit(right);
      rows_[right].leaders |= partner_bit(left);
      pairs_[slot] =
          static_cast<std::uint64_t>(left) << 40 | static_cast<std::uint64_t>(right) << 20 | i;
    }
    return true;
  }

  bool make_words() {
    const std::uint32_t count =
        source_.whole_words ? static_cast<std::uint32_t>(rows_.size()) : reached_;
    std::size_t shorts = 0;
    for (std::uint32_t i = 0; i < count; ++i) shorts += bytes_of(i).size() <= max_key_bytes;
    words_.assign(shorts + shorts / 2 + 64, word_row{0, 0});
    long_words_.assign((count - shorts) * 2 + 64, long_word_row{0, no_id, 0});
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::string_view bytes = bytes_of(i);
      if (!(bytes.size() <= max_key_bytes ? add_word(bytes, rows_[i].id)
                                          : add_long_word(bytes, rows_[i].id))) {
        return false;
      }
    }
    return true;
  }

  bool add_word(std::string_view bytes, std::uint32_t id) {
    const word_key key = make_word_key(bytes.data(), bytes.size(), bytes.data() + bytes.size());
    std::size_t slot = slot_of(key.hash(), words_.size());
    std::uint32_t probes = 0;
    while (words_[slot].high != 0) {
      const word_row& row = words_[slot];
      if (row.low == key.low && (row.high & word_key::mask) == key.high) return true;
      if (++probes >= max_probes) return false;
      slot = slot + 1 == words_.size() ? 0 : slot + 1;
    }
    words_[slot] = {key.low, key.high | static_cast<std::uint64_t>(id) << 44};
    return true;
  }

  bool add_long_word(std::string_view bytes, std::uint32_t id) {
    const std::uint64_t hash = bytes_hash(bytes.data(), bytes.size());
    std::size_t slot = slot_of(hash, long_words_.size());
    std::uint32_t probes = 0;
    while (long_words_[slot].id != no_id) {
      if (++probes >= max_probes) return false;
      slot = slot + 1 == long_words_.size() ? 0 : slot + 1;
    }
    long_words_[slot] = {hash, id, 0};
    return true;
  }

  void make_specials() {
    key_list raw;
    key_list normalized;
    for (const auto& added : source_.added_tokens) {
      const auto index = static_cast<std::uint32_t>(specials_.size());
      const auto length = static_cast<std::uint32_t>(added.text.size());
      specials_.push_back(
          {static_cast<std::uint32_t>(special_bytes_.size()), length, added.id, added.flags});
      special_bytes_.append(added.text);
      longest_ = std::max(longest_, length);
      (added.flags & special_normalized ? normalized : raw).emplace_back(added.text, index);
    }
    for (key_list* list : {&raw, &normalized}) {
      std::sort(list->begin(), list->end());
      const auto same = [](const auto& a, const auto& b) { return a.first == b.first; };
      list->erase(std::unique(list->begin(), list->end(), same), list->end());
    }
    special_trie_ = build_trie(raw);
    normalized_trie_ = build_trie(normalized);
  }

  void make_byte_ids() {
    byte_ids_.assign(256, no_id);
    const bool fallback = (source_.flags & flag_byte_fallback) != 0;
    for (const auto& token : source_.tokens) {
      if (!fallback && token.bytes.size() == 1) {
        byte_ids_[static_cast<unsigned char>(token.bytes[0])] = token.id;
      }
      if (fallback && token.bytes.size() == 6 && token.bytes.starts_with("<0x") &&
          token.bytes[5] == '>') {
        const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'A' + 10; };
        const int byte = digit(token.bytes[3]) * 16 + digit(token.bytes[4]);
        if (byte >= 0 && byte < 256) byte_ids_[static_cast<std::size_t>(byte)] = token.id;
      }
    }
  }

  std::string_view bytes_of(std::uint32_t number) const {
    return source_.tokens[order_[number]].bytes;
  }

  template <class T>
  void put(section which, const std::vector<T>& part) {
    put(which,
        std::string_view(reinterpret_cast<const char*>(part.data()), part.size() * sizeof(T)));
  }
  void put(section which, std::string_view part) {
    header_.sections[static_cast<std::size_t>(which)] = {out_.size(), part.size()};
    out_.append(part);
    out_.resize((out_.size() + 7) / 8 * 8, '\0');
  }

  std::string assemble() {
    out_.assign(sizeof(image_header), '\0');
    put(section::name, source_.name);
    put(section::id_offsets, id_offsets_);
    put(section::id_bytes, id_bytes_);
    put(section::tokens, rows_);
    put(section::pairs, pairs_);
    put(section::words, words_);
    put(section::long_words, long_words_);
    put(section::trie, trie_);
    put(section::byte_ids, byte_ids_);
    put(section::specials, specials_);
    put(section::special_bytes, special_bytes_);
    put(section::special_trie, special_trie_);
    put(section::normalized_trie, normalized_trie_);
    put(section::irregular_trie, irregular_trie_);
    header_.magic = image_magic;
    header_.version = image_version;
    header_.endian = 0x01020304;
    header_.file_bytes = out_.size();
    header_.body_checksum = checksum(std::string_view(out_).substr(sizeof(image_header)));
    header_.split = static_cast<std::uint32_t>(source_.split);
    header_.flags = source_.flags | (monotone_ ? std::uint32_t{flag_monotone} : 0);
    header_.id_count = id_count_;
    header_.reached_tokens = reached_;
    header_.special_longest = longest_;
    const std::string_view head(reinterpret_cast<const char*>(&header_), sizeof(header_));
    header_.header_checksum = checksum(head.substr(0, offsetof(image_header, header_checksum)));
    std::memcpy(out_.data(), &header_, sizeof(header_));
    return std::move(out_);
  }

  const vocabulary_source& source_;
  std::uint32_t id_count_ = 0;
  std::uint32_t reached_ = 0;
  std::uint32_t longest_ = 0;
  bool monotone_ = false;
  std::vector<origin> origins_;
  std::vector<std::uint32_t> order_;   ///< Internal number -> index in the source.
  std::vector<std::uint32_t> number_;  ///< The other way.
  std::vector<bool> irregular_;        ///< By internal number.
  std::vector<std::uint32_t> id_offsets_;
  std::string id_bytes_;
  std::vector<token_row> rows_;
  std::vector<std::uint64_t> pairs_;
  std::vector<word_row> words_;
  std::vector<long_word_row> long_words_;
  std::vector<std::uint64_t> trie_;
  std::vector<std::uint32_t> byte_ids_;
  std::vector<special_row> specials_;
  std::string special_bytes_;
  std::vector<std::uint64_t> special_trie_;
  std::vector<std::uint64_t> normalized_trie_;
  std::vector<std::uint64_t> irregular_trie_;
  image_header header_{};
  std::string out_;
};

}  // namespace

result<std::string> build_image(const vocabulary_source& source) {
  return image_builder(source).run();
}

}  // namespace bpe
