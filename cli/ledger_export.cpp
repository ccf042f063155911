#include <ark/billing.hpp>

#include "cli/ledger_filter.hpp"
#include "cli/ledger_verbs.hpp"
#include "cli/output_file.hpp"

namespace ark::cli {
namespace {

struct ledger_export_options {
  ledger_selection which;
  std::string format, per = "day", account = "libark", file = "-";
};

constexpr std::pair<const char*, export_format> format_names[] = {
    {"csv", export_format::csv},
    {"jsonl", export_format::jsonl},
    {"protobuf", export_format::protobuf},
    {"focus", export_format::focus}};

result<export_options> what_to_export(context& ctx, const ledger_export_options& o) {
  export_options out;
  for (const auto& [name, format] : format_names)
    if (o.format == name) out.format = format;
  if (o.per == "request") out.period = focus_period::request;
  out.account_id = o.account;
  if (out.format != export_format::focus) return out;
  const auto catalogue = ctx.make_catalogue();
  if (!catalogue) return catalogue.error();
  for (const auto& row : catalogue->vendors()) out.providers[row.name] = row.title;
  return out;
}

result<export_summary> write_export(output& out, const ark::ledger& book,
                                    const ledger_filter& filter, const export_options& options) {
  return export_entries(book, filter, options, [&](std::string_view bytes) -> result<void> {
    out.write(bytes);
    return {};
  });
}

result<export_summary> export_to(context& ctx, const std::string& file, const ark::ledger& book,
                                 const ledger_filter& filter, const export_options& options) {
  if (file == "-") return write_export(ctx.out, book, filter, options);
  auto made = output_file::make(file);
  if (!made) return made.error();
  auto done = write_export(made->out(), book, filter, options);
  if (!done) return done;
  if (auto kept = made->keep(); !kept) return kept.error();
  return done;
}

exit_code ledger_export(context& ctx, const ledger_export_options& o) {
  const auto filter = filter_of(o.which, ctx.machine.wall_now());
  if (!filter) return ctx.wrong_usage(filter.error().message);
  if (o.format == "protobuf" && o.file == "-" && ctx.out.is_terminal())
    return ctx.wrong_usage("protobuf is not for a terminal: name a file with -o");
  const auto options = what_to_export(ctx, o);
  if (!options) return ctx.fail(options.error());
  const auto book = open_to_read(ctx);
  if (!book) return ctx.fail(book.error());
  if (!*book) {
    note_nothing(ctx, *book);
    return exit_code::ok;
  }
  const auto done = export_to(ctx, o.file, *book, *filter, *options);
  if (!done) return ctx.fail(done.error());
  if (done->entries == 0) note_nothing(ctx, *book);
  if (done->left_out > 0)
    ctx.warn(std::to_string(done->left_out) +
             " attempts have no known cost and are not in these rows; `ark ledger list` has them");
  if (o.file != "-")
    ctx.note(std::to_string(done->rows) + " rows of " + std::to_string(done->entries) +
             " attempts in " + o.file);
  return exit_code::ok;
}

}  // namespace

void define_ledger_export(command& ledger) {
  auto verb = ledger.verb("export", "Write attempts for other programs");
  verb.examples(
      {{"ark ledger export --format csv -o usage.csv", "every attempt, for a spreadsheet"},
       {"ark ledger export --format focus --since 2026-11-01 --until 2026-12-01",
        "a month as FOCUS 1.2, for a FinOps tool"},
       {"ark ledger export --format jsonl --tag team=search", "for a script"}});
  auto o = verb.options<ledger_export_options>();
  const auto set = verb.parameters();
  set.add_option("--format", o->format, "What to write")
      .type_name("FORMAT")
      .one_of({"csv", "jsonl", "protobuf", "focus"})
      .required();
  set.add_option("-o,--output", o->file, "Into this file instead of standard output")
      .type_name("FILE");
  set.add_option("--per", o->per, "focus: a row for each meter of a day, or of a request")
      .type_name("PERIOD")
      .one_of({"day", "request"});
  set.add_option("--account", o->account, "focus: the billing account's id").type_name("ID");
  add_selection(set, o->which);
  verb.run([o](context& ctx) { return ledger_export(ctx, *o); });
}

}  // namespace ark::cli
