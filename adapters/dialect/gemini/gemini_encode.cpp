#include "dialect/gemini/gemini_wire.hpp"
#include "dialect/media.hpp"
#include "wire/url.hpp"

#include <algorithm>

namespace ark::adapters::gemini {
namespace {

constexpr std::string_view family_parameters[] = {
    // of the request
    "cachedContent", "labels", "modelArmorConfig", "safetySettings", "serviceTier", "toolConfig",
    "tools",
    // of generationConfig
    "audioTimestamp", "candidateCount", "frequencyPenalty", "imageConfig", "logprobs",
    "maxOutputTokens", "mediaResolution", "presencePenalty", "responseJsonSchema",
    "responseLogprobs", "responseMimeType", "responseModalities", "responseSchema", "seed",
    "speechConfig", "stopSequences", "temperature", "thinkingConfig", "topK", "topP"};
constexpr std::size_t request_parameters = 7;
constexpr std::string_view reserved_names[] = {"contents", "systemInstruction", "generationConfig",
                                               "model"};
constexpr std::string_view output_limits[] = {"maxOutputTokens"};

bool is_of_request(std::string_view name) {
  const auto* end = std::begin(family_parameters) + request_parameters;
  return std::find(std::begin(family_parameters), end, name) != end;
}

/// From version 3 on models think by a level; earlier ones, and names without a version, by a
/// budget (recorded).
bool thinks_by_level(std::string_view model) {
  constexpr std::string_view prefix = "gemini-";
  if (!model.starts_with(prefix) || model.size() == prefix.size()) return false;
  const char version = model[prefix.size()];
  return version >= '3' && version <= '9';
}

/// Writes one request; the first thing that cannot be said stays in the gate.
class request_writer {
 public:
  request_writer(const call& c, std::string_view model, const vendor& v)
      : call_(c),
        model_(model),
        quirks_(v),
        writer_(out_.request.body),
        gate_(quirks_, family_parameters, writer_, out_.notes) {}
  result<dialect::encoded> run(bool stream);

 private:
  void note(std::string text) { out_.notes.push_back(std::move(text)); }
  void refuse(errc code, std::string message) {
    gate_.refuse({.code = code, .message = std::move(message)});
  }
  void tools();
  void tool_choice();
  void request_extras();
  void generation_config();
  void sampling();
  void thinking();
  void thinking_effort();
  void response_format();
  void unsayable();

  const call& call_;
  std::string_view model_;
  dialect::quirk_view quirks_;
  dialect::encoded out_;
  json::writer writer_;
  dialect::parameter_gate gate_;
  std::map<std::string, std::string> request_extras_, config_extras_;  ///< the gate keeps names
};

void request_writer::tools() {
  const auto own = request_extras_.find("tools");
  if (call_.tools.empty() && own == request_extras_.end()) return;
  if (!gate_.begin("tools")) return;
  writer_.begin_array();
  if (!call_.tools.empty()) {
    writer_.begin_object().key("functionDeclarations").begin_array();
    for (const tool_definition& t : call_.tools) {
      writer_.begin_object().key("name").string(t.name);
      if (!t.description.empty()) writer_.key("description").string(t.description);
      if (!t.parameters.empty()) {
        writer_.key("parametersJsonSchema");
        write_json(writer_, gate_, "the schema of tool \"" + t.name + '"', t.parameters);
      }
      writer_.end_object();
    }
    writer_.end_array().end_object();
    const auto strict = [](const tool_definition& t) { return t.strict; };
    if (std::any_of(call_.tools.begin(), call_.tools.end(), strict))
      note("this vendor has no strict tools: arguments may differ from their schema");
  }
  if (own != request_extras_.end())
    if (auto written = dialect::write_items(writer_, own->second); !written)
      gate_.refuse(written.error());
  writer_.end_array();
}

void request_writer::tool_choice() {
  if (call_.parallel_tool_calls == false && !quirks_.drops("parallel_tool_calls"))
    refuse(errc::unsupported,
           "this vendor cannot be told to call one tool at a time: leave parallel_tool_calls out");
  const auto mode = call_.tool_choice.mode;
  if (mode == tool_choice_mode::automatic) return;
  // Without functions "none" says nothing.
  if (call_.tools.empty() && mode == tool_choice_mode::none) return;
  if (call_.tools.empty())
    return refuse(errc::invalid_request,
                  "a tool choice needs tools: give them or leave the choice out");
  if (!gate_.begin("toolConfig")) return;
  writer_.begin_object().key("functionCallingConfig").begin_object().key("mode");
  writer_.string(mode == tool_choice_mode::none ? "NONE" : "ANY");
  if (mode == tool_choice_mode::named)
    writer_.key("allowedFunctionNames").begin_array().string(call_.tool_choice.name).end_array();
  writer_.end_object().end_object();
}

void request_writer::sampling() {
  if (call_.max_tokens) gate_.integer("maxOutputTokens", *call_.max_tokens);
  if (call_.temperature) gate_.number("temperature", *call_.temperature);
  if (call_.top_p) gate_.number("topP", *call_.top_p);
  if (call_.seed) gate_.integer("seed", *call_.seed);
  if (call_.top_logprobs) {
    gate_.boolean("responseLogprobs", true);
    if (*call_.top_logprobs > 0) gate_.integer("logprobs", *call_.top_logprobs);
  }
  if (call_.stop.empty() || !gate_.begin("stopSequences")) return;
  writer_.begin_array();
  for (const std::string& text : call_.stop) writer_.string(text);
  writer_.end_array();
}

/// A budget in tokens is taken by models of both kinds (recorded).
void request_writer::thinking() {
  if (call_.reasoning_budget_tokens) {
    if (!gate_.begin("thinkingConfig")) return;
    const std::int64_t budget = *call_.reasoning_budget_tokens;
    writer_.begin_object().key("includeThoughts").boolean(budget != 0);
    writer_.key("thinkingBudget").number(budget).end_object();
  } else if (call_.reasoning != reasoning_effort::unset) {
    thinking_effort();
  }
}

/// The budgets are those that the vendor's own OpenAI-compatible interface stands for
/// (ai.google.dev/gemini-api/docs/openai, 2026-11-10).
void request_writer::thinking_effort() {
  using effort = reasoning_effort;
  const effort asked = call_.reasoning;
  if (!gate_.begin("thinkingConfig")) return;
  const bool none = asked == effort::none, beyond = asked > effort::high;
  writer_.begin_object().key("includeThoughts").boolean(!none);
  if (thinks_by_level(model_)) {
    const bool least = none || asked == effort::minimal;
    writer_.key("thinkingLevel");
    writer_.string(least                     ? "MINIMAL"
                   : asked == effort::low    ? "LOW"
                   : asked == effort::medium ? "MEDIUM"
                                             : "HIGH");
    if (none) note("reasoning effort none was sent as level MINIMAL: this model always thinks");
  } else {
    const std::int64_t budget = none                      ? 0
                                : asked <= effort::low    ? 1024
                                : asked == effort::medium ? 8192
                                                          : 24'576;
    writer_.key("thinkingBudget").number(budget);
    if (!none)
      note("reasoning effort was sent as a thinking budget of " + std::to_string(budget) +
           " tokens: this model takes no effort");
  }
  writer_.end_object();
  if (beyond)
    note("reasoning effort " + std::string(to_string(asked)) + " was sent as high, the most");
}

void request_writer::response_format() {
  const auto& format = call_.response_format;
  if (format.kind == response_format_kind::text) return;
  gate_.text("responseMimeType", "application/json");
  if (format.kind != response_format_kind::json_schema || !gate_.begin("responseJsonSchema"))
    return;
  write_json(writer_, gate_, "the response format's schema", format.schema);
}

/// What the wire has no place for.
void request_writer::unsayable() {
  if (!call_.end_user.empty() && !quirks_.drops("user"))
    refuse(errc::unsupported, "this vendor takes no end user: leave it out");
}

void request_writer::request_extras() {
  for (const auto& [name, value] : call_.extra)
    (is_of_request(name) ? request_extras_ : config_extras_)[name] = value;
  tools();
  request_extras_.erase("tools");
  tool_choice();
  if (!call_.service_tier.empty()) gate_.text("serviceTier", call_.service_tier);
  gate_.extras(request_extras_, reserved_names);
}

/// Last, so that the row's defaults stand in it. Left out when empty.
void request_writer::generation_config() {
  const std::size_t before = out_.request.body.size();
  writer_.key("generationConfig").begin_object();
  const std::size_t begun = out_.request.body.size();
  sampling();
  thinking();
  response_format();
  gate_.extras(config_extras_, reserved_names);
  (void)gate_.finish();
  const bool empty = out_.request.body.size() == begun;
  writer_.end_object();
  if (empty) out_.request.body.resize(before);
}

result<dialect::encoded> request_writer::run(bool stream) {
  constexpr dialect::sayable can{
      .audio = true, .documents = true, .video = true, .file_ids = true, .logprobs = true};
  if (auto said = dialect::check_sayable(call_, can, quirks_.row()); !said) return said.error();
  auto path = target_of(quirks_.row().chat_path, model_,
                        stream ? "streamGenerateContent?alt=sse" : "generateContent");
  if (!path) return path.error();
  out_.request.target = quirks_.target(*path);
  out_.request.body.reserve(1024);
  writer_.begin_object();
  write_contents(call_, writer_, gate_, out_.notes);
  unsayable();
  request_extras();
  generation_config();
  if (auto taken = gate_.outcome(); !taken) return taken.error();
  out_.max_output_tokens = gate_.largest_of(output_limits);
  writer_.end_object();
  out_.request.headers.push_back({"content-type", "application/json"});
  out_.request.headers.push_back({"accept", stream ? "text/event-stream" : "application/json"});
  quirks_.add_headers(out_.request.headers);
  return std::move(out_);
}

}  // namespace

result<std::string> target_of(std::string_view path, std::string_view model,
                              std::string_view method) {
  constexpr std::string_view mark = "{model}";
  std::string made(path.empty() ? "/models/{model}" : path);
  const auto segment = wire::encode_segment(model);
  if (!segment) return segment.error();
  if (const auto at = made.find(mark); at != std::string::npos)
    made.replace(at, mark.size(), *segment);
  return made + ':' + std::string(method);
}

void write_json(json::writer& out, dialect::parameter_gate& gate, std::string_view what,
                std::string_view json) {
  if (json::is_valid(json)) {
    out.raw(json);
    return;
  }
  out.null();
  gate.refuse(
      {.code = errc::invalid_request, .message = std::string(what) + " is not JSON: correct it"});
}

result<dialect::encoded> encode_chat(const call& c, std::string_view model, const vendor& v,
                                     bool stream) {
  return request_writer(c, model, v).run(stream);
}

}  // namespace ark::adapters::gemini
