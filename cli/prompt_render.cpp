#include <ark/tokens.hpp>

#include "base/json.hpp"
#include "cli/chat_template_file.hpp"
#include "cli/prompt_source.hpp"
#include "cli/prompt_verbs.hpp"
#include "cli/table.hpp"

namespace ark::cli {
namespace {

struct render_options {
  std::shared_ptr<prompt_place> place = std::make_shared<prompt_place>();
  std::shared_ptr<prompt_values> values = std::make_shared<prompt_values>();
  std::shared_ptr<template_options> as_text = std::make_shared<template_options>();
  std::string name;
  std::string control_tokens;
  bool segments = false;
};

ark::control_tokens rule_of(const std::string& word) {
  if (word == "refuse") return control_tokens::refuse;
  return word == "keep" ? control_tokens::keep : control_tokens::escape;
}

/// A part that is no text, in brackets.
std::string part_words(const part& p) {
  if (const auto* text = std::get_if<text_part>(&p)) return text->text;
  if (const auto* image = std::get_if<image_part>(&p))
    return "[image " + (image->url.empty() ? image->media_type : image->url) + "]";
  if (const auto* audio = std::get_if<audio_part>(&p))
    return "[audio " + (audio->url.empty() ? audio->media_type : audio->url) + "]";
  if (const auto* document = std::get_if<document_part>(&p))
    return "[document " + (document->url.empty() ? document->media_type : document->url) + "]";
  if (const auto* video = std::get_if<video_part>(&p))
    return "[video " + (video->url.empty() ? video->media_type : video->url) + "]";
  if (const auto* answer = std::get_if<tool_result_part>(&p)) return answer->text;
  return "[a part]";
}

void write_part(json::writer& w, const part& p) {
  w.begin_object();
  if (const auto* text = std::get_if<text_part>(&p))
    w.key("text").string(text->text);
  else
    w.key("medium").string(part_words(p));
  w.end_object();
}

std::string rendered_json(const rendered_prompt& r) {
  std::string line;
  json::writer w{line};
  w.begin_object().key("prompt").string(r.call.prompt_id);
  w.key("version").string(r.call.prompt_version).key("inputs_hash").string(r.call.inputs_hash);
  w.key("model").string(r.call.model).key("messages").begin_array();
  for (const auto& each : r.call.messages) {
    w.begin_object().key("role").string(to_string(each.role)).key("parts").begin_array();
    for (const auto& p : each.parts) write_part(w, p);
    w.end_array().end_object();
  }
  w.end_array().key("segments").begin_array();
  for (const auto& each : r.segments) {
    w.begin_object().key("message").number(static_cast<std::int64_t>(each.message));
    w.key("part").number(static_cast<std::int64_t>(each.part));
    if (!each.variable.empty()) w.key("variable").string(each.variable);
    w.key("text").string(each.text).end_object();
  }
  w.end_array().key("notes").begin_array();
  for (const auto& each : r.notes) w.string(each);
  w.end_array().end_object();
  return line;
}

std::string shown(const context& ctx, const std::string& text) {
  return ctx.out.is_terminal() ? printable(text) : text;
}

void print_words(context& ctx, const rendered_prompt& r) {
  for (const auto& each : r.call.messages) {
    ctx.out.line("== " + std::string(to_string(each.role)) +
                 (each.name.empty() ? "" : " (" + each.name + ")"));
    for (const auto& p : each.parts) {
      ctx.out.write(shown(ctx, part_words(p)));
      ctx.out.end_line();
    }
  }
}

void print_segments(context& ctx, const rendered_prompt& r) {
  table t;
  t.column("MESSAGE", align::right);
  t.column("PART", align::right);
  t.column("FROM");
  t.column("TEXT");
  for (const auto& each : r.segments) {
    std::string text;
    json::append_string(text, each.text);
    t.row({std::to_string(each.message), std::to_string(each.part),
           each.variable.empty() ? "(the prompt)" : each.variable, text});
  }
  t.print(ctx.out);
}

result<rendered_prompt> rendered(context& ctx, const prompt_template& of,
                                 const prompt_values& values, const prompt_options& with) {
  auto given = inputs_of(ctx, of, values);
  if (!given) return given.error();
  return of.render(*given, with);
}

/// What a model that completes texts is sent.
result<rendered_prompt> as_one_text(const template_options& o, rendered_prompt from) {
  auto made = through_chat_template(o, std::move(from.call));
  if (!made) return made;
  made->cuts = std::move(from.cuts);
  made->notes.insert(made->notes.begin(), from.notes.begin(), from.notes.end());
  return made;
}

exit_code render(context& ctx, const render_options& o) {
  const auto found = find_prompt(ctx, *o.place, o.name);
  if (!found) return ctx.fail(found.error());
  auto made = rendered(ctx, *found, *o.values, {.control_tokens = rule_of(o.control_tokens)});
  if (made && !o.as_text->file.empty()) made = as_one_text(*o.as_text, std::move(*made));
  if (!made) return ctx.fail(made.error());
  if (ctx.json())
    ctx.out.line(rendered_json(*made));
  else if (o.segments)
    print_segments(ctx, *made);
  else if (!o.as_text->file.empty())
    ctx.out.write(shown(ctx, made->call.messages.front().text()));
  else
    print_words(ctx, *made);
  ctx.out.flush();
  for (const auto& each : made->notes) ctx.note("note: " + each);
  return exit_code::ok;
}

struct check_options {
  std::shared_ptr<prompt_place> place = std::make_shared<prompt_place>();
  std::shared_ptr<prompt_values> values = std::make_shared<prompt_values>();
  std::vector<std::string> names;
  std::string name;
  std::optional<std::int64_t> max_tokens;
  bool strict = false;
};

struct told_finding {
  std::string prompt{};
  prompt_finding what{};
};

void tell(context& ctx, const std::vector<told_finding>& all) {
  for (const auto& each : all) {
    if (ctx.json()) {
      std::string line;
      json::writer w{line};
      w.begin_object().key("prompt").string(each.prompt);
      w.key("severity").string(each.what.is_error ? "error" : "warning");
      if (each.what.line != 0) w.key("line").number(std::int64_t{each.what.line});
      w.key("message").string(each.what.message).end_object();
      ctx.out.line(line);
    } else {
      ctx.out.line(each.prompt + (each.what.line != 0 ? ":" + std::to_string(each.what.line) : "") +
                   ": " + (each.what.is_error ? "error: " : "warning: ") + each.what.message);
    }
  }
  ctx.out.flush();
}

exit_code code_of(const std::vector<told_finding>& all, bool strict) {
  for (const auto& each : all)
    if (each.what.is_error || strict) return exit_code::no;
  return exit_code::ok;
}

std::vector<told_finding> findings_of(const prompt_template& of) {
  std::vector<told_finding> out;
  for (auto& each : of.check()) out.push_back({of.name(), std::move(each)});
  for (const auto& each : of.notes()) out.push_back({of.name(), {.message = each}});
  return out;
}

/// As if it were sent: the inputs, and how long it gets.
void check_rendering(context& ctx, const prompt_template& of, const check_options& o,
                     std::vector<told_finding>& out) {
  const auto made = rendered(ctx, of, *o.values, {});
  if (!made) return out.push_back({of.name(), {.is_error = true, .message = made.error().message}});
  for (const auto& each : made->notes) out.push_back({of.name(), {.message = each}});
  if (!o.max_tokens) return;
  std::string all;
  for (const auto& each : made->call.messages) all += each.text();
  const auto tokens = tokenizer::estimating("").count(all);
  if (!tokens)
    return out.push_back({of.name(), {.is_error = true, .message = tokens.error().message}});
  if (tokens->count > *o.max_tokens)
    out.push_back(
        {of.name(),
         {.is_error = true,
          .message = "the messages have about " + std::to_string(tokens->count) +
                     " tokens (an estimate), more than " + std::to_string(*o.max_tokens)}});
}

exit_code check(context& ctx, const check_options& o) {
  const auto found = find_prompt(ctx, *o.place, o.name);
  if (!found) return ctx.fail(found.error());
  auto all = findings_of(*found);
  if (!o.values->vars.empty() || !o.values->file.empty()) check_rendering(ctx, *found, o, all);
  tell(ctx, all);
  return code_of(all, o.strict);
}

/// The prompts that are named, or all of the folders'.
std::vector<std::string> names_of(const prompt_library& all,
                                  const std::vector<std::string>& named) {
  if (!named.empty()) return named;
  std::vector<std::string> out;
  for (const auto& each : all.list()) out.push_back(each.name);
  return out;
}

exit_code lint(context& ctx, const check_options& o) {
  const auto library = library_of(ctx, *o.place);
  if (!library) return ctx.fail(library.error());
  std::vector<told_finding> all;
  const auto names = names_of(*library, o.names);
  for (const auto& name : names) {
    const auto found = find_prompt(ctx, *o.place, name);
    if (!found) {
      all.push_back({name, {.is_error = true, .message = found.error().message}});
      continue;
    }
    for (auto& each : findings_of(*found)) all.push_back(std::move(each));
  }
  tell(ctx, all);
  if (names.empty()) ctx.note("no prompts: put NAME.prompt into ./prompts, or name a folder (-d)");
  return code_of(all, o.strict);
}

void tell_test(context& ctx, const std::string& prompt, const prompt_template::test_result& t) {
  if (ctx.json()) {
    std::string line;
    json::writer w{line};
    w.begin_object().key("prompt").string(prompt).key("test").string(t.name);
    w.key("passed").boolean(t.problem.empty());
    if (!t.problem.empty()) w.key("problem").string(t.problem);
    w.end_object();
    ctx.out.line(line);
  } else {
    ctx.out.line((t.problem.empty() ? "passed  " : "FAILED  ") + prompt + ": " + t.name +
                 (t.problem.empty() ? "" : ": " + t.problem));
  }
}

exit_code test(context& ctx, const check_options& o) {
  const auto library = library_of(ctx, *o.place);
  if (!library) return ctx.fail(library.error());
  std::size_t passed = 0, failed = 0;
  for (const auto& name : names_of(*library, o.names)) {
    const auto found = find_prompt(ctx, *o.place, name);
    if (!found) return ctx.fail(found.error());
    for (const auto& each : found->run_tests()) {
      tell_test(ctx, name, each);
      ++(each.problem.empty() ? passed : failed);
    }
  }
  ctx.out.flush();
  ctx.note(std::to_string(passed) + " passed, " + std::to_string(failed) + " failed");
  return failed == 0 ? exit_code::ok : exit_code::no;
}

}  // namespace

void define_prompt_render(command& c) {
  c.examples({{"ark prompt render refund --var order=A-17", "the messages; nothing is sent"},
              {"ark prompt render ask.prompt --vars inputs.json --segments",
               "which text came from which input"}});
  auto o = c.options<render_options>();
  const auto set = c.parameters();
  set.add_option("PROMPT", o->name, "A file, a name, or NAME@LABEL").type_name("").required();
  add_prompt_values(set, o->values);
  add_prompt_place(set, o->place);
  add_template_options(set, o->as_text);
  set.add_flag("--segments", o->segments, "Show where each text came from");
  set.add_option("--control-tokens", o->control_tokens,
                 "Control tokens of models in inputs: escape, refuse or keep [escape]")
      .type_name("RULE")
      .one_of({"escape", "refuse", "keep"});
  c.run([o](context& ctx) { return render(ctx, *o); });
}

void define_prompt_check(command& c) {
  c.examples({{"ark prompt check refund", "inputs that are not declared or not read, traps"},
              {"ark prompt check refund --vars order.json --max-tokens 4000",
               "these inputs too, and how long the messages get"}});
  auto o = c.options<check_options>();
  const auto set = c.parameters();
  set.add_option("PROMPT", o->name, "A file, a name, or NAME@LABEL").type_name("").required();
  add_prompt_values(set, o->values);
  add_prompt_place(set, o->place);
  set.add_option("--max-tokens", o->max_tokens, "An error if the messages have more")
      .type_name("N");
  set.add_flag("--strict", o->strict, "Warnings are errors");
  c.run([o](context& ctx) { return check(ctx, *o); });
}

void define_prompt_lint(command& c) {
  c.examples({{"ark prompt lint", "all prompts of ./prompts and the user's"},
              {"ark prompt lint -d prompts --strict", "for CI: warnings are errors"}});
  auto o = c.options<check_options>();
  const auto set = c.parameters();
  set.add_option("PROMPT", o->names, "Files or names; all if none is given").type_name("");
  add_prompt_place(set, o->place);
  set.add_flag("--strict", o->strict, "Warnings are errors");
  c.run([o](context& ctx) { return lint(ctx, *o); });
}

void define_prompt_test(command& c) {
  c.examples({{"ark prompt test", "the tests that stand in the prompts' files; nothing is sent"},
              {"ark prompt test refund greeting", "of these"}});
  auto o = c.options<check_options>();
  const auto set = c.parameters();
  set.add_option("PROMPT", o->names, "Files or names; all if none is given").type_name("");
  add_prompt_place(set, o->place);
  c.run([o](context& ctx) { return test(ctx, *o); });
}

}  // namespace ark::cli
