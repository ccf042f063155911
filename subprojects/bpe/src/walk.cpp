#include "walk.hpp"

#include "unicode.hpp"

namespace bpe {

const special_finder& walker::finder_of(special mode, special_finder::phase when) {
  auto& slot = finders_[static_cast<std::size_t>(mode) * 2 + static_cast<std::size_t>(when)];
  if (!slot) slot = std::make_unique<special_finder>(v_, mode, when);
  return *slot;
}

void walker::encode_piece(std::string_view piece) {
  scratch_.clear();
  if (v_.has(flag_byte_fallback)) {
    encode_characters(piece);
  } else {
    append_merged(piece);
  }
}

void walker::append_merged(std::string_view piece) {
  if (piece.empty()) return;
  const std::size_t from = scratch_.size();
  pieces_.encode(piece, scratch_);
  for (std::size_t i = from; i < scratch_.size(); ++i) scratch_[i] = v_.tokens[scratch_[i]].id;
}

void walker::encode_characters(std::string_view piece) {
  const char* const end = piece.data() + piece.size();
  const char* run = piece.data();
  for (const char* p = run; p < end;) {
    const decoded c = decode_utf8(p, end);
    const bool known = c.valid && v_.trie.longest(p, p + c.length).length == c.length;
    const char* const next = p + c.length;
    if (!known) {
      append_merged({run, static_cast<std::size_t>(p - run)});
      for (; p < next; ++p) {
        const token_id id = v_.byte_ids[static_cast<unsigned char>(*p)];
        if (id != no_id) scratch_.push_back(id);
      }
      run = next;
    }
    p = next;
  }
  append_merged({run, static_cast<std::size_t>(end - run)});
}

std::string_view walker::normalize(std::string_view text) {
  if (v_.has(flag_nfc) && !nfc_inert(text)) {
    normalized_ = to_nfc(text);
    text = normalized_;
  }
  if (!v_.has(flag_spaces_marked) || text.find(' ') == std::string_view::npos) return text;
  std::string marked;
  marked.reserve(text.size() + text.size() / 2);
  for (const char c : text) {
    if (c == ' ') {
      marked.append("\xE2\x96\x81");
    } else {
      marked.push_back(c);
    }
  }
  normalized_ = std::move(marked);
  return normalized_;
}

}  // namespace bpe
