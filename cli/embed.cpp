#include <ark/client.hpp>

#include <optional>

#include "cli/call_options.hpp"
#include "cli/commands.hpp"
#include "cli/interrupt.hpp"
#include "cli/key_store.hpp"
#include "cli/progress.hpp"
#include "cli/reply_text.hpp"

namespace ark::cli {
namespace {

struct embed_options {
  std::shared_ptr<call_options> common = std::make_shared<call_options>();
  std::vector<std::string> texts;
  std::optional<std::int64_t> dimensions;
  bool lines = false;
};

/// One text for each argument; or standard input, as one text or, with --lines, as one for each
/// line that is not empty.
result<std::vector<std::string>> inputs_of(context& ctx, const embed_options& o) {
  if (!o.texts.empty() && o.texts != std::vector<std::string>{"-"}) return o.texts;
  auto all = text_of(ctx, o.texts);
  if (!all) return all.error();
  if (!o.lines) return std::vector<std::string>{std::move(*all)};
  std::vector<std::string> out;
  std::size_t begin = 0;
  while (begin < all->size()) {
    const auto end = std::min(all->find('\n', begin), all->size());
    if (end > begin) out.push_back(all->substr(begin, end - begin));
    begin = end + 1;
  }
  return out;
}

result<embed_reply> make(context& ctx, const client& c, embed_call asked) {
  const auto name = asked.model;
  std::optional<result<embed_reply>> answer;
  const auto id =
      c.embed_async(std::move(asked), [&](result<embed_reply> r) { answer.emplace(std::move(r)); });
  const interrupt_scope guard{[&] { c.cancel(id); }};
  progress waiting{ctx, [name] { return "waiting for " + name; }};
  c.run();
  if (answer) return std::move(*answer);
  error e;
  e.message = "the call ended without an answer";
  return e;
}

exit_code embed(context& ctx, const embed_options& o) {
  const auto all = ctx.configuration();
  if (!all) return ctx.fail(all.error());
  embed_call asked;
  if (auto ok = apply(*o.common, **all, asked); !ok) return ctx.fail(ok.error());
  auto inputs = inputs_of(ctx, o);
  if (!inputs) return ctx.fail(inputs.error());
  asked.input = std::move(*inputs);
  asked.dimensions = o.dimensions;
  const auto client = ctx.make_client();
  if (!client) return ctx.fail(client.error());
  const auto answer = make(ctx, *client, std::move(asked));
  if (!answer) return fail_call(ctx, answer.error());
  if (ctx.json()) {
    ctx.out.line(embed_json(*answer));
  } else {
    for (const auto& vector : answer->vectors) {
      ctx.out.line(vector_json(vector));
    }
  }
  ctx.out.flush();
  for (const auto& each : answer->notes) ctx.note("note: " + each);
  if (ctx.flags.verbose || ctx.err.is_terminal()) {
    ctx.note(summary(answer->route, answer->usage, answer->cost, answer->latency));
  }
  return exit_code::ok;
}

}  // namespace

void define_embed(command& c) {
  c.examples({{"ark embed -m openai/text-embedding-3-small 'a text' 'another'",
               "one vector for each text, as JSON, one to a line"},
              {"ark embed --lines --json < titles.txt", "one text for each line of a file"}});
  auto o = c.options<embed_options>();
  c.parameters()
      .add_option("TEXT", o->texts, "Texts; - is standard input, as is no text at all")
      .type_name("");
  add_call_options(c.parameters(), o->common);
  c.parameters()
      .add_option("--dimensions", o->dimensions,
                  "Length of the vectors, where the model has a choice")
      .type_name("N")
      .positive();
  c.parameters().add_flag("--lines", o->lines, "Each line of standard input is a text of its own");
  c.run([o](context& ctx) { return embed(ctx, *o); });
}

}  // namespace ark::cli
