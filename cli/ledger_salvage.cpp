#include "base/json.hpp"
#include "cli/ledger_verbs.hpp"
#include "cli/ledger_verify.hpp"
#include "cli/settings.hpp"

namespace ark::cli {
namespace {

struct salvage_options {
  std::string to;
};

void add_rows(json::writer& w, const char* name, const ledger_saved_rows& rows) {
  w.key(name).begin_object();
  w.key("saved").number(rows.saved);
  w.key("changed").number(rows.changed);
  w.key("unchecked").number(rows.unchecked);
  w.key("recorded").number(rows.recorded);
  w.end_object();
}

void add_lists(json::writer& w, const ledger_salvage& s) {
  w.key("orphan_cost").begin_array();
  for (const money& m : s.orphan_cost) {
    w.begin_object();
    w.key("currency").string(m.currency);
    w.key("value").string(m.value.to_string());
    w.end_object();
  }
  w.end_array();
  w.key("lost").begin_array();
  for (const auto& range : s.lost) {
    w.begin_object();
    w.key("table").string(range.table);
    w.key("first").number(range.first);
    w.key("last").number(range.last);
    w.end_object();
  }
  w.end_array();
  w.key("more_lost").number(s.more_lost);
  w.key("findings").begin_array();
  for (const auto& f : s.findings) add_finding(w, f);
  w.end_array();
  w.key("more_findings").number(s.more_findings);
}

std::string salvage_json(const ledger_salvage& s) {
  std::string text;
  json::writer w(text);
  w.begin_object();
  w.key("complete").boolean(s.complete());
  add_rows(w, "intents", s.intents);
  add_rows(w, "outcomes", s.outcomes);
  add_rows(w, "corrections", s.corrections);
  const std::pair<const char*, std::int64_t> numbers[] = {{"sessions", s.sessions},
                                                          {"budgets", s.budgets},
                                                          {"spooled", s.spooled},
                                                          {"in_doubt", s.in_doubt},
                                                          {"orphans", s.orphans},
                                                          {"pages", s.pages},
                                                          {"damaged_pages", s.damaged_pages},
                                                          {"segments", s.segments},
                                                          {"good_segments", s.good_segments}};
  for (const auto& [name, number] : numbers) w.key(name).number(number);
  add_head(w, "end", s.end);
  if (s.anchor) add_head(w, "anchor", *s.anchor);
  w.key("ends_at_anchor").boolean(s.ends_at_anchor);
  add_lists(w, s);
  w.key("new_ledger").begin_object();
  w.key("good").boolean(s.check.good());
  add_head(w, "head", s.check.head);
  w.end_object();
  w.end_object();
  return text;
}

constexpr std::size_t shown_max = 20;

std::string rows_text(const char* name, const ledger_saved_rows& rows) {
  std::string text = std::to_string(rows.saved);
  if (rows.recorded > 0) text += " of " + std::to_string(rows.recorded);
  text += std::string(" ") + name;
  if (rows.changed > 0) text += " (" + std::to_string(rows.changed) + " do not fit their check)";
  return text;
}

void print_more(output& out, std::size_t listed, std::int64_t more) {
  const auto left = static_cast<std::int64_t>(listed) + more - static_cast<std::int64_t>(shown_max);
  if (left > 0) out.line("  and " + std::to_string(left) + " more (--json shows 1000)");
}

void print_losses(output& out, const ledger_salvage& s) {
  for (std::size_t i = 0; i < s.findings.size() && i < shown_max; ++i)
    out.line(std::string(to_string(s.findings[i].what)) + ": " + s.findings[i].text);
  print_more(out, s.findings.size(), s.more_findings);
  if (!s.lost.empty()) out.line("nothing was found where these may have been:");
  for (std::size_t i = 0; i < s.lost.size() && i < shown_max; ++i) {
    const auto& range = s.lost[i];
    out.line("  " + range.table + " " + std::to_string(range.first) +
             (range.last > range.first ? " to " + std::to_string(range.last) : ""));
  }
  print_more(out, s.lost.size(), s.more_lost);
  if (s.in_doubt > 0)
    out.line(std::to_string(s.in_doubt) +
             " attempts are in doubt, up to their quote: `ark ledger list --state ambiguous`, then "
             "`ark ledger resolve` or `reconcile`");
  if (s.orphans > 0) {
    std::string text = std::to_string(s.orphans) + " outcomes have lost their attempt";
    for (const money& m : s.orphan_cost) text += ", " + m.value.to_string() + " " + m.currency;
    out.line(text + ": kept as orphans, which no report counts");
  }
}

void print_salvage(output& out, const ledger_salvage& s, const std::string& to) {
  print_losses(out, s);
  out.line(rows_text("attempts", s.intents) + ", " + rows_text("outcomes", s.outcomes) + ", " +
           rows_text("corrections", s.corrections) + "; " + std::to_string(s.spooled) +
           " records of spools, " + std::to_string(s.budgets) + " changes of budgets");
  out.line(std::to_string(s.good_segments) + " of " + std::to_string(s.segments) +
           " segments fit; the end " +
           (s.ends_at_anchor ? "is the anchor's"
            : s.anchor       ? "is not the anchor's, segment " + std::to_string(s.anchor->segment)
                             : "has no anchor to be compared with"));
  out.line(to + (s.check.good() ? " was made and is good" : " was made and is NOT good") +
           (s.complete() ? ": nothing was lost" : ""));
}

exit_code salvage(context& ctx, const salvage_options& o) {
  if (o.to.empty()) return ctx.wrong_usage("say where to: --to NEWFILE");
  const auto all = ctx.configuration();
  if (!all) return ctx.fail(all.error());
  const auto& settings = (*all)->values.ledger();
  auto rates = rates_of(**all);
  if (!rates) return ctx.fail(rates.error());
  const std::string to = expand_home(ctx.machine, o.to);
  const auto saved = ark::ledger::salvage({.path = expand_home(ctx.machine, settings.path()),
                                           .anchor = expand_home(ctx.machine, settings.anchor())},
                                          {.path = to, .rates = std::move(*rates)});
  if (!saved) return ctx.fail(saved.error());
  if (ctx.json())
    ctx.out.line(salvage_json(*saved));
  else
    print_salvage(ctx.out, *saved, to);
  return saved->complete() && saved->check.good() ? exit_code::ok : exit_code::no;
}

}  // namespace

void define_ledger_salvage(command& ledger) {
  auto c = ledger.verb("salvage", "Save what can be read of a damaged ledger into a new file");
  c.examples({{"ark ledger salvage --to saved.sqlite",
               "the damaged file is not changed; exit code 1 if anything was lost"},
              {"ark --ledger broken.sqlite ledger salvage --to saved.sqlite --json",
               "another file, for a program"}});
  auto o = c.options<salvage_options>();
  c.parameters()
      .add_option("--to", o->to, "The new ledger; there must be no such file yet")
      .type_name("FILE");
  c.run([o](context& ctx) { return salvage(ctx, *o); });
}

}  // namespace ark::cli
