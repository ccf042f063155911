#include "bpe/counter.hpp"

#include <algorithm>

#include "borders.hpp"
#include "encoder_state.hpp"

namespace bpe {
namespace {

constexpr std::size_t least_kept = 64;

/// Whether a token of `trie` may begin in `text` before `at` and end after it, now or with text to
/// come.
bool may_cross(const trie_view& trie, std::string_view text, std::size_t at, std::size_t longest) {
  for (std::size_t from = at - std::min(at, longest - 1); from < at; ++from) {
    std::uint64_t unit = trie.root();
    std::size_t i = from;
    while (i < text.size() && i <= at && unit != 0) {
      unit = trie.child(unit, static_cast<unsigned char>(text[i++]));
    }
    if (unit != 0) return true;
  }
  return false;
}

}  // namespace

counter::counter(encoder& with, special specials) : with_(with), specials_(specials) {
  constexpr std::uint32_t looks_around =
      special_strip_left | special_strip_right | special_whole_word;
  if (specials == special::literal) return;
  const image_view& v = with.vocab().image();
  // Where such a token crosses a border is seen in the normalized text only, which is not kept.
  const bool changed = v.has(flag_nfc) || v.has(flag_spaces_marked);
  const std::uint32_t unsettling = looks_around | (changed ? special_normalized : 0u);
  for (const special_row& row : v.specials) {
    if (row.flags & unsettling) settles_ = false;
  }
}

bool counter::special_may_cross(std::size_t at) const {
  const image_view& v = with_.vocab().image();
  const std::size_t longest = v.header->special_longest;
  if (specials_ == special::literal || longest == 0) return false;
  return may_cross(v.special_trie, kept_, at, longest) ||
         may_cross(v.normalized_trie, kept_, at, longest);
}

std::size_t counter::border() const {
  if (!settles_) return 0;
  std::string_view text = kept_;
  text.remove_suffix(incomplete_tail(text));
  for (int tries = 0; tries < 16; ++tries) {
    const std::size_t at = last_border(with_.vocab().image().split(), text);
    if (at == 0 || !special_may_cross(at)) return at;
    text = text.substr(0, at);
  }
  return 0;
}

result<std::size_t> counter::append(std::string_view text) {
  const std::size_t before = kept_.size();
  kept_.append(text);
  if (kept_.size() < settle_at_) return text.size();
  const std::size_t at = border();
  if (at > 0) {
    const auto count = with_.count(std::string_view(kept_).substr(0, at), specials_);
    if (!count) {
      kept_.resize(before);
      return count.failure();
    }
    settled_ += *count;
    kept_.erase(0, at);
    counted_bytes_ = 0;
    kept_count_ = 0;
  }
  // Text without a border is looked through again only when it has doubled.
  settle_at_ = std::max(least_kept, kept_.size() * 2);
  return text.size();
}

result<std::size_t> counter::count() {
  if (counted_bytes_ != kept_.size()) {
    const auto count = with_.count(kept_, specials_);
    if (!count) return count.failure();
    kept_count_ = *count;
    counted_bytes_ = kept_.size();
  }
  return settled_ + kept_count_;
}

void counter::clear() {
  kept_.clear();
  settled_ = kept_count_ = counted_bytes_ = settle_at_ = 0;
}

}  // namespace bpe
