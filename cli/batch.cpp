#include <ark/jobs.hpp>

#include <fmt/format.h>

#include "base/json.hpp"
#include "cli/batch_file.hpp"
#include "cli/commands.hpp"
#include "cli/key_store.hpp"
#include "cli/named_call.hpp"
#include "cli/reply_text.hpp"
#include "cli/table.hpp"
#include "cli/time_text.hpp"

namespace ark::cli {
namespace {

struct batch_options {
  std::shared_ptr<call_options> common = std::make_shared<call_options>();
  std::string vendor, id, file, name, output = "-";
};

void write_count(json::writer& w, const char* name, std::int64_t count) {
  w.key(name);
  if (count < 0)
    w.null();
  else
    w.number(count);
}

void write_batch(json::writer& w, const batch_info& b) {
  w.begin_object().key("id").string(b.id).key("status").string(to_string(b.status));
  w.key("vendor_status").string(b.vendor_status);
  write_count(w, "total", b.total);
  write_count(w, "succeeded", b.succeeded);
  write_count(w, "failed", b.failed);
  w.key("created").string(time_text(b.created_s)).key("ended").string(time_text(b.ended_s));
  w.key("errors").begin_array();
  for (const auto& each : b.errors) w.string(each);
  w.end_array().end_object();
}

std::string count(std::int64_t n) { return n < 0 ? "?" : std::to_string(n); }

exit_code print(context& ctx, const std::vector<batch_info>& batches, bool as_list) {
  if (ctx.json()) {
    std::string text;
    json::writer w{text};
    if (as_list) w.begin_array();
    for (const auto& each : batches) write_batch(w, each);
    if (as_list) w.end_array();
    ctx.out.line(text);
    return exit_code::ok;
  }
  table t;
  for (const auto* title : {"id", "status"}) t.column(title);
  for (const auto* title : {"calls", "succeeded", "failed"}) t.column(title, align::right);
  for (const auto* title : {"created", "ended"}) t.column(title);
  for (const auto& b : batches)
    t.row({b.id, std::string(to_string(b.status)), count(b.total), count(b.succeeded),
           count(b.failed), time_text(b.created_s), time_text(b.ended_s)});
  t.print(ctx.out);
  for (const auto& b : batches)
    for (const auto& each : b.errors) ctx.note("note: " + b.id + ": " + each);
  return exit_code::ok;
}

/// "openai/gpt-5-mini" -> "openai"; a model id alone is looked up.
result<std::string> vendor_of(const client& c, const std::string& model) {
  const auto slash = model.find('/');
  if (slash != model.npos)
    for (const auto& each : c.vendors())
      if (each.name == model.substr(0, slash)) return each.name;
  call asked{.model = model, .messages = {user("?")}};
  auto where = c.plan(asked);
  if (!where) return where.error();
  return where->vendor;
}

/// What the ledger groups by is the command line's, for each call.
result<batch_call> call_of(context& ctx, const batch_options& o, const settings& all) {
  constexpr std::size_t largest = 512u << 20;
  auto text = o.file == "-" ? ctx.in.read_all(largest) : os::read_file(o.file, largest);
  if (!text) return text.error();
  auto lines = read_batch_file(*text, o.file == "-" ? "standard input" : o.file);
  if (!lines) return lines.error();
  call_options named = *o.common;
  if (named.model.empty()) named.model = lines->model;
  batch_call out{.model = {}, .name = o.name, .items = std::move(lines->items)};
  for (auto& item : out.items)
    if (auto ok = apply_named(named, all, "openai/gpt-5-mini", item.call); !ok) return ok.error();
  out.model = named.model;
  return out;
}

exit_code submit(context& ctx, const batch_options& o) {
  const auto all = ctx.configuration();
  if (!all) return ctx.fail(all.error());
  auto batch = call_of(ctx, o, **all);
  if (!batch) return ctx.fail(batch.error());
  const auto client = ctx.make_client();
  if (!client) return ctx.fail(client.error());
  const auto vendor = vendor_of(*client, batch->model);
  if (!vendor) return ctx.fail(vendor.error());
  const auto made = jobs(*client, *vendor).submit(std::move(*batch));
  if (!made) return fail_call(ctx, made.error());
  if (ctx.json()) return print(ctx, {*made}, false);
  ctx.out.line(printable(made->id));
  ctx.note("submitted; later: ark batch fetch " + *vendor + " " + made->id);
  return exit_code::ok;
}

exit_code status(context& ctx, const batch_options& o) {
  const auto client = ctx.make_client();
  if (!client) return ctx.fail(client.error());
  const auto found = jobs(*client, o.vendor).batch(o.id);
  if (!found) return fail_call(ctx, found.error());
  return print(ctx, {*found}, false);
}

exit_code list(context& ctx, const batch_options& o) {
  const auto client = ctx.make_client();
  if (!client) return ctx.fail(client.error());
  const auto all = jobs(*client, o.vendor).batches();
  if (!all) return fail_call(ctx, all.error());
  if (all->empty() && !ctx.json()) {
    ctx.note(o.vendor + " has no batches of yours");
    return exit_code::ok;
  }
  return print(ctx, *all, true);
}

exit_code cancel(context& ctx, const batch_options& o) {
  const auto client = ctx.make_client();
  if (!client) return ctx.fail(client.error());
  const auto found = jobs(*client, o.vendor).cancel(o.id);
  if (!found) return fail_call(ctx, found.error());
  return print(ctx, {*found}, false);
}

std::string result_line(const batch_result& r) {
  std::string line;
  json::writer w{line};
  w.begin_object().key("custom_id").string(r.custom_id);
  if (r.answer) {
    w.key("reply").raw(reply_json(*r.answer)).key("error").null();
  } else {
    const error& e = r.answer.error();
    w.key("reply").null().key("error").begin_object();
    w.key("code").string(to_string(e.code)).key("message").string(e.message);
    w.key("vendor_message").string(e.vendor_message).end_object();
  }
  w.end_object();
  return line + '\n';
}

exit_code fetch(context& ctx, const batch_options& o) {
  const auto client = ctx.make_client();
  if (!client) return ctx.fail(client.error());
  const auto results = jobs(*client, o.vendor).results(o.id);
  if (!results) return fail_call(ctx, results.error());
  std::string lines;
  std::size_t failed = 0;
  for (const auto& each : *results) {
    lines += result_line(each);
    failed += each.answer ? 0 : 1;
  }
  if (auto ok = write_bytes(ctx, o.output, lines); !ok) return ctx.fail(ok.error());
  ctx.note(fmt::format("{} results, {} of them errors", results->size(), failed));
  return failed == 0 ? exit_code::ok : exit_code::no;
}

using batch_action = exit_code (*)(context&, const batch_options&);

void define_verb(command& c, const std::string& name, const std::string& summary,
                 std::initializer_list<example> examples, batch_action what) {
  auto verb = c.verb(name, summary);
  verb.examples(examples);
  auto o = verb.options<batch_options>();
  const auto set = verb.parameters();
  set.add_option("VENDOR", o->vendor, "Which vendor").type_name("").required();
  if (name != "list") set.add_option("ID", o->id, "The batch's id").type_name("").required();
  if (name == "fetch")
    set.add_option("-o,--output", o->output, "Where the results go; - is standard output")
        .type_name("FILE");
  verb.run([o, what](context& ctx) { return what(ctx, *o); });
}

void define_submit(command& c) {
  auto verb = c.verb("submit", "Send calls, a JSON object to a line");
  verb.examples(
      {{"ark batch submit -m openai/gpt-5-mini calls.jsonl",
        "lines as {\"custom_id\": \"a\", \"prompt\": \"...\"}, or with messages, or OpenAI's own "
        "form"},
       {"ark batch submit -m anthropic/claude-haiku-4-5 --task night calls.jsonl",
        "the same file for another vendor; the ledger has each call, before it is sent"}});
  auto o = verb.options<batch_options>();
  const auto set = verb.parameters();
  set.add_option("FILE", o->file, "The calls; - is standard input").type_name("").required();
  set.add_option("--name", o->name, "What the vendor's list calls it, where it keeps a name")
      .type_name("NAME");
  add_call_options(set, o->common);
  verb.run([o](context& ctx) { return submit(ctx, *o); });
}

}  // namespace

void define_batch(command& c) {
  c.examples({{"ark batch submit -m openai/gpt-5-mini calls.jsonl", "prints the batch's id"},
              {"ark batch fetch openai batch_abc -o results.jsonl", "when it has ended"}});
  define_submit(c);
  define_verb(c, "status", "Show where a batch stands",
              {{"ark batch status openai batch_abc", "how many calls are done"},
               {"ark batch status openai batch_abc --json | jq -r .status", "for a script"}},
              status);
  define_verb(c, "list", "List the batches of a vendor",
              {{"ark batch list openai", "yours, the newest first"},
               {"ark batch list anthropic --json", "for programs"}},
              list);
  define_verb(c, "fetch", "Fetch the results and settle them in the ledger",
              {{"ark batch fetch openai batch_abc -o results.jsonl",
                "a JSON object to a line: custom_id, and reply or error"},
               {"ark batch fetch anthropic msgbatch_abc | jq .reply.text", "only the answers"}},
              fetch);
  define_verb(c, "cancel", "Cancel a batch; what is done is still billed",
              {{"ark batch cancel openai batch_abc", "asks the vendor to stop"},
               {"ark batch cancel anthropic msgbatch_abc --json", "for programs"}},
              cancel);
}

}  // namespace ark::cli
