#include "base/json.hpp"
#include "cli/cache_verbs.hpp"
#include "cli/context.hpp"

/// `ark cache stats` and `ark cache clear`: the kept answers of `ark chat --reuse`.
namespace ark::cli {
namespace {

exit_code stats(context& ctx) {
  const auto options = ctx.response_cache_options();
  if (!options) return ctx.fail(options.error());
  auto found = response_cache(*options).stats();
  if (!found && found.error().code == errc::not_found) {
    ctx.note(found.error().message);
    found = response_cache_stats{};
  }
  if (!found) return ctx.fail(found.error());
  if (ctx.json()) {
    std::string text;
    json::writer w{text};
    w.begin_object().key("path").string(options->path).key("entries").number(found->entries);
    w.key("bytes").number(found->bytes).key("max_bytes").number(options->max_bytes);
    w.key("hits").number(found->hits).key("saved").begin_array();
    for (const money& each : found->saved)
      w.begin_object()
          .key("value")
          .string(each.value.to_string())
          .key("currency")
          .string(each.currency)
          .end_object();
    w.end_array().end_object();
    ctx.out.line(text);
    return exit_code::ok;
  }
  ctx.out.line(options->path + ": " + std::to_string(found->entries) + " answers, " +
               std::to_string(found->bytes) + " bytes of " + std::to_string(options->max_bytes));
  std::string saved;
  for (const money& each : found->saved) saved += (saved.empty() ? "" : " and ") + to_string(each);
  ctx.out.line("given " + std::to_string(found->hits) + " times" +
               (saved.empty() ? "" : ", which saved " + saved));
  return exit_code::ok;
}

exit_code clear(context& ctx) {
  const auto options = ctx.response_cache_options();
  if (!options) return ctx.fail(options.error());
  const auto count = response_cache(*options).clear();
  if (!count) return ctx.fail(count.error());
  if (ctx.json()) {
    std::string text;
    json::writer{text}.begin_object().key("removed").number(*count).end_object();
    ctx.out.line(text);
  }
  ctx.note("removed " + std::to_string(*count) + " answers from " + options->path);
  return exit_code::ok;
}

}  // namespace

void define_kept_answers(command& c) {
  auto shown = c.verb("stats", "Show what `ark chat --reuse` has kept, and what it saved");
  shown.examples({{"ark cache stats", "how many answers, how often they were given again"},
                  {"ark cache stats --json | jq -r '.saved[].value'", "the money, for a script"}});
  shown.run([](context& ctx) { return stats(ctx); });
  auto removal = c.verb("clear", "Remove all answers that `ark chat --reuse` has kept");
  removal.examples({{"ark cache clear", "also makes a damaged file anew"},
                    {"ark cache clear --json", "how many were removed, for a script"}});
  removal.run([](context& ctx) { return clear(ctx); });
}

}  // namespace ark::cli
