#include "tokens/rows.hpp"

#include "cli/line_source.hpp"
#include "cli/mistake.hpp"
#include "cli/tokens_verbs.hpp"

namespace ark::cli {
namespace {

constexpr std::size_t longest_row = 64u << 20;

result<std::string> answer_row(row_verb verb, tokenizer& with, const line_source::line& row,
                               special_tokens specials) {
  if (row.too_long) return usage_mistake("the row has more than 64 MiB");
  switch (verb) {
    case row_verb::count:
      return tokens::count_row(with, row.text, specials);
    case row_verb::encode:
      return tokens::encode_row(with, row.text, specials);
    case row_verb::decode:
      break;
  }
  return tokens::decode_row(with, row.text);
}

bool is_blank(const line_source::line& row) {
  return !row.too_long && row.text.find_first_not_of(" \t\r") == row.text.npos;
}

}  // namespace

exit_code answer_rows(context& ctx, row_verb verb, tokenizer with, const std::string& file,
                      special_tokens specials) {
  auto lines = line_source::open(ctx, file, longest_row);
  if (!lines) return ctx.fail(lines.error());
  std::size_t rows = 0, wrong = 0;
  std::string first;
  for (;;) {
    const auto row = lines->next();
    if (!row) return ctx.fail(row.error());
    if (!*row) break;
    if (is_blank(**row)) continue;
    ++rows;
    const auto answer = answer_row(verb, with, **row, specials);
    ctx.out.line(answer ? *answer
                        : tokens::error_row((*row)->text, (*row)->number, answer.error()));
    if (answer) continue;
    if (++wrong == 1) first = std::to_string((*row)->number) + ": " + answer.error().message;
  }
  ctx.out.flush();
  if (wrong == 0) return exit_code::ok;
  ctx.warn("error: " + std::to_string(wrong) + " of " + std::to_string(rows) +
           " rows are wrong; the first is " + lines->name() + ":" + first);
  return exit_code::usage;
}

}  // namespace ark::cli
