#include <map>
#include <set>

#include "base/json.hpp"
#include "cli/line_diff.hpp"
#include "cli/prompt_source.hpp"
#include "cli/prompt_verbs.hpp"

namespace ark::cli {
namespace {

struct diff_options {
  std::shared_ptr<prompt_place> place = std::make_shared<prompt_place>();
  std::string before, after;
};

/// NAME alone, to its label `production`; "refund@canary" to the file as it is.
std::string other_side(const std::string& before) {
  const std::size_t at = before.find('@');
  return at == std::string::npos ? before + "@production" : before.substr(0, at);
}

/// The files and all that they include.
std::string difference(const prompt_template& before, const prompt_template& after,
                       const std::string& before_name, const std::string& after_name) {
  std::string out = line_diff(before.text(), after.text(), before_name, after_name);
  std::set<std::string> names;
  for (const auto& each : before.named_texts()) names.insert(each.first);
  for (const auto& each : after.named_texts()) names.insert(each.first);
  const auto text_of = [](const prompt_template& of, const std::string& name) -> std::string_view {
    const auto found = of.named_texts().find(name);
    return found == of.named_texts().end() ? std::string_view() : found->second;
  };
  for (const auto& name : names)
    out += line_diff(text_of(before, name), text_of(after, name), before_name + ": " + name,
                     after_name + ": " + name);
  return out;
}

exit_code diff(context& ctx, const diff_options& o) {
  const bool is_one = o.after.empty();
  const std::string first = is_one ? other_side(o.before) : o.before;
  const std::string second = is_one ? o.before : o.after;
  const bool is_turned = is_one && o.before.find('@') != std::string::npos;
  const auto& old_name = is_turned ? second : first;
  const auto& new_name = is_turned ? first : second;
  const auto before = find_prompt(ctx, *o.place, old_name);
  if (!before) return ctx.fail(before.error());
  const auto after = find_prompt(ctx, *o.place, new_name);
  if (!after) return ctx.fail(after.error());
  const std::string text = difference(*before, *after, old_name, new_name);
  if (ctx.json()) {
    std::string line;
    json::writer w{line};
    w.begin_object().key("before").string(before->version()).key("after").string(after->version());
    w.key("diff").string(text).end_object();
    ctx.out.line(line);
  } else {
    ctx.out.write(ctx.out.is_terminal() ? printable(text) : text);
  }
  ctx.out.flush();
  return before->version() == after->version() ? exit_code::ok : exit_code::no;
}

}  // namespace

void define_prompt_diff(command& c) {
  c.examples({{"ark prompt diff refund", "from the version in production to the file as it is"},
              {"ark prompt diff refund@production refund@canary", "from one label to another"}});
  auto o = c.options<diff_options>();
  const auto set = c.parameters();
  set.add_option("BEFORE", o->before, "A file, a name, or NAME@LABEL").type_name("").required();
  set.add_option("AFTER", o->after, "The same; without it, BEFORE is compared with production")
      .type_name("");
  add_prompt_place(set, o->place);
  c.run([o](context& ctx) { return diff(ctx, *o); });
}

}  // namespace ark::cli
