#include <algorithm>
#include <charconv>

#include "cli/budget_print.hpp"
#include "cli/commands.hpp"
#include "cli/ledger_filter.hpp"
#include "cli/mistake.hpp"

namespace ark::cli {
namespace {

struct budget_options {
  std::string name, amount, currency;
  std::string per = "total";
  std::string utc_offset;
  budget_scope scope;
  std::vector<std::string> tags;
  std::vector<std::string> thresholds;
  bool soft = false;
  bool allow_unpriced = false;
  bool hold_lost = false;
};

struct named_budget {
  std::string name;
};

/// A whole number; nothing for another text.
std::optional<int> budget_number(std::string_view text) {
  int value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

result<void> put_period(const std::string& text, budget& into) {
  for (const auto p : {budget_period::total, budget_period::day, budget_period::month})
    if (text == to_string(p)) {
      into.period = p;
      return {};
    }
  // An age such as 24h lies before the beginning of the clock; a date does not.
  const auto before = parse_moment(text, {});
  if (!before || before->time_since_epoch().count() >= 0)
    return usage_mistake("--per: write day, month, total, or a length such as 90m, 24h, 7d");
  into.period = budget_period::rolling;
  into.length = std::chrono::duration_cast<std::chrono::seconds>(-before->time_since_epoch());
  return {};
}

/// "+08:00", "-5", "+0530".
result<void> put_offset(std::string text, budget& into) {
  if (text.empty()) return {};
  error wrong = usage_mistake("--utc-offset: write hours and minutes such as +08:00");
  const bool is_west = text.front() == '-';
  if (text.front() == '+' || text.front() == '-') text.erase(0, 1);
  const auto colon = text.find(':');
  const auto hours = budget_number(std::string_view(text).substr(0, colon));
  const auto minutes = colon == std::string::npos
                           ? std::optional(0)
                           : budget_number(std::string_view(text).substr(colon + 1));
  if (!hours || !minutes || *hours < 0 || *hours > 18 || *minutes < 0 || *minutes > 59)
    return wrong;
  const std::chrono::minutes all(*hours * 60 + *minutes);
  into.utc_offset = is_west ? -all : all;
  return {};
}

result<void> put_thresholds(const std::vector<std::string>& texts, budget& into) {
  for (std::string_view text : texts) {
    if (text.ends_with('%')) text.remove_suffix(1);
    const auto percent = budget_number(text);
    if (!percent) return usage_mistake("--warn: write percents such as 50,80,100");
    into.thresholds.push_back(*percent);
  }
  std::sort(into.thresholds.begin(), into.thresholds.end());
  return {};
}

result<budget> budget_of(const budget_options& o) {
  const auto limit = amount::parse(o.amount);
  if (!limit) return usage_mistake("AMOUNT: " + limit.error().message);
  auto tags = tags_of(o.tags);
  if (!tags) return tags.error();
  budget b{.name = o.name,
           .limit = {*limit, o.currency},
           .scope = o.scope,
           .hard = !o.soft,
           .allow_unpriced = o.allow_unpriced,
           .hold_lost = o.hold_lost};
  b.scope.tags = std::move(*tags);
  if (auto put = put_period(o.per, b); !put) return put.error();
  if (auto put = put_offset(o.utc_offset, b); !put) return put.error();
  if (auto put = put_thresholds(o.thresholds, b); !put) return put.error();
  return b;
}

result<ark::ledger> open_budgets(context& ctx, bool read_only) {
  auto book = ctx.open_ledger(read_only);
  if (!book && read_only && book.error().code == errc::not_found) return ark::ledger{};
  if (book && !*book)
    return usage_mistake("budgets are in the ledger: leave out --no-ledger, or set ledger.path");
  return book;
}

/// The budgets there are, or the one called `name`.
result<std::vector<budget_status>> find_budgets(context& ctx, const std::string& name) {
  const auto book = open_budgets(ctx, true);
  if (!book) return book.error();
  if (!*book && name.empty()) return std::vector<budget_status>{};
  auto all = *book ? book->budgets() : std::vector<budget_status>{};
  if (!all || name.empty()) return all;
  std::erase_if(*all, [&name](const budget_status& s) { return s.budget.name != name; });
  if (all->empty())
    return error{
        .code = errc::not_found,
        .message = "there is no budget \"" + name + "\": `ark budget list` shows which there are"};
  return all;
}

exit_code show_budget(context& ctx, const std::string& name) {
  const auto found = find_budgets(ctx, name);
  if (!found) return ctx.fail(found.error());
  if (ctx.json())
    ctx.out.line(budget_json(found->front()));
  else
    print_budget(ctx.out, found->front());
  return exit_code::ok;
}

exit_code set_budget(context& ctx, const budget_options& o) {
  const auto wanted = budget_of(o);
  if (!wanted) return ctx.wrong_usage(wanted.error().message);
  const auto book = open_budgets(ctx, false);
  if (!book) return ctx.fail(book.error());
  if (auto done = book->set_budget(*wanted); !done) return ctx.fail(done.error());
  return show_budget(ctx, o.name);
}

exit_code list_budgets(context& ctx) {
  const auto all = find_budgets(ctx, "");
  if (!all) return ctx.fail(all.error());
  if (ctx.json()) {
    ctx.out.line(budgets_json(*all));
    return exit_code::ok;
  }
  if (all->empty())
    ctx.note("there are no budgets; try `ark budget set all 20 USD --per month --warn 80`");
  else
    print_budgets_table(ctx.out, *all);
  return exit_code::ok;
}

exit_code budget_changes(context& ctx, const std::string& name) {
  const auto book = open_budgets(ctx, true);
  if (!book) return ctx.fail(book.error());
  result<budget_history> found =
      error{.code = errc::not_found, .message = "nothing is recorded yet: there are no budgets"};
  if (*book) found = book->budget_history(name);
  if (!found) return ctx.fail(found.error());
  if (ctx.json())
    ctx.out.line(history_json(*found));
  else
    print_history(ctx.out, *found);
  return exit_code::ok;
}

exit_code remove_budget(context& ctx, const std::string& name) {
  const auto book = open_budgets(ctx, false);
  if (!book) return ctx.fail(book.error());
  if (auto done = book->remove_budget(name); !done) return ctx.fail(done.error());
  ctx.note("removed; its history stays: ark budget history " + name);
  return exit_code::ok;
}

void define_set(command& c) {
  auto verb = c.verb("set", "Set a budget, or replace the one of this name");
  verb.examples(
      {{"ark budget set all 20 USD --per month --warn 50,80,100", "everything, a month"},
       {"ark budget set search 5 USD --per day --tag team=search", "what has a tag"},
       {"ark budget set dev 10 CNY --per 24h --user li --soft", "any 24 hours; only tells"}});
  auto o = verb.options<budget_options>();
  const auto set = verb.parameters();
  set.add_option("NAME", o->name, "The budget's name").type_name("").required();
  set.add_option("AMOUNT", o->amount, "At most so much, decimal").type_name("").required();
  set.add_option("CURRENCY", o->currency, "Of the amount: USD, CNY, ...").type_name("").required();
  set.add_option("--per", o->per, "day, month, total, or any length such as 24h").type_name("TIME");
  set.add_option("--utc-offset", o->utc_offset, "Where days and months begin, such as +08:00")
      .type_name("HH:MM");
  set.add_option("--vendor", o->scope.vendor, "Of this vendor").type_name("NAME");
  set.add_option("--model", o->scope.model, "Of this model, as it is asked for").type_name("ID");
  set.add_option("--tenant", o->scope.tenant, "Of this tenant").type_name("NAME");
  set.add_option("--user", o->scope.user, "Of this user").type_name("NAME");
  set.add_option("--task", o->scope.task, "Of this task").type_name("NAME");
  set.add_option("--run", o->scope.run, "Of this run, as of ark eval").type_name("ID");
  set.add_option("--tag", o->tags, "With this tag; several must all match")
      .type_name("NAME=VALUE")
      .one_value_each();
  set.add_option("--warn", o->thresholds, "Tell when so many percent are spent")
      .type_name("PERCENT")
      .delimiter(',')
      .one_value_each();
  set.add_flag("--soft", o->soft, "Refuse nothing: count and tell");
  set.add_flag("--allow-unpriced", o->allow_unpriced,
               "Let attempts pass whose cost is not known before they are made");
  set.add_flag("--hold-lost", o->hold_lost,
               "Hold what attempts of dead processes reserved until they are resolved");
  verb.run([o](context& ctx) { return set_budget(ctx, *o); });
}

void define_named(command& c, const char* name, const char* summary, const example& typical,
                  exit_code (*act)(context&, const std::string&)) {
  auto verb = c.verb(name, summary);
  verb.examples({typical, {typical.command + " --json", "for a program"}});
  auto o = verb.options<named_budget>();
  verb.parameters().add_option("NAME", o->name, "The budget's name").type_name("").required();
  verb.run([o, act](context& ctx) { return act(ctx, o->name); });
}

}  // namespace

void define_budget(command& c) {
  c.examples({{"ark budget set all 20 USD --per month --warn 80", "a limit for everything"},
              {"ark budget list", "what is spent, reserved and left"},
              {"ark budget history all", "how it was changed, what each month came to"}});
  define_set(c);
  auto list_verb = c.verb("list", "Show the budgets and what is left of them");
  list_verb.examples({{"ark budget list", "a table"}, {"ark budget list --json", "for a program"}});
  list_verb.run([](context& ctx) { return list_budgets(ctx); });
  define_named(c, "show", "Show one budget and its window of now",
               {"ark budget show all", "what is spent, reserved, in doubt"}, show_budget);
  define_named(c, "history", "Show how a budget was changed and what its windows came to",
               {"ark budget history all", "changes, windows, thresholds passed"}, budget_changes);
  define_named(c, "remove", "Remove a budget; its history stays",
               {"ark budget remove all", "it limits nothing any more"}, remove_budget);
}

}  // namespace ark::cli
