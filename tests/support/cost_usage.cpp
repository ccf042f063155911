#include "tests/support/cost_cases.hpp"

#include "base/json_reader.hpp"
#include "dialect/anthropic_wire.hpp"
#include "dialect/openai_wire.hpp"
#include "dialect/quirks.hpp"

#include <algorithm>
#include <stdexcept>

namespace ark::test {
namespace {

using dialect::reply_builder;

std::int64_t integer(const json::value& v) {
  if (v.is_string()) return std::stoll(std::string(v.as_string()));
  return v.is_null() ? 0 : v.to_number<std::int64_t>();
}
std::int64_t integer(const json::object& o, std::string_view key) {
  const auto* v = o.if_contains(key);
  return v == nullptr ? 0 : integer(*v);
}
const json::object* child(const json::object& o, std::string_view key) {
  const auto* v = o.if_contains(key);
  return v == nullptr ? nullptr : v->if_object();
}

bool is_anthropic(const json::object& o, const usage_shape& shape) {
  for (const char* key : {"cache_creation_input_tokens", "cache_read_input_tokens",
                          "cache_creation", "server_tool_use", "iterations"})
    if (o.contains(key)) return true;
  return shape.vendor == "anthropic";
}

usage anthropic_usage(const std::vector<json::object>& frames) {
  adapters::anthropic::usage_fields fields;
  reply_builder notes;
  for (const json::object& frame : frames) {
    ark::json::reader reader;
    fields.merge(reader.parse(json::serialize(frame)).value(), notes);
  }
  return fields.total();
}

/// Names that endpoints other than chat give to the same thing.
json::object as_chat_usage(json::object o) {
  const auto rename = [&](const char* from, const char* to) {
    if (const auto* v = o.if_contains(from)) o[to] = json::value(*v);
  };
  rename("input_token_details", "input_tokens_details");
  rename("output_token_details", "output_tokens_details");
  return o;
}

const json::object* prompt_details(const json::object& o) {
  for (const char* key : {"prompt_tokens_details", "input_tokens_details"})
    if (const auto* d = child(o, key)) return d;
  return nullptr;
}

/// What chat usage has no field for: image tokens of a prompt, cached tokens by kind, and the
/// answers of image and speech endpoints, which are not text though nothing says so.
void add_modalities(const json::object& o, const usage_shape& shape, usage& u) {
  if (const auto* details = prompt_details(o)) {
    if (const auto* cached = child(*details, "cached_tokens_details")) {
      const std::int64_t sound =
          integer(*details, "audio_tokens") - integer(*cached, "audio_tokens");
      u.input += u.input_audio - sound;
      u.input_audio = sound;
    }
    const std::int64_t pictures = integer(*details, "image_tokens");
    if (shape.input_image && pictures <= u.input) {
      u.input_image = pictures;
      u.input -= pictures;
    }
  }
  const bool says_kind =
      o.contains("output_tokens_details") || o.contains("completion_tokens_details");
  const bool image_endpoint = shape.other_output == "output_image" &&
                              prompt_details(o) != nullptr &&
                              prompt_details(o)->contains("image_tokens");
  if (shape.other_output.empty() || says_kind || (shape.has_text_output && !image_endpoint)) return;
  (shape.other_output == "output_image" ? u.output_image : u.output_audio) += u.output;
  u.output = 0;
}

void add_searches(const json::object& o, usage& u) {
  if (const auto n = integer(o, "citation_tokens"); n != 0) u.units["citation"] = n;
  if (const auto n = integer(o, "num_search_queries"); n != 0) u.units["query"] = n;
  if (const auto n = integer(o, "num_sources_used"); n != 0) u.units["web_search"] = n;
}

usage openai_usage(const json::object& source, const usage_shape& shape) {
  const json::object o = as_chat_usage(source);
  vendor row;
  row.name = shape.vendor;
  // Perplexity's reasoning stands beside its completion tokens.
  if (o.contains("citation_tokens")) row.quirks.push_back(quirk::reasoning_additive{});
  ark::json::reader reader;
  reply_builder notes;
  const auto read = adapters::openai::read_usage(reader.parse(json::serialize(o)).value(),
                                                 dialect::quirk_view(row), notes);
  if (!read) return {};
  usage u = *read;
  add_modalities(o, shape, u);
  add_searches(o, u);
  return u;
}

/// Gemini: parts of the prompt by kind, cached ones among them; thoughts beside the candidates.
std::int64_t of_kind(const json::object& o, std::string_view list, std::string_view kind) {
  std::int64_t sum = 0;
  const auto* all = o.if_contains(list);
  if (all == nullptr || !all->is_array()) return 0;
  for (const json::value& each : all->as_array())
    if (each.as_object().at("modality").as_string() == kind)
      sum += integer(each.as_object(), "tokenCount");
  return sum;
}

usage gemini_usage(const json::object& o) {
  usage u;
  u.reported = true;
  u.cache_read = integer(o, "cachedContentTokenCount");
  u.input_audio =
      of_kind(o, "promptTokensDetails", "AUDIO") - of_kind(o, "cacheTokensDetails", "AUDIO");
  u.input = integer(o, "promptTokenCount") - u.cache_read - u.input_audio;
  u.tool_prompt = integer(o, "toolUsePromptTokenCount");
  for (const char* list : {"candidatesTokensDetails", "responseTokensDetails"}) {
    u.output_image += of_kind(o, list, "IMAGE");
    u.output_audio += of_kind(o, list, "AUDIO");
  }
  u.output = integer(o, "candidatesTokenCount") + integer(o, "responseTokenCount") -
             u.output_image - u.output_audio;
  u.reasoning = integer(o, "thoughtsTokenCount");
  u.vendor_total = integer(o, "totalTokenCount");
  return u;
}

usage bedrock_usage(const json::object& o) {
  usage u;
  u.reported = true;
  u.input = integer(o, "inputTokens");
  u.output = integer(o, "outputTokens");
  u.cache_read = integer(o, "cacheReadInputTokens");
  u.cache_write = integer(o, "cacheWriteInputTokens");
  return u;
}

usage cohere_usage(const json::object& units) {
  usage u;
  u.reported = true;
  u.input = integer(units, "input_tokens");
  u.output = integer(units, "output_tokens");
  if (const auto n = integer(units, "search_units"); n != 0) u.units["query"] = n;
  return u;
}

/// tokens * hours, which must be whole.
std::int64_t token_hours(std::int64_t tokens, const json::value& hours) {
  const std::string text =
      hours.is_string() ? std::string(hours.as_string()) : json::serialize(hours);
  const amount product = amount::parse(text).value().times_ratio(tokens, 1).value();
  constexpr amount::rep one = 1'000'000'000'000'000;
  if (product.raw() % one != 0) throw std::runtime_error("token hours are not whole");
  return static_cast<std::int64_t>(product.raw() / one);
}

std::size_t characters(std::string_view utf8) {
  return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

void add_request(const json::object& r, usage& u) {
  for (const char* key : {"input_chars", "characters", "chars"})
    if (const auto* n = r.if_contains(key)) u.units["input_chars"] = integer(*n);
  for (const char* key : {"input", "text"})
    if (const auto* text = r.if_contains(key); text != nullptr && text->is_string())
      u.units["input_chars"] = static_cast<std::int64_t>(characters(text->as_string()));
}

/// The facts of the harness, which no vendor's usage has.
void add_facts(const json::object& o, const usage_shape& shape, usage& u) {
  for (const char* key : {"_context_cache", "_cachedContent"}) {
    if (const auto* cache = child(o, key)) {
      const std::int64_t tokens = integer(*cache, "tokens") + integer(*cache, "totalTokenCount");
      u.units["cache_storage"] = token_hours(tokens, cache->at("hours"));
    }
  }
  if (const auto* grounding = child(o, "_groundingMetadata")) {
    const auto* queries = grounding->if_contains("webSearchQueries");
    const auto n = queries == nullptr ? 0 : static_cast<std::int64_t>(queries->as_array().size());
    if (n > 0) u.units["web_search"] = shape.search_per_prompt ? 1 : n;
  }
  if (const auto* job = child(o, "_job")) u.units["video_generation"] = integer(*job, "seconds");
  if (const auto* request = child(o, "_request")) add_request(*request, u);
  if (const auto* items = o.if_contains("_output_items")) {
    for (const json::value& item : items->as_array()) {
      const auto& type =
          item.is_string() ? item.as_string() : item.as_object().at("type").as_string();
      if (type == "web_search_call") ++u.units["web_search"];
      if (type == "file_search_call") ++u.units["file_search"];
    }
  }
  if (const auto* tokens = o.if_contains("_file_tokens")) {
    const auto* nested = child(o, "hyperparameters");
    const std::int64_t epochs =
        std::max<std::int64_t>(integer(o, "n_epochs"), nested ? integer(*nested, "n_epochs") : 0);
    u.units["training"] = integer(*tokens) * std::max<std::int64_t>(epochs, 1);
  }
  if (!u.units.empty()) u.reported = true;
}

const json::object* find_usage(const json::value& v) {
  const json::object* o = v.if_object();
  if (o == nullptr) return nullptr;
  for (const char* key : {"usage", "usageMetadata"})
    if (const auto* found = child(*o, key)) return found;
  for (const auto& [name, each] : *o)
    if (const auto* found = find_usage(each)) return found;
  return nullptr;
}

usage stream_usage(const json::array& frames, const usage_shape& shape) {
  std::vector<json::object> seen;
  for (const json::value& frame : frames) {
    boost::system::error_code not_json;  // "[DONE]" is none
    const json::value v = frame.is_string() ? json::parse(frame.as_string(), not_json) : frame;
    if (!not_json)
      if (const auto* found = find_usage(v)) seen.push_back(*found);
  }
  if (seen.empty()) return {};
  if (is_anthropic(seen.front(), shape)) return anthropic_usage(seen);
  return usage_of(seen.back(), shape);  // cumulative: the last one counts
}

/// The vendor's object, by its shape.
usage vendor_usage(const json::object& o, const usage_shape& shape) {
  if (const auto* pages = child(o, "usage_info")) {
    usage u;
    u.units["ocr_page"] = integer(*pages, "pages_processed");
    return u;
  }
  if (const auto* billed = child(o, "billed_units")) return cohere_usage(*billed);
  if (const auto* meta = child(o, "meta"))
    if (const auto* billed = child(*meta, "billed_units")) return cohere_usage(*billed);
  if (const auto* nested = child(o, "usageMetadata")) return gemini_usage(*nested);
  if (o.contains("promptTokenCount")) return gemini_usage(o);
  if (o.contains("inputTokens")) return bedrock_usage(o);
  usage u;
  if (o.contains("trained_tokens")) {
    u.units["training"] = integer(o, "trained_tokens");
    return u;
  }
  if (const auto* type = o.if_contains("type"); type != nullptr && *type == "duration") {
    u.units["audio"] = integer(o, "seconds");
    return u;
  }
  for (const char* key : {"characters", "input_chars"})
    if (o.contains(key)) {
      u.units["input_chars"] = integer(o, key);
      return u;
    }
  if (is_anthropic(o, shape)) return anthropic_usage({o});
  return openai_usage(o, shape);
}

}  // namespace

usage usage_of(const json::object& source, const usage_shape& shape) {
  usage u;
  if (const auto* frames = source.if_contains("_sse"))
    u = stream_usage(frames->as_array(), shape);
  else
    u = vendor_usage(source, shape);
  add_facts(source, shape, u);
  return u;
}

}  // namespace ark::test
