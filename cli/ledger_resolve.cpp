#include "cli/ledger_resolve.hpp"

#include <algorithm>
#include <optional>

#include "cli/ledger_filter.hpp"
#include "cli/mistake.hpp"

namespace ark::cli {
namespace {

struct resolve_options {
  std::int64_t sequence = 0;
  std::string cost, reason;
  bool is_void = false;
  std::string lost_after, as;
};

constexpr std::size_t corrections_at_once = 512;

/// "0.12 USD".
result<money> parse_money(const std::string& text) {
  const auto space = text.find(' ');
  const auto value = amount::parse(std::string_view(text).substr(0, space));
  if (!value) return value.error();
  if (space == std::string::npos || space + 1 == text.size())
    return usage_mistake("the currency is missing, as in '0.12 USD'");
  return money{*value, text.substr(space + 1)};
}

result<ark::ledger> open_to_resolve(context& ctx) {
  auto book = ctx.open_ledger(false);
  if (book && !*book)
    return usage_mistake("there is no ledger: leave out --no-ledger, or set ledger.path");
  return book;
}

ledger_correction as_void(std::int64_t sequence, const std::string& reason) {
  return {.sequence = sequence,
          .state = attempt_state::void_,
          .cost = {.status = cost_status::void_},
          .reason = reason};
}

ledger_correction as_cost(std::int64_t sequence, money paid, const std::string& reason) {
  return {.sequence = sequence,
          .state = attempt_state::settled,
          .cost = {.status = cost_status::exact,
                   .currency = std::move(paid.currency),
                   .value = paid.value,
                   .low = paid.value,
                   .high = paid.value},
          .reason = reason};
}

exit_code resolve_one(context& ctx, const resolve_options& o) {
  if (o.is_void != o.cost.empty())
    return ctx.wrong_usage("say what it cost: one of --cost AMOUNT and --void");
  if (o.reason.empty())
    return ctx.wrong_usage("--reason is needed: who says so, such as \"invoice of May\"");
  ledger_correction wanted = as_void(o.sequence, o.reason);
  if (!o.cost.empty()) {
    auto paid = parse_money(o.cost);
    if (!paid) return ctx.wrong_usage("--cost: " + paid.error().message);
    wanted = as_cost(o.sequence, std::move(*paid), o.reason);
  }
  const auto book = open_to_resolve(ctx);
  if (!book) return ctx.fail(book.error());
  if (auto done = book->correct({wanted}); !done) return ctx.fail(done.error());
  ctx.note("entry " + std::to_string(o.sequence) + " is resolved");
  return exit_code::ok;
}

/// What is decided about a lost attempt; nothing where its most is not known.
std::optional<ledger_correction> decision(const ledger_entry& e, bool is_void) {
  if (is_void) return as_void(e.sequence, "lost, and taken as not billed by `ark ledger resolve`");
  if (e.cost.status == cost_status::unknown) return std::nullopt;
  return as_cost(e.sequence, {e.cost.high, e.cost.currency},
                 "lost, and taken at its most by `ark ledger resolve`");
}

exit_code resolve_lost(context& ctx, const resolve_options& o) {
  if (o.as.empty()) return ctx.wrong_usage("--lost-after needs --as void or --as high");
  const auto before = parse_moment(o.lost_after, ctx.machine.wall_now());
  if (!before) return ctx.wrong_usage("--lost-after: " + before.error().message);
  const auto book = open_to_resolve(ctx);
  if (!book) return ctx.fail(book.error());
  std::vector<ledger_correction> wanted;
  std::int64_t unknown = 0;
  const auto read =
      book->scan({.until = *before, .state = attempt_state::ambiguous}, [&](const ledger_entry& e) {
        if (e.finish != "lost") return true;
        auto one = decision(e, o.as == "void");
        unknown += one ? 0 : 1;
        // A process that was only thought dead may tell the truth meanwhile.
        if (one) one->only_in_doubt = true;
        if (one) wanted.push_back(std::move(*one));
        return true;
      });
  if (!read) return ctx.fail(read.error());
  for (std::size_t i = 0; i < wanted.size(); i += corrections_at_once) {
    const auto end = std::min(wanted.size(), i + corrections_at_once);
    if (auto done = book->correct({wanted.begin() + static_cast<std::ptrdiff_t>(i),
                                   wanted.begin() + static_cast<std::ptrdiff_t>(end)});
        !done)
      return ctx.fail(done.error());
  }
  if (ctx.json())
    ctx.out.line("{\"resolved\":" + std::to_string(wanted.size()) +
                 ",\"unknown\":" + std::to_string(unknown) + "}");
  else
    ctx.out.line(std::to_string(wanted.size()) + " resolved" +
                 (unknown == 0 ? ""
                               : ", " + std::to_string(unknown) +
                                     " left in doubt: what they cost at most is not known"));
  return exit_code::ok;
}

exit_code resolve(context& ctx, const resolve_options& o) {
  if ((o.sequence != 0) != o.lost_after.empty())
    return ctx.wrong_usage("name one entry by its sequence number, or many with --lost-after");
  return o.sequence != 0 ? resolve_one(ctx, o) : resolve_lost(ctx, o);
}

}  // namespace

void define_resolve(command& ledger) {
  auto verb = ledger.verb("resolve", "Say what attempts cost whose bill is in doubt");
  verb.examples(
      {{"ark ledger resolve 812 --cost '0.12 USD' --reason 'invoice of May'", "one entry"},
       {"ark ledger resolve 813 --void --reason 'not on the bill'", "it was not billed"},
       {"ark ledger resolve --lost-after 2d --as high", "all whose process died, at their most"}});
  auto o = verb.options<resolve_options>();
  const auto set = verb.parameters();
  set.add_option("SEQUENCE", o->sequence, "The entry, as `ark ledger list` shows it").type_name("");
  set.add_option("--cost", o->cost, "It was billed so much: '0.12 USD'").type_name("MONEY");
  set.add_flag("--void", o->is_void, "It was not billed");
  set.add_option("--reason", o->reason, "Who says so and why; is kept").type_name("TEXT");
  set.add_option("--lost-after", o->lost_after,
                 "All whose process died, that began before this time or age (2d)")
      .type_name("TIME");
  set.add_option("--as", o->as, "What lost ones are taken for")
      .type_name("WHAT")
      .one_of({"void", "high"});
  verb.run([o](context& ctx) { return resolve(ctx, *o); });
}

}  // namespace ark::cli
