// Any text, with every split: the fast encoder equals merging, and all that counts or cuts agrees
// with it.

#include <cstdlib>

#include "../tests/support.hpp"
#include "bpe/counter.hpp"
#include "piece_encoder.hpp"
#include "split.hpp"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

const std::vector<bpe::vocabulary>& vocabularies() {
  using bpe::split_kind;
  static const std::vector<bpe::vocabulary> all = [] {
    std::vector<bpe::vocabulary> out;
    for (const auto kind :
         {split_kind::gpt2, split_kind::cl100k, split_kind::qwen2, split_kind::o200k,
          split_kind::tekken, split_kind::kimi, split_kind::qwen3_5}) {
      out.push_back(bpe::test::small_vocabulary(bpe::split_pattern(kind)));
    }
    out.push_back(bpe::test::run_vocabulary());
    for (const std::string& json :
         {bpe::test::small_json(), bpe::test::small_json("\"normalizer\":{\"type\":\"NFC\"},"),
          bpe::test::metaspace_json()}) {
      out.push_back(bpe::vocabulary::from_tokenizer_json(json, "json").value());
    }
    return out;
  }();
  return all;
}

std::vector<bpe::token_id> by_merging(const bpe::vocabulary& vocab, std::string_view text) {
  const bpe::image_view& v = vocab.image();
  bpe::piece_encoder pieces(v);
  std::vector<std::uint32_t> out;
  bpe::splitter split(v.split(), text);
  for (auto piece = split.next(); !piece.empty(); piece = split.next()) pieces.merge(piece, out);
  for (auto& token : out) token = v.tokens[token].id;
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 3) return 0;
  const auto& vocab = vocabularies()[data[0] % vocabularies().size()];
  const auto mode = static_cast<bpe::special>(data[1] % 4);
  const std::size_t limit = data[2];
  std::string text(reinterpret_cast<const char*>(data) + 3, size - 3);
  // A run of more bytes than the longest token may have.
  if (data[1] % 16 >= 12 && !text.empty()) {
    const std::size_t at = limit % text.size();
    text.insert(at, 5000, text[at]);
  }
  bpe::encoder with(vocab);
  std::vector<bpe::token_id> ids;
  const auto encoded = with.encode(text, ids, mode);
  if (!encoded) return 0;
  const bool changed = vocab.image().header->flags & (bpe::flag_nfc | bpe::flag_spaces_marked);
  if (!changed) require(*bpe::decode(vocab, ids) == text);
  if (!changed && mode == bpe::special::literal) require(ids == by_merging(vocab, text));
  require(*with.count(text, mode) == ids.size());
  require(with.count_until(text, limit, mode)->exceeded == (ids.size() > limit));
  const auto kept = with.truncate(text, limit, mode);
  if (kept) require(kept->count <= limit && kept->bytes <= text.size());
  bpe::counter counting(with, mode);
  for (std::size_t at = 0; at < text.size(); at += 1 + limit % 29) {
    if (!counting.append(std::string_view(text).substr(at, 1 + limit % 29))) return 0;
  }
  const auto counted = counting.count();
  if (counted) require(*counted == ids.size());
  return 0;
}
