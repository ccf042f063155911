#include "cli/commands.hpp"
#include "cli/ledger_filter.hpp"
#include "cli/ledger_print.hpp"
#include "cli/settings.hpp"

namespace ark::cli {
namespace {

struct report_options {
  ledger_selection which;
  std::vector<std::string> by{"day"};
  bool csv = false;
};

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

/// The ledger to read; none, without failure, when there is no file yet.
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

/// Says why there is nothing to show.
void note_nothing(context& ctx, const ark::ledger& book) {
  if (!book) return ctx.note(nothing_recorded);
  const auto any = book.list({.limit = 1});
  ctx.note(any && any->empty() ? nothing_recorded : "no attempt matches");
}

exit_code report(context& ctx, const report_options& o) {
  const auto filter = filter_of(o.which, ctx.machine.wall_now());
  if (!filter) return ctx.wrong_usage(filter.error().message);
  if (ctx.json() && o.csv) return ctx.wrong_usage("choose one of --json and --csv");
  const auto book = open_to_read(ctx);
  if (!book) return ctx.fail(book.error());
  result<std::vector<report_line>> lines = std::vector<report_line>{};
  if (*book) lines = book->report(o.by, *filter);
  if (!lines) return ctx.fail(lines.error());
  const auto totals = totals_of(*lines);
  if (!totals) return ctx.fail(totals.error());
  if (lines->empty()) note_nothing(ctx, *book);
  if (ctx.json())
    ctx.out.line(report_json(o.by, *lines, *totals));
  else if (o.csv)
    print_report_csv(ctx.out, o.by, *lines);
  else
    print_report_table(ctx.out, o.by, *lines, *totals);
  return exit_code::ok;
}

/// Programs get entries as they are read: any number of them in bounded memory.
result<void> print_stream(context& ctx, const ark::ledger& book, const ledger_filter& filter,
                          bool csv) {
  if (csv) print_entry_csv_head(ctx.out);
  if (!csv) ctx.out.write("[");
  bool first = true;
  result<void> done;
  if (book)
    done = book.scan(filter, [&](const ledger_entry& e) {
      if (csv)
        print_entry_csv(ctx.out, e);
      else
        ctx.out.write(first ? "\n" : ",\n").write(entry_json(e));
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

void define_ledger(command& c) {
  c.examples({{"ark ledger report", "what each day cost"},
              {"ark ledger report --by model,tag:team --since 30d", "by model and tag, a month"},
              {"ark ledger list --state ambiguous", "what may have been billed"},
              {"ark ledger report --by month,vendor --csv > costs.csv", "for a spreadsheet"}});
  auto report_verb = c.verb("report", "Add up attempts, tokens and money");
  report_verb.examples({{"ark ledger report", "what each day cost"},
                        {"ark ledger report --by day,model --since 7d", "a week, by model"},
                        {"ark ledger report --by tag:team --json", "by the value of a tag"}});
  auto r = report_verb.options<report_options>();
  report_verb.parameters()
      .add_option("--by", r->by,
                  "Group by: hour, day, month, vendor, model, tenant, user, task, run, state, "
                  "tag:NAME; several with commas")
      .type_name("WHAT")
      .delimiter(',')
      .one_value_each();
  report_verb.parameters().add_flag("--csv", r->csv, "Comma-separated values (RFC 4180)");
  add_selection(report_verb.parameters(), r->which);
  report_verb.run([r](context& ctx) { return report(ctx, *r); });

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
}

}  // namespace ark::cli
