#include <fstream>

#include "cli/commands.hpp"
#include "cli/context.hpp"
#include "cli/prompt_verbs.hpp"
#include "jinja/cases.hpp"

namespace ark::cli {
namespace {

struct prompt_eval_options {
  std::string cases;
};

/// A line that is no case has an answer too, with phase "read": lines and answers go together.
exit_code evaluate_templates(context& ctx, const prompt_eval_options& o) {
  std::ifstream file(o.cases);
  if (!file)
    return ctx.fail({.code = errc::config,
                     .message = o.cases + " cannot be read: give a file with a case on each line"});
  for (std::string line; std::getline(file, line);)
    if (!line.empty()) ctx.out.line(jinja::run_case(line));
  ctx.out.flush();
  return exit_code::ok;
}

}  // namespace

void define_prompt(command& c) {
  auto lists = c.verb("list", "List prompts with their versions and labels");
  define_prompt_list(lists);
  auto shows = c.verb("show", "Show a prompt: inputs, versions, labels, text");
  define_prompt_show(shows);
  auto renders = c.verb("render", "Render a prompt with inputs; nothing is sent");
  define_prompt_render(renders);
  auto checks = c.verb("check", "Check a prompt and the inputs for it");
  define_prompt_check(checks);
  auto lints = c.verb("lint", "Look through prompts for mistakes");
  define_prompt_lint(lints);
  auto differs = c.verb("diff", "Show what changed between two versions");
  define_prompt_diff(differs);
  auto tests = c.verb("test", "Run the tests that stand in prompts");
  define_prompt_test(tests);
  auto labels = c.verb("label", "Let a label name a version");
  define_prompt_label(labels);
  auto evaluates = c.verb("eval", "Render a file of cases: a template and a context each");
  c.examples({{"ark prompt render refund --var order=A-17", "the messages of a prompt"},
              {"ark prompt test", "the tests of all prompts"}});
  evaluates.examples({{"ark prompt eval --cases cases.jsonl",
                       "id and output, or id and error with phase, class and line"},
                      {"ark prompt eval --cases cases.jsonl > rendered.jsonl",
                       "templates have limits: none runs for ever or fills the memory"}});
  auto o = evaluates.options<prompt_eval_options>();
  evaluates.parameters()
      .add_option("--cases", o->cases, "File with a case, a JSON object, on each line")
      .type_name("FILE")
      .required();
  evaluates.run([o](context& ctx) { return evaluate_templates(ctx, *o); });
}

}  // namespace ark::cli
