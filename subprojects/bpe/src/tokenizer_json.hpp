#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bpe/error.hpp"
#include "source.hpp"

namespace bpe {

/// One step of a pre_tokenizer, or of a normalizer, as the file tells it.
struct json_step {
  std::string type;
  std::string pattern;
  std::string content;
  std::string behavior;
  bool regex = false;
  bool invert = false;
  bool use_regex = true;
  bool add_prefix_space = false;
};

/// What a tokenizer.json says of interest here.
struct json_tokenizer {
  std::string model_type;
  bool byte_fallback = false;
  bool ignore_merges = false;
  bool affixes = false;  ///< A prefix or suffix of subwords, or dropout: not done here.
  std::vector<std::pair<std::string, std::uint32_t>> vocab;
  std::vector<std::pair<std::string, std::string>> merges;
  std::vector<vocabulary_source::added> added_tokens;
  std::vector<json_step> normalizers;
  std::vector<json_step> pre_tokenizers;
};

result<json_tokenizer> read_tokenizer_json(std::string_view json);

}  // namespace bpe
