#include "base/json.hpp"
#include "dialect/dashscope/dashscope_wire.hpp"
#include "dialect/media.hpp"

#include <algorithm>

namespace ark::adapters::dashscope {
namespace {

using ark::dialect::parameter_gate;

constexpr std::string_view text_path = "/services/aigc/text-generation/generation";
constexpr std::string_view multimodal_path = "/services/aigc/multimodal-generation/generation";

/// What the vendor documents for `parameters`; rows without a list of their own take these.
constexpr std::string_view family_parameters[] = {"enable_search",
                                                  "enable_thinking",
                                                  "incremental_output",
                                                  "logprobs",
                                                  "max_tokens",
                                                  "n",
                                                  "parallel_tool_calls",
                                                  "presence_penalty",
                                                  "repetition_penalty",
                                                  "response_format",
                                                  "search_options",
                                                  "seed",
                                                  "stop",
                                                  "temperature",
                                                  "thinking_budget",
                                                  "tool_choice",
                                                  "tools",
                                                  "top_k",
                                                  "top_logprobs",
                                                  "top_p",
                                                  "translation_options",
                                                  "vl_high_resolution_images"};
constexpr std::string_view reserved[] = {"input", "messages", "model", "result_format", "stream"};
constexpr std::string_view no_parameters = R"({"type":"object","properties":{}})";
constexpr std::string_view output_limits[] = {"max_tokens"};
constexpr std::string_view thinking_limits[] = {"thinking_budget"};
constexpr std::string_view answers[] = {"n"};

/// Series that the vendor documents on the multimodal endpoint, also for calls of text only; the
/// other endpoint answers them with "url error".
constexpr std::string_view multimodal_series[] = {"-vl", "-ocr", "qvq", "qwen3.5", "qwen3.7-plus"};

bool has_media(const call& c) {
  return std::any_of(c.messages.begin(), c.messages.end(), [](const message& m) {
    return std::any_of(m.parts.begin(), m.parts.end(), ark::dialect::is_media);
  });
}

class chat_encoder {
 public:
  chat_encoder(const call& c, std::string_view model, const vendor& v, bool stream)
      : call_(c), model_(model), quirks_(v), extras_(c.extra), stream_(stream) {}
  result<encoded> run();

 private:
  result<void> choose_endpoint();
  result<void> parameters(json::writer& out);
  void sampling(parameter_gate& gate, json::writer& out);
  void tools(parameter_gate& gate, json::writer& out);
  void tool_choice(parameter_gate& gate, json::writer& out);
  void format(parameter_gate& gate, json::writer& out);
  void thinking(parameter_gate& gate);
  void increments(parameter_gate& gate);
  bool thinking_is_off() const;
  void bound_output(const parameter_gate& gate);
  void headers();

  const call& call_;
  std::string_view model_;
  quirk_view quirks_;
  std::map<std::string, std::string> extras_;
  encoded made_;
  std::string path_;
  bool stream_, multimodal_ = false, oss_ = false;
};

result<void> chat_encoder::choose_endpoint() {
  path_ = quirks_.row().chat_path;
  const auto asked = extras_.find("multimodal");
  if (asked != extras_.end()) {
    if (asked->second != "true" && asked->second != "false")
      return refused("the extra parameter \"multimodal\" names the endpoint: true or false");
    multimodal_ = asked->second == "true";
    extras_.erase(asked);
  } else {
    multimodal_ = has_media(call_) ||
                  std::any_of(std::begin(multimodal_series), std::end(multimodal_series),
                              [this](auto s) { return model_.find(s) != std::string_view::npos; });
  }
  if (path_.empty())
    path_ = multimodal_ ? multimodal_path : text_path;
  else
    multimodal_ = path_.find("multimodal") != std::string::npos;
  return {};
}

void chat_encoder::sampling(parameter_gate& gate, json::writer& out) {
  const call& c = call_;
  if (c.max_tokens) gate.integer("max_tokens", *c.max_tokens);
  if (c.temperature) gate.number("temperature", *c.temperature);
  if (c.top_p) gate.number("top_p", *c.top_p);
  if (!c.stop.empty() && gate.begin("stop")) {
    out.begin_array();
    for (const std::string& word : c.stop) out.string(word);
    out.end_array();
  }
  if (c.seed) gate.integer("seed", *c.seed);
  if (c.top_logprobs) gate.boolean("logprobs", true);
  if (c.top_logprobs && *c.top_logprobs > 0) gate.integer("top_logprobs", *c.top_logprobs);
  if (!c.service_tier.empty()) gate.text("service_tier", c.service_tier);
  if (!c.end_user.empty()) gate.text("user", c.end_user);
}

void chat_encoder::tools(parameter_gate& gate, json::writer& out) {
  if (call_.tools.empty() || !gate.begin("tools")) return;
  out.begin_array();
  for (const tool_definition& t : call_.tools) {
    if (!t.parameters.empty() && !json::is_valid(t.parameters))
      return gate.refuse(refused("the parameters of tool \"" + t.name + "\" are not JSON"));
    out.begin_object().key("type").string("function").key("function").begin_object();
    out.key("name").string(t.name);
    if (!t.description.empty()) out.key("description").string(t.description);
    out.key("parameters").raw(t.parameters.empty() ? no_parameters : t.parameters);
    out.end_object().end_object();
    if (t.strict)
      made_.notes.push_back("vendor \"" + quirks_.row().name +
                            "\" has no strict tools: the arguments may not follow the schema");
  }
  out.end_array();
}

void chat_encoder::tool_choice(parameter_gate& gate, json::writer& out) {
  const auto mode = call_.tool_choice.mode;
  if (mode == tool_choice_mode::automatic) return;
  if (call_.tools.empty() && !call_.extra.contains("tools")) {
    if (mode == tool_choice_mode::none) return;
    return gate.refuse(refused("a tool choice needs tools: give them or leave the choice out"));
  }
  if (mode == tool_choice_mode::required)
    return gate.refuse(
        refused("this family cannot require just any tool: name one, or leave the "
                "choice to the model",
                errc::unsupported));
  if (!gate.begin("tool_choice")) return;
  if (mode == tool_choice_mode::none) {
    out.string("none");
  } else {
    out.begin_object().key("type").string("function").key("function").begin_object();
    out.key("name").string(call_.tool_choice.name).end_object().end_object();
  }
}

void chat_encoder::format(parameter_gate& gate, json::writer& out) {
  const response_format& f = call_.response_format;
  if (f.kind == response_format_kind::text) return;
  const bool schema = f.kind == response_format_kind::json_schema;
  if (schema && !json::is_valid(f.schema))
    return gate.refuse(refused("response_format.schema is not JSON"));
  if (!gate.begin("response_format")) return;
  out.begin_object().key("type");
  if (!schema || quirks_.json_schema_as != nullptr) {
    out.string("json_object").end_object();
    return;
  }
  out.string("json_schema").key("json_schema").begin_object().key("name").string(f.name);
  out.key("schema").raw(f.schema);
  if (f.strict) out.key("strict").boolean(true);
  out.end_object().end_object();
}

void chat_encoder::thinking(parameter_gate& gate) {
  const bool has_effort = call_.reasoning != reasoning_effort::unset;
  const bool on = call_.reasoning != reasoning_effort::none;
  if (!has_effort && !call_.reasoning_budget_tokens) return;
  if (stream_ && on && is_cumulative(quirks_))
    return gate.refuse(refused("vendor \"" + quirks_.row().name +
                               "\" thinks only in incremental streams: switch reasoning off, or "
                               "use a row that does not turn incremental_output off"));
  gate.boolean("enable_thinking", on);
  if (call_.reasoning_budget_tokens)
    gate.integer("thinking_budget", *call_.reasoning_budget_tokens);
  if (has_effort && on)
    made_.notes.push_back("vendor \"" + quirks_.row().name +
                          "\" knows no levels of reasoning: it was only switched on");
}

/// Deltas unless the row says otherwise. The stream's reader knows the row and not the call, so
/// that a call cannot say otherwise.
void chat_encoder::increments(parameter_gate& gate) {
  const bool cumulative = is_cumulative(quirks_);
  const auto asked = extras_.find("incremental_output");
  if (asked != extras_.end() && asked->second != (cumulative ? "false" : "true"))
    return gate.refuse(refused("streams of vendor \"" + quirks_.row().name + "\" are read as " +
                                   (cumulative ? "cumulative text" : "deltas") +
                                   ": set the default of incremental_output in a vendor row",
                               errc::unsupported));
  if (stream_ && !cumulative && asked == extras_.end()) gate.boolean("incremental_output", true);
}

result<void> chat_encoder::parameters(json::writer& out) {
  out.key("parameters").begin_object().key("result_format").string("message");
  parameter_gate gate(quirks_, family_parameters, out, made_.notes);
  sampling(gate, out);
  tools(gate, out);
  tool_choice(gate, out);
  if (call_.parallel_tool_calls) gate.boolean("parallel_tool_calls", *call_.parallel_tool_calls);
  format(gate, out);
  thinking(gate);
  increments(gate);
  gate.extras(extras_, reserved);
  if (auto taken = gate.finish(); !taken) return taken.error();
  out.end_object();
  bound_output(gate);
  return {};
}

bool chat_encoder::thinking_is_off() const {
  if (call_.reasoning == reasoning_effort::none) return true;
  if (const auto asked = extras_.find("enable_thinking"); asked != extras_.end())
    return asked->second == "false";
  if (call_.reasoning != reasoning_effort::unset || call_.reasoning_budget_tokens) return false;
  for (const quirk_item& item : quirks_.row().quirks)
    if (auto* q = std::get_if<quirk::set_default>(&item); q && q->parameter == "enable_thinking")
      return q->value == "false";
  return false;
}

/// max_tokens does not count the thinking (documented), which is billed all the same: its budget
/// is added, and without one there is no bound unless the thinking is off.
void chat_encoder::bound_output(const parameter_gate& gate) {
  auto limit = gate.largest_of(output_limits);
  const auto budget = gate.largest_of(thinking_limits);
  if (!limit || (!budget && !thinking_is_off())) return;
  std::int64_t all = *limit;
  if (!thinking_is_off() && __builtin_add_overflow(all, *budget, &all)) return;
  const auto count = gate.largest_of(answers);
  if (count && *count > 1 && __builtin_mul_overflow(all, *count, &all)) return;
  made_.max_output_tokens = all;
}

void chat_encoder::headers() {
  auto& list = made_.request.headers;
  list.push_back({"content-type", "application/json"});
  list.push_back({"accept", stream_ ? "text/event-stream" : "application/json"});
  if (stream_) list.push_back({"x-dashscope-sse", "enable"});
  if (oss_) list.push_back({"x-dashscope-ossresourceresolve", "enable"});
  quirks_.add_headers(list);
}

result<encoded> chat_encoder::run() {
  constexpr ark::dialect::sayable can{.audio = true, .video = true, .logprobs = true};
  if (auto said = ark::dialect::check_sayable(call_, can, quirks_.row()); !said)
    return said.error();
  if (auto chosen = choose_endpoint(); !chosen) return chosen.error();
  std::string& body = made_.request.body;
  body.reserve(1024);
  json::writer out(body);
  out.begin_object().key("model").string(model_);
  out.key("input").begin_object();
  if (auto written = write_messages(call_, quirks_, multimodal_, out, made_.notes, oss_); !written)
    return written.error();
  out.end_object();
  if (auto written = parameters(out); !written) return written.error();
  out.end_object();
  made_.request.target = quirks_.target(path_);
  headers();
  return std::move(made_);
}

}  // namespace

result<encoded> encode_chat(const call& c, std::string_view model, const vendor& v, bool stream) {
  return chat_encoder(c, model, v, stream).run();
}

}  // namespace ark::adapters::dashscope
