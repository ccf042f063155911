#include "cli/cost_usage.hpp"

#include <algorithm>

#include "base/json_reader.hpp"
#include "dialect/anthropic_wire.hpp"
#include "dialect/bedrock/bedrock_wire.hpp"
#include "dialect/cohere/cohere_wire.hpp"
#include "dialect/gemini/gemini_wire.hpp"
#include "dialect/openai_wire.hpp"

namespace ark::cli::worked {
namespace {

using dialect::reply_builder;

bool has_any(const bj::object& o, std::initializer_list<std::string_view> keys) {
  return std::any_of(keys.begin(), keys.end(), [&](auto key) { return o.contains(key); });
}

bool is_anthropic(const bj::object& o, const usage_shape& shape) {
  if (o.contains("prompt_tokens")) return false;
  return shape.vendor.starts_with("anthropic") ||
         has_any(o, {"cache_creation_input_tokens", "cache_read_input_tokens", "cache_creation",
                     "server_tool_use", "iterations"});
}

/// Reads `o` with a dialect's own reader: `read(element)`.
template <class Read>
void parsed(const bj::object& o, Read&& read) {
  json::reader reader;
  if (const auto root = reader.parse(bj::serialize(o))) read(*root);
}

used anthropic_usage(const std::vector<bj::object>& frames) {
  adapters::anthropic::usage_fields fields;
  reply_builder notes;
  for (const bj::object& frame : frames)
    parsed(frame, [&](json::element root) { fields.merge(root, notes); });
  used out;
  out.tokens = fields.total();
  // Fetching a page has no fee of its own (Anthropic's price page, 2026).
  if (out.tokens.units.erase("web_fetch") != 0) out.notes.emplace_back("web_fetch has no fee");
  return out;
}

used bedrock_usage(const bj::object& o) {
  used out;
  reply_builder notes;
  parsed(o, [&](json::element root) { out.tokens = adapters::bedrock::read_usage(root, notes); });
  return out;
}

used cohere_usage(const bj::object& holder) {
  used out;
  reply_builder notes;
  parsed(holder, [&](json::element root) {
    if (auto u = adapters::cohere::read_usage(root, notes)) out.tokens = *std::move(u);
  });
  out.input = "input(billed)";
  out.output = "output(billed)";
  return out;
}

/// Names as the vendor's own client prints them ("prompt_token_count"), and the live endpoint's.
bj::object as_gemini(const bj::object& o) {
  bj::object out;
  for (const auto& [name, value] : o) {
    std::string key;
    bool upper = false;
    for (const char c : std::string_view(name)) {
      if (c == '_' && !key.empty()) {
        upper = true;
        continue;
      }
      key += upper && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
      upper = false;
    }
    if (key == "responseTokenCount") key = "candidatesTokenCount";
    if (key == "responseTokensDetails") key = "candidatesTokensDetails";
    bj::value copy(value);
    if (auto* list = copy.if_array())
      for (bj::value& each : *list)
        if (auto* split = each.if_object())
          if (const auto* n = split->if_contains("token_count"))
            (*split)["tokenCount"] = bj::value(*n);
    out[key] = std::move(copy);
  }
  return out;
}

used gemini_usage(const bj::object& source) {
  used out;
  adapters::gemini::usage_fields fields;
  parsed(as_gemini(source), [&](json::element root) { fields.read(root); });
  out.tokens = fields.total();
  out.cached_within = true;
  if (out.tokens.tool_prompt > 0) out.input = "input(prompt+toolUse)";
  return out;
}

const bj::object* details_of(const bj::object& o, bool prompt) {
  for (const char* key : {prompt ? "prompt_tokens_details" : "completion_tokens_details",
                          prompt ? "input_tokens_details" : "output_tokens_details",
                          prompt ? "input_token_details" : "output_token_details"})
    if (const auto* d = object_at(o, key)) return d;
  return nullptr;
}

/// Names that endpoints other than chat give to the same thing.
bj::object as_chat_usage(bj::object o) {
  const auto rename = [&](std::string_view from, std::string_view to) {
    if (const auto* v = o.if_contains(from)) o[to] = bj::value(*v);
  };
  rename("output_token_details", "output_tokens_details");
  rename("prompt_eval_count", "prompt_tokens");
  rename("eval_count", "completion_tokens");
  return o;
}

/// What chat usage has no field for: image tokens of a prompt, cached tokens by kind.
void split_prompt(const bj::object& o, const usage_shape& shape, used& u) {
  const auto* details = details_of(o, true);
  if (details == nullptr) return;
  usage& t = u.tokens;
  if (const auto* cached = object_at(*details, "cached_tokens_details")) {
    const std::int64_t sound = std::max<std::int64_t>(
        count_at(*details, "audio_tokens") - count_at(*cached, "audio_tokens"), 0);
    t.input += t.input_audio - sound;
    t.input_audio = sound;
  }
  const std::int64_t pictures = count_at(*details, "image_tokens");
  if (shape.card->prices("input_image") && pictures <= t.input) {
    t.input_image = pictures;
    t.input -= pictures;
  }
  const bool by_kind = details->contains("text_tokens") || details->contains("audio_tokens") ||
                       details->contains("image_tokens");
  if (by_kind && (shape.card->prices("input_audio") || shape.card->prices("input_image")))
    u.input = "input_text";
}

/// The answers of image and speech endpoints are no text, though nothing says so.
void split_answer(const bj::object& o, const usage_shape& shape, used& u) {
  const price_card& card = *shape.card;
  usage& t = u.tokens;
  const bool image = card.prices("output_image"), sound = card.prices("output_audio");
  if (!image && !sound) return;
  if (details_of(o, false) != nullptr) {
    u.output = "output_text";
    return;
  }
  const auto* prompt = details_of(o, true);
  const bool image_endpoint = image && prompt != nullptr && prompt->contains("image_tokens");
  if (!image_endpoint && (card.prices("output") || card.prices("output_text"))) return;
  (image ? t.output_image : t.output_audio) += t.output;
  t.output = 0;
}

/// Counts of searches and sources, by the names that vendors have for them.
void add_searches(const bj::object& o, const usage_shape& shape, used& u) {
  const auto add = [&](std::string_view key, const char* unit) {
    if (const auto n = count_at(o, key); n != 0) u.tokens.units[unit] = n;
  };
  add("citation_tokens", "citation");
  add("num_search_queries", shape.card->prices("query") ? "query" : "web_search");
  add("num_sources_used", "web_search");
  if (const auto* plugins = object_at(o, "plugins"))
    if (const auto* search = object_at(*plugins, "search"))
      if (const auto n = count_at(*search, "count"); n != 0) u.tokens.units["web_search"] = n;
}

/// Does reasoning stand beside the completion's tokens? The total says so, else the vendor's habit.
bool is_reasoning_beside(const bj::object& o, const usage_shape& shape) {
  const auto* details = details_of(o, false);
  const std::int64_t reasoning =
      details != nullptr ? count_at(*details, "reasoning_tokens") : count_at(o, "reasoning_tokens");
  const std::int64_t prompt =
      count_at(o, o.contains("prompt_tokens") ? "prompt_tokens" : "input_tokens");
  const std::int64_t answer =
      count_at(o, o.contains("completion_tokens") ? "completion_tokens" : "output_tokens");
  const std::int64_t sum = prompt + answer;
  const auto total = integer_at(o, "total_tokens");
  // Perplexity's total leaves its reasoning out.
  if (o.contains("citation_tokens") || shape.vendor == "perplexity") return true;
  if (total && *total == sum + reasoning) return reasoning > 0;
  if (total && *total == sum) return false;
  if (reasoning > answer) return true;
  if (shape.row == nullptr) return shape.vendor == "xai";
  return dialect::quirk_view(*shape.row).reasoning_additive;
}

/// What the vendor itself says that it charges.
void add_vendor_cost(const bj::object& o, used& u) {
  if (const auto ticks = integer_at(o, "cost_in_usd_ticks")) {
    const auto value = amount::from_raw(1'000'000'000'000'000).times_ratio(*ticks, 10'000'000'000);
    if (value) u.tokens.vendor_cost = money{*value, "USD"};
  } else if (const auto* cost = object_at(o, "cost")) {
    if (const auto value = decimal_at(*cost, "total_cost"))
      u.tokens.vendor_cost = money{*value, "USD"};
  } else if (const auto value = decimal_at(o, "cost")) {
    u.tokens.vendor_cost = money{*value, "USD"};
  }
}

used openai_usage(const bj::object& source, const usage_shape& shape) {
  used out;
  const bj::object o = as_chat_usage(source);
  vendor row = shape.row != nullptr ? *shape.row : vendor{};
  std::erase_if(row.quirks,
                [](const auto& q) { return std::holds_alternative<quirk::reasoning_additive>(q); });
  const bool beside = is_reasoning_beside(o, shape);
  if (beside) row.quirks.emplace_back(quirk::reasoning_additive{});
  reply_builder notes;
  parsed(o, [&](json::element root) {
    if (auto u = adapters::openai::read_usage(root, dialect::quirk_view(row), notes))
      out.tokens = *std::move(u);
  });
  if (!out.tokens.reported) return out;
  out.cached_within = true;
  if (has_any(o, {"prompt_cache_hit_tokens", "prompt_cache_miss_tokens"})) {
    out.input = "cache_miss";
    out.cache_read = "cache_hit";
  }
  if (beside && out.tokens.reasoning > 0 && !shape.card->prices("reasoning"))
    out.output = "output(completion+reasoning)";
  split_prompt(o, shape, out);
  split_answer(o, shape, out);
  add_searches(o, shape, out);
  add_vendor_cost(o, out);
  return out;
}

/// The first object within `o` that is called "usage" or "usageMetadata"; none in the facts.
const bj::object* find_usage(const bj::object& o, int depth = 0) {
  for (const char* key : {"usage", "usageMetadata", "usage_metadata"})
    if (const auto* found = object_at(o, key)) return found;
  for (const auto& [name, each] : o) {
    const bj::object* inner = each.if_object();
    if (inner == nullptr || depth > 8 || std::string_view(name).starts_with("_")) continue;
    if (const auto* found = find_usage(*inner, depth + 1)) return found;
  }
  return nullptr;
}

/// A frame as JSON: an object, its text, or the lines of an event ("data: {...}").
bj::value frame_of(const bj::value& frame) {
  if (!frame.is_string()) return frame;
  std::string text(frame.get_string());
  if (const auto data = text.find("data:"); data != std::string::npos && text.find('{') > data)
    text = text.substr(data + 5);
  boost::system::error_code not_json;  // "[DONE]" is none
  bj::value v = bj::parse(text, not_json);
  return not_json ? bj::value{} : v;
}

used stream_usage(const bj::array& frames, const usage_shape& shape) {
  std::vector<bj::object> seen;
  bool failed = false, messages = false, ended = false;
  for (const bj::value& each : frames) {
    const bj::value frame = frame_of(each);
    const bj::object* o = frame.if_object();
    if (o == nullptr) continue;
    const std::string type = text_at(*o, "type");
    failed = failed || type == "error" || object_at(*o, "error") != nullptr;
    messages = messages || type == "message_start";
    const bj::object* found = find_usage(*o);
    if (found == nullptr) continue;
    ended = ended || type == "message_delta";
    seen.push_back(*found);
  }
  if (seen.empty()) return {};
  const bool anthropic = messages || is_anthropic(seen.front(), shape);
  // Cumulative: the last one counts.
  used out = anthropic ? anthropic_usage(seen) : read_usage(seen.back(), shape);
  out.incomplete = failed || (anthropic && !ended);
  return out;
}

/// What is counted in no tokens: sound by its seconds, pages, characters, training.
bool read_units(const bj::object& o, const usage_shape& shape, used& u) {
  const auto take = [&](std::string_view key, const char* unit) {
    const auto n = decimal_at(o, key);
    if (n) u.fractions[unit] = *n;
    return n.has_value();
  };
  bool any = false;
  if (const auto* pages = object_at(o, "usage_info")) {
    u.tokens.units["ocr_page"] = count_at(*pages, "pages_processed");
    if (const auto n = count_at(*pages, "pages_processed_annotation"))
      u.tokens.units["annotation_page"] = n;
    any = true;
  }
  if (o.contains("trained_tokens") || text_at(o, "object") == "fine_tuning.job") {
    const auto n = integer_at(o, "trained_tokens");
    if (n) u.tokens.units["training"] = *n;
    // A job that has not ended has no count yet.
    if (!n && !o.contains("_file_tokens")) u.reason = "the job says no trained tokens";
    any = true;
  }
  if (shape.card->prices("audio"))
    for (const char* key : {"seconds", "duration", "audio_seconds", "prompt_audio_seconds"})
      if (take(key, "audio")) {
        any = true;
        break;
      }
  if (shape.card->prices("input_chars"))
    for (const char* key : {"characters", "input_chars", "input_characters", "usage_characters"})
      if (take(key, "input_chars")) {
        any = true;
        break;
      }
  return any;
}

used vendor_usage(const bj::object& o, const usage_shape& shape) {
  if (object_at(o, "billed_units") != nullptr) return cohere_usage(o);
  if (const auto* meta = object_at(o, "meta"))
    if (has_any(*meta, {"billed_units", "tokens"})) return cohere_usage(*meta);
  for (const char* key : {"usageMetadata", "usage_metadata"})
    if (const auto* nested = object_at(o, key)) return gemini_usage(*nested);
  if (has_any(
          o, {"promptTokenCount", "prompt_token_count", "candidatesTokenCount", "totalTokenCount"}))
    return gemini_usage(o);
  if (has_any(o, {"inputTokens", "outputTokens"})) return bedrock_usage(o);
  const bool counts = has_any(
      o, {"input_tokens", "prompt_tokens", "output_tokens", "total_tokens", "completion_tokens"});
  if (!counts)
    if (const auto* nested = find_usage(o)) return read_usage(*nested, shape);
  return is_anthropic(o, shape) ? anthropic_usage({o}) : openai_usage(o, shape);
}

}  // namespace

used read_usage(const bj::object& source, const usage_shape& shape) {
  used out;
  if (const auto* frames = source.if_contains("_sse"); frames != nullptr && frames->is_array())
    out = stream_usage(frames->get_array(), shape);
  else
    out = vendor_usage(source, shape);
  if (read_units(source, shape, out)) out.tokens.reported = out.reason.empty();
  add_facts(source, shape, out);
  return out;
}

}  // namespace ark::cli::worked
