#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "failure.hpp"
#include "jinja/options.hpp"

namespace jinja {

enum class token_kind : std::uint8_t {
  data,
  block_begin,
  block_end,
  variable_begin,
  variable_end,
  name,
  string,
  integer,
  floating,
  end,
  add,
  sub,
  mul,
  div,
  floor_div,
  mod,
  pow,
  tilde,
  left_bracket,
  right_bracket,
  left_paren,
  right_paren,
  left_brace,
  right_brace,
  eq,
  ne,
  gt,
  ge,
  lt,
  le,
  assign,
  dot,
  colon,
  pipe,
  comma,
  semicolon,
};

struct token {
  token_kind kind = token_kind::end;
  std::string_view text;  ///< of the source; a string's is between its quotes
  std::uint32_t line = 1;
  std::uint32_t offset = 0;  ///< in the source
};

/// The tokens of a source, whose newlines are all "\n" already. Throws `failure`.
std::vector<token> lex(std::string_view source, const options& how);
/// All kinds of line ends as "\n", and without the last one unless it is to be kept.
std::string normalized(std::string_view source, bool keep_trailing_newline);
/// What a string literal between its quotes stands for.
std::string unescaped(const token& literal);

}  // namespace jinja
