#include "dialect/openai_wire.hpp"

#include <cstdint>

namespace ark::adapters::openai {
namespace {

/// Beyond this a count is no count of calls.
constexpr std::int64_t most_calls = 4'000'000'000'000'000;

void add(ark::usage& sum, const ark::usage& one) {
  sum.input += one.input;
  sum.cache_read += one.cache_read;
  sum.cache_write += one.cache_write;
  sum.input_audio += one.input_audio;
  sum.output += one.output;
  sum.reasoning += one.reasoning;
  sum.output_audio += one.output_audio;
  sum.output_image += one.output_image;
  if (one.vendor_total) sum.vendor_total = sum.vendor_total.value_or(0) + *one.vendor_total;
}

/// The first so many are added: no sum of their counts leaves the type.
constexpr std::size_t most_models = 1000;

/// The names of the models, "a, b"; "" for one alone.
std::string add_models(element list, const quirk_view& quirks, ark::usage& sum,
                       reply_builder& out) {
  simdjson::dom::array models;
  std::string names;
  if (list.get(models)) return names;
  std::size_t count = 0;
  for (const element model : models) {
    const auto one = count < most_models ? read_usage(model, quirks, out) : std::nullopt;
    if (!one) continue;
    add(sum, *one);
    sum.reported = true;
    const std::string_view name = json::text_at(model, "name");
    if (count++ > 0) names += ", ";
    names += name.empty() ? "?" : name;
  }
  return count > 1 ? names : std::string{};
}

void add_actions(element list, ark::usage& sum, reply_builder& out) {
  simdjson::dom::array actions;
  if (list.get(actions)) return;
  for (const element action : actions) {
    std::string name(json::text_at(action, "name"));
    if (name.empty()) name = json::text_at(action, "action_name");
    if (name.empty()) name = "action";
    std::int64_t calls = json::integer_at(action, "search_count");
    if (calls == 0) calls = json::integer_at(action, "count");
    if (calls > 0 && calls < most_calls) {
      sum.units[name] = calls;
      sum.reported = true;
    }
    if (const auto tokens = json::integer_at(action, "total_tokens"); tokens > 0)
      out.note("the bot's tool \"" + name + "\" used " + std::to_string(tokens) +
               " tokens that are not in this usage");
  }
}

}  // namespace

std::optional<ark::usage> read_bot_usage(element bot_usage, const quirk_view& quirks,
                                         reply_builder& out) {
  ark::usage sum;
  element found;
  if (json::find(bot_usage, "model_usage", found))
    if (const std::string names = add_models(found, quirks, sum, out); !names.empty())
      out.note("the usage is of several models together: " + names);
  if (json::find(bot_usage, "action_usage", found)) add_actions(found, sum, out);
  if (!sum.reported) return std::nullopt;
  return sum;
}

}  // namespace ark::adapters::openai
