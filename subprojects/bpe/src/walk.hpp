#pragma once

#include <algorithm>
#include <array>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "nfc.hpp"
#include "piece_encoder.hpp"
#include "specials.hpp"
#include "split.hpp"

namespace bpe {

/// Goes through a text token by token and tells them to a sink, which has
///   bool id(token_id, std::size_t bytes)      a token of `bytes` bytes of the (normalized) text
///   bool ids(std::span<const token_id>, std::size_t bytes)    all tokens of a piece
/// Each returns false to stop.
class walker {
 public:
  explicit walker(const image_view& image) : v_(image), pieces_(image), recent_(recent_pieces) {}

  /// False if the sink stopped or, with `refusal` set, at a special token.
  template <class Sink>
  bool walk(std::string_view text, special mode, Sink& sink) {
    refusal_ = {};
    return around(special_finder::phase::raw, text, mode, sink,
                  [&](std::string_view part) { return segment(part, mode, sink); });
  }

  /// The special token that stopped the last walk in mode `refuse`; empty if none did.
  std::string_view refusal() const { return refusal_; }
  const special_finder& finder_of(special mode, special_finder::phase when);

  /// Text between added tokens, before normalization.
  template <class Sink>
  bool segment(std::string_view text, special mode, Sink& sink) {
    return around(special_finder::phase::normalized, normalize(text), mode, sink,
                  [&](std::string_view part) { return ordinary(part, sink); });
  }

  /// Normalized text without added tokens.
  template <class Sink>
  bool ordinary(std::string_view text, Sink& sink) {
    splitter pieces(v_.split(), text);
    const char* const end = text.data() + text.size();
    for (;;) {
      const std::string_view piece = pieces.next();
      if (piece.empty()) return true;
      if (!this->piece(piece, end, sink)) return false;
    }
  }

  /// `readable_end`: bytes up to there may be read, though they are no part of the piece.
  template <class Sink>
  bool piece(std::string_view piece, const char* readable_end, Sink& sink) {
    if (piece.size() > max_key_bytes) return long_piece(piece, sink);
    const word_key key = make_word_key(piece.data(), piece.size(), readable_end);
    const recent& known = recent_[key.hash() % recent_pieces];
    if (known.low == key.low && (known.high & word_key::mask) == key.high) {
      return sink.ids({known.ids.data(), known.high >> 60}, piece.size());
    }
    const std::uint32_t id = v_.word(key);
    if (id != no_id) {
      remember(key, {&id, 1});
      return sink.id(id, piece.size());
    }
    encode_piece(piece);
    remember(key, scratch_);
    return sink.ids(scratch_, piece.size());
  }

  template <class Sink>
  bool long_piece(std::string_view piece, Sink& sink) {
    const std::uint32_t id = v_.long_word(piece);
    if (id != no_id) return sink.id(id, piece.size());
    encode_piece(piece);
    return sink.ids(scratch_, piece.size());
  }

  /// The normalized form of a text; the text itself where that is the same.
  std::string_view normalize(std::string_view text);

 private:
  /// Tells the added tokens of a phase to the sink, and what lies between them to `plain`.
  template <class Sink, class Plain>
  bool around(special_finder::phase when, std::string_view text, special mode, Sink& sink,
              Plain plain) {
    const special_finder& finder = finder_of(mode, when);
    std::size_t at = 0;
    while (at < text.size()) {
      const auto match = finder.next(text, at);
      if (match.row == nullptr) return plain(text.substr(at));
      if (match.begin > at && !plain(text.substr(at, match.begin - at))) return false;
      if (refused(mode, *match.row)) return false;
      if (!sink.id(match.row->id, match.end - match.begin)) return false;
      at = match.end;
    }
    return true;
  }

  /// A piece of at most 13 bytes met before, and its at most 4 tokens; their number is in the top
  /// bits.
  struct recent {
    std::uint64_t low = 0;
    std::uint64_t high = 0;
    std::array<token_id, 4> ids{};
  };
  static constexpr std::size_t recent_pieces = 1 << 13;

  void remember(const word_key& key, std::span<const token_id> ids) {
    if (ids.size() > 4) return;
    recent& slot = recent_[key.hash() % recent_pieces];
    slot.low = key.low;
    slot.high = key.high | static_cast<std::uint64_t>(ids.size()) << 60;
    std::copy(ids.begin(), ids.end(), slot.ids.begin());
  }

  /// Merges; leaves ids in `scratch_`.
  void encode_piece(std::string_view piece);

  bool refused(special mode, const special_row& row) {
    if (mode != special::refuse || (row.flags & special_control) == 0) return false;
    refusal_ = v_.special_text(row);
    return true;
  }

  /// The same where symbols are characters: those without a token stand for themselves, byte by
  /// byte.
  void encode_characters(std::string_view piece);
  void append_merged(std::string_view piece);

  const image_view& v_;
  piece_encoder pieces_;
  std::vector<token_id> scratch_;
  std::vector<recent> recent_;
  std::string normalized_;
  std::string_view refusal_;
  std::array<std::unique_ptr<special_finder>, 8> finders_;
};

}  // namespace bpe
