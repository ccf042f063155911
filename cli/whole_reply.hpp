#pragma once
#include <ark/client.hpp>

#include <functional>
#include <optional>

#include "cli/context.hpp"
#include "cli/interrupt.hpp"
#include "cli/progress.hpp"
#include "cli/reply_text.hpp"

/// Calls whose answer comes at once, as `ark embed` and `ark rerank` make them.
namespace ark::cli {

/// Makes the call with `begin` (one of the client's `*_async`) and waits for its reply: with a line
/// of progress, and cancelled by Ctrl-C.
template <class Call, class Reply>
result<Reply> whole_reply(context& ctx, const client& c, Call asked,
                          std::uint64_t (client::*begin)(Call, std::function<void(result<Reply>)>)
                              const) {
  const auto name = asked.model;
  std::optional<result<Reply>> answer;
  const auto id =
      (c.*begin)(std::move(asked), [&](result<Reply> r) { answer.emplace(std::move(r)); });
  const interrupt_scope guard{[&] { c.cancel(id); }};
  progress waiting{ctx, [name] { return "waiting for " + name; }};
  c.run();
  if (answer) return std::move(*answer);
  error e;
  e.message = "the call ended without an answer";
  return e;
}

/// After the data: the reply's notes, and on a terminal what it cost.
template <class Reply>
exit_code tell_rest(context& ctx, const Reply& answer) {
  ctx.out.flush();
  for (const auto& each : answer.notes) ctx.note("note: " + each);
  if (ctx.flags.verbose || ctx.err.is_terminal()) {
    ctx.note(summary(answer.route, answer.usage, answer.cost, answer.latency));
  }
  return exit_code::ok;
}

}  // namespace ark::cli
