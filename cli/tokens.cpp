#include <ark/tokens.hpp>

#include <algorithm>
#include <charconv>

#include "base/json.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/mistake.hpp"
#include "cli/table.hpp"
#include "cli/time_text.hpp"
#include "cli/tokens_verbs.hpp"
#include "files/suggest.hpp"

namespace ark::cli {
namespace {

struct install_options {
  std::string file, name, pattern;
  std::vector<std::string> specials;  ///< "TEXT=ID"
};

void write_vocabulary(json::writer& w, const vocabulary_info& v) {
  w.begin_object().key("name").string(v.name).key("ids").number(v.ids);
  w.key("added_tokens").number(v.added_tokens).key("bytes").number(v.bytes);
  w.key("source").string(v.source).key("source_sha256").string(v.source_sha256);
  w.key("special_tokens").string(v.specials == special_tokens::allow ? "allow" : "text");
  w.key("installed").string(time_text(v.installed_s));
  if (!v.problem.empty()) w.key("problem").string(v.problem);
  if (!v.notes.empty()) {
    w.key("notes").begin_array();
    for (const auto& each : v.notes) w.string(each);
    w.end_array();
  }
  w.end_object();
}

/// "<|end|>=200007": the text may have "=" in it, the id has not.
result<std::pair<std::string, std::uint32_t>> special_of(const std::string& given) {
  const auto at = given.rfind('=');
  std::uint32_t id = 0;
  if (at != given.npos && at > 0) {
    const char* const end = given.data() + given.size();
    const auto read = std::from_chars(given.data() + at + 1, end, id);
    if (read.ec == std::errc() && read.ptr == end) return std::pair{given.substr(0, at), id};
  }
  return usage_mistake("--special " + given + ": write TEXT=ID, as in '<|endoftext|>=199999'");
}

exit_code install(context& ctx, const install_options& o) {
  vocabulary_source from{.file = o.file, .name = o.name, .pattern = o.pattern};
  for (const auto& each : o.specials) {
    auto special = special_of(each);
    if (!special) return ctx.fail(special.error());
    from.special_tokens.push_back(std::move(*special));
  }
  const auto all = installed_vocabularies(ctx);
  if (!all) return ctx.fail(all.error());
  const auto made = all->install(from);
  if (!made) return ctx.fail(made.error());
  if (ctx.json()) {
    std::string line;
    json::writer w{line};
    write_vocabulary(w, *made);
    ctx.out.line(line);
  } else {
    ctx.out.line(made->name + ": " + text::grouped(made->ids) + " ids, " +
                 text::grouped(made->added_tokens) + " added tokens, " +
                 text::grouped(made->bytes) + " bytes in " + all->folder());
  }
  ctx.out.flush();
  for (const auto& each : made->notes) ctx.warn("note: " + printable(each));
  if (made->problem.empty()) return exit_code::ok;
  return ctx.fail({.code = errc::config, .message = made->problem});
}

void print_vocabularies(context& ctx, const std::vector<vocabulary_info>& all) {
  constexpr std::size_t shown_digits = 12;
  table t;
  t.column("name");
  for (const auto* title : {"ids", "added"}) t.column(title, align::right);
  for (const auto* title : {"installed", "from", "sha256"}) t.column(title);
  for (const auto& v : all) {
    if (v.problem.empty())
      t.row({v.name, text::grouped(v.ids), text::grouped(v.added_tokens), time_text(v.installed_s),
             v.source, v.source_sha256.substr(0, shown_digits)});
    else
      t.row({v.name, "-", "-", time_text(v.installed_s), v.source, "damaged"});
  }
  t.print(ctx.out);
}

exit_code list(context& ctx) {
  const auto folder = installed_vocabularies(ctx);
  if (!folder) return ctx.fail(folder.error());
  const auto all = folder->list();
  if (!all) return ctx.fail(all.error());
  if (ctx.json()) {
    std::string line;
    json::writer w{line};
    w.begin_array();
    for (const auto& each : *all) write_vocabulary(w, each);
    w.end_array();
    ctx.out.line(line);
  } else if (all->empty()) {
    ctx.note("no vocabulary is installed: ark tokens install o200k_base.tiktoken");
  } else {
    print_vocabularies(ctx, *all);
  }
  ctx.out.flush();
  bool good = true;
  for (const auto& each : *all) {
    if (each.problem.empty()) continue;
    good = false;
    ctx.warn("error: " + each.problem + "; install it again");
  }
  return good ? exit_code::ok : exit_code::no;
}

/// The catalogue's row, or one that has no more than the name.
result<model_info> find_model(context& ctx, const std::string& name, std::string& unknown) {
  const auto client = ctx.make_catalogue();
  if (!client) return client.error();
  const auto slash = name.find('/');
  const auto rows = client->models(slash == name.npos ? "" : name.substr(0, slash + 1));
  std::vector<std::string> known;
  const model_info* found = nullptr;
  for (const auto& each : rows) {
    const std::string prefix = slash == name.npos ? "" : each.vendor + "/";
    const bool alias = std::any_of(each.aliases.begin(), each.aliases.end(),
                                   [&](const auto& a) { return prefix + a == name; });
    known.push_back(prefix + each.model);
    if (known.back() != name && !alias) continue;
    // Of several vendors' rows one may know more.
    if (found == nullptr || found->encoding.empty()) found = &each;
  }
  if (found != nullptr) return *found;
  const auto near = files::nearest(name, known);
  unknown = "the catalogue has no model '" + name + "'" +
            (near.empty() ? "" : "; did you mean '" + near + "'?");
  return model_info{.id = name};
}

}  // namespace

result<vocabularies> installed_vocabularies(context& ctx) {
  const std::string data = os::data_directory(ctx.machine);
  if (data.empty())
    return config_mistake("there is no folder for vocabularies: set HOME or XDG_DATA_HOME");
  return vocabularies(data + "/tokens");
}

void add_tokenizer_options(option_set set, const std::shared_ptr<tokenizer_options>& o,
                           bool with_special) {
  set.add_option("-e,--encoding", o->encoding, "An installed vocabulary (ark tokens list)")
      .type_name("ENCODING");
  set.add_option("-m,--model", o->model, "The vocabulary of this model, if it is known")
      .type_name("MODEL");
  if (!with_special) return;
  set.add_option("--special", o->special,
                 "Special tokens, as <|endoftext|>, in the text: ordinary text, their ids (allow), "
                 "or an error (refuse). If nothing is said: allow for a tokenizer.json, else text")
      .type_name("HOW")
      .one_of({"text", "allow", "refuse"});
}

result<tokenizer> tokenizer_for(context& ctx, const tokenizer_options& o) {
  if (o.encoding.empty() == o.model.empty())
    return usage_mistake(
        o.model.empty()
            ? "say whose tokens: -e with a vocabulary (ark tokens list), or -m with a model"
            : "give -e or -m, not both");
  const auto all = installed_vocabularies(ctx);
  if (!all) return all.error();
  if (!o.encoding.empty()) return all->open(o.encoding);
  std::string unknown;
  const auto model = find_model(ctx, o.model, unknown);
  if (!model) return model.error();
  if (!unknown.empty()) return tokenizer::estimating(unknown);
  return all->open_for(*model);
}

special_tokens specials_of(const tokenizer_options& o) {
  if (o.special == "allow") return special_tokens::allow;
  if (o.special == "text") return special_tokens::as_text;
  return o.special == "refuse" ? special_tokens::refuse : special_tokens::usual;
}

void define_tokens(command& c) {
  c.examples({{"ark tokens install o200k_base.tiktoken", "once; then it is opened in milliseconds"},
              {"ark tokens count --encoding o200k_base 'How long is this?'", "5"},
              {"ark tokens count -m deepseek/deepseek-chat 'How long is this?'",
               "an estimate with an interval, where no vocabulary is known"},
              {"ark tokens list", "what is installed, of which file, and when"}});
  auto installs = c.verb("install", "Install a vocabulary of a file; nothing is downloaded");
  installs.examples(
      {{"ark tokens install o200k_base.tiktoken", "a rank file; its name tells the encoding"},
       {"ark tokens install tokenizer.json --name qwen3", "of Hugging Face, if its model is BPE"},
       {"ark tokens install mine.tiktoken --pattern cl100k --special '<|end|>=100257'",
        "a rank file that tiktoken does not know"}});
  auto o = installs.options<install_options>();
  const auto set = installs.parameters();
  set.add_option("FILE", o->file, "A .tiktoken, a tokenizer.json or a .bpe")
      .required()
      .type_name("");
  set.add_option("--name", o->name, "Its name; the file's if nothing is said").type_name("NAME");
  set.add_option("--pattern", o->pattern,
                 "Of a rank file: the split expression, or gpt2, cl100k, qwen2, qwen3_5, o200k, "
                 "tekken, kimi")
      .type_name("REGEX");
  set.add_option("--special", o->specials, "Of a rank file: a special token and its id")
      .type_name("TEXT=ID")
      .one_value_each();
  installs.run([o](context& ctx) { return install(ctx, *o); });
  auto lists = c.verb("list", "List the installed vocabularies");
  lists.examples({{"ark tokens list", "ids, when, of which file"},
                  {"ark tokens list --json | jq -r '.[].source_sha256'", "for a script"}});
  lists.run([](context& ctx) { return list(ctx); });
  define_tokens_count(c);
}

}  // namespace ark::cli
