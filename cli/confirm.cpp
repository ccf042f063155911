#include "cli/confirm.hpp"

#include "base/text.hpp"

namespace ark::cli {

std::string refusal_of(context& ctx, const std::string& question) {
  if (!ctx.in.is_terminal() || !ctx.err.is_terminal())
    return "without a terminal nobody can be asked; --yes does it";
  ctx.begin_message();
  ctx.err.write(printable(question) + "? [y/N] ").flush();
  constexpr std::size_t longest = 1000;
  const auto line = ctx.in.read_line(longest);
  // The answer's line end was typed, not written.
  const auto word = line ? text::lower(*line) : std::string{};
  ctx.err.line().flush();
  return word == "y" || word == "yes" ? "" : "you did not want it";
}

}  // namespace ark::cli
