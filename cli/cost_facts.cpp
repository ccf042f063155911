#include <algorithm>

#include "cli/cost_usage.hpp"

namespace ark::cli::worked {
namespace {

constexpr amount::rep whole_unit = 1'000'000'000'000'000;

/// A duration in seconds: {"seconds": 8}, {"minutes": "1.5"}, {"hours": 2}.
std::optional<amount> seconds_of(const bj::object& o) {
  for (const auto& [key, factor] :
       {std::pair{"seconds", 1}, {"duration", 1}, {"minutes", 60}, {"hours", 3600}}) {
    const auto n = decimal_at(o, key);
    if (!n) continue;
    const auto seconds = n->times_ratio(factor, 1);
    if (seconds) return *seconds;
  }
  return std::nullopt;
}

std::int64_t characters(std::string_view utf8) {
  return std::count_if(utf8.begin(), utf8.end(),
                       [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
}

void add_storage(const bj::object& cache, used& u) {
  std::optional<std::int64_t> tokens;
  for (const char* key : {"tokens", "totalTokenCount", "total_token_count", "cached_tokens"})
    if (!tokens) tokens = integer_at(cache, key);
  if (const auto* nested = object_at(cache, "usageMetadata"); !tokens && nested != nullptr)
    tokens = integer_at(*nested, "totalTokenCount");
  const auto seconds = seconds_of(cache);
  if (!tokens || !seconds) return;
  if (const auto stored = seconds->times_ratio(*tokens, 3600))
    u.fractions["cache_storage"] = *stored;
}

bool is_per_prompt(const usage_shape& shape) {
  if (shape.unit.find("prompt") != std::string::npos) return true;
  return shape.unit.find("quer") == std::string::npos &&
         (shape.model.find("gemini-2") != std::string::npos ||
          shape.model.find("gemini-1") != std::string::npos);
}

void add_grounding(const bj::value& v, const usage_shape& shape, used& u) {
  if (const auto* list = v.if_array()) {
    for (const bj::value& each : *list) add_grounding(each, shape, u);
    return;
  }
  const bj::object* o = v.if_object();
  const bj::value* queries = o != nullptr ? o->if_contains("webSearchQueries") : nullptr;
  if (queries == nullptr || !queries->is_array() || queries->get_array().empty()) return;
  auto& searches = u.tokens.units["web_search"];
  if (is_per_prompt(shape)) {
    searches = 1;
    u.search = "web_search_prompt";
  } else {
    searches += static_cast<std::int64_t>(queries->get_array().size());
    u.search = "web_search_query";
  }
}

/// "web_search_call" is a call of "web_search"; opening a page that a search found is no search.
void add_item(const bj::value& item, used& u) {
  std::string type = item.is_string() ? std::string(item.get_string()) : std::string{};
  if (const auto* o = item.if_object()) {
    type = text_at(*o, "type");
    if (const auto* action = object_at(*o, "action"))
      if (const std::string what = text_at(*action, "type"); !what.empty() && what != "search")
        return;
  }
  constexpr std::string_view ending = "_call";
  if (!type.ends_with(ending)) return;
  type.resize(type.size() - ending.size());
  if (type == "web_search_preview") type = "web_search";
  if (type == "web_search") u.search = "web_search_call";
  for (const std::string_view own : {"web_search", "file_search", "code_interpreter", "x_search"})
    if (type == own) ++u.tokens.units[type];
}

void add_request(const bj::object& r, const usage_shape& shape, used& u) {
  for (const auto& [key, value] : r)
    if (std::string_view(key).find("char") != std::string_view::npos)
      if (const auto n = integer_of(value)) u.tokens.units["input_chars"] = *n;
  if (shape.card->prices("input_chars") && u.tokens.units.count("input_chars") == 0)
    for (const char* key : {"input", "text"})
      if (const auto text = text_at(r, key); !text.empty())
        u.tokens.units["input_chars"] = characters(text);
  if (shape.card->prices("image_generation") && u.tokens.units.count("image_generation") == 0)
    u.tokens.units["image_generation"] = integer_at(r, "n").value_or(1);
}

/// A job that makes videos, or trains by the hour.
void add_job(const bj::object& job, const usage_shape& shape, used& u) {
  const std::string name = shape.card->prices("training")     ? "training_seconds"
                           : shape.card->prices("deployment") ? "deployment"
                           : shape.card->prices("audio")      ? "audio"
                                                              : "video_generation";
  const std::int64_t made = std::max<std::int64_t>(integer_at(job, "n").value_or(1), 1);
  const bool whole_videos = std::any_of(
      shape.card->model.prices.begin(), shape.card->model.prices.end(),
      [](const auto& p) { return p.dimension == "video_generation" && p.unit == "video"; });
  if (whole_videos) {
    u.tokens.units["video_generation_videos"] = made;
  } else if (const auto seconds = seconds_of(job)) {
    if (const auto all = seconds->times_ratio(made, 1)) u.fractions[name] = *all;
  }
}

/// Videos that are sold by tokens: their tokens are no answer's.
void move_video_tokens(const usage_shape& shape, used& u) {
  for (const catalog::price& p : shape.card->model.prices)
    if (p.dimension == "video_generation" && p.unit == "Mtok" && u.tokens.output != 0) {
      u.tokens.units["video_generation_tokens"] = u.tokens.output;
      u.tokens.output = 0;
      return;
    }
}

void add_training(const bj::object& o, const bj::value& tokens, used& u) {
  const bj::object* nested = object_at(o, "hyperparameters");
  auto epochs = integer_at(o, "n_epochs");
  if (!epochs) epochs = integer_at(o, "_n_epochs");
  if (!epochs && nested != nullptr) epochs = integer_at(*nested, "n_epochs");
  const auto n = integer_of(tokens);
  const bool said = o.contains("n_epochs") || (nested != nullptr && nested->contains("n_epochs"));
  const auto trained =
      n ? amount::from_raw(whole_unit).times_ratio(*n, 1) : result<amount>(amount{});
  const auto all = trained ? trained->times_ratio(epochs.value_or(1), 1) : trained;
  if (!n || (said && !epochs) || !all) {
    u.reason = "the number of trained tokens or epochs is not known";
    return;
  }
  u.fractions["training"] = *all;
}

/// Fractions that are whole are counts like others.
void settle_fractions(used& u) {
  for (auto at = u.fractions.begin(); at != u.fractions.end();) {
    if (at->second.raw() % whole_unit == 0) {
      // Beyond any real count, and still a count: pricing says that it cannot be.
      constexpr amount::rep most = 4'000'000'000'000'000;
      u.tokens.units[at->first] =
          static_cast<std::int64_t>(std::clamp(at->second.raw() / whole_unit, -most, most));
      at = u.fractions.erase(at);
    } else {
      ++at;
    }
  }
}

}  // namespace

void add_facts(const bj::object& o, const usage_shape& shape, used& u) {
  for (const char* key : {"_context_cache", "_cachedContent", "_cached_content"})
    if (const auto* cache = object_at(o, key)) add_storage(*cache, u);
  for (const char* key : {"_groundingMetadata", "groundingMetadata"})
    if (const auto* grounding = o.if_contains(key)) add_grounding(*grounding, shape, u);
  for (const char* key : {"_job", "_deployment"})
    if (const auto* job = object_at(o, key)) add_job(*job, shape, u);
  if (const auto* request = object_at(o, "_request")) add_request(*request, shape, u);
  if (const auto* items = o.if_contains("_output_items"); items != nullptr && items->is_array())
    for (const bj::value& item : items->get_array()) add_item(item, u);
  if (const auto* tokens = o.if_contains("_file_tokens"))
    if (!integer_at(o, "trained_tokens")) add_training(o, *tokens, u);
  if (shape.card->prices("image_generation"))
    for (const char* key : {"generated_images", "images", "image_count", "_images"})
      if (const auto n = integer_at(o, key)) u.tokens.units["image_generation"] = *n;
  move_video_tokens(shape, u);
  settle_fractions(u);
  if (u.reason.empty() && (!u.tokens.units.empty() || !u.fractions.empty()))
    u.tokens.reported = true;
}

}  // namespace ark::cli::worked
