#include <ark/jobs.hpp>

#include "cli/cache_verbs.hpp"
#include "cli/commands.hpp"
#include "cli/key_store.hpp"
#include "cli/named_call.hpp"
#include "cli/reply_text.hpp"
#include "cli/table.hpp"
#include "cli/time_text.hpp"

namespace ark::cli {
namespace {

constexpr std::int64_t usual_ttl_s = 3600;

struct cache_options {
  std::shared_ptr<call_options> common = std::make_shared<call_options>();
  std::string vendor, id, system, tools, max_cost;
  std::vector<std::string> words, documents;
  std::int64_t ttl_s = usual_ttl_s;
};

void write_cache(json::writer& w, const cache_info& c, bool is_new) {
  w.begin_object().key("id").string(c.id).key("model").string(c.model).key("tokens");
  if (c.tokens < 0)
    w.null();
  else
    w.number(c.tokens);
  w.key("created").string(time_text(c.created_s)).key("expires").string(time_text(c.expires_s));
  if (is_new) {
    write_cost(w.key("cost"), c.cost);
    w.key("notes").begin_array();
    for (const auto& each : c.notes) w.string(each);
    w.end_array();
  }
  w.end_object();
}

result<void> add_messages(context& ctx, const cache_options& o, call& out) {
  if (!o.system.empty()) out.messages.push_back(system(o.system));
  message kept{.role = role::user};
  for (const auto& each : o.documents) {
    auto part = document_of(each);
    if (!part) return part.error();
    kept.parts.emplace_back(std::move(*part));
  }
  // A document or a system message is a prompt: standard input is not waited for.
  if (!o.words.empty() || (o.documents.empty() && o.system.empty())) {
    auto text = text_of(ctx, o.words);
    if (!text) return text.error();
    kept.parts.emplace_back(text_part{std::move(*text)});
  }
  if (!kept.parts.empty()) out.messages.push_back(std::move(kept));
  return {};
}

result<call> prompt_of(context& ctx, const cache_options& o, const settings& all) {
  call out;
  if (auto ok = apply_named(*o.common, all, "gemini/gemini-3.5-flash", out); !ok) return ok.error();
  if (out.model.find('/') == std::string::npos)
    return usage_mistake("name the model with its vendor, as in gemini/gemini-3.5-flash");
  if (!o.max_cost.empty()) {
    auto most = amount::parse(o.max_cost);
    if (!most) return usage_mistake("--max-cost " + o.max_cost + ": " + most.error().message);
    out.max_cost = *most;
  }
  if (!o.tools.empty()) {
    auto text = json_argument(o.tools);
    if (!text) return text.error();
    auto tools = tools_of(*text, o.tools);
    if (!tools) return tools.error();
    out.tools = std::move(*tools);
  }
  if (auto ok = add_messages(ctx, o, out); !ok) return ok.error();
  return out;
}

exit_code create(context& ctx, const cache_options& o) {
  const auto all = ctx.configuration();
  if (!all) return ctx.fail(all.error());
  auto prompt = prompt_of(ctx, o, **all);
  if (!prompt) return ctx.fail(prompt.error());
  const auto client = ctx.make_client();
  if (!client) return ctx.fail(client.error());
  const std::string vendor = prompt->model.substr(0, prompt->model.find('/'));
  const request_options limits{.timeouts = prompt->timeouts, .retry = prompt->retry};
  const auto made =
      jobs(*client, vendor, limits).create_cache(std::move(*prompt), std::chrono::seconds(o.ttl_s));
  if (!made) return fail_call(ctx, made.error());
  if (ctx.json()) {
    std::string text;
    json::writer w{text};
    write_cache(w, *made, true);
    ctx.out.line(text);
  } else {
    ctx.out.line(printable(made->id));
  }
  ctx.out.flush();
  for (const auto& each : made->notes) ctx.note("note: " + each);
  if (ctx.flags.verbose || ctx.err.is_terminal())
    ctx.note(cost_words(made->cost) + ", kept until " + time_text(made->expires_s));
  return exit_code::ok;
}

exit_code list(context& ctx, const cache_options& o) {
  const auto client = ctx.make_client();
  if (!client) return ctx.fail(client.error());
  const auto found = jobs(*client, o.vendor).caches();
  if (!found) return fail_call(ctx, found.error());
  if (ctx.json()) {
    std::string text;
    json::writer w{text};
    w.begin_array();
    for (const auto& each : *found) write_cache(w, each, false);
    w.end_array();
    ctx.out.line(text);
    return exit_code::ok;
  }
  if (found->empty()) {
    ctx.note(o.vendor + " keeps no caches");
    return exit_code::ok;
  }
  table t;
  for (const auto* title : {"id", "model"}) t.column(title);
  t.column("tokens", align::right);
  for (const auto* title : {"created", "expires"}) t.column(title);
  for (const auto& c : *found)
    t.row({c.id, c.model, c.tokens < 0 ? "?" : std::to_string(c.tokens), time_text(c.created_s),
           time_text(c.expires_s)});
  t.print(ctx.out);
  return exit_code::ok;
}

exit_code remove(context& ctx, const cache_options& o) {
  const auto client = ctx.make_client();
  if (!client) return ctx.fail(client.error());
  if (const auto gone = jobs(*client, o.vendor).remove_cache(o.id); !gone)
    return fail_call(ctx, gone.error());
  if (ctx.json()) {
    std::string text;
    json::writer{text}.begin_object().key("deleted").string(o.id).end_object();
    ctx.out.line(text);
  }
  ctx.note("deleted " + o.id);
  return exit_code::ok;
}

void define_create(command& c) {
  auto verb = c.verb("create", "Have a vendor keep the beginning of a prompt");
  verb.examples(
      {{"ark cache create -m gemini/gemini-3.5-flash --document book.pdf --ttl 7200",
        "prints the id; the prompt and two hours of keeping it are billed, and in the ledger"},
       {"ark chat -m gemini/gemini-3.5-flash --param cachedContent=cachedContents/abc 'Who dies?'",
        "a call that begins with it; Volcengine's parameter is context_id"}});
  auto o = verb.options<cache_options>();
  const auto set = verb.parameters();
  set.add_option("TEXT", o->words, "A text at its end; - is standard input").type_name("");
  set.add_option("-s,--system", o->system, "The system message").type_name("TEXT");
  set.add_option("--document", o->documents, "A document: a file (PDF or text) or a URL")
      .type_name("FILE")
      .one_value_each();
  set.add_option("--tools", o->tools, "Tools that calls with it may use: JSON, or a file of it")
      .type_name("JSON");
  set.add_option("--ttl", o->ttl_s, "How long it is kept; an hour if nothing is said")
      .type_name("SECONDS")
      .positive();
  set.add_option("--max-cost", o->max_cost,
                 "Refuse what may cost more, storage included; in the model's currency")
      .type_name("AMOUNT");
  add_call_options(set, o->common);
  verb.run([o](context& ctx) { return create(ctx, *o); });
}

}  // namespace

void define_cache(command& c) {
  c.examples({{"ark cache create -m gemini/gemini-3.5-flash --document book.pdf",
               "prints the id that calls name"},
              {"ark cache list gemini", "what is kept, and until when"},
              {"ark cache why monday.json tuesday.json -m openai/gpt-5-mini",
               "why the second call's prompt was not read from the vendor's cache"},
              {"ark cache stats", "the answers that `ark chat --reuse` keeps on this machine"}});
  define_create(c);
  auto listing = c.verb("list", "List the caches that a vendor keeps");
  listing.examples({{"ark cache list gemini", "all of them"},
                    {"ark cache list gemini --json | jq -r '.[].id'", "their ids, for a script"}});
  auto of_list = listing.options<cache_options>();
  listing.parameters()
      .add_option("VENDOR", of_list->vendor, "Which vendor")
      .type_name("")
      .required();
  listing.run([of_list](context& ctx) { return list(ctx, *of_list); });
  auto deletion = c.verb("delete", "Delete a cache");
  deletion.examples({{"ark cache delete gemini cachedContents/abc", "it is gone at once"},
                     {"ark cache delete gemini abc", "its collection may be left out"}});
  auto of_one = deletion.options<cache_options>();
  deletion.parameters()
      .add_option("VENDOR", of_one->vendor, "Which vendor")
      .type_name("")
      .required();
  deletion.parameters().add_option("ID", of_one->id, "The cache's id").type_name("").required();
  deletion.run([of_one](context& ctx) { return remove(ctx, *of_one); });
  define_kept_answers(c);
  define_cache_why(c);
}

}  // namespace ark::cli
