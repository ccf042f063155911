#include <ark/billing.hpp>

#include <algorithm>

#include "base/json.hpp"
#include "billing/clock.hpp"
#include "cli/confirm.hpp"
#include "cli/ledger_filter.hpp"
#include "cli/ledger_verbs.hpp"
#include "cli/mistake.hpp"
#include "cli/table.hpp"

namespace ark::cli {
namespace {

constexpr std::size_t largest_report = 256u << 20;

struct reconcile_command {
  std::string vendor, format = "auto", currency, offset, tolerance = "0", by = "model", project_is,
                      api_key_is, since, until;
  std::vector<std::string> columns, files;
  bool all = false, apply = false, yes = false;
};

result<column_map> columns_of(const std::vector<std::string>& given) {
  constexpr const char* known[] = {"date",     "until",   "model",      "meter",
                                   "project",  "api_key", "request_id", "amount",
                                   "currency", "input",   "cache_read", "output"};
  column_map out;
  for (const auto& each : given) {
    const auto equals = each.find('=');
    const auto field = each.substr(0, equals);
    const bool good = std::find(std::begin(known), std::end(known), field) != std::end(known);
    if (equals == std::string::npos || !good)
      return usage_mistake(
          "--map: write FIELD=COLUMN, as in --map date=Day,amount=Cost; fields are "
          "date, until, model, meter, project, api_key, request_id, amount, "
          "currency, input, cache_read, output");
    out[field] = each.substr(equals + 1);
  }
  return out;
}

/// "+08:00", "-0530".
result<std::optional<std::chrono::minutes>> offset_of(const std::string& text) {
  if (text.empty()) return std::optional<std::chrono::minutes>{};
  const auto epoch = billing::parse_time("1970-01-02T00:00:00" + text, {});
  if (!epoch || (text[0] != '+' && text[0] != '-'))
    return usage_mistake("--utc-offset: write it as in +08:00");
  const std::chrono::system_clock::time_point second_day{std::chrono::days(1)};
  return std::optional(std::chrono::duration_cast<std::chrono::minutes>(second_day - *epoch));
}

result<report_options> how_to_read(const reconcile_command& o) {
  report_options out{.format = o.format, .currency = o.currency};
  auto columns = columns_of(o.columns);
  if (!columns) return columns.error();
  out.columns = std::move(*columns);
  const auto offset = offset_of(o.offset);
  if (!offset) return offset.error();
  out.utc_offset = *offset;
  return out;
}

result<reconcile_options> how_to_compare(const reconcile_command& o) {
  reconcile_options out{.vendor = o.vendor,
                        .by_model = o.by == "model",
                        .project_is = o.project_is,
                        .api_key_is = o.api_key_is};
  const auto tolerance = amount::parse(o.tolerance);
  if (!tolerance || tolerance->raw() < 0)
    return usage_mistake("--tolerance: write an amount from 0 on, as in 0.01");
  out.tolerance = *tolerance;
  return out;
}

/// Reads the files, one after the other.
result<reconciler> read_reports(context& ctx, const reconcile_command& o,
                                const report_options& reading, reconcile_options comparing) {
  std::optional<reconciler> to;
  for (const auto& file : o.files) {
    const auto text = os::read_file(file, largest_report);
    if (!text) return text.error();
    const auto facts = identify_vendor_report(file, *text, reading);
    if (!facts) return facts.error();
    if (to && facts->utc_offset != comparing.utc_offset)
      return usage_mistake(file + " has other days than the files before it: give --utc-offset");
    comparing.utc_offset = facts->utc_offset;
    if (!to) to.emplace(comparing);
    const auto done = read_vendor_report(
        file, *text, reading, [&](vendor_line line) { return to->add(std::move(line)); });
    if (!done) return done.error();
    for (const auto& note : done->notes) ctx.note(note);
    if (done->lines == 0) ctx.note(file + " has no lines");
  }
  return std::move(*to);
}

std::string period_text(const reconcile_item& item, std::chrono::minutes offset) {
  if (item.from == std::chrono::system_clock::time_point{}) return "";
  const std::string from = billing::day_text(item.from + offset);
  const auto last = item.until + offset - std::chrono::seconds(1);
  const std::string until = billing::day_text(last);
  return from == until ? from : from + " to " + until;
}

std::string difference_of(const reconcile_item& item) {
  const auto rest = item.billed.value_or(amount{}).minus(item.booked);
  return rest ? rest->to_string() : "?";
}

void write_item(json::writer& w, const reconcile_item& i) {
  const auto time = [](auto at) { return billing::second_text(at); };
  w.begin_object().key("status").string(to_string(i.status));
  w.key("from").string(i.request_id.empty() ? time(i.from) : "");
  w.key("until").string(i.request_id.empty() ? time(i.until) : "");
  w.key("model").string(i.model).key("project").string(i.project);
  w.key("api_key").string(i.api_key).key("request_id").string(i.request_id);
  w.key("currency").string(i.currency).key("billed");
  i.billed ? w.string(i.billed->to_string()) : w.null();
  w.key("booked").string(i.booked.to_string()).key("low").string(i.low.to_string());
  w.key("high").string(i.high.to_string()).key("vendor_tokens");
  i.vendor_tokens ? w.number(*i.vendor_tokens) : w.null();
  w.key("ledger_tokens").number(i.ledger_tokens).key("vendor_lines").number(i.vendor_lines);
  w.key("entries").number(i.entries).key("ambiguous").number(i.ambiguous);
  for (const auto& [name, list] :
       {std::pair("places", &i.places), std::pair("reasons", &i.reasons)}) {
    w.key(name).begin_array();
    for (const auto& text : *list) w.string(text);
    w.end_array();
  }
  w.end_object();
}

std::string reconciliation_json(const reconciliation& r, bool all, bool applied) {
  std::string text;
  json::writer w(text);
  w.begin_object().key("agrees").boolean(r.agrees()).key("items").begin_array();
  for (const auto& item : r.items)
    if (all || item.status != match_status::matched) write_item(w, item);
  w.end_array().key("totals").begin_array();
  for (const auto& t : r.totals)
    w.begin_object()
        .key("currency")
        .string(t.currency)
        .key("billed")
        .string(t.billed.to_string())
        .key("booked")
        .string(t.booked.to_string())
        .key("low")
        .string(t.low.to_string())
        .key("high")
        .string(t.high.to_string())
        .end_object();
  w.end_array().key("corrections").begin_array();
  for (const auto& c : r.corrections)
    w.begin_object()
        .key("sequence")
        .number(c.sequence)
        .key("cost")
        .string(c.cost.value.to_string())
        .key("currency")
        .string(c.cost.currency)
        .key("reason")
        .string(c.reason)
        .end_object();
  w.end_array().key("applied").boolean(applied).end_object();
  return text;
}

void print_items(context& ctx, const reconciliation& r, bool all, std::chrono::minutes offset) {
  table t;
  const auto any_item = [&](std::string reconcile_item::* part) {
    return std::any_of(r.items.begin(), r.items.end(),
                       [&](const auto& i) { return !(i.*part).empty(); });
  };
  const bool projects = any_item(&reconcile_item::project),
             keys = any_item(&reconcile_item::api_key);
  for (const char* title : {"status", "period", "model or request"}) t.column(title);
  if (projects) t.column("project");
  if (keys) t.column("key");
  for (const char* title : {"vendor", "ledger", "difference"}) t.column(title, align::right);
  t.column("");
  bool any = false;
  for (const auto& i : r.items) {
    if (!all && i.status == match_status::matched) continue;
    any = true;
    const bool tokens = i.currency.empty() && i.vendor_tokens;
    std::vector<std::string> cells = {std::string(to_string(i.status)), period_text(i, offset),
                                      i.request_id.empty() ? i.model : i.request_id};
    if (projects) cells.push_back(i.project);
    if (keys) cells.push_back(i.api_key);
    if (tokens) {
      for (const auto n : {*i.vendor_tokens, i.ledger_tokens, *i.vendor_tokens - i.ledger_tokens})
        cells.push_back(std::to_string(n));
    } else {
      cells.push_back(i.billed ? i.billed->to_string() : "-");
      cells.push_back(i.booked.to_string());
      cells.push_back(difference_of(i));
    }
    cells.push_back(tokens ? "tokens" : i.currency);
    t.row(std::move(cells));
  }
  if (any) t.print(ctx.out);
}

void print_reasons(context& ctx, const reconciliation& r, std::chrono::minutes offset) {
  for (const auto& i : r.items) {
    if (i.reasons.empty()) continue;
    std::string head =
        period_text(i, offset) + " " + (i.request_id.empty() ? i.model : i.request_id);
    if (!i.places.empty()) head += " (" + i.places.front() + ")";
    ctx.out.line().line(printable(head + ":"));
    for (const auto& reason : i.reasons) ctx.out.line("  " + printable(reason));
  }
}

void print_reconciliation(context& ctx, const reconciliation& r, const reconcile_command& o,
                          std::chrono::minutes offset) {
  print_items(ctx, r, o.all, offset);
  print_reasons(ctx, r, offset);
  const auto matched = std::count_if(r.items.begin(), r.items.end(), [](const auto& i) {
    return i.status == match_status::matched;
  });
  if (!r.agrees()) ctx.out.line();
  ctx.out.line(std::to_string(matched) + " of " + std::to_string(r.items.size()) + " agree");
  for (const auto& t : r.totals) {
    std::string line =
        t.currency + ": vendor " + t.billed.to_string() + ", ledger " + t.booked.to_string();
    if (t.low != t.high)
      line += " (" + t.low.to_string() + " to " + t.high.to_string() + " with what is not settled)";
    ctx.out.line(line);
  }
}

/// Books the corrections, if somebody wants it.
result<bool> apply_corrections(context& ctx, const reconcile_command& o, const ark::ledger& book,
                               const reconciliation& r) {
  if (r.corrections.empty()) {
    if (o.apply) ctx.note("nothing follows exactly from the report: there is nothing to book");
    return false;
  }
  const std::string what = std::to_string(r.corrections.size()) + " corrections";
  if (!o.apply) {
    ctx.note(what + " of ambiguous attempts follow from the report; --apply books them");
    return false;
  }
  if (!ctx.json())
    for (const auto& c : r.corrections)
      ctx.note("entry " + std::to_string(c.sequence) + ": " +
               to_string(money{c.cost.value, c.cost.currency}) + ", " + c.reason);
  if (!o.yes)
    if (const auto why = refusal_of(ctx, "Book " + what); !why.empty()) {
      ctx.note(what + " were not booked: " + why);
      return false;
    }
  if (auto ok = book.correct(r.corrections); !ok) return ok.error();
  ctx.note(what + " booked");
  return true;
}

exit_code reconcile(context& ctx, const reconcile_command& o) {
  const auto filter = filter_of({.since = o.since, .until = o.until}, ctx.machine.wall_now());
  if (!filter) return ctx.wrong_usage(filter.error().message);
  const auto reading = how_to_read(o);
  if (!reading) return ctx.wrong_usage(reading.error().message);
  auto comparing = how_to_compare(o);
  if (!comparing) return ctx.wrong_usage(comparing.error().message);
  auto reports = read_reports(ctx, o, *reading, *comparing);
  if (!reports) return ctx.fail(reports.error());
  const auto book = o.apply ? ctx.open_ledger(false) : open_to_read(ctx);
  if (!book) return ctx.fail(book.error());
  if (!*book) {
    note_nothing(ctx, *book);
    return exit_code::no;
  }
  const auto r = reports->compare(*book, *filter);
  if (!r) return ctx.fail(r.error());
  const auto offset = reports->utc_offset();
  if (!ctx.json()) print_reconciliation(ctx, *r, o, offset);
  const auto applied = apply_corrections(ctx, o, *book, *r);
  if (!applied) return ctx.fail(applied.error());
  if (ctx.json()) ctx.out.line(reconciliation_json(*r, o.all, *applied));
  return r->agrees() ? exit_code::ok : exit_code::no;
}

void add_reconcile_options(option_set set, reconcile_command& o) {
  set.add_option("FILE", o.files, "The vendor's usage or cost reports: JSON pages or CSV")
      .type_name("")
      .required();
  set.add_option("--vendor", o.vendor, "Whose reports: the entries of this vendor")
      .type_name("NAME")
      .required();
  set.add_option("--format", o.format, "How they are written; found out if not given")
      .type_name("FORMAT")
      .one_of({"auto", "csv", "volcengine", "anthropic", "openai"});
  set.add_option("--map", o.columns,
                 "Columns of a CSV that ark does not know: date=Day,amount=Cost")
      .type_name("FIELD=COLUMN")
      .delimiter(',')
      .one_value_each();
  set.add_option("--currency", o.currency, "Of a CSV without a column for it").type_name("ISO");
  set.add_option("--utc-offset", o.offset, "Where the vendor's days begin, as +08:00")
      .type_name("OFFSET");
  set.add_option("--by", o.by, "Compare models, or days as wholes")
      .type_name("WHAT")
      .one_of({"model", "day"});
  set.add_option("--project-is", o.project_is,
                 "The vendor's projects are here: tenant, user, tag:NAME")
      .type_name("WHAT");
  set.add_option("--credential-is", o.api_key_is,
                 "The vendor's API key ids are here: tag:NAME, ...")
      .type_name("WHAT");
  set.add_option("--tolerance", o.tolerance, "Amounts that differ by no more agree")
      .type_name("AMOUNT");
  set.add_option("--since", o.since, "Entries from this time on; else as the reports")
      .type_name("TIME");
  set.add_option("--until", o.until, "Entries before this time").type_name("TIME");
  set.add_flag("--all", o.all, "Show what agrees, too");
  set.add_flag("--apply", o.apply, "Book what the reports settle of ambiguous attempts");
  set.add_flag("--yes", o.yes, "With --apply: without asking");
}

}  // namespace

void define_ledger_reconcile(command& ledger) {
  auto verb = ledger.verb("reconcile", "Compare with a vendor's bill");
  verb.examples(
      {{"ark ledger reconcile --vendor openai costs.json", "what the vendor billed, day by day"},
       {"ark ledger reconcile --vendor anthropic cost_report.json --by day", "days as wholes"},
       {"ark ledger reconcile --vendor groq bill.csv --map date=Day,model=Model,amount=Cost "
        "--currency USD",
        "any CSV"}});
  auto o = verb.options<reconcile_command>();
  add_reconcile_options(verb.parameters(), *o);
  verb.run([o](context& ctx) { return reconcile(ctx, *o); });
}

}  // namespace ark::cli
