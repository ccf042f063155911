#include <ark/client.hpp>

#include "cli/commands.hpp"
#include "cli/key_store.hpp"
#include "cli/named_call.hpp"
#include "cli/whole_reply.hpp"

namespace ark::cli {
namespace {

struct count_options {
  std::shared_ptr<call_options> common = std::make_shared<call_options>();
  std::vector<std::string> words;
  std::string system;
};

exit_code count(context& ctx, const count_options& o) {
  const auto all = ctx.configuration();
  if (!all) return ctx.fail(all.error());
  call asked;
  if (auto ok = apply_named(*o.common, **all, "anthropic/claude-haiku-4-5", asked); !ok)
    return ctx.fail(ok.error());
  auto text = text_of(ctx, o.words);
  if (!text) return ctx.fail(text.error());
  if (!o.system.empty()) asked.messages.push_back(system(o.system));
  asked.messages.push_back(user(std::move(*text)));
  const auto client = ctx.make_client();
  if (!client) return ctx.fail(client.error());
  const auto answer = whole_reply(ctx, *client, std::move(asked), &client::count_tokens_async);
  if (!answer) return fail_call(ctx, answer.error());
  if (ctx.json()) {
    std::string line;
    json::writer w{line};
    w.begin_object().key("input_tokens").number(answer->input_tokens);
    write_facts(w, *answer);
    w.end_object();
    ctx.out.line(line);
  } else {
    ctx.out.line(std::to_string(answer->input_tokens));
  }
  ctx.out.flush();
  for (const auto& each : answer->notes) ctx.note("note: " + each);
  return exit_code::ok;
}

}  // namespace

void define_count(command& c) {
  c.examples({{"ark count -m anthropic/claude-haiku-4-5 'How long is this?'",
               "the vendor's own count of the prompt, with the marks around it; free"},
              {"ark count -m gemini/gemini-2.5-flash < book.txt", "of a file"}});
  auto o = c.options<count_options>();
  const auto set = c.parameters();
  set.add_option("TEXT", o->words, "The text; - is standard input, as is none at all")
      .type_name("");
  set.add_option("-s,--system", o->system, "A system message before it").type_name("TEXT");
  add_call_options(set, o->common);
  c.run([o](context& ctx) { return count(ctx, *o); });
}

}  // namespace ark::cli
