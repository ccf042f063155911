#include "base/json.hpp"
#include "billing/break_even.hpp"
#include "cli/ledger_filter.hpp"
#include "cli/ledger_verbs.hpp"
#include "cli/prices_book.hpp"
#include "cli/table.hpp"

namespace ark::cli {
namespace {

struct break_even_command {
  ledger_selection which;
  std::string what, to, training = "0", hosting = "0";
};

std::string count_or(const std::optional<std::int64_t>& n) {
  return n ? std::to_string(*n) : "never";
}

std::string minus_text(amount a, amount b) {
  const auto rest = a.minus(b);
  return rest ? rest->to_string() : "?";
}

void write_count(json::writer& w, const char* name, const std::optional<std::int64_t>& n) {
  w.key(name);
  n ? w.number(*n) : w.null();
}

void print_cache(context& ctx, const std::vector<billing::cache_balance>& all) {
  table t;
  for (const char* title : {"vendor", "model"}) t.column(title);
  for (const char* title : {"attempts", "written", "read", "pays from", "paid", "without", "saved"})
    t.column(title, align::right);
  t.column("");
  for (const auto& b : all)
    t.row({b.vendor, b.model, std::to_string(b.attempts), std::to_string(b.written_tokens),
           std::to_string(b.read_tokens), count_or(b.break_even_reads), b.paid.to_string(),
           b.without.to_string(), minus_text(b.without, b.paid), b.currency});
  t.print(ctx.out);
}

std::string cache_json(const std::vector<billing::cache_balance>& all) {
  std::string text;
  json::writer w(text);
  w.begin_array();
  for (const auto& b : all) {
    w.begin_object().key("vendor").string(b.vendor).key("model").string(b.model);
    w.key("currency").string(b.currency).key("attempts").number(b.attempts);
    w.key("unpriced").number(b.unpriced).key("read_tokens").number(b.read_tokens);
    w.key("written_tokens").number(b.written_tokens).key("paid").string(b.paid.to_string());
    w.key("without").string(b.without.to_string());
    w.key("saved").string(minus_text(b.without, b.paid));
    w.key("writes_extra").string(b.writes_extra.to_string());
    w.key("reads_saved").string(b.reads_saved.to_string());
    write_count(w, "break_even_reads", b.break_even_reads);
    w.end_object();
  }
  w.end_array();
  return text;
}

void print_batch(context& ctx, const std::vector<billing::batch_balance>& all) {
  table t;
  for (const char* title : {"vendor", "model"}) t.column(title);
  for (const char* title : {"attempts", "single", "as batch", "saved"})
    t.column(title, align::right);
  t.column("");
  for (const auto& b : all)
    t.row({b.vendor, b.model, std::to_string(b.attempts), b.single.to_string(), b.batch.to_string(),
           minus_text(b.single, b.batch), b.currency});
  t.print(ctx.out);
}

std::string batch_json(const std::vector<billing::batch_balance>& all) {
  std::string text;
  json::writer w(text);
  w.begin_array();
  for (const auto& b : all)
    w.begin_object()
        .key("vendor")
        .string(b.vendor)
        .key("model")
        .string(b.model)
        .key("currency")
        .string(b.currency)
        .key("attempts")
        .number(b.attempts)
        .key("unpriced")
        .number(b.unpriced)
        .key("single")
        .string(b.single.to_string())
        .key("batch")
        .string(b.batch.to_string())
        .key("saved")
        .string(minus_text(b.single, b.batch))
        .end_object();
  w.end_array();
  return text;
}

/// Shows balances; tells how many attempts could not be priced.
template <class Balance>
exit_code show_balances(context& ctx, const ark::ledger& book,
                        const result<std::vector<Balance>>& all,
                        void (*print)(context&, const std::vector<Balance>&),
                        std::string (*to_json)(const std::vector<Balance>&)) {
  if (!all) return ctx.fail(all.error());
  if (ctx.json()) {
    ctx.out.line(to_json(*all));
    return exit_code::ok;
  }
  if (all->empty())
    note_nothing(ctx, book);
  else
    print(ctx, *all);
  for (const auto& b : *all)
    if (b.unpriced > 0)
      ctx.note(std::to_string(b.unpriced) + " attempts of " + b.vendor + "/" + b.model +
               " cannot be priced by the catalogue");
  return exit_code::ok;
}

void print_tuning(context& ctx, const billing::tuning_balance& b) {
  table t;
  t.column("tuned model");
  t.column("", align::right);
  t.column("");
  t.row({"attempts", std::to_string(b.attempts), ""});
  t.row({"days", std::to_string(b.days), ""});
  t.row({"calls now", b.now.to_string(), b.currency});
  t.row({"calls of the tuned model", b.tuned.to_string(), b.currency});
  t.row({"saved per day, hosting taken off", b.saved_per_day.to_string(), b.currency});
  t.row({"pays after", count_or(b.break_even_days), b.break_even_days ? "days" : ""});
  t.print(ctx.out);
}

std::string tuning_json(const billing::tuning_balance& b) {
  std::string text;
  json::writer w(text);
  w.begin_object().key("currency").string(b.currency).key("attempts").number(b.attempts);
  w.key("unpriced").number(b.unpriced).key("days").number(b.days);
  w.key("now").string(b.now.to_string()).key("tuned").string(b.tuned.to_string());
  w.key("saved_per_day").string(b.saved_per_day.to_string());
  write_count(w, "break_even_days", b.break_even_days);
  w.end_object();
  return text;
}

exit_code tuning(context& ctx, const break_even_command& o, const ark::ledger& book,
                 const ledger_filter& filter, const catalog::book& prices) {
  const auto training = amount::parse(o.training), hosting = amount::parse(o.hosting);
  if (!training || !hosting || training->raw() < 0 || hosting->raw() < 0)
    return ctx.wrong_usage("--training and --hosting are amounts from 0 on, as in 12.50");
  if (o.to.empty())
    return ctx.wrong_usage("name the tuned model's price with --to, as vendor/model");
  const auto found = prices.resolve(o.to);
  if (!found) return ctx.fail(found.error());
  if (found->known == nullptr)
    return ctx.fail(
        {.code = errc::not_found, .message = "the catalogue has no prices for " + o.to});
  const auto balance =
      billing::balance_of_tuning(book, filter, *found->known, {*training, *hosting});
  if (!balance) return ctx.fail(balance.error());
  ctx.json() ? void(ctx.out.line(tuning_json(*balance))) : print_tuning(ctx, *balance);
  if (balance->unpriced > 0)
    ctx.note(std::to_string(balance->unpriced) + " attempts cannot be priced as " + o.to);
  return exit_code::ok;
}

exit_code break_even(context& ctx, const break_even_command& o) {
  const auto filter = filter_of(o.which, ctx.machine.wall_now());
  if (!filter) return ctx.wrong_usage(filter.error().message);
  const auto book = open_to_read(ctx);
  if (!book) return ctx.fail(book.error());
  if (!*book) {
    note_nothing(ctx, *book);
    return exit_code::ok;
  }
  const auto prices = load_catalogue(ctx);
  if (!prices) return ctx.fail(prices.error());
  if (o.what == "cache")
    return show_balances(ctx, *book, billing::balance_of_cache(*book, *filter, **prices),
                         print_cache, cache_json);
  if (o.what == "batch")
    return show_balances(ctx, *book, billing::balance_of_batch(*book, *filter, **prices),
                         print_batch, batch_json);
  return tuning(ctx, o, *book, *filter, **prices);
}

}  // namespace

void define_ledger_break_even(command& ledger) {
  auto verb = ledger.verb("break-even", "Does a cache, a batch or a tuned model pay");
  verb.examples(
      {{"ark ledger break-even cache --since 30d", "what caching cost and saved"},
       {"ark ledger break-even batch --task nightly", "the same calls as batches"},
       {"ark ledger break-even tuned --task triage --to openai/gpt-4o-mini --training 120 "
        "--hosting 1.5",
        "days until a tuned model pays"}});
  auto o = verb.options<break_even_command>();
  const auto set = verb.parameters();
  set.add_option("WHAT", o->what, "Of what: cache, batch, tuned")
      .type_name("")
      .one_of({"cache", "batch", "tuned"})
      .required();
  set.add_option("--to", o->to, "tuned: the model whose prices it has").type_name("MODEL");
  set.add_option("--training", o->training, "tuned: what training costs, once").type_name("AMOUNT");
  set.add_option("--hosting", o->hosting, "tuned: what hosting costs, a day").type_name("AMOUNT");
  add_selection(set, o->which);
  verb.run([o](context& ctx) { return break_even(ctx, *o); });
}

}  // namespace ark::cli
