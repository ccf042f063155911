#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "bpe/encoder.hpp"
#include "bpe/vocabulary.hpp"

namespace bpe::test {

/// Merges learned from a text of a few lines: 256 bytes and some 200 tokens, in order of rank.
const std::vector<std::string>& small_tokens();
/// A rank file of tokens in order of rank.
std::string rank_file(const std::vector<std::string>& tokens);
/// The small tokens as one.
std::string small_ranks();
/// A vocabulary of the 256 bytes and `merged`, in order of rank.
vocabulary vocabulary_of(const std::vector<std::string>& merged,
                         std::string_view pattern = "cl100k");
/// One with tokens of up to 16 equal bytes, and some that end with the first byte of such a run.
vocabulary run_vocabulary();
/// A vocabulary of them, split as cl100k, with the special tokens <|end|> and <|endless|>.
vocabulary small_vocabulary(std::string_view pattern = {});
/// A byte-level tokenizer.json of them with an added token `<tool>` (not special) and `<|end|>`
/// (special). `extra` stands before the model, as "\"normalizer\":{\"type\":\"NFC\"},".
std::string small_json(std::string_view extra = {});
/// A tokenizer.json of characters with byte fallback and marked spaces, as Gemma's.
std::string metaspace_json();

/// tiktoken's definition, step by step: merges the pair of the least rank until none is left.
std::vector<token_id> merge_by_definition(
    std::string_view piece, const std::map<std::string, token_id, std::less<>>& ranks);
std::map<std::string, token_id, std::less<>> small_rank_map();

/// Deterministic texts that mix scripts, spaces, digits, marks, bytes that are not UTF-8.
class text_maker {
 public:
  explicit text_maker(std::uint64_t seed) : state_(seed) {}
  std::string text(std::size_t parts);
  std::uint32_t below(std::uint32_t limit);

 private:
  std::uint64_t state_;
};

std::vector<token_id> encoded(encoder& with, std::string_view text,
                              special specials = special::as_text);

}  // namespace bpe::test
