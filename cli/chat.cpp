#include <ark/client.hpp>

#include <algorithm>
#include <optional>

#include "base/json.hpp"
#include "cli/call_options.hpp"
#include "cli/chat_template_file.hpp"
#include "cli/commands.hpp"
#include "cli/interrupt.hpp"
#include "cli/key_store.hpp"
#include "cli/mistake.hpp"
#include "cli/progress.hpp"
#include "cli/prompt_source.hpp"
#include "cli/reply_text.hpp"
#include "json_schema/json_schema.hpp"

namespace ark::cli {
namespace {

struct chat_options {
  std::shared_ptr<call_options> common = std::make_shared<call_options>();
  std::shared_ptr<prompt_place> place = std::make_shared<prompt_place>();
  std::shared_ptr<prompt_values> values = std::make_shared<prompt_values>();
  std::shared_ptr<template_options> as_text = std::make_shared<template_options>();
  std::string prompt;
  std::vector<std::string> words;
  std::string system;
  std::vector<std::string> images;
  std::vector<std::string> sounds;
  std::vector<std::string> documents;
  std::vector<std::string> videos;
  std::string schema;
  std::vector<std::string> tools;
  std::vector<std::string> parameters;  ///< "name=value"
  std::string tool_choice;
  std::string reasoning;
  std::string max_cost;
  std::string reuse;
  std::vector<std::string> fallbacks;
  bool allow_dearer = false;
  bool hedge = false;
  std::optional<std::int64_t> max_tokens;
  std::optional<double> temperature;
  std::optional<std::int64_t> logprobs;
  bool no_stream = false;
  bool explain = false;
  bool raw = false;
  bool end_to_end = false;
};

template <class Read>
result<void> add_parts(const std::vector<std::string>& files, Read read, message& to) {
  for (const auto& each : files) {
    auto part = read(each);
    if (!part) return part.error();
    to.parts.emplace_back(std::move(*part));
  }
  return {};
}

/// The prompt file with its inputs, which the rest of the command line comes on top of.
result<void> begin_with_prompt(context& ctx, const chat_options& o, call& out) {
  if (!o.system.empty())
    return usage_mistake("-s beside -p: a prompt says itself what the system message is");
  auto made = render_found(ctx, *o.place, o.prompt, *o.values);
  if (!made) return made.error();
  const auto model = std::move(out.model);
  const auto task = std::move(out.task);
  const auto tags = std::move(out.tags);
  const auto rest = out;
  out = std::move(made->call);
  if (!o.common->model.empty() || out.model == "auto") out.model = model;
  if (!task.empty()) out.task = task;
  for (const auto& [name, value] : tags) out.tags[name] = value;
  out.timeouts = rest.timeouts;
  out.retry = rest.retry;
  out.run = rest.run;
  out.tenant = rest.tenant;
  out.user = rest.user;
  return {};
}

bool has_more(const chat_options& o) {
  return !o.words.empty() || !o.images.empty() || !o.sounds.empty() || !o.documents.empty() ||
         !o.videos.empty();
}

result<void> add_messages(context& ctx, const chat_options& o, call& out) {
  if (!o.prompt.empty() && !has_more(o)) return {};
  auto text = text_of(ctx, o.words);
  if (!text) return text.error();
  if (!o.system.empty()) out.messages.push_back(system(o.system));
  message asked = user(std::move(*text));
  if (auto ok = add_parts(o.images, image_of, asked); !ok) return ok.error();
  if (auto ok = add_parts(o.sounds, audio_of, asked); !ok) return ok.error();
  if (auto ok = add_parts(o.documents, document_of, asked); !ok) return ok.error();
  if (auto ok = add_parts(o.videos, video_of, asked); !ok) return ok.error();
  out.messages.push_back(std::move(asked));
  return {};
}

/// The value is JSON where it can be, else a text.
result<void> add_parameters(const chat_options& o, call& out) {
  for (const auto& each : o.parameters) {
    auto read = json_assignment("--param", each);
    if (!read) return read.error();
    out.extra[std::move(read->first)] = std::move(read->second);
  }
  return {};
}

result<void> add_tools(const chat_options& o, call& out) {
  for (const auto& each : o.tools) {
    const auto text = json_argument(each);
    if (!text) return text.error();
    auto tools = tools_of(*text, each);
    if (!tools) return tools.error();
    for (auto& tool : *tools) out.tools.push_back(std::move(tool));
  }
  if (o.tool_choice.empty()) return {};
  if (o.tool_choice == "none") {
    out.tool_choice.mode = tool_choice_mode::none;
  } else if (o.tool_choice == "required") {
    out.tool_choice.mode = tool_choice_mode::required;
  } else if (o.tool_choice != "auto") {
    out.tool_choice = {tool_choice_mode::named, o.tool_choice};
  }
  return {};
}

reasoning_effort effort_of(const std::string& word) {
  for (const auto each : {reasoning_effort::none, reasoning_effort::minimal, reasoning_effort::low,
                          reasoning_effort::medium, reasoning_effort::high, reasoning_effort::xhigh,
                          reasoning_effort::max}) {
    if (to_string(each) == word) return each;
  }
  return reasoning_effort::unset;
}

reuse_mode reuse_of(const std::string& word) {
  for (const auto each : {reuse_mode::off, reuse_mode::on, reuse_mode::refresh, reuse_mode::only})
    if (to_string(each) == word) return each;
  return reuse_mode::unset;
}

result<call> call_of(context& ctx, const chat_options& o) {
  const auto all = ctx.configuration();
  if (!all) return all.error();
  call out;
  if (auto ok = apply(*o.common, **all, out); !ok) return ok.error();
  if (!o.prompt.empty())
    if (auto ok = begin_with_prompt(ctx, o, out); !ok) return ok.error();
  if (auto ok = add_messages(ctx, o, out); !ok) return ok.error();
  if (auto ok = add_tools(o, out); !ok) return ok.error();
  if (auto ok = add_parameters(o, out); !ok) return ok.error();
  out.end_to_end_encryption = o.end_to_end;
  const auto& usual = (*all)->values.fallbacks();
  if (!o.fallbacks.empty())
    out.fallbacks = o.fallbacks;
  else if (out.fallbacks.empty())
    out.fallbacks = {usual.begin(), usual.end()};
  out.fallback.allow_dearer = o.allow_dearer;
  out.hedge = o.hedge;
  if (!o.schema.empty()) {
    auto schema = json_argument(o.schema);
    if (!schema) return schema.error();
    out.response_format.kind = response_format_kind::json_schema;
    out.response_format.schema = std::move(*schema);
  }
  if (o.max_tokens) out.max_tokens = o.max_tokens;
  if (o.temperature) out.temperature = o.temperature;
  if (o.logprobs) out.top_logprobs = static_cast<int>(std::min<std::int64_t>(*o.logprobs, 1000));
  if (!o.reasoning.empty()) out.reasoning = effort_of(o.reasoning);
  out.reuse.cache = reuse_of(o.reuse);
  if (!o.max_cost.empty()) {
    const auto ceiling = amount::parse(o.max_cost);
    if (!ceiling) return usage_mistake("--max-cost " + o.max_cost + ": " + ceiling.error().message);
    out.max_cost = *ceiling;
  }
  return out;
}

/// Prints an answer as it comes.
class printer {
 public:
  printer(context& ctx, bool raw) : ctx_(ctx), clean_(ctx.out.is_terminal() && !raw) {}

  void on(const event& e) {
    if (e.kind == event_kind::text || e.kind == event_kind::refusal) put(e.text);
    if (e.kind == event_kind::reasoning && ctx_.flags.verbose) think(e.text);
  }
  void put(std::string_view text) {
    const auto shown = clean_ ? filter_.clean(text) : std::string{text};
    if (shown.empty()) return;
    if (ctx_.out.is_terminal() && ctx_.err.is_terminal()) ctx_.err.end_line().flush();
    ctx_.out.write(shown);
    // Somebody may be reading along; a pipe's reader gets what is there at each pause anyway.
    ctx_.out.flush();
  }
  void end(const reply& r) {
    ctx_.out.end_line();
    for (const auto& each : r.tool_calls()) {
      const auto text = each.name + " " + each.arguments;
      ctx_.out.line("tool_call " + (clean_ ? printable(text) : text));
    }
    ctx_.out.flush();
  }

 private:
  /// Reasoning is no part of the answer: dim, and on lines of its own.
  void think(std::string_view text) {
    const auto shown = reasoning_filter_.clean(text);
    if (shown.empty()) return;
    if (ctx_.out.is_terminal() && ctx_.err.is_terminal()) ctx_.out.end_line().flush();
    const bool dim = ctx_.colour();
    if (dim) ctx_.err.write_passing("\x1b[2m");
    ctx_.err.write(shown);
    if (dim) ctx_.err.write_passing("\x1b[0m");
    ctx_.err.flush();
  }

  context& ctx_;
  bool clean_;
  terminal_filter filter_;
  terminal_filter reasoning_filter_;
};

result<reply> stream_reply(context& ctx, const client& c, call asked, printer& to) {
  const auto name = asked.model;
  auto running = c.stream(std::move(asked));
  if (!running) return running.error();
  const interrupt_scope guard{[&] { running->cancel(); }};
  progress waiting{ctx, [name] { return "waiting for " + name; }};
  for (;;) {
    auto next = running->next();
    if (!next) return next.error();
    if (!*next || (*next)->kind == event_kind::done) break;
    if ((*next)->kind != event_kind::started) waiting.stop();
    to.on(**next);
  }
  return running->so_far();
}

result<reply> whole_reply(context& ctx, const client& c, call asked) {
  const auto name = asked.model;
  std::optional<result<reply>> answer;
  const auto id =
      c.complete_async(std::move(asked), [&](result<reply> r) { answer.emplace(std::move(r)); });
  const interrupt_scope guard{[&] { c.cancel(id); }};
  progress waiting{ctx, [name] { return "waiting for " + name; }};
  c.run();
  if (!answer) return usage_mistake("the call ended without an answer");
  return std::move(*answer);
}

/// What the user should know besides the answer.
void tell(context& ctx, const reply& r) {
  for (const auto& each : r.notes) ctx.note("note: " + each);
  if (r.finish == finish_reason::length) ctx.note("note: the answer was cut at the token limit");
  if (r.finish == finish_reason::content_filter)
    ctx.note("note: the vendor cut the answer by policy");
  if (r.finish == finish_reason::refusal) ctx.note("note: the model declined to answer");
  if (r.finish == finish_reason::paused)
    ctx.note("note: the vendor paused before the end; what is printed is not the whole answer");
  if (r.reused == "cache") ctx.note("note: a kept answer, which cost nothing");
  if (ctx.flags.verbose || ctx.err.is_terminal()) {
    ctx.note(summary(r.route, r.usage, r.cost, r.latency));
  }
}

exit_code explain_route(context& ctx, const client& c, const call& asked) {
  const auto route = c.plan(asked);
  if (!route) return fail_call(ctx, route.error());
  if (ctx.json()) {
    ctx.out.line(route_json(*route));
    return exit_code::ok;
  }
  ctx.out.line(route->vendor + "/" + route->model + ": " + route->reason);
  if (ctx.flags.verbose) {
    for (const auto& each : route->considered) ctx.out.line("  " + each.id + ": " + each.verdict);
  } else if (!route->considered.empty()) {
    ctx.note(std::to_string(route->considered.size()) + " were considered; -v lists them");
  }
  return exit_code::ok;
}

/// A model that was told to answer by a schema may still not do it.
exit_code verdict(context& ctx, const response_format& asked, const reply& r) {
  if (asked.schema.empty() || !r.tool_calls().empty()) return exit_code::ok;
  if (!json::is_valid(r.text())) {
    ctx.warn("error: the answer is not JSON, although a schema was asked for");
    return exit_code::no;
  }
  const auto schema = json_schema::compile(asked.schema);
  if (!schema) {
    ctx.note("note: whether the answer follows the schema was not checked: " +
             schema.error().message);
    return exit_code::ok;
  }
  const auto follows = schema->check(r.text());
  if (follows) return exit_code::ok;
  ctx.warn("error: the answer does not follow the schema: " + follows.error().message);
  return exit_code::no;
}

/// For a model that completes texts.
result<call> as_one_text(context& ctx, const template_options& o, call asked) {
  auto made = through_chat_template(o, std::move(asked));
  if (!made) return made.error();
  for (const auto& each : made->notes) ctx.note("note: " + each);
  return std::move(made->call);
}

exit_code chat(context& ctx, const chat_options& o) {
  auto asked = call_of(ctx, o);
  if (asked && !o.as_text->file.empty()) asked = as_one_text(ctx, *o.as_text, std::move(*asked));
  if (!asked) return ctx.fail(asked.error());
  const auto client = ctx.make_client();
  if (!client) return ctx.fail(client.error());
  if (o.explain) return explain_route(ctx, *client, *asked);
  const auto format = asked->response_format;
  printer to{ctx, o.raw};
  const bool streamed = !ctx.json() && !o.no_stream;
  auto answer = streamed ? stream_reply(ctx, *client, std::move(*asked), to)
                         : whole_reply(ctx, *client, std::move(*asked));
  if (!answer) return fail_call(ctx, answer.error());
  if (ctx.json()) {
    ctx.out.line(reply_json(*answer)).flush();
  } else {
    if (!streamed) {
      for (const auto& each : answer->message.parts) {
        if (const auto* said = std::get_if<refusal_part>(&each)) to.put(said->text);
      }
      to.put(answer->text());
    }
    to.end(*answer);
  }
  tell(ctx, *answer);
  return verdict(ctx, format, *answer);
}

void add_model_options(option_set set, const std::shared_ptr<chat_options>& o) {
  set.add_option("--max-tokens", o->max_tokens, "Longest answer, in tokens")
      .type_name("N")
      .positive();
  set.add_option("--temperature", o->temperature, "How varied the answer is; 0 is least")
      .type_name("T")
      .not_negative();
  set.add_option("--logprobs", o->logprobs,
                 "With --json: the tokens' log probabilities, and the N likeliest at each place")
      .type_name("N")
      .not_negative();
  set.add_option("--reasoning", o->reasoning, "How hard to think")
      .type_name("EFFORT")
      .one_of({"none", "minimal", "low", "medium", "high", "xhigh", "max"});
  set.add_option("--max-cost", o->max_cost,
                 "Refuse what may cost more, and stop a stream there; in the model's currency")
      .type_name("AMOUNT");
  set.add_option("--reuse", o->reuse,
                 "on: give the answer kept from the same call, and keep a new one; refresh: ask "
                 "anew and keep; only: send nothing")
      .type_name("MODE")
      .one_of({"off", "on", "refresh", "only"});
}

void add_failure_options(option_set set, const std::shared_ptr<chat_options>& o) {
  set.add_option("--fallback", o->fallbacks, "Ask this model when the one before it fails")
      .type_name("MODEL")
      .one_value_each();
  set.add_flag("--allow-dearer", o->allow_dearer,
               "A fallback may cost more than the first model, as far as --max-cost lets it");
  set.add_flag("--hedge", o->hedge,
               "Ask a second time when the first content is late; both may be billed");
}

void add_vendor_options(option_set set, const std::shared_ptr<chat_options>& o) {
  set.add_option("--param", o->parameters,
                 "A parameter of the vendor's own, as JSON or a text; its row says which it takes")
      .type_name("NAME=VALUE")
      .one_value_each();
  add_template_options(set, o->as_text);
  set.add_flag("--end-to-end", o->end_to_end,
               "Seal the texts for the model alone, where the vendor can; else refuse");
}

void add_media_options(option_set set, const std::shared_ptr<chat_options>& o) {
  set.add_option("--audio", o->sounds, "Sound: a file (WAV, MP3, FLAC, Ogg, AAC, M4A) or a URL")
      .type_name("FILE|URL")
      .one_value_each();
  set.add_option("--document", o->documents, "A document: a file (PDF or text) or a URL")
      .type_name("FILE|URL")
      .one_value_each();
  set.add_option("--video", o->videos, "A video: a file (MP4, QuickTime, WebM) or a URL")
      .type_name("FILE|URL")
      .one_value_each();
}

}  // namespace

void define_chat(command& c) {
  c.examples(
      {{"ark chat 'Why is the sky blue?'", "the cheapest model that there is a key for"},
       {"ark chat -m openai/gpt-5-mini -s 'Answer in French' 'Hello'", "this model, told how"},
       {"git diff | ark chat 'Review this change:'", "what is piped in comes behind the text"},
       {"while read -r q; do ark chat \"$q\" < /dev/null; done < questions.txt",
        "in a loop, whose input it would read otherwise"},
       {"ark chat --image photo.jpg 'What is this?'", "with an image"},
       {"ark chat -p refund@production --var order=A-17", "a prompt file with its inputs"},
       {"ark chat --schema person.json 'Ada Lovelace, 36' --json | jq .text",
        "structured output, for programs"},
       {"ark chat --reuse on 'Why is the sky blue?'",
        "asked again, the same answer at no cost; see ark cache stats"},
       {"ark chat --explain 'Hello'", "which model would be taken and why; nothing is sent"}});
  auto o = c.options<chat_options>();
  const auto set = c.parameters();
  set.add_option(
         "TEXT", o->words,
         "What to say. Standard input, if it is a pipe or a file, comes behind it, or where - is")
      .type_name("");
  add_call_options(set, o->common);
  set.add_option("-p,--prompt", o->prompt,
                 "A prompt file, a prompt's name, or NAME@LABEL; TEXT comes behind its messages")
      .type_name("PROMPT");
  add_prompt_values(set, o->values);
  add_prompt_place(set, o->place);
  set.add_option("-s,--system", o->system, "The system message").type_name("TEXT");
  set.add_option("--image", o->images, "An image: a file (PNG, JPEG, GIF, WebP) or a URL")
      .type_name("FILE|URL")
      .one_value_each();
  add_media_options(set, o);
  add_vendor_options(set, o);
  set.add_option("--schema", o->schema, "JSON Schema that the answer must follow: a file, or JSON")
      .type_name("FILE|JSON");
  set.add_option("--tool", o->tools,
                 "A tool that the model may ask for, or a list: a file, or JSON. Calls are printed")
      .type_name("FILE|JSON")
      .one_value_each();
  set.add_option("--tool-choice", o->tool_choice, "auto, none, required, or the name of a tool")
      .type_name("WORD");
  add_model_options(set, o);
  add_failure_options(set, o);
  set.add_flag("--no-stream", o->no_stream, "Print the answer when it is whole");
  set.add_flag("--explain", o->explain, "Show which model would be taken and why; send nothing");
  set.add_flag("--raw", o->raw, "Do not remove control characters from the answer on a terminal");
  c.run([o](context& ctx) { return chat(ctx, *o); });
}

}  // namespace ark::cli
