#include "cli/ledger_metrics.hpp"

#include <ark/telemetry.hpp>

#include "base/json.hpp"
#include "cli/ledger_filter.hpp"
#include "cli/ledger_verbs.hpp"

namespace ark::cli {
namespace {

struct metrics_options {
  ledger_selection which;
  std::int64_t max_series = 1000;
};

exit_code metrics(context& ctx, const metrics_options& o) {
  const auto filter = filter_of(o.which, ctx.machine.wall_now());
  if (!filter) return ctx.wrong_usage(filter.error().message);
  if (o.max_series < 1) return ctx.wrong_usage("--max-series is at least 1");
  const auto book = open_to_read(ctx);
  if (!book) return ctx.fail(book.error());
  result<std::vector<report_line>> lines = std::vector<report_line>{};
  if (*book) lines = book->report({"vendor", "model"}, *filter);
  if (!lines) return ctx.fail(lines.error());
  const std::string text = prometheus_of_report(*lines, static_cast<std::size_t>(o.max_series));
  if (!ctx.json()) {
    ctx.out.write(text);
    return exit_code::ok;
  }
  std::string wrapped;
  json::writer w(wrapped);
  w.begin_object().key("content_type").string("text/plain; version=0.0.4; charset=utf-8");
  w.key("text").string(text).end_object();
  ctx.out.line(wrapped);
  return exit_code::ok;
}

}  // namespace

void define_ledger_metrics(command& ledger) {
  auto verb = ledger.verb("metrics", "Print tokens, money and attempts as Prometheus reads them");
  verb.examples({{"ark ledger metrics", "all that is on record, by vendor and model"},
                 {"ark ledger metrics > /var/lib/node_exporter/ark.prom",
                  "for the textfile collector of Prometheus' node exporter"},
                 {"ark ledger metrics --task support", "of one task"}});
  auto o = verb.options<metrics_options>();
  verb.parameters()
      .add_option("--max-series", o->max_series,
                  "At most so many pairs of vendor and model; the rest is one, \"_other\"")
      .type_name("COUNT");
  add_selection(verb.parameters(), o->which);
  verb.run([o](context& ctx) { return metrics(ctx, *o); });
}

}  // namespace ark::cli
