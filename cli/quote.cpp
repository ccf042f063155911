#include <algorithm>
#include <optional>

#include "base/json.hpp"
#include "base/text.hpp"
#include "catalog/catalog.hpp"
#include "cli/call_options.hpp"
#include "cli/commands.hpp"
#include "cli/mistake.hpp"
#include "cli/prices_book.hpp"
#include "cli/prompt_source.hpp"
#include "cli/reply_text.hpp"
#include "cli/table.hpp"
#include "cli/tokens_verbs.hpp"

namespace ark::cli {
namespace {

struct quote_options {
  std::shared_ptr<prompt_place> place = std::make_shared<prompt_place>();
  std::shared_ptr<prompt_values> values = std::make_shared<prompt_values>();
  std::string prompt;
  std::vector<std::string> models;
  std::vector<std::string> words;
  std::optional<std::int64_t> max_tokens;
};

/// What one model would take and cost at most, and how that is known.
struct quoted {
  std::string model{};
  text_tokens input{};      ///< with the marks around messages
  std::string why{};        ///< of an estimate
  std::int64_t output = 0;  ///< the most that the answer may have; 0: not known
  ark::cost cost{};
  std::string prices{};  ///< where they were read, and when
  bool is_too_long = false;
};

result<call> call_to_quote(context& ctx, const quote_options& o) {
  call out;
  if (!o.prompt.empty()) {
    auto made = render_found(ctx, *o.place, o.prompt, *o.values);
    if (!made) return made.error();
    out = std::move(made->call);
    if (o.words.empty()) return out;
  }
  auto text = text_of(ctx, o.words);
  if (!text) return text.error();
  out.messages.push_back(user(std::move(*text)));
  return out;
}

/// Models that are named, else those of the prompt.
result<std::vector<std::string>> candidates(const quote_options& o, const call& c) {
  if (!o.models.empty()) return o.models;
  std::vector<std::string> out;
  if (c.model != "auto") out.push_back(c.model);
  out.insert(out.end(), c.fallbacks.begin(), c.fallbacks.end());
  if (out.empty())
    return usage_mistake(
        "name the models to compare: -m openai/gpt-5-mini -m deepseek/deepseek-chat");
  return out;
}

/// Vendors put marks around messages and describe tools in their own words. Taken to be between
/// nothing and this; recorded calls of OpenAI's with one message have 6 or 7.
constexpr std::int64_t marks_of_message = 10, marks_of_call = 20;

result<text_tokens> count_call(tokenizer& with, const call& c) {
  text_tokens out;
  const auto add = [&](std::string_view text, std::int64_t more) -> result<void> {
    const auto n = with.count(text);
    if (!n) return n.error();
    out.count += n->count;
    out.low += n->low;
    out.high += n->high + more;
    out.encoding = n->encoding;
    return {};
  };
  for (const auto& each : c.messages)
    if (auto ok = add(each.text(), marks_of_message); !ok) return ok.error();
  for (const auto& each : c.tools) {
    const std::string text = each.name + each.description + each.parameters;
    // A schema may be sent in a shorter or a longer form.
    const std::int64_t low = out.low;
    if (auto ok = add(text, static_cast<std::int64_t>(text.size()) / 4); !ok) return ok.error();
    out.low = low;
  }
  if (!c.response_format.schema.empty()) {
    const std::int64_t low = out.low;
    if (auto ok = add(c.response_format.schema, marks_of_call); !ok) return ok.error();
    out.low = low;
  }
  out.high += marks_of_call;
  return out;
}

bool has_media(const call& c) {
  return std::any_of(c.messages.begin(), c.messages.end(), [](const message& m) {
    return std::any_of(m.parts.begin(), m.parts.end(), [](const part& p) {
      return !std::holds_alternative<text_part>(p) && !std::holds_alternative<tool_result_part>(p);
    });
  });
}

/// From what the prompt costs if all of it is read from a cache to the longest answer at full
/// price.
ark::cost interval_of(const catalog::model& m, const quoted& q, std::int64_t most_output,
                      std::chrono::system_clock::time_point now) {
  catalog::price_context at;
  at.at = now;
  ark::cost out = catalog::quote(m, q.input.high, most_output, at);
  if (out.status == cost_status::interval) out.low = catalog::least_cost(m, q.input.low, at);
  return out;
}

result<quoted> quote_model(context& ctx, const catalog::book& book, const std::string& name,
                           const call& c, std::int64_t most_output) {
  const auto found = book.resolve(name);
  if (!found) return found.error();
  quoted out{.model = found->v->name + "/" + found->model};
  const auto vocabularies = installed_vocabularies(ctx);
  model_info info{.id = out.model, .vendor = found->v->name, .model = found->model};
  if (found->known != nullptr) info = catalog::describe(*found->known);
  auto with = vocabularies ? vocabularies->open_for(info)
                           : result<tokenizer>(tokenizer::estimating("there is no home folder"));
  if (!with) return with.error();
  const auto input = count_call(*with, c);
  if (!input) return input.error();
  out.input = *input;
  out.why = with->why_estimate();
  out.output = most_output > 0 ? most_output : info.max_output_tokens;
  if (found->known == nullptr) return out;
  out.cost = interval_of(*found->known, out, most_output, ctx.machine.wall_now());
  if (!info.source.empty()) out.prices = info.source + " (" + info.source_date + ")";
  out.is_too_long = info.context_tokens > 0 && out.input.low + most_output > info.context_tokens;
  return out;
}

std::string tokens_words(const quoted& q) {
  if (q.input.low == q.input.high) return text::grouped(q.input.count);
  return text::grouped(q.input.low) + " to " + text::grouped(q.input.high);
}

void print_json(context& ctx, const quoted& q) {
  std::string line;
  json::writer w{line};
  w.begin_object().key("model").string(q.model).key("input_tokens").begin_object();
  w.key("low").number(q.input.low).key("high").number(q.input.high);
  w.key("provenance").string(q.input.exact() ? "exact text, marks estimated" : "estimate");
  w.key("encoding");
  q.input.exact() ? w.string(q.input.encoding) : w.null();
  w.end_object().key("max_output_tokens");
  q.output > 0 ? w.number(q.output) : w.null();
  write_cost(w.key("cost"), q.cost);
  w.key("prices").string(q.prices).key("too_long").boolean(q.is_too_long).end_object();
  ctx.out.line(line);
}

void print_table(context& ctx, const std::vector<quoted>& all) {
  table t;
  t.column("MODEL");
  t.column("INPUT TOKENS", align::right);
  t.column("COUNTED BY");
  t.column("ANSWER, AT MOST", align::right);
  t.column("COST");
  for (const auto& each : all)
    t.row({each.model, tokens_words(each), each.input.exact() ? each.input.encoding : "an estimate",
           each.output > 0 ? text::grouped(each.output) : "not known",
           each.is_too_long ? "does not fit" : cost_words(each.cost)});
  t.print(ctx.out);
}

exit_code quote(context& ctx, const quote_options& o) {
  const auto asked = call_to_quote(ctx, o);
  if (!asked) return ctx.fail(asked.error());
  const auto models = candidates(o, *asked);
  if (!models) return ctx.fail(models.error());
  const auto book = load_catalogue(ctx);
  if (!book) return ctx.fail(book.error());
  const std::int64_t most_output = o.max_tokens.value_or(asked->max_tokens.value_or(0));
  std::vector<quoted> all;
  for (const auto& each : *models) {
    auto one = quote_model(ctx, **book, each, *asked, most_output);
    if (!one) return ctx.fail(one.error());
    all.push_back(std::move(*one));
  }
  if (ctx.json())
    for (const auto& each : all) print_json(ctx, each);
  else
    print_table(ctx, all);
  ctx.out.flush();
  if (has_media(*asked)) ctx.note("note: images, sound and documents are not in these numbers");
  for (const auto& each : all)
    if (!each.input.exact()) ctx.note("note: " + each.model + ": an estimate: " + each.why);
  const bool fits =
      std::none_of(all.begin(), all.end(), [](const auto& q) { return q.is_too_long; });
  return fits ? exit_code::ok : exit_code::no;
}

}  // namespace

void define_quote(command& c) {
  c.examples({{"ark quote -p support --var question=Where? -m openai/gpt-5-mini -m "
               "deepseek/deepseek-chat",
               "tokens and money before sending, for each model; nothing is sent"},
              {"ark quote -m openai/gpt-5-mini --max-tokens 500 < letter.txt", "of a text"}});
  auto o = c.options<quote_options>();
  const auto set = c.parameters();
  set.add_option("TEXT", o->words, "What to say; it comes behind the prompt's messages")
      .type_name("");
  set.add_option("-p,--prompt", o->prompt, "A prompt file, a prompt's name, or NAME@LABEL")
      .type_name("PROMPT");
  add_prompt_values(set, o->values);
  add_prompt_place(set, o->place);
  set.add_option("-m,--model", o->models, "A model to quote; the prompt's own if none is named")
      .type_name("MODEL")
      .one_value_each();
  set.add_option("--max-tokens", o->max_tokens, "Longest answer, in tokens")
      .type_name("N")
      .positive();
  c.run([o](context& ctx) { return quote(ctx, *o); });
}

}  // namespace ark::cli
