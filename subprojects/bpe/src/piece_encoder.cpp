#include "piece_encoder.hpp"

#include <algorithm>
#include <functional>

#include "unicode.hpp"

namespace bpe {
namespace {

constexpr std::uint32_t none = 0xFFFFFFFF;

}  // namespace

// A sequence of tokens is the encoding of its bytes exactly if each two neighbours are the encoding
// of theirs (monotone merges). So the longest token that may follow is tried first, and taken back
// when nothing can follow it. Bytes from which nothing follows are marked: each is tried once.
bool piece_encoder::backtrack(std::string_view piece, std::vector<std::uint32_t>& out) {
  const std::size_t base = out.size();
  const char* const text = piece.data();
  const char* const end = text + piece.size();
  dead_.assign(piece.size() / 64 + 1, 0);
  run_begin_ = run_end_ = text;
  std::size_t at = 0;
  trie_view::match token = longest(text, end);
  while (at < piece.size()) {
    if (token.length > 0 && out.size() > base) {
      const std::uint32_t joined = follower(out.back(), token.value);
      // Mostly it is the longest itself, whose row is not needed then.
      if (joined != token.value) token = whole(joined);
    }
    if (token.length > 0) {
      const std::size_t next = at + token.length;
      if (next > piece.size() || (dead_[next / 64] >> (next % 64) & 1) != 0) {
        token = whole(v_.tokens[token.value].prefix());
        continue;
      }
      out.push_back(token.value);
      at = next;
      token = at < piece.size() ? longest(text + at, end) : trie_view::match();
      continue;
    }
    dead_[at / 64] |= std::uint64_t{1} << (at % 64);
    if (out.size() == base) return false;
    at -= v_.tokens[out.back()].length();
    token = whole(v_.tokens[out.back()].prefix());
    out.pop_back();
  }
  return true;
}

trie_view::match piece_encoder::whole(std::uint32_t token) const {
  if (token >= v_.tokens.size()) return {};
  return {token, v_.tokens[token].length()};
}

std::uint32_t piece_encoder::find_follower(std::uint32_t left, std::uint32_t token) const {
  while (token < v_.tokens.size() && !joins(left, token)) token = v_.tokens[token].prefix();
  return token < v_.tokens.size() ? token : no_token;
}

// In a long run of one byte every place has the same longest token, which may be long to walk to.
// `p` may be before the run that is remembered: backtracking goes out of it.
trie_view::match piece_encoder::longest(const char* p, const char* end) {
  constexpr auto walk = static_cast<std::ptrdiff_t>(max_token_bytes);
  constexpr std::uint32_t long_run = 16;
  const bool in_run = p >= run_begin_ && p < run_end_;
  if (in_run && run_end_ - p > walk) return run_token_;
  const trie_view::match found = v_.trie.longest(p, end);
  if (found.value >= v_.tokens.size()) return {};  // none, or a made-up file
  if (found.length < long_run || in_run || p[0] != p[1]) return found;
  const char* at = p;
  while (at < end && *at == *p) ++at;
  if (at - p <= walk) return found;
  run_begin_ = p;
  run_end_ = at;
  run_token_ = found;
  return found;
}

// Whether merges leave the border between two tokens alone: undoes their merges, latest first, and
// looks for one across the border that would have come before the merge undone.
bool piece_encoder::joins(std::uint32_t left, std::uint32_t right) const {
  std::uint32_t limit = no_token;
  const token_row* left_row = &v_.tokens[left];
  const token_row* right_row = &v_.tokens[right];
  for (;;) {
    if ((left_row->followers & partner_bit(right)) != 0 &&
        (right_row->leaders & partner_bit(left)) != 0 && v_.merged(left, right) < limit) {
      return false;
    }
    const bool left_is_symbol = left_row->right == left;
    const bool right_is_symbol = right_row->left == right;
    if (left_is_symbol && right_is_symbol) return true;
    if (!left_is_symbol && (left > right || right_is_symbol)) {
      limit = left;
      left = left_row->right;
      left_row = &v_.tokens[left];
    } else {
      // Of equal ranks the leftmost merges first: one across the border comes before the right's.
      limit = right + 1;
      right = right_row->left;
      right_row = &v_.tokens[right];
    }
  }
}

bool piece_encoder::irregular(std::string_view piece) const {
  const char* const end = piece.data() + piece.size();
  for (const char* p = piece.data(); p < end; ++p) {
    if (v_.irregular_trie.longest(p, end).length > 0) return true;
  }
  return false;
}

void piece_encoder::split_symbols(std::string_view piece) {
  parts_.clear();
  const char* const end = piece.data() + piece.size();
  const bool characters = v_.has(flag_byte_fallback);
  for (const char* p = piece.data(); p < end;) {
    const std::uint32_t length = characters ? decode_utf8(p, end).length : 1;
    const std::uint32_t token = v_.trie.longest(p, p + length).value;
    const auto index = static_cast<std::uint32_t>(parts_.size());
    parts_.push_back({token, index + 1, index - 1, no_token});
    p += length;
  }
  if (!parts_.empty()) parts_.back().next = none;
}

void piece_encoder::rank(std::uint32_t at) {
  part& p = parts_[at];
  p.merged = p.next == none ? no_token : v_.merged(p.token, parts_[p.next].token);
  if (p.merged == no_token) return;
  queue_.push_back(static_cast<std::uint64_t>(p.merged) << 32 | at);
  std::push_heap(queue_.begin(), queue_.end(), std::greater<>());
}

void piece_encoder::merge(std::string_view piece, std::vector<std::uint32_t>& out) {
  queue_.clear();
  split_symbols(piece);
  for (std::uint32_t i = 0; i < parts_.size(); ++i) rank(i);
  while (!queue_.empty()) {
    std::pop_heap(queue_.begin(), queue_.end(), std::greater<>());
    const std::uint64_t best = queue_.back();
    queue_.pop_back();
    const auto at = static_cast<std::uint32_t>(best);
    part& p = parts_[at];
    if (p.merged != best >> 32) continue;  // one of the two has merged with another since
    part& gone = parts_[p.next];
    gone.merged = no_token;
    p.token = p.merged;
    p.next = gone.next;
    if (p.next != none) parts_[p.next].previous = at;
    rank(at);
    if (p.previous != none) rank(p.previous);
  }
  for (std::uint32_t i = 0; !parts_.empty() && i != none; i = parts_[i].next) {
    if (parts_[i].token < v_.tokens.size()) out.push_back(parts_[i].token);
  }
}

}  // namespace bpe
