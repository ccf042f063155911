#include "base/json.hpp"
#include "cli/commands.hpp"
#include "cli/context.hpp"
#include "cli/ledger_filter.hpp"
#include "cli/time_text.hpp"

namespace ark::cli {
namespace {

struct contents_options {
  std::string call_id, older_than;
};

result<content_store> open_kept(context& ctx) {
  auto kept = ctx.open_contents();
  if (!kept || *kept) return kept;
  return error{.code = errc::invalid_request,
               .message =
                   "prompts and replies are not kept: set contents.form to redacted or "
                   "sealed (ark config set contents.form sealed)"};
}

exit_code show(context& ctx, const contents_options& o) {
  const auto kept = open_kept(ctx);
  if (!kept) return ctx.fail(kept.error());
  const auto found = kept->find(o.call_id);
  if (!found) return ctx.fail(found.error());
  if (ctx.json()) {
    std::string out;
    json::writer w(out);
    w.begin_object().key("call_id").string(found->call_id);
    w.key("at").string(time_text(
        std::chrono::duration_cast<std::chrono::seconds>(found->at.time_since_epoch()).count()));
    w.key("prompt").string(found->prompt).key("reply").string(found->reply).end_object();
    ctx.out.line(out);
    return exit_code::ok;
  }
  ctx.out.line(found->prompt);
  ctx.out.line(found->reply);
  return exit_code::ok;
}

exit_code remove(context& ctx, const contents_options& o) {
  const auto before = parse_moment(o.older_than, ctx.machine.wall_now());
  if (!before) return ctx.wrong_usage("--before: " + before.error().message);
  const auto kept = open_kept(ctx);
  if (!kept) return ctx.fail(kept.error());
  const auto removed = kept->remove_before(*before);
  if (!removed) return ctx.fail(removed.error());
  if (ctx.json())
    ctx.out.line("{\"removed\":" + std::to_string(*removed) + "}");
  else
    ctx.out.line(std::to_string(*removed) + " calls removed");
  return exit_code::ok;
}

}  // namespace

void define_contents(command& c) {
  c.examples({{"ark config set contents.form sealed", "keep prompts and replies, encrypted"},
              {"ark contents show 0192f3c47a10", "what a call of the ledger asked and got"},
              {"ark contents remove --before 7d", "keep a week"}});
  auto show_verb = c.verb("show", "Show what a call asked and got");
  show_verb.examples({{"ark contents show 0192f3c47a10", "by the call id of `ark ledger list`"},
                      {"ark contents show 0192f3c47a10 --json | jq -r .reply", "the answer"}});
  auto s = show_verb.options<contents_options>();
  show_verb.parameters().add_option("CALL", s->call_id, "The call's id").type_name("").required();
  show_verb.run([s](context& ctx) { return show(ctx, *s); });

  auto remove_verb = c.verb("remove", "Remove what is older");
  remove_verb.examples({{"ark contents remove --before 7d", "whole days before a week ago"},
                        {"ark contents remove --before 2099-01-01", "everything"}});
  auto r = remove_verb.options<contents_options>();
  remove_verb.parameters()
      .add_option("--before", r->older_than, "A time ago (7d) or a date; its day is kept")
      .type_name("TIME")
      .required();
  remove_verb.run([r](context& ctx) { return remove(ctx, *r); });
}

}  // namespace ark::cli
