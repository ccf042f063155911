#include "cli/ledger_migrate.hpp"

#include "base/json.hpp"
#include "cli/settings.hpp"

namespace ark::cli {
namespace {

struct migrate_options {
  std::string to;
};

std::string copy_json(const ledger_copy& c) {
  std::string text;
  json::writer w(text);
  w.begin_object();
  w.key("attempts").number(c.intents);
  w.key("outcomes").number(c.outcomes);
  w.key("corrections").number(c.corrections);
  w.key("copied").number(c.copied);
  w.key("total").begin_array();
  for (const money& m : c.total) {
    w.begin_object();
    w.key("currency").string(m.currency);
    w.key("value").string(m.value.to_string());
    w.end_object();
  }
  w.end_array();
  w.end_object();
  return text;
}

exit_code migrate(context& ctx, const migrate_options& o) {
  if (o.to.empty()) return ctx.wrong_usage("say where to: --to postgresql://USER@HOST/DATABASE");
  const auto all = ctx.configuration();
  if (!all) return ctx.fail(all.error());
  const auto from = expand_home(ctx.machine, (*all)->values.ledger().path());
  const auto done = ark::ledger::migrate(from, {.path = o.to});
  if (!done) return ctx.fail(done.error());
  if (ctx.json()) {
    ctx.out.line(copy_json(*done));
    return exit_code::ok;
  }
  ctx.out.line(std::to_string(done->intents) + " attempts, " + std::to_string(done->outcomes) +
               " outcomes, " + std::to_string(done->corrections) +
               " corrections are in the server, " + std::to_string(done->copied) +
               " of these rows were copied now");
  for (const money& m : done->total) ctx.out.line("the same sum on both sides: " + to_string(m));
  ctx.note(
      "not copied: budgets (set them again with `ark budget set`), roll-ups, the file's hash "
      "chain; the file stays as it is; now set ledger.path to the server");
  return exit_code::ok;
}

}  // namespace

void define_migrate(command& ledger) {
  auto verb = ledger.verb("migrate", "Copy this ledger's file into a PostgreSQL server");
  verb.examples({{"ark ledger migrate --to postgresql://ark@db.example/usage",
                  "copies what is not there yet, then compares counts and exact sums"},
                 {"ark ledger migrate --to 'host=db.example dbname=usage user=ark'",
                  "the same in libpq's own words"}});
  auto o = verb.options<migrate_options>();
  verb.parameters()
      .add_option("--to", o->to,
                  "The server: postgresql://USER@HOST/DATABASE; its password in ~/.pgpass or "
                  "PGPASSWORD")
      .type_name("URL");
  verb.run([o](context& ctx) { return migrate(ctx, *o); });
}

}  // namespace ark::cli
