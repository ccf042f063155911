#include <charconv>
#include <optional>

#include "base/json.hpp"
#include "base/text.hpp"
#include "cli/call_options.hpp"
#include "cli/mistake.hpp"
#include "cli/tokens_verbs.hpp"

namespace ark::cli {
namespace {

struct text_options {
  std::shared_ptr<tokenizer_options> which = std::make_shared<tokenizer_options>();
  std::vector<std::string> words;
  std::string rows;
  std::optional<std::int64_t> limit;
};

void write_provenance(json::writer& w, const tokenizer& with) {
  w.key("provenance").string(with.exact() ? "exact" : "estimate").key("encoding");
  if (with.exact()) {
    w.string(with.encoding());
  } else {
    w.null();
    w.key("reason").string(with.why_estimate());
  }
}

std::string count_json(const tokenizer& with, const text_tokens& n) {
  std::string out;
  json::writer w{out};
  w.begin_object().key("count").number(n.count).key("low").number(n.low).key("high").number(n.high);
  write_provenance(w, with);
  w.end_object();
  return out;
}

std::string limit_json(const tokenizer& with, const limited_tokens& n, std::int64_t limit) {
  std::string out;
  json::writer w{out};
  w.begin_object().key("limit").number(limit).key("exceeded").boolean(n.exceeded);
  // Beyond the limit nothing was counted.
  w.key("count");
  if (n.exceeded && n.exact)
    w.null();
  else
    w.number(n.count);
  write_provenance(w, with);
  w.end_object();
  return out;
}

std::string count_words(const text_tokens& n) {
  if (n.exact()) return std::to_string(n.count);
  return "about " + std::to_string(n.count) + " (" + std::to_string(n.low) + " to " +
         std::to_string(n.high) + "), an estimate";
}

std::string limit_words(const limited_tokens& n, std::int64_t limit) {
  if (!n.exact) {
    return "about " + std::to_string(n.count) +
           ", an estimate: " + (n.exceeded ? "over " : "within ") + std::to_string(limit);
  }
  return n.exceeded ? "more than " + std::to_string(limit) : std::to_string(n.count);
}

void say_why(context& ctx, const tokenizer& with) {
  ctx.out.flush();
  if (!with.exact()) ctx.note("note: an estimate: " + std::string(with.why_estimate()));
}

exit_code count_to_limit(context& ctx, tokenizer& with, const std::string& text,
                         const text_options& o) {
  const auto n = with.count_until(text, *o.limit, specials_of(*o.which));
  if (!n) return ctx.fail(n.error());
  ctx.out.line(ctx.json() ? limit_json(with, *n, *o.limit) : limit_words(*n, *o.limit));
  say_why(ctx, with);
  return n->exceeded ? exit_code::no : exit_code::ok;
}

exit_code count(context& ctx, const text_options& o) {
  auto with = tokenizer_for(ctx, *o.which);
  if (!with) return ctx.fail(with.error());
  if (!o.rows.empty()) {
    if (o.limit) return ctx.wrong_usage("--limit is for one text, not for --jsonl");
    if (!with->exact()) ctx.note("note: estimates: " + std::string(with->why_estimate()));
    return answer_rows(ctx, row_verb::count, std::move(*with), o.rows, specials_of(*o.which));
  }
  const auto text = text_of(ctx, o.words);
  if (!text) return ctx.fail(text.error());
  if (o.limit) return count_to_limit(ctx, *with, *text, o);
  const auto n = with->count(*text, specials_of(*o.which));
  if (!n) return ctx.fail(n.error());
  ctx.out.line(ctx.json() ? count_json(*with, *n) : count_words(*n));
  say_why(ctx, *with);
  return exit_code::ok;
}

/// For ids: an estimate is no use.
result<tokenizer> exact_tokenizer(context& ctx, const tokenizer_options& o) {
  auto with = tokenizer_for(ctx, o);
  if (with && !with->exact())
    return error{
        .code = errc::not_found,
        .message = "there are no ids without a vocabulary: " + std::string(with->why_estimate())};
  return with;
}

exit_code encode(context& ctx, const text_options& o) {
  auto with = exact_tokenizer(ctx, *o.which);
  if (!with) return ctx.fail(with.error());
  if (!o.rows.empty())
    return answer_rows(ctx, row_verb::encode, std::move(*with), o.rows, specials_of(*o.which));
  const auto text = text_of(ctx, o.words);
  if (!text) return ctx.fail(text.error());
  const auto ids = with->encode(*text, specials_of(*o.which));
  if (!ids) return ctx.fail(ids.error());
  std::string list;
  for (const auto id : *ids) {
    if (!list.empty()) list += ctx.json() ? ',' : ' ';
    list += std::to_string(id);
  }
  if (ctx.json()) {
    std::string made;
    json::writer w{made};
    w.begin_object().key("ids").raw("[" + list + "]").key("encoding").string(with->encoding());
    w.end_object();
    list = std::move(made);
  }
  ctx.out.line(list);
  return exit_code::ok;
}

/// "15339 1917", "[15339, 1917]".
result<std::vector<std::uint32_t>> ids_of(std::string_view text) {
  constexpr std::string_view between = " \t\r\n,[]";
  std::vector<std::uint32_t> out;
  for (;;) {
    text.remove_prefix(std::min(text.find_first_not_of(between), text.size()));
    if (text.empty()) return out;
    const auto word = text.substr(0, text.find_first_of(between));
    const auto [end, failed] =
        std::from_chars(word.data(), word.data() + word.size(), out.emplace_back());
    if (failed != std::errc() || end != word.data() + word.size())
      return usage_mistake("\"" + std::string(word) + "\" is no id: write whole numbers");
    text.remove_prefix(word.size());
  }
}

exit_code decode(context& ctx, const text_options& o) {
  auto with = exact_tokenizer(ctx, *o.which);
  if (!with) return ctx.fail(with.error());
  if (!o.rows.empty())
    return answer_rows(ctx, row_verb::decode, std::move(*with), o.rows, special_tokens::as_text);
  const auto words = text_of(ctx, o.words);
  if (!words) return ctx.fail(words.error());
  const auto ids = ids_of(*words);
  if (!ids) return ctx.fail(ids.error());
  const auto text = with->decode(*ids);
  if (!text) return ctx.fail(text.error());
  const bool whole = text::is_utf8(*text);
  if (ctx.json()) {
    std::string made;
    json::writer{made}.begin_object().key("text").string(*text).end_object();
    ctx.out.line(made);
  } else {
    ctx.out.write(ctx.out.is_terminal() ? printable(*text) : *text);
    if (ctx.out.is_terminal()) ctx.out.end_line();
  }
  ctx.out.flush();
  if (!whole) ctx.note("note: the ids begin or end within a character: the text is not UTF-8");
  return exit_code::ok;
}

std::shared_ptr<text_options> add_options(command& verb, const char* argument, const char* help,
                                          const char* rows_help, bool with_special) {
  auto o = verb.options<text_options>();
  const auto set = verb.parameters();
  set.add_option(argument, o->words, help).type_name("");
  add_tokenizer_options(set, o->which, with_special);
  set.add_option("--jsonl", o->rows, rows_help).type_name("FILE");
  return o;
}

}  // namespace

void define_tokens_count(command& c) {
  auto counts = c.verb("count", "Count the tokens of a text; without a vocabulary, estimate them");
  counts.examples({{"ark tokens count --encoding o200k_base 'How long is this?'", "5"},
                   {"ark tokens count -m openai/gpt-4o --limit 8000 < book.txt",
                    "stops soon after 8000; exit code 1 if there are more"},
                   {"ark tokens count --encoding cl100k_base --jsonl texts.jsonl",
                    R"({"id":..,"text":..} on each line in, {"id":..,"count":..} out)"}});
  auto o =
      add_options(counts, "TEXT", "The text; - is standard input, as is none at all",
                  R"(Count each row, {"id","text"}, of a file instead; - is standard input)", true);
  counts.parameters()
      .add_option("--limit", o->limit, "Tell whether there are more; do not count further")
      .type_name("N")
      .not_negative();
  counts.run([o](context& ctx) { return count(ctx, *o); });

  auto encodes = c.verb("encode", "Print the ids of a text's tokens");
  encodes.examples({{"ark tokens encode --encoding o200k_base 'hello world'", "24912 2375"},
                    {"ark tokens encode --encoding o200k_base --jsonl texts.jsonl",
                     R"({"id":..,"text":..} on each line in, {"id":..,"ids":[..]} out)"}});
  auto e = add_options(encodes, "TEXT", "The text; - is standard input, as is none at all",
                       R"(Encode each row, {"id","text"}, of a file instead; - is standard input)",
                       true);
  encodes.run([e](context& ctx) { return encode(ctx, *e); });

  auto decodes = c.verb("decode", "Print the text of ids");
  decodes.examples({{"ark tokens decode --encoding o200k_base 24912 2375", "hello world"},
                    {"ark tokens decode --encoding o200k_base --jsonl ids.jsonl",
                     R"({"id":..,"ids":[..]} on each line in, {"id":..,"text":..} out)"}});
  auto d = add_options(decodes, "ID", "The ids; - is standard input, as is none at all",
                       R"(Decode each row, {"id","ids"}, of a file instead; - is standard input)",
                       false);
  decodes.run([d](context& ctx) { return decode(ctx, *d); });
}

}  // namespace ark::cli
