#include <algorithm>
#include <iterator>
#include <optional>
#include <tuple>

#include "base/json.hpp"
#include "base/text.hpp"
#include "catalog/catalog.hpp"
#include "cli/call_options.hpp"
#include "cli/commands.hpp"
#include "cli/key_store.hpp"
#include "cli/prices_book.hpp"
#include "cli/prompt_source.hpp"
#include "cli/reply_text.hpp"
#include "cli/table.hpp"
#include "cli/tokens_verbs.hpp"
#include "client/media_tokens.hpp"

namespace ark::cli {
namespace {

struct quote_options {
  std::shared_ptr<prompt_place> place = std::make_shared<prompt_place>();
  std::shared_ptr<prompt_values> values = std::make_shared<prompt_values>();
  std::string prompt;
  std::vector<std::string> models;
  std::vector<std::string> words;
  std::optional<std::int64_t> max_tokens;
  std::size_t most_candidates = 10;
};

/// What one model would take and cost at most, and how that is known.
struct quoted {
  std::string model{};
  text_tokens input{};      ///< with the marks around messages, and media
  std::int64_t media = 0;   ///< the most of it that images and the like may be
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

/// Models that are named, else those of the prompt; "auto" is among them if it would choose.
std::vector<std::string> named_models(const quote_options& o, const call& c) {
  if (!o.models.empty()) return o.models;
  std::vector<std::string> out{c.model};
  out.insert(out.end(), c.fallbacks.begin(), c.fallbacks.end());
  return out;
}

/// Those that `auto` has to choose from: of vendors with a key, and able to do it.
result<std::vector<std::string>> choices_of_auto(context& ctx, call c) {
  const auto client = ctx.make_client();
  if (!client) return client.error();
  c.model = "auto";
  c.max_cost.reset();
  const auto route = client->plan(c);
  if (!route) return route.error();
  std::vector<std::string> out;
  for (const auto& each : route->considered)
    if (each.fits) out.push_back(each.id);
  return out;
}

/// Vendors put marks around messages and describe tools in their own words. Taken to be between
/// nothing and this; recorded calls of OpenAI's with one message have 6 or 7.
constexpr std::int64_t marks_of_message = 10, marks_of_call = 20;

/// Adds up the parts of a call.
class call_counter {
 public:
  explicit call_counter(tokenizer& with) : with_(with) {}

  result<text_tokens> run(const call& c) {
    for (const message& m : c.messages) add_message(m);
    // A schema may be sent in a shorter or a longer form.
    for (const tool_definition& t : c.tools) {
      const std::string text = t.name + t.description + t.parameters;
      add_loosely(text, static_cast<std::int64_t>(text.size()) / 4);
    }
    if (!c.response_format.schema.empty()) add_loosely(c.response_format.schema, marks_of_call);
    sum_.high += marks_of_call;
    if (failure_) return *failure_;
    return sum_;
  }

 private:
  void add(std::string_view text) {
    const auto n = with_.count(text);
    if (!n) {
      failure_ = n.error();
      return;
    }
    sum_.count += n->count;
    sum_.low += n->low;
    sum_.high += n->high;
    sum_.encoding = n->encoding;
  }

  void add_message(const message& m) {
    add(m.text());
    sum_.high += marks_of_message;
    for (const part& p : m.parts) {
      if (const auto* r = std::get_if<tool_result_part>(&p)) add(r->text);
      if (const auto* t = std::get_if<tool_call_part>(&p)) add(t->name + t->arguments);
      sum_.high += most_media_tokens(p);
    }
  }

  /// At least nothing of it, at most all of it and `more`.
  void add_loosely(std::string_view text, std::int64_t more) {
    const std::int64_t low = sum_.low;
    add(text);
    sum_.low = low;
    sum_.high += more;
  }

  tokenizer& with_;
  text_tokens sum_;
  std::optional<error> failure_;
};

std::int64_t media_tokens(const call& c) {
  std::int64_t most = 0;
  for (const message& m : c.messages)
    for (const part& p : m.parts) most += most_media_tokens(p);
  return most;
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
  const auto input = call_counter(*with).run(c);
  if (!input) return input.error();
  out.input = *input;
  out.media = media_tokens(c);
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
  w.key("media").number(q.media);
  w.key("provenance")
      .string(q.input.exact() ? "exact text; marks and media estimated" : "estimate");
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

/// The cheapest first, as far as they can be compared: by currency, and unknown costs last.
bool is_cheaper(const quoted& a, const quoted& b) {
  const auto rank = [](const quoted& q) { return q.cost.status == cost_status::unknown ? 1 : 0; };
  return std::tuple(rank(a), a.cost.currency, a.cost.high, a.model) <
         std::tuple(rank(b), b.cost.currency, b.cost.high, b.model);
}

result<std::vector<quoted>> quote_all(context& ctx, const quote_options& o, const call& asked) {
  auto named = named_models(o, asked);
  const auto by_auto = std::remove(named.begin(), named.end(), "auto");
  std::vector<std::string> choices;
  if (by_auto != named.end()) {
    auto found = choices_of_auto(ctx, asked);
    if (!found) return found.error();
    choices = std::move(*found);
  }
  named.erase(by_auto, named.end());
  const auto book = load_catalogue(ctx);
  if (!book) return book.error();
  const std::int64_t most_output = o.max_tokens.value_or(asked.max_tokens.value_or(0));
  std::vector<quoted> all, chosen;
  for (const auto* list : {&named, &choices})
    for (const auto& each : *list) {
      auto one = quote_model(ctx, **book, each, asked, most_output);
      if (!one) return one.error();
      (list == &named ? all : chosen).push_back(std::move(*one));
    }
  std::sort(chosen.begin(), chosen.end(), is_cheaper);
  if (chosen.size() > o.most_candidates) {
    ctx.note("note: the " + std::to_string(o.most_candidates) + " cheapest of " +
             std::to_string(chosen.size()) + "; --most shows more");
    chosen.resize(o.most_candidates);
  }
  std::move(chosen.begin(), chosen.end(), std::back_inserter(all));
  return all;
}

exit_code quote(context& ctx, const quote_options& o) {
  const auto asked = call_to_quote(ctx, o);
  if (!asked) return ctx.fail(asked.error());
  const auto all = quote_all(ctx, o, *asked);
  if (!all) return fail_call(ctx, all.error());
  if (ctx.json())
    for (const auto& each : *all) print_json(ctx, each);
  else
    print_table(ctx, *all);
  ctx.out.flush();
  if (const std::int64_t most = media_tokens(*asked); most > 0 && !ctx.json())
    ctx.note("note: images, sound, video and documents are taken to be 0 to " +
             text::grouped(most) + " of the input tokens");
  for (const auto& each : *all)
    if (!each.input.exact()) ctx.note("note: " + each.model + ": an estimate: " + each.why);
  const bool fits =
      std::none_of(all->begin(), all->end(), [](const auto& q) { return q.is_too_long; });
  return fits ? exit_code::ok : exit_code::no;
}

}  // namespace

void define_quote(command& c) {
  c.examples({{"ark quote -p support --var question=Where? -m openai/gpt-5-mini -m "
               "deepseek/deepseek-chat",
               "tokens and money before sending, for each model; nothing is sent"},
              {"ark quote -m openai/gpt-5-mini --max-tokens 500 < letter.txt", "of a text"},
              {"ark quote 'Hello'", "of all models that `ark chat` would choose from"}});
  auto o = c.options<quote_options>();
  const auto set = c.parameters();
  set.add_option("TEXT", o->words, "What to say; it comes behind the prompt's messages")
      .type_name("");
  set.add_option("-p,--prompt", o->prompt, "A prompt file, a prompt's name, or NAME@LABEL")
      .type_name("PROMPT");
  add_prompt_values(set, o->values);
  add_prompt_place(set, o->place);
  set.add_option(
         "-m,--model", o->models,
         "A model to quote, or auto: all that it has to choose from [the prompt's own, else auto]")
      .type_name("MODEL")
      .one_value_each();
  set.add_option("--most", o->most_candidates, "Of auto's candidates, the N cheapest [10]")
      .type_name("N")
      .positive();
  set.add_option("--max-tokens", o->max_tokens, "Longest answer, in tokens")
      .type_name("N")
      .positive();
  c.run([o](context& ctx) { return quote(ctx, *o); });
}

}  // namespace ark::cli
