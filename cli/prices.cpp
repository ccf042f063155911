#include <fmt/format.h>
#include <chrono>

#include "base/json.hpp"
#include "catalog/history.hpp"
#include "cli/commands.hpp"
#include "cli/mistake.hpp"
#include "cli/prices_book.hpp"
#include "cli/prices_update.hpp"
#include "cli/table.hpp"

namespace ark::cli {
namespace {

struct price_options {
  std::string model;
  std::string at;
};

std::string day_text(std::int64_t day) {
  if (day < 0) return {};
  const std::chrono::year_month_day d{std::chrono::sys_days{std::chrono::days{day}}};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(d.year()),
                     static_cast<unsigned>(d.month()), static_cast<unsigned>(d.day()));
}

/// "2026-11-28" as the beginning of that day, UTC.
result<std::chrono::system_clock::time_point> day_named(const std::string& text) {
  int year = 0;
  unsigned month = 0, day = 0;
  char rest = 0;
  const int read = std::sscanf(text.c_str(), "%4d-%2u-%2u%c", &year, &month, &day, &rest);
  const std::chrono::year_month_day d{std::chrono::year{year}, std::chrono::month{month},
                                      std::chrono::day{day}};
  if (read != 3 || !d.ok()) return usage_mistake("--at: write a day as 2026-11-28");
  return std::chrono::system_clock::time_point{std::chrono::sys_days{d}};
}

void write_row(json::writer& w, const catalog::model& m) {
  const model_info info = catalog::describe(m);
  const auto day = [&](const char* key, std::int64_t n) {
    n < 0 ? w.key(key).null() : w.key(key).string(day_text(n));
  };
  w.begin_object().key("model").string(info.id).key("currency").string(info.currency);
  day("from", m.from_day);
  day("until", m.until_day);
  w.key("hash").string(m.hash);
  w.key("source").string(info.source).key("source_date").string(info.source_date);
  w.key("prices").begin_array();
  for (const auto& p : info.prices) {
    w.begin_object().key("dimension").string(p.dimension);
    w.key("price").string(p.value.to_string()).key("unit").string(p.unit);
    w.key("condition").string(p.condition).end_object();
  }
  w.end_array().end_object();
}

void print_row(context& ctx, const catalog::model& m) {
  const model_info info = catalog::describe(m);
  std::string when = m.from_day >= 0 ? ", from " + day_text(m.from_day) : std::string{};
  if (m.until_day >= 0) when += ", until " + day_text(m.until_day);
  ctx.out.line(info.id + when);
  table t;
  t.column("  PRICE");
  t.column(info.currency, align::right);
  t.column("PER");
  t.column("WHEN");
  for (const auto& p : info.prices)
    t.row({"  " + p.dimension, p.value.to_string(), p.unit, p.condition});
  if (info.prices.empty())
    ctx.out.line("  prices are not known");
  else
    t.print(ctx.out);
  ctx.out.line("  from " + info.source + (info.source_date.empty() ? "" : ", ") + info.source_date +
               "; hash " + m.hash.substr(0, 12));
}

void print_rows(context& ctx, const std::vector<const catalog::model*>& rows) {
  if (!ctx.json()) {
    for (const catalog::model* m : rows) print_row(ctx, *m);
    return;
  }
  std::string text;
  json::writer w{text};
  w.begin_array();
  for (const catalog::model* m : rows) write_row(w, *m);
  w.end_array();
  ctx.out.line(text);
}

/// The standard price of a dimension, "?" without one.
std::string plain_price(const catalog::model& m, std::string_view dimension) {
  for (const catalog::price& p : m.prices)
    if (p.dimension == dimension && p.when == catalog::condition{} && !p.unknown)
      return p.value.to_string();
  return "?";
}

exit_code list_prices(context& ctx, const price_options& o) {
  const auto book = load_catalogue(ctx);
  if (!book) return ctx.fail(book.error());
  std::vector<const catalog::model*> found;
  for (const catalog::model* m : (*book)->models()) {
    if (m->info.id.find(o.model) == std::string::npos || m->prices.empty()) continue;
    if (const auto* now = catalog::in_force(*m, ctx.machine.wall_now())) found.push_back(now);
  }
  if (ctx.json()) {
    print_rows(ctx, found);
  } else if (!found.empty()) {
    table t;
    t.column("MODEL");
    for (const char* title : {"INPUT", "CACHED", "OUTPUT"}) t.column(title, align::right);
    for (const char* title : {"PER MTOK", "FROM", "SOURCE"}) t.column(title);
    for (const catalog::model* m : found)
      t.row({m->info.id, plain_price(*m, "input"), plain_price(*m, "cache_read"),
             plain_price(*m, "output"), m->info.currency, day_text(m->from_day), m->info.source});
    t.print(ctx.out);
  }
  if (found.empty()) ctx.note("no model with prices fits");
  return found.empty() ? exit_code::no : exit_code::ok;
}

result<const catalog::model*> model_named(const catalog::book& book, const std::string& name) {
  const auto found = book.resolve(name);
  if (!found) return found.error();
  if (found->known == nullptr)
    return error{.code = errc::not_found,
                 .message = "the catalogue has no model \"" + name + "\": its price is unknown"};
  return found->known;
}

exit_code show_prices(context& ctx, const price_options& o) {
  const auto book = load_catalogue(ctx);
  if (!book) return ctx.fail(book.error());
  const auto m = model_named(**book, o.model);
  if (!m) return ctx.fail(m.error());
  auto at = result<std::chrono::system_clock::time_point>(ctx.machine.wall_now());
  if (!o.at.empty()) at = day_named(o.at);
  if (!at) return ctx.wrong_usage(at.error().message);
  const catalog::model* row = catalog::in_force(**m, *at);
  if (row == nullptr) {
    ctx.note("no price of " + (*m)->info.id + " was in force on that day");
    return exit_code::no;
  }
  print_rows(ctx, {row});
  return exit_code::ok;
}

exit_code show_history(context& ctx, const price_options& o) {
  const auto book = load_catalogue(ctx);
  if (!book) return ctx.fail(book.error());
  const auto m = model_named(**book, o.model);
  if (!m) return ctx.fail(m.error());
  std::vector<const catalog::model*> rows;
  for (const catalog::model& before : (*m)->earlier) rows.push_back(&before);
  rows.push_back(*m);
  print_rows(ctx, rows);
  return exit_code::ok;
}

void define_update(command& c) {
  auto o = c.options<update_options>();
  c.examples({{"ark prices update prices.json --sha256 9f86...", "a file whose hash is known"},
              {"ark prices update prices.textproto --signature prices.sig --public-key vendor.pem",
               "a signed file"},
              {"ark prices update lists/ --compare other/ --dry-run", "see what would change"}});
  const auto set = c.parameters();
  set.add_option("PATH", o->path, "Price lists, *.textproto or *.json").type_name("").required();
  set.add_option("--sha256", o->proof.sha256, "The file's SHA-256 must be this").type_name("HEX");
  set.add_option("--signature", o->proof.signature_file, "Ed25519 signature of the file")
      .type_name("FILE");
  set.add_option("--public-key", o->proof.public_key_file, "Whose signature it must be (PEM)")
      .type_name("FILE");
  set.add_option("--compare", o->compare, "A second source; where it disagrees, ask")
      .type_name("FILE|DIR");
  set.add_flag("--yes", o->yes, "Agree to everything that would be asked");
  set.add_option("--accept", o->accept, "Agree to what would be asked about this model")
      .type_name("MODEL")
      .one_value_each();
  set.add_flag("--dry-run", o->dry_run, "Tell what would change, and keep nothing");
  c.run([o](context& ctx) { return update_prices(ctx, *o); });
}

}  // namespace

void define_prices(command& c) {
  c.examples({{"ark prices show openai/gpt-5", "what it costs today"},
              {"ark prices update prices.json --sha256 9f86...", "take over a price list"}});
  auto lists = c.verb("list", "List models with their standard prices today");
  auto l = lists.options<price_options>();
  lists.examples({{"ark prices list gpt-5", "all whose id has this in it"},
                  {"ark prices list --json", "all prices, for programs"}});
  lists.parameters().add_option("FILTER", l->model, "Part of an id").type_name("");
  lists.run([l](context& ctx) { return list_prices(ctx, *l); });
  auto shows = c.verb("show", "Show all prices of a model, with conditions, source and hash");
  auto s = shows.options<price_options>();
  shows.examples({{"ark prices show deepseek/deepseek-chat", "today's"},
                  {"ark prices show openai/gpt-5 --at 2026-01-31", "of an earlier day"}});
  shows.parameters().add_option("MODEL", s->model, "Vendor/id").type_name("").required();
  shows.parameters().add_option("--at", s->at, "On this day (UTC)").type_name("DAY");
  shows.run([s](context& ctx) { return show_prices(ctx, *s); });
  auto histories = c.verb("history", "Show a model's prices through time");
  auto h = histories.options<price_options>();
  histories.examples({{"ark prices history openai/gpt-5", "oldest first, with their hashes"},
                      {"ark prices history openai/gpt-5 --json", "for programs"}});
  histories.parameters().add_option("MODEL", h->model, "Vendor/id").type_name("").required();
  histories.run([h](context& ctx) { return show_history(ctx, *h); });
  auto updates = c.verb("update", "Take over price lists, with a proof, after a look at them");
  define_update(updates);
}

}  // namespace ark::cli
