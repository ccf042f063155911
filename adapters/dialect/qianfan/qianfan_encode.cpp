#include "base/json.hpp"
#include "dialect/media.hpp"
#include "dialect/qianfan/qianfan_wire.hpp"
#include "wire/url.hpp"

#include <algorithm>
#include <array>

namespace ark::adapters::qianfan {
namespace {

/// Models whose path is not their id (the vendor's SDK).
struct model_path {
  std::string_view model, path;
};
constexpr std::array<model_path, 27> paths = {{
    {"ERNIE-4.0-8K", "completions_pro"},
    {"ERNIE-4.0", "completions_pro"},
    {"ERNIE-Bot-4", "completions_pro"},
    {"ERNIE-4.0-preemptible", "completions_pro_preemptible"},
    {"ERNIE-4.0-8K-preview", "ernie-4.0-8k-preview"},
    {"ERNIE-3.5-8K", "completions"},
    {"ERNIE-Bot", "completions"},
    {"ERNIE-3.5-8K-preemptible", "completions_preemptible"},
    {"ERNIE-3.5-8K-preview", "ernie-3.5-8k-preview"},
    {"ERNIE-3.5-8K-0205", "ernie-3.5-8k-0205"},
    {"ERNIE-3.5-8K-1222", "ernie-3.5-8k-1222"},
    {"ERNIE-3.5-4K-0205", "ernie-3.5-4k-0205"},
    {"ERNIE-Bot-8K", "ernie_bot_8k"},
    {"ERNIE-Lite-8K-0922", "eb-instant"},
    {"ERNIE-Bot-turbo", "eb-instant"},
    {"ERNIE-Lite-8K-0308", "ernie-lite-8k"},
    {"ERNIE-Speed-8K", "ernie_speed"},
    {"ERNIE-Speed-128K", "ernie-speed-128k"},
    {"ERNIE-Tiny-8K", "ernie-tiny-8k"},
    {"ERNIE-Functions-8K", "ernie-func-8k"},
    {"ERNIE-Character-8K", "ernie-char-8k"},
    {"BLOOMZ-7B", "bloomz_7b1"},
    {"Llama-2-7B-Chat", "llama_2_7b"},
    {"Embedding-V1", "embedding-v1"},
    {"bge-large-zh", "bge_large_zh"},
    {"bge-large-en", "bge_large_en"},
    {"tao-8k", "tao_8k"},
}};

constexpr std::array<std::string_view, 11> family_names = {
    "disable_search", "enable_citation", "max_output_tokens", "penalty_score", "response_format",
    "stop",           "temperature",     "tool_choice",       "top_k",         "top_p",
    "user_id"};
constexpr std::array<std::string_view, 4> own_names = {"functions", "messages", "stream", "system"};
constexpr std::array<std::string_view, 1> limit_names = {"max_output_tokens"};

result<void> check_chat(const call& c, const vendor& v) {
  if (auto said = dialect::check_sayable(c, {}, v); !said) return said;
  if (c.tool_choice.mode == tool_choice_mode::required)
    return unsayable("that some function must be called");
  if (c.response_format.kind == response_format_kind::json_schema)
    return unsayable("a schema for the answer");
  if (c.reasoning != reasoning_effort::unset || c.reasoning_budget_tokens)
    return unsayable("how hard to think");
  if (!c.service_tier.empty()) return unsayable("a service tier");
  return {};
}

void write_turn(const turn& t, json::writer& w) {
  w.begin_object().key("role").string(t.role);
  if (!t.name.empty()) w.key("name").string(t.name);
  w.key("content").string(t.text);
  if (t.call != nullptr) {
    w.key("function_call").begin_object().key("name").string(t.call->name);
    w.key("arguments").string(t.call->arguments);
    if (!t.thoughts.empty()) w.key("thoughts").string(t.thoughts);
    w.end_object();
  }
  w.end_object();
}

result<void> write_function(const tool_definition& t, const vendor& v, json::writer& w,
                            std::vector<std::string>& notes) {
  if (!t.parameters.empty() && !json::is_valid(t.parameters))
    return error{.code = errc::invalid_request,
                 .message = "the parameters of tool \"" + t.name + "\" are not JSON"};
  w.begin_object().key("name").string(t.name).key("description").string(t.description);
  w.key("parameters");
  w.raw(t.parameters.empty() ? R"({"type":"object","properties":{}})" : t.parameters).end_object();
  if (t.strict)
    notes.push_back("vendor \"" + v.name + "\" has no strict tools: the arguments of \"" + t.name +
                    "\" may not follow the schema");
  return {};
}

result<void> write_functions(const call& c, const vendor& v, json::writer& w,
                             std::vector<std::string>& notes) {
  if (c.tools.empty()) return {};
  if (c.tool_choice.mode == tool_choice_mode::none) {
    notes.emplace_back("the functions were left out, as none may be called");
    return {};
  }
  w.key("functions").begin_array();
  for (const tool_definition& t : c.tools)
    if (auto ok = write_function(t, v, w, notes); !ok) return ok;
  w.end_array();
  return {};
}

void write_parameters(const call& c, dialect::parameter_gate& gate, json::writer& w) {
  if (c.max_tokens) gate.integer("max_output_tokens", *c.max_tokens);
  if (c.temperature) gate.number("temperature", *c.temperature);
  if (c.top_p) gate.number("top_p", *c.top_p);
  if (c.seed) gate.integer("seed", *c.seed);
  if (!c.stop.empty() && gate.begin("stop")) {
    w.begin_array();
    for (const std::string& word : c.stop) w.string(word);
    w.end_array();
  }
  if (!c.end_user.empty()) gate.text("user_id", c.end_user);
  if (c.response_format.kind == response_format_kind::json_object)
    gate.text("response_format", "json_object");
  if (c.parallel_tool_calls) gate.boolean("parallel_tool_calls", *c.parallel_tool_calls);
  if (c.tool_choice.mode == tool_choice_mode::named && gate.begin("tool_choice")) {
    w.begin_object().key("type").string("function").key("function").begin_object();
    w.key("name").string(c.tool_choice.name).end_object().end_object();
  }
  gate.extras(c.extra, own_names);
}

}  // namespace

error unsayable(const std::string& what) {
  return {.code = errc::unsupported,
          .message = "this family cannot say " + what + ": leave it out or choose another vendor"};
}

result<std::string> target_of(const dialect::quirk_view& quirks, const std::string& own,
                              std::string_view kind, std::string_view model) {
  if (own == "-") return unsayable("this kind of call");
  if (!own.empty()) return quirks.target(own, model);
  const auto* known = std::find_if(paths.begin(), paths.end(),
                                   [&](const model_path& p) { return p.model == model; });
  if (known != paths.end()) return quirks.target(std::string(kind) + std::string(known->path));
  auto segment = wire::encode_segment(model);
  if (!segment) return segment.error();
  return quirks.target(std::string(kind) + *segment);
}

result<dialect::encoded> encode_chat(const call& c, std::string_view model, const vendor& v,
                                     bool stream) {
  if (auto ok = check_chat(c, v); !ok) return ok.error();
  const dialect::quirk_view quirks(v);
  auto target = target_of(quirks, v.chat_path, "/chat/", model);
  if (!target) return target.error();
  dialect::encoded made;
  const auto said = dialogue_of(c, made.notes);
  if (!said) return said.error();
  // The vendor's document: with functions there is no system message.
  if (!said->system.empty() && !c.tools.empty() && c.tool_choice.mode != tool_choice_mode::none)
    return unsayable("a system message beside functions (put it into the user's first message)");

  json::writer w(made.request.body);
  w.begin_object().key("messages").begin_array();
  for (const turn& t : said->turns) write_turn(t, w);
  w.end_array();
  if (!said->system.empty()) w.key("system").string(said->system);
  if (stream) w.key("stream").boolean(true);
  if (auto ok = write_functions(c, v, w, made.notes); !ok) return ok.error();
  dialect::parameter_gate gate(quirks, family_names, w, made.notes);
  write_parameters(c, gate, w);
  if (auto taken = gate.finish(); !taken) return taken.error();
  w.end_object();
  made.max_output_tokens = gate.largest_of(limit_names);
  made.request.target = std::move(*target);
  made.request.headers.push_back({"content-type", "application/json", false});
  made.request.headers.push_back(
      {"accept", stream ? "text/event-stream" : "application/json", false});
  quirks.add_headers(made.request.headers);
  return made;
}

}  // namespace ark::adapters::qianfan
