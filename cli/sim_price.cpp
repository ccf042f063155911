#include "cli/sim_price.hpp"

#include "catalog/catalog.hpp"
#include "cli/prices_book.hpp"

namespace ark::cli {
namespace {

/// The vendors that `ark sim` gives settings for. Others sell the same ids at prices of their own.
constexpr const char* simulated[] = {"openai", "anthropic", "deepseek", "volcengine-ark"};

usage usage_of(const testing::billed_tokens& t) {
  return {.input = t.input,
          .cache_read = t.cache_read,
          .cache_write_5m = t.cache_write_5m,
          .cache_write_1h = t.cache_write_1h,
          .output = t.output,
          .reasoning = t.reasoning,
          .reported = true};
}

std::optional<money> price_of(const catalog::book& book, const testing::journal_entry& entry,
                              std::chrono::system_clock::time_point now) {
  const std::string_view dialect = entry.dialect == "openai" ? "openai_chat" : "anthropic_messages";
  const catalog::price_context context{.thinking = entry.tokens.reasoning > 0, .at = now};
  std::optional<money> out;
  for (const char* name : simulated) {
    const vendor* v = book.find_vendor(name);
    const auto* model =
        v != nullptr && v->dialect == dialect ? book.find_model(name, entry.model) : nullptr;
    if (model == nullptr) continue;
    const cost one = catalog::price_usage(*model, usage_of(entry.tokens), context).cost;
    if (one.status != cost_status::exact) return {};
    const money said{one.value, one.currency};
    if (out && *out != said) return {};
    out = said;
  }
  return out;
}

}  // namespace

result<std::function<std::optional<money>(const testing::journal_entry&)>> catalogue_price(
    context& ctx) {
  auto book = load_catalogue(ctx);
  if (!book) return book.error();
  return std::function<std::optional<money>(const testing::journal_entry&)>(
      [book = *book, &machine = ctx.machine](const testing::journal_entry& entry) {
        return price_of(*book, entry, machine.wall_now());
      });
}

}  // namespace ark::cli
