#include "base/json.hpp"
#include "billing/clock.hpp"
#include "billing/html_report.hpp"
#include "billing/reprice.hpp"
#include "cli/ledger_chart.hpp"
#include "cli/ledger_filter.hpp"
#include "cli/ledger_print.hpp"
#include "cli/ledger_verbs.hpp"
#include "cli/output_file.hpp"
#include "cli/prices_book.hpp"
#include "cli/table.hpp"

namespace ark::cli {
namespace {

struct report_command {
  ledger_selection which;
  std::vector<std::string> by{"day"}, as_if;
  std::string html;
  bool csv = false, chart = false;
};

/// "By day and model".
std::string section_title(const std::vector<std::string>& by) {
  std::string out = by.empty() ? "All" : "By";
  for (std::size_t i = 0; i < by.size(); ++i) out += (i == 0 ? " " : " and ") + by[i];
  return out;
}

/// Which attempts, in words.
std::string scope_text(const ledger_selection& s) {
  std::string out;
  for (const auto& [name, value] :
       {std::pair("since", s.since), std::pair("until", s.until), std::pair("vendor", s.vendor),
        std::pair("model", s.model), std::pair("tenant", s.tenant), std::pair("user", s.user),
        std::pair("task", s.task), std::pair("run", s.run), std::pair("call", s.call),
        std::pair("state", s.state)})
    if (!value.empty()) out += (out.empty() ? "" : ", ") + std::string(name) + " " + value;
  for (const auto& tag : s.tags) out += (out.empty() ? "" : ", ") + tag;
  return out;
}

/// What was asked for first, then by day and by model.
result<billing::report_page> page_of(context& ctx, const report_command& o, const ark::ledger& book,
                                     const ledger_filter& filter) {
  billing::report_page page{.scope = scope_text(o.which),
                            .made = billing::second_text(ctx.machine.wall_now())};
  std::vector<std::vector<std::string>> dimensions = {o.by};
  for (const char* usual : {"day", "model", "vendor"})
    if (o.by != std::vector<std::string>{usual}) dimensions.push_back({usual});
  for (auto& by : dimensions) {
    auto lines = book.report(by, filter);
    if (!lines) return lines.error();
    page.sections.push_back({section_title(by), by, std::move(*lines)});
  }
  auto totals = totals_of(page.sections.front().lines);
  if (!totals) return totals.error();
  page.totals = std::move(*totals);
  return page;
}

exit_code write_page(context& ctx, const report_command& o, const ark::ledger& book,
                     const ledger_filter& filter) {
  if (!book) {
    note_nothing(ctx, book);
    return exit_code::ok;
  }
  const auto page = page_of(ctx, o, book, filter);
  if (!page) return ctx.fail(page.error());
  auto file = output_file::make(o.html);
  if (!file) return ctx.fail(file.error());
  file->out().write(billing::html_page(*page));
  if (auto ok = file->keep(); !ok) return ctx.fail(ok.error());
  ctx.note("the report is in " + o.html);
  return exit_code::ok;
}

result<std::vector<const catalog::model*>> models_named(const catalog::book& book,
                                                        const std::vector<std::string>& names) {
  std::vector<const catalog::model*> out;
  for (const auto& name : names) {
    const auto found = book.resolve(name);
    if (!found) return found.error();
    if (found->known == nullptr || found->known->prices.empty())
      return error{.code = errc::not_found, .message = "the catalogue has no prices for " + name};
    out.push_back(found->known);
  }
  return out;
}

std::string difference_text(const billing::reprice_line& line, const billing::other_price& other) {
  if (line.currency != other.currency) return "";
  const auto rest = other.cost.minus(other.booked);
  return rest ? rest->to_string() : "";
}

std::string repriced_json(const std::vector<std::string>& by, const billing::repriced& all) {
  std::string text;
  json::writer w(text);
  w.begin_object().key("lines").begin_array();
  for (const auto& line : all.lines) {
    w.begin_object();
    for (std::size_t i = 0; i < by.size(); ++i) w.key(by[i]).string(line.key[i]);
    w.key("attempts").number(line.attempts).key("currency").string(line.currency);
    w.key("booked").string(line.booked.to_string()).key("as_if").begin_array();
    for (const auto& other : line.others) {
      w.begin_object().key("model").string(other.model).key("currency").string(other.currency);
      w.key("priced").number(other.priced).key("unpriced").number(other.unpriced);
      w.key("booked").string(other.booked.to_string()).key("cost").string(other.cost.to_string());
      w.key("difference");
      const auto rest = difference_text(line, other);
      rest.empty() ? w.null() : w.string(rest);
      w.key("why_unpriced").string(other.why_unpriced).end_object();
    }
    w.end_array().end_object();
  }
  w.end_array().key("left_out").number(all.left_out).end_object();
  return text;
}

void print_repriced(context& ctx, const std::vector<std::string>& by,
                    const billing::repriced& all) {
  table t;
  for (const auto& name : by) t.column(name);
  t.column("attempts", align::right);
  t.column("booked", align::right);
  t.column("");
  t.column("as if");
  for (const char* title : {"priced", "cost"}) t.column(title, align::right);
  t.column("");
  t.column("difference", align::right);
  for (const auto& line : all.lines)
    for (const auto& other : line.others) {
      std::vector<std::string> cells = line.key;
      for (auto& cell : {std::to_string(line.attempts), other.booked.to_string(), line.currency,
                         other.model, std::to_string(other.priced),
                         other.priced == 0 ? std::string("unknown") : other.cost.to_string(),
                         other.currency, difference_text(line, other)})
        cells.push_back(cell);
      t.row(std::move(cells));
    }
  t.print(ctx.out);
  for (const auto& line : all.lines)
    for (const auto& other : line.others)
      if (other.unpriced > 0)
        ctx.note(std::to_string(other.unpriced) + " attempts cannot be priced as " + other.model +
                 ": " + other.why_unpriced);
}

exit_code report_as_if(context& ctx, const report_command& o, const ark::ledger& book,
                       const ledger_filter& filter) {
  const auto catalogue = load_catalogue(ctx);
  if (!catalogue) return ctx.fail(catalogue.error());
  const auto models = models_named(**catalogue, o.as_if);
  if (!models) return ctx.fail(models.error());
  result<billing::repriced> all = billing::repriced{};
  if (book) all = billing::reprice(book, filter, o.by, *models);
  if (!all) return ctx.fail(all.error());
  if (ctx.json()) {
    ctx.out.line(repriced_json(o.by, *all));
    return exit_code::ok;
  }
  if (all->lines.empty())
    note_nothing(ctx, book);
  else
    print_repriced(ctx, o.by, *all);
  if (all->left_out > 0)
    ctx.note(std::to_string(all->left_out) +
             " attempts are left out: not settled, or without usage or a known cost");
  ctx.note("token counts are those of the model that answered; another model counts otherwise");
  return exit_code::ok;
}

exit_code report(context& ctx, const report_command& o) {
  const auto filter = filter_of(o.which, ctx.machine.wall_now());
  if (!filter) return ctx.wrong_usage(filter.error().message);
  const int forms = int{ctx.json()} + int{o.csv} + int{o.chart} + int{!o.html.empty()};
  if (forms > 1) return ctx.wrong_usage("choose one of --json, --csv, --chart and --html");
  if (!o.as_if.empty() && (o.csv || o.chart || !o.html.empty()))
    return ctx.wrong_usage("--as-if is shown as a table or with --json");
  const auto book = open_to_read(ctx);
  if (!book) return ctx.fail(book.error());
  if (!o.html.empty()) return write_page(ctx, o, *book, *filter);
  if (!o.as_if.empty()) return report_as_if(ctx, o, *book, *filter);
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
  else if (o.chart)
    print_chart(ctx.out, *lines);
  else
    print_report_table(ctx.out, o.by, *lines, *totals);
  return exit_code::ok;
}

}  // namespace

void define_ledger_report(command& ledger) {
  auto verb = ledger.verb("report", "Add up attempts, tokens and money");
  verb.examples(
      {{"ark ledger report", "what each day cost"},
       {"ark ledger report --by day,model --since 7d", "a week, by model"},
       {"ark ledger report --by tag:team --json", "by the value of a tag"},
       {"ark ledger report --by model --html costs.html", "a page with tables and charts"},
       {"ark ledger report --by model --as-if deepseek/deepseek-chat",
        "the same usage at another model's prices"}});
  auto o = verb.options<report_command>();
  const auto set = verb.parameters();
  set.add_option("--by", o->by,
                 "Group by: hour, day, month, vendor, model, tenant, user, task, run, state, "
                 "tag:NAME; several with commas")
      .type_name("WHAT")
      .delimiter(',')
      .one_value_each();
  set.add_flag("--csv", o->csv, "Comma-separated values (RFC 4180)");
  set.add_flag("--chart", o->chart, "Bars, as wide as the terminal");
  set.add_option("--html", o->html, "One self-contained page, into this file").type_name("FILE");
  set.add_option("--as-if", o->as_if, "What the usage would have cost with these models")
      .type_name("MODEL")
      .delimiter(',')
      .one_value_each();
  add_selection(set, o->which);
  verb.run([o](context& ctx) { return report(ctx, *o); });
}

}  // namespace ark::cli
