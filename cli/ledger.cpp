#include "billing/entry_text.hpp"
#include "cli/commands.hpp"
#include "cli/ledger_filter.hpp"
#include "cli/ledger_metrics.hpp"
#include "cli/ledger_migrate.hpp"
#include "cli/ledger_print.hpp"
#include "cli/ledger_resolve.hpp"
#include "cli/ledger_verbs.hpp"
#include "cli/ledger_verify.hpp"
#include "cli/settings.hpp"

namespace ark::cli {
namespace {

struct list_options {
  ledger_selection which;
  std::int64_t limit = 20;
  std::int64_t before = 0;
  bool csv = false;
};

constexpr const char* nothing_recorded =
    "nothing is recorded yet: every call that ark or your program makes with this ledger will be "
    "here; try `ark chat hello`";

/// A ledger that this command or its environment names, and that is not there, is a mistake.
result<void> check_not_named(context& ctx) {
  const auto all = ctx.configuration();
  if (!all) return all.error();
  const auto it = (*all)->origins.find("ledger.path");
  if (it == (*all)->origins.end() || it->second.from < layer::environment) return {};
  return error{.code = errc::config,
               .message = "there is no ledger " + (*all)->values.ledger().path() + "; " +
                          it->second.where + " must name one that is there"};
}

/// Programs get entries as they are read: any number of them in bounded memory.
result<void> print_stream(context& ctx, const ark::ledger& book, const ledger_filter& filter,
                          bool csv) {
  if (csv) ctx.out.write(billing::entry_csv_head());
  if (!csv) ctx.out.write("[");
  bool first = true;
  result<void> done;
  if (book)
    done = book.scan(filter, [&](const ledger_entry& e) {
      if (csv)
        ctx.out.write(billing::entry_csv(e));
      else
        ctx.out.write(first ? "\n" : ",\n").write(billing::entry_json(e));
      first = false;
      return true;
    });
  if (!csv) ctx.out.line(first ? "]" : "\n]");
  if (done && first) note_nothing(ctx, book);
  return done;
}

exit_code list(context& ctx, const list_options& o) {
  auto filter = filter_of(o.which, ctx.machine.wall_now());
  if (!filter) return ctx.wrong_usage(filter.error().message);
  if (ctx.json() && o.csv) return ctx.wrong_usage("choose one of --json and --csv");
  if (o.limit < 0 || o.before < 0) return ctx.wrong_usage("--limit and --before are not negative");
  filter->limit = o.limit;
  filter->after_sequence = o.before;
  filter->newest_first = true;
  const auto book = open_to_read(ctx);
  if (!book) return ctx.fail(book.error());
  if (ctx.json() || o.csv) {
    const auto done = print_stream(ctx, *book, *filter, o.csv);
    return done ? exit_code::ok : ctx.fail(done.error());
  }
  result<std::vector<ledger_entry>> entries = std::vector<ledger_entry>{};
  if (*book) entries = book->list(*filter);
  if (!entries) return ctx.fail(entries.error());
  if (entries->empty())
    note_nothing(ctx, *book);
  else
    print_entries_table(ctx.out, *entries);
  return exit_code::ok;
}

}  // namespace

result<ark::ledger> open_to_read(context& ctx) {
  auto book = ctx.open_ledger(true);
  if (!book && book.error().code == errc::not_found) {
    if (auto named = check_not_named(ctx); !named) return named.error();
    return ark::ledger{};
  }
  if (book && !*book)
    return error{
        .code = errc::invalid_request,
        .message = "there is no ledger to read: leave out --no-ledger, or set ledger.path"};
  return book;
}

void note_nothing(context& ctx, const ark::ledger& book) {
  if (!book) return ctx.note(nothing_recorded);
  const auto any = book.list({.limit = 1});
  ctx.note(any && any->empty() ? nothing_recorded : "no attempt matches");
}

void define_ledger(command& c) {
  c.examples({{"ark ledger report", "what each day cost"},
              {"ark ledger report --by model,tag:team --since 30d", "by model and tag, a month"},
              {"ark ledger list --state ambiguous", "what may have been billed"},
              {"ark ledger report --by month,vendor --csv > costs.csv", "for a spreadsheet"}});
  define_ledger_report(c);
  auto list_verb = c.verb("list", "Show attempts, the newest first");
  list_verb.examples(
      {{"ark ledger list", "the last 20 attempts"},
       {"ark ledger list --call 0192f3c4-7a10 --json", "all that is known of a call"},
       {"ark ledger list --since 24h --limit 0 --csv", "every attempt of a day"}});
  auto l = list_verb.options<list_options>();
  list_verb.parameters()
      .add_option("-n,--limit", l->limit, "At most so many; 0 for all")
      .type_name("COUNT");
  list_verb.parameters()
      .add_option("--before", l->before, "Older than this sequence number, for paging")
      .type_name("SEQUENCE");
  list_verb.parameters().add_flag("--csv", l->csv, "Comma-separated values (RFC 4180)");
  add_selection(list_verb.parameters(), l->which);
  list_verb.run([l](context& ctx) { return list(ctx, *l); });
  define_ledger_export(c);
  define_ledger_reconcile(c);
  define_ledger_break_even(c);
  define_ledger_metrics(c);
  define_ledger_verify(c);
  define_ledger_head(c);
  define_ledger_salvage(c);
  define_migrate(c);
  define_resolve(c);
}

}  // namespace ark::cli
