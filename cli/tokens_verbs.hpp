#pragma once
#include <ark/tokens.hpp>

#include <memory>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "cli/context.hpp"

/// The verbs of `ark tokens`, and what they have in common.
namespace ark::cli {

/// The user's vocabularies. errc::config without a home.
result<vocabularies> installed_vocabularies(context& ctx);

/// Which vocabulary, and what about special tokens.
struct tokenizer_options {
  std::string encoding;
  std::string model;
  std::string special;  ///< "": as is usual for the vocabulary
};
void add_tokenizer_options(option_set set, const std::shared_ptr<tokenizer_options>& o,
                           bool with_special);
/// By name, or by model: then perhaps one that estimates.
result<tokenizer> tokenizer_for(context& ctx, const tokenizer_options& o);
special_tokens specials_of(const tokenizer_options& o);

/// What is done with each row of a file.
enum class row_verb { count, encode, decode };
/// Answers each line of a file of rows with a line. A row that is wrong has an error for an answer
/// and the run goes on; it then ends with exit code 2.
exit_code answer_rows(context& ctx, row_verb verb, tokenizer with, const std::string& file,
                      special_tokens specials);

/// "count", "encode", "decode".
void define_tokens_count(command& c);

}  // namespace ark::cli
