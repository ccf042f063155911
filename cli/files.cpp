#include <ark/jobs.hpp>

#include <filesystem>
#include <optional>

#include "base/json.hpp"
#include "cli/commands.hpp"
#include "cli/key_store.hpp"
#include "cli/named_call.hpp"
#include "cli/table.hpp"
#include "cli/time_text.hpp"

namespace ark::cli {
namespace {

struct file_options {
  std::string vendor, id, file, purpose = "user_data", media_type, output = "-";
};

void write_file_info(json::writer& w, const file_info& f) {
  w.begin_object().key("id").string(f.id).key("name").string(f.name);
  w.key("purpose").string(f.purpose).key("media_type").string(f.media_type);
  w.key("status").string(f.status).key("uri").string(f.uri).key("bytes");
  if (f.bytes < 0)
    w.null();
  else
    w.number(f.bytes);
  w.key("created").string(time_text(f.created_s)).key("expires").string(time_text(f.expires_s));
  w.end_object();
}

exit_code print(context& ctx, const std::vector<file_info>& files, bool as_list) {
  if (ctx.json()) {
    std::string text;
    json::writer w{text};
    if (as_list) w.begin_array();
    for (const auto& each : files) write_file_info(w, each);
    if (as_list) w.end_array();
    ctx.out.line(text);
    return exit_code::ok;
  }
  table t;
  for (const auto* title : {"id", "name"}) t.column(title);
  t.column("bytes", align::right);
  for (const auto* title : {"purpose", "status", "created"}) t.column(title);
  for (const auto& f : files)
    t.row({f.id, f.name, f.bytes < 0 ? "?" : std::to_string(f.bytes), f.purpose, f.status,
           time_text(f.created_s)});
  t.print(ctx.out);
  return exit_code::ok;
}

exit_code list(context& ctx, const file_options& o) {
  const auto client = ctx.make_client();
  if (!client) return ctx.fail(client.error());
  const auto files = jobs(*client, o.vendor).files();
  if (!files) return fail_call(ctx, files.error());
  if (files->empty() && !ctx.json()) {
    ctx.note(o.vendor + " keeps no files");
    return exit_code::ok;
  }
  return print(ctx, *files, true);
}

exit_code upload(context& ctx, const file_options& o) {
  constexpr std::size_t largest = 1u << 30;
  auto bytes = os::read_file(o.file, largest);
  if (!bytes) return ctx.fail(bytes.error());
  const auto client = ctx.make_client();
  if (!client) return ctx.fail(client.error());
  const auto made = jobs(*client, o.vendor)
                        .upload({.name = std::filesystem::path(o.file).filename().string(),
                                 .bytes = std::move(*bytes),
                                 .media_type = o.media_type,
                                 .purpose = o.purpose});
  if (!made) return fail_call(ctx, made.error());
  if (ctx.json()) return print(ctx, {*made}, false);
  ctx.out.line(printable(made->id));
  return exit_code::ok;
}

exit_code show(context& ctx, const file_options& o) {
  const auto client = ctx.make_client();
  if (!client) return ctx.fail(client.error());
  const auto found = jobs(*client, o.vendor).file(o.id);
  if (!found) return fail_call(ctx, found.error());
  return print(ctx, {*found}, false);
}

exit_code get(context& ctx, const file_options& o) {
  const auto client = ctx.make_client();
  if (!client) return ctx.fail(client.error());
  const auto bytes = jobs(*client, o.vendor).content(o.id);
  if (!bytes) return fail_call(ctx, bytes.error());
  if (auto ok = write_bytes(ctx, o.output, *bytes); !ok) return ctx.fail(ok.error());
  return exit_code::ok;
}

exit_code remove(context& ctx, const file_options& o) {
  const auto client = ctx.make_client();
  if (!client) return ctx.fail(client.error());
  if (const auto gone = jobs(*client, o.vendor).remove_file(o.id); !gone)
    return fail_call(ctx, gone.error());
  ctx.note("removed " + o.id);
  return exit_code::ok;
}

using file_action = exit_code (*)(context&, const file_options&);

/// A verb with the vendor as its first argument.
std::shared_ptr<file_options> define(command& c, const std::string& name,
                                     const std::string& summary,
                                     std::initializer_list<example> examples, bool needs_id,
                                     file_action what) {
  auto verb = c.verb(name, summary);
  verb.examples(examples);
  auto o = verb.options<file_options>();
  verb.parameters().add_option("VENDOR", o->vendor, "Which vendor").type_name("").required();
  if (needs_id) verb.parameters().add_option("ID", o->id, "The file's id").type_name("").required();
  if (name == "upload") {
    verb.parameters().add_option("FILE", o->file, "The file").type_name("").required();
    verb.parameters()
        .add_option("--purpose", o->purpose, "The vendor's word: user_data, batch, fine-tune, ...")
        .type_name("WORD");
    verb.parameters()
        .add_option("--media-type", o->media_type, "As application/pdf, where the vendor asks")
        .type_name("TYPE");
  }
  if (name == "get")
    verb.parameters()
        .add_option("-o,--output", o->output, "Where it goes; - is standard output")
        .type_name("FILE");
  verb.run([o, what](context& ctx) { return what(ctx, *o); });
  return o;
}

}  // namespace

void define_files(command& c) {
  c.examples({{"ark files upload openai report.pdf", "prints the id that calls can name"},
              {"ark files list anthropic", "what the vendor keeps of yours"}});
  define(c, "list", "List the files that a vendor keeps",
         {{"ark files list openai", "all of them"},
          {"ark files list openai --json | jq -r '.[].id'", "their ids, for a script"}},
         false, list);
  define(c, "upload", "Upload a file",
         {{"ark files upload openai calls.jsonl --purpose batch", "for a batch of your own making"},
          {"ark files upload gemini talk.mp4 --media-type video/mp4", "for calls that name it"}},
         false, upload);
  define(c, "show", "Show what is known of a file",
         {{"ark files show openai file-abc123", "name, size, status"},
          {"ark files show gemini abc123 --json", "also its uri, for calls"}},
         true, show);
  define(c, "get", "Fetch a file's content",
         {{"ark files get openai file-abc123 -o results.jsonl", "into a file"},
          {"ark files get openai file-abc123 | head", "to standard output"}},
         true, get);
  define(c, "remove", "Remove a file",
         {{"ark files remove openai file-abc123", "it is gone at once"},
          {"ark files remove anthropic file_abc", "of another vendor"}},
         true, remove);
}

}  // namespace ark::cli
