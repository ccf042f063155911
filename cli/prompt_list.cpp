#include "base/json.hpp"
#include "cli/prompt_source.hpp"
#include "cli/prompt_verbs.hpp"
#include "cli/table.hpp"
#include "cli/time_text.hpp"

namespace ark::cli {
namespace {

constexpr std::size_t short_digits = 12;

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& each : words) out += (out.empty() ? "" : ", ") + each;
  return out;
}

struct show_options {
  std::shared_ptr<prompt_place> place = std::make_shared<prompt_place>();
  std::string name;
};

std::string entry_json(const prompt_entry& each) {
  std::string line;
  json::writer w{line};
  w.begin_object().key("name").string(each.name).key("path").string(each.path);
  if (!each.version.empty()) w.key("version").string(each.version).key("form").string(each.form);
  if (!each.description.empty()) w.key("description").string(each.description);
  w.key("labels").begin_array();
  for (const auto& label : each.labels) w.string(label);
  w.end_array();
  if (!each.problem.empty()) w.key("problem").string(each.problem);
  w.end_object();
  return line;
}

exit_code list(context& ctx, const prompt_place& place) {
  const auto all = library_of(ctx, place);
  if (!all) return ctx.fail(all.error());
  const auto entries = all->list();
  table t;
  t.column("NAME");
  t.column("VERSION");
  t.column("LABELS");
  t.column("DESCRIPTION");
  for (const auto& each : entries) {
    if (ctx.json())
      ctx.out.line(entry_json(each));
    else
      t.row({each.name, each.version.substr(0, short_digits), joined(each.labels),
             each.problem.empty() ? each.description : "cannot be read"});
  }
  if (!ctx.json() && !entries.empty()) t.print(ctx.out);
  ctx.out.flush();
  if (entries.empty())
    ctx.note("no prompts: put NAME.prompt into ./prompts, or name a folder (-d)");
  bool is_whole = true;
  for (const auto& each : entries) {
    if (each.problem.empty()) continue;
    is_whole = false;
    ctx.warn(each.problem);
  }
  return is_whole ? exit_code::ok : exit_code::no;
}

void write_inputs(json::writer& w, const prompt_template& of) {
  w.key("inputs").begin_array();
  for (const auto& each : of.inputs()) {
    w.begin_object().key("name").string(each.name).key("type").string(each.type);
    w.key("required").boolean(each.required);
    if (!each.description.empty()) w.key("description").string(each.description);
    if (!each.default_json.empty()) w.key("default").raw(each.default_json);
    w.end_object();
  }
  w.end_array();
}

void show_json(context& ctx, const prompt_template& of, const std::vector<prompt_version>& kept) {
  std::string line;
  json::writer w{line};
  w.begin_object().key("name").string(of.name()).key("version").string(of.version());
  w.key("form").string(of.form()).key("model").string(of.model());
  w.key("description").string(of.description());
  write_inputs(w, of);
  w.key("history").begin_array();
  for (const auto& each : kept) {
    w.begin_object().key("version").string(each.version).key("current").boolean(each.is_current);
    w.key("labels").begin_array();
    for (const auto& label : each.labels) w.string(label);
    w.end_array();
    if (each.kept_at_s != 0) w.key("kept_at_s").number(each.kept_at_s);
    w.end_object();
  }
  w.end_array().key("notes").begin_array();
  for (const auto& each : of.notes()) w.string(each);
  w.end_array().key("text").string(of.text()).end_object();
  ctx.out.line(line);
}

void show_words(context& ctx, const prompt_template& of, const std::vector<prompt_version>& kept) {
  ctx.out.line(of.name() + "  " + of.version().substr(0, short_digits) + "  " + of.form() +
               (of.model().empty() ? "" : "  " + of.model()));
  if (!of.description().empty()) ctx.out.line(of.description());
  const auto inputs = of.inputs();
  if (!inputs.empty()) {
    ctx.out.line("");
    table t;
    for (const auto* title : {"INPUT", "TYPE", "DEFAULT", "DESCRIPTION"}) t.column(title);
    for (const auto& each : inputs)
      t.row({each.name, each.type.empty() ? "any" : each.type,
             each.required ? "(required)" : each.default_json, each.description});
    t.print(ctx.out);
  }
  if (kept.size() > 1 || (!kept.empty() && kept[0].kept_at_s != 0)) {
    ctx.out.line("");
    table t;
    for (const auto* title : {"VERSION", "KEPT", "LABELS"}) t.column(title);
    for (const auto& each : kept)
      t.row({each.version.substr(0, short_digits) + (each.is_current ? " *" : ""),
             time_text(each.kept_at_s), joined(each.labels)});
    t.print(ctx.out);
  }
  ctx.out.line("");
  ctx.out.write(ctx.out.is_terminal() ? printable(of.text()) : of.text());
  ctx.out.end_line();
}

exit_code show(context& ctx, const show_options& o) {
  const auto found = find_prompt(ctx, *o.place, o.name);
  if (!found) return ctx.fail(found.error());
  std::vector<prompt_version> kept;
  if (const auto all = library_of(ctx, *o.place)) {
    auto history = all->history(o.name.substr(0, o.name.find('@')));
    // A file that is named by its path has none.
    if (history) kept = std::move(*history);
  }
  if (ctx.json())
    show_json(ctx, *found, kept);
  else
    show_words(ctx, *found, kept);
  ctx.out.flush();
  for (const auto& each : found->notes()) ctx.note("note: " + each);
  return exit_code::ok;
}

struct label_options {
  std::shared_ptr<prompt_place> place = std::make_shared<prompt_place>();
  std::string name, label, version;
  bool remove = false;
};

exit_code set_label(context& ctx, const label_options& o) {
  auto all = library_of(ctx, *o.place);
  if (!all) return ctx.fail(all.error());
  if (o.remove) {
    if (auto ok = all->remove_label(o.name, o.label); !ok) return ctx.fail(ok.error());
    return exit_code::ok;
  }
  const auto version = all->set_label(o.name, o.label, o.version);
  if (!version) return ctx.fail(version.error());
  if (ctx.json()) {
    std::string line;
    json::writer w{line};
    w.begin_object().key("name").string(o.name).key("label").string(o.label);
    w.key("version").string(*version).end_object();
    ctx.out.line(line);
  } else {
    ctx.out.line(o.name + "@" + o.label + " is " + version->substr(0, short_digits));
  }
  ctx.out.flush();
  return exit_code::ok;
}

}  // namespace

void define_prompt_list(command& c) {
  c.examples({{"ark prompt list", "the prompts of ./prompts and the user's"},
              {"ark prompt list -d prompts -d shared/prompts --json", "of two folders, as JSON"}});
  auto o = c.options<prompt_place>();
  add_prompt_place(c.parameters(), o);
  c.run([o](context& ctx) { return list(ctx, *o); });
}

void define_prompt_show(command& c) {
  c.examples({{"ark prompt show refund", "inputs, versions, labels, and the file itself"},
              {"ark prompt show refund@production", "the version that is labelled so"}});
  auto o = c.options<show_options>();
  const auto set = c.parameters();
  set.add_option("PROMPT", o->name, "A file, a name, or NAME@LABEL").type_name("").required();
  add_prompt_place(set, o->place);
  c.run([o](context& ctx) { return show(ctx, *o); });
}

void define_prompt_label(command& c) {
  c.examples({{"ark prompt label refund production", "the file as it is now is production"},
              {"ark prompt label refund production 4f2a9c", "back to an older version"}});
  auto o = c.options<label_options>();
  const auto set = c.parameters();
  set.add_option("NAME", o->name, "The prompt's name").type_name("").required();
  set.add_option("LABEL", o->label, "As production, canary").type_name("").required();
  set.add_option("VERSION", o->version, "A version's first digits, or a label; the file as it is")
      .type_name("");
  set.add_flag("--remove", o->remove, "Take the label away");
  add_prompt_place(set, o->place);
  c.run([o](context& ctx) { return set_label(ctx, *o); });
}

}  // namespace ark::cli
