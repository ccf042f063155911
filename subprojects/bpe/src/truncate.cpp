#include "borders.hpp"
#include "encoder_state.hpp"

namespace bpe {
namespace {

/// Measures how many bytes the first `limit` tokens have. For vocabularies that change no text.
struct prefix_sink {
  const vocabulary& vocab;
  std::size_t limit;
  std::size_t count = 0;
  std::size_t bytes = 0;

  bool id(token_id, std::size_t length) {
    if (count == limit) return false;
    ++count;
    bytes += length;
    return true;
  }
  bool ids(std::span<const token_id> all, std::size_t) {
    for (const token_id one : all) {
      if (!id(one, vocab.bytes_of(one).size())) return false;
    }
    return true;
  }
};

}  // namespace

result<truncation> encoder::truncate(std::string_view text, std::size_t limit, special specials) {
  const auto whole = count_until(text, limit, specials);
  if (!whole) return whole.failure();
  if (!whole->exceeded) return truncation{text.size(), whole->count, false};

  const image_view& v = state_->vocab.image();
  std::size_t most = text.size();  // the end of what may be kept
  if (!v.has(flag_nfc) && !v.has(flag_spaces_marked) && !v.has(flag_byte_fallback)) {
    prefix_sink sink{state_->vocab, limit};
    (void)state_->walk.walk(text, specials, sink);
    most = sink.bytes;
  } else {
    // Text is changed before it is split: search for the longest beginning that fits.
    std::size_t fits = 0;
    while (most - fits > 1) {
      const std::size_t middle = fits + (most - fits) / 2;
      const auto part = count_until(text.substr(0, middle), limit, specials);
      if (!part) return part.failure();
      (part->exceeded ? most : fits) = middle;
    }
    most = fits;
  }
  // What is kept, on its own, may split otherwise than it did before its continuation: check.
  for (std::size_t step = 1;; step *= 2) {
    most = safe_cut(text, most);
    const auto kept = count_until(text.substr(0, most), limit, specials);
    if (!kept) return kept.failure();
    if (!kept->exceeded) return truncation{most, kept->count, true};
    most -= std::min(most, step);
  }
}

}  // namespace bpe
