#include "base/json.hpp"
#include "dialect/bedrock/bedrock_wire.hpp"
#include "dialect/media.hpp"
#include "dialect/quirks.hpp"
#include "wire/url.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <span>

namespace ark::adapters::bedrock {
namespace {

using dialect::parameter_gate;
using dialect::quirk_view;

/// Members of the body. What is not among them is the model's own parameter.
constexpr std::array<std::string_view, 7> body_parameters = {
    "toolConfig",        "outputConfig", "guardrailConfig", "additionalModelResponseFieldPaths",
    "performanceConfig", "serviceTier",  "requestMetadata"};
constexpr std::array<std::string_view, 13> family_parameters = {"maxTokens",
                                                                "temperature",
                                                                "topP",
                                                                "stopSequences",
                                                                "toolConfig",
                                                                "outputConfig",
                                                                "guardrailConfig",
                                                                "additionalModelResponseFieldPaths",
                                                                "performanceConfig",
                                                                "serviceTier",
                                                                "requestMetadata",
                                                                "additionalModelRequestFields",
                                                                "cachePoint"};
constexpr std::array<std::string_view, 4> own_names = {"messages", "system", "inferenceConfig",
                                                       "modelId"};
constexpr std::array<std::string_view, 1> output_limits = {"maxTokens"};
constexpr std::string_view model_fields_name = "additionalModelRequestFields";

bool is_one_of(std::span<const std::string_view> names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_system(const message& m) { return m.role == role::system || m.role == role::developer; }

std::string place(std::size_t index) { return "message " + std::to_string(index + 1); }

/// Writes one request; the first thing that cannot be said is kept by the gate.
class encoder {
 public:
  encoder(const call& c, std::string_view model, const vendor& v)
      : call_(c),
        model_(model),
        quirks_(v),
        writer_(out_.request.body),
        gate_(quirks_, family_parameters, writer_, out_.notes) {}
  result<dialect::encoded> run(bool stream);
  result<dialect::encoded> run_count();

 private:
  result<void> begin(std::string_view operation, std::string_view accepts);
  void refuse(std::string message);
  void unsupported(std::string message);
  void note(std::string text);
  void json_value(std::string_view what, std::string_view json);
  void json_object(std::string_view what, std::string_view json);
  void sort_extras();
  void add_model_fields(const std::string& object);
  void system_prompt();
  void messages();
  void content(const message& m, std::size_t index);
  bool write(const part& p, const message& m, std::size_t index);
  bool write_text(std::string_view text);
  bool write_media(const part& p, std::size_t index);
  void mark(cache_mark asked);
  bool write_reasoning(const reasoning_part& r, std::size_t index);
  bool write_call(const tool_call_part& t, std::size_t index);
  bool write_result(const tool_result_part& t);
  void inference_config();
  void tool_config();
  void tool_choice();
  void output_config();
  void reasoning();
  void model_fields();
  void without_place();

  const call& call_;
  std::string_view model_;
  quirk_view quirks_;
  dialect::encoded out_;
  json::writer writer_;
  parameter_gate gate_;
  std::map<std::string, std::string> extras_;        ///< the gate remembers their names
  std::map<std::string, std::string> model_fields_;  ///< the model's own parameters
  int documents_ = 0;                                ///< media so far: documents want names
  std::string cache_point_;                          ///< JSON; "" for none
};

void encoder::refuse(std::string message) {
  gate_.refuse({.code = errc::invalid_request, .message = std::move(message)});
}

void encoder::unsupported(std::string message) {
  gate_.refuse({.code = errc::unsupported, .message = std::move(message)});
}

void encoder::note(std::string text) {
  auto& notes = out_.notes;
  if (std::find(notes.begin(), notes.end(), text) == notes.end()) notes.push_back(std::move(text));
}

/// Raw JSON of the caller's, checked: it must not break out of its place.
void encoder::json_value(std::string_view what, std::string_view json) {
  if (json::is_valid(json)) {
    writer_.raw(json);
  } else {
    writer_.null();
    refuse(std::string(what) + " is not JSON: correct it");
  }
}

/// As json_value, where the vendor takes objects only.
void encoder::json_object(std::string_view what, std::string_view json) {
  const auto begin = json.find_first_not_of(" \t\r\n");
  if (begin == json.npos || json[begin] != '{')
    refuse(std::string(what) + " is not a JSON object: correct it");
  json_value(what, json);
}

// --- messages

void encoder::system_prompt() {
  const auto& all = call_.messages;
  if (std::none_of(all.begin(), all.end(), is_system)) return;
  bool begun = false, moved = false;
  writer_.key("system").begin_array();
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!is_system(all[i])) {
      begun = true;
      continue;
    }
    moved = moved || begun;
    for (const part& p : all[i].parts) {
      const auto* text = std::get_if<text_part>(&p);
      if (text == nullptr)
        refuse(place(i) + " is a system message: it can hold text only");
      else
        write_text(text->text);
    }
    mark(all[i].cache);
  }
  writer_.end_array();
  if (moved) note("system messages after the first turn were moved to the front");
}

/// Turns alternate: what one side says in several messages, as the results of several calls, goes
/// into one.
void encoder::messages() {
  writer_.key("messages").begin_array();
  const message* last = nullptr;
  for (std::size_t i = 0; i < call_.messages.size(); ++i) {
    const message& m = call_.messages[i];
    if (is_system(m)) continue;
    const bool by_model = m.role == role::assistant;
    const bool same_turn = last != nullptr && (last->role == role::assistant) == by_model;
    if (last != nullptr && !same_turn) writer_.end_array().end_object();
    if (!same_turn) {
      writer_.begin_object().key("role").string(by_model ? "assistant" : "user");
      writer_.key("content").begin_array();
    } else if (m.role != role::tool) {
      note("messages that followed each other from one side were sent as one");
    }
    content(m, i);
    last = &m;
  }
  // Everything up to here is what the vendor keeps.
  if (last != nullptr && !cache_point_.empty())
    writer_.begin_object().key("cachePoint").raw(cache_point_).end_object();
  if (last != nullptr) writer_.end_array().end_object();
  writer_.end_array();
}

void encoder::content(const message& m, std::size_t index) {
  if (!m.name.empty()) note("names of speakers were left out: this vendor has none");
  std::size_t written = 0;
  for (const part& p : m.parts) written += write(p, m, index) ? 1 : 0;
  if (written == 0) refuse(place(index) + " is empty: leave it out");
  mark(m.cache);
}

bool encoder::write(const part& p, const message& m, std::size_t index) {
  const bool by_model = m.role == role::assistant;
  if (const auto* text = std::get_if<text_part>(&p)) return write_text(text->text);
  if (const auto* text = std::get_if<refusal_part>(&p)) return write_text(text->text);
  if (dialect::is_media(p) && !by_model) return write_media(p, index);
  if (const auto* r = std::get_if<reasoning_part>(&p); r != nullptr && by_model)
    return write_reasoning(*r, index);
  if (const auto* t = std::get_if<tool_call_part>(&p); t != nullptr && by_model)
    return write_call(*t, index);
  if (const auto* t = std::get_if<tool_result_part>(&p); t != nullptr && !by_model)
    return write_result(*t);
  refuse(place(index) + " has a part that its role cannot have");
  return false;
}

bool encoder::write_text(std::string_view text) {
  // The vendor refuses empty text blocks.
  if (text.empty()) return false;
  writer_.begin_object().key("text").string(text).end_object();
  return true;
}

bool encoder::write_media(const part& p, std::size_t index) {
  if (const auto* image = std::get_if<image_part>(&p); image && !image->detail.empty())
    note("image detail was left out: this vendor has none");
  if (auto written = bedrock::write_media(p, place(index), ++documents_, writer_); !written)
    gate_.refuse(written.error());
  return true;
}

/// Everything up to here is what the vendor keeps.
void encoder::mark(cache_mark asked) {
  if (asked == cache_mark::none) return;
  writer_.begin_object().key("cachePoint").begin_object().key("type").string("default");
  if (asked == cache_mark::one_hour) writer_.key("ttl").string("1h");
  writer_.end_object().end_object();
}

/// What was signed goes back unchanged. Of what was not, the row decides: some models want it, and
/// others refuse it.
bool encoder::write_reasoning(const reasoning_part& r, std::size_t index) {
  if (!r.opaque.empty()) {
    json_object(place(index) + "'s opaque reasoning", r.opaque);
    return true;
  }
  if (r.signature.empty() && !quirks_.replays_reasoning(call_.messages, index)) {
    note("reasoning without a signature was left out: most models refuse it");
    return false;
  }
  writer_.begin_object().key("reasoningContent").begin_object();
  writer_.key("reasoningText").begin_object().key("text").string(r.text);
  if (!r.signature.empty()) writer_.key("signature").string(r.signature);
  writer_.end_object().end_object().end_object();
  return true;
}

bool encoder::write_call(const tool_call_part& t, std::size_t index) {
  writer_.begin_object().key("toolUse").begin_object().key("toolUseId").string(t.id);
  writer_.key("name").string(t.name).key("input");
  json_value(place(index) + "'s tool call", t.arguments.empty() ? "{}" : t.arguments);
  writer_.end_object().end_object();
  return true;
}

bool encoder::write_result(const tool_result_part& t) {
  writer_.begin_object().key("toolResult").begin_object();
  writer_.key("toolUseId").string(t.tool_call_id).key("content").begin_array();
  writer_.begin_object().key("text").string(t.text).end_object().end_array();
  if (t.is_error) writer_.key("status").string("error");
  writer_.end_object().end_object();
  return true;
}

// --- parameters

void encoder::inference_config() {
  if (!call_.max_tokens && !call_.temperature && !call_.top_p && call_.stop.empty()) return;
  writer_.key("inferenceConfig").begin_object();
  if (call_.max_tokens) gate_.integer("maxTokens", *call_.max_tokens);
  if (call_.temperature) gate_.number("temperature", *call_.temperature);
  if (call_.top_p) gate_.number("topP", *call_.top_p);
  if (!call_.stop.empty() && gate_.begin("stopSequences")) {
    writer_.begin_array();
    for (const std::string& text : call_.stop) writer_.string(text);
    writer_.end_array();
  }
  writer_.end_object();
}

void encoder::tool_config() {
  const auto mode = call_.tool_choice.mode;
  if (call_.tools.empty()) {
    if (mode == tool_choice_mode::required || mode == tool_choice_mode::named)
      refuse("a tool choice needs tools: give them or leave the choice out");
    return;
  }
  if (mode == tool_choice_mode::none) {
    // The wire cannot forbid tools, and refuses calls in messages without them.
    const bool used = std::any_of(
        call_.messages.begin(), call_.messages.end(),
        [](const message& m) { return m.role == role::tool || !m.tool_calls().empty(); });
    if (used) return unsupported("this vendor cannot forbid tools that were called: allow them");
    return note("the tools were left out: this vendor has no other way to forbid them");
  }
  if (call_.parallel_tool_calls.has_value() && !*call_.parallel_tool_calls)
    unsupported("this vendor cannot forbid parallel tool calls: allow them");
  if (!gate_.begin("toolConfig")) return;
  writer_.begin_object().key("tools").begin_array();
  for (const tool_definition& t : call_.tools) {
    writer_.begin_object().key("toolSpec").begin_object().key("name").string(t.name);
    if (!t.description.empty()) writer_.key("description").string(t.description);
    writer_.key("inputSchema").begin_object().key("json");
    const std::string_view none =
        t.strict ? R"({"type":"object","properties":{},"additionalProperties":false})"
                 : R"({"type":"object","properties":{}})";
    json_object("the schema of tool \"" + t.name + "\"",
                t.parameters.empty() ? none : std::string_view(t.parameters));
    writer_.end_object();
    if (t.strict) writer_.key("strict").boolean(true);
    writer_.end_object().end_object();
    mark(t.cache);
  }
  writer_.end_array();
  tool_choice();
  writer_.end_object();
}

void encoder::tool_choice() {
  switch (call_.tool_choice.mode) {
    case tool_choice_mode::automatic:
    case tool_choice_mode::none:
      return;
    case tool_choice_mode::required:
      writer_.key("toolChoice").raw(R"({"any":{}})");
      return;
    case tool_choice_mode::named:
      writer_.key("toolChoice").begin_object().key("tool").begin_object();
      writer_.key("name").string(call_.tool_choice.name).end_object().end_object();
      return;
  }
}

/// The schema is a text that holds JSON (recorded).
void encoder::output_config() {
  const auto& format = call_.response_format;
  if (format.kind == response_format_kind::json_object)
    unsupported("this vendor has no JSON mode without a schema: give a JSON schema");
  if (format.kind != response_format_kind::json_schema || !gate_.begin("outputConfig")) return;
  if (!json::is_valid(format.schema))
    refuse("the response format's schema is not JSON: correct it");
  writer_.begin_object().key("textFormat").begin_object().key("type").string("json_schema");
  writer_.key("structure").begin_object().key("jsonSchema").begin_object();
  writer_.key("name").string(format.name).key("schema").string(format.schema);
  writer_.end_object().end_object().end_object().end_object();
}

void encoder::reasoning() {
  const auto asked = ask_reasoning(call_, model_);
  if (!asked) return gate_.refuse(asked.error());
  for (const std::string& text : asked->notes) note(text);
  for (const auto& [name, value] : asked->fields)
    if (!model_fields_.emplace(name, value).second)
      refuse("the parameter \"" + name + "\" is given twice: as the call's reasoning and as extra");
}

/// What the wire has no word for.
void encoder::without_place() {
  if (call_.seed && !quirks_.drops("seed"))
    unsupported("this vendor has no \"seed\": leave it out");
  else if (call_.seed)
    gate_.integer("seed", *call_.seed);
  if (!call_.end_user.empty()) note("end_user was left out: this vendor has no place for it");
  if (!call_.service_tier.empty() && gate_.begin("serviceTier"))
    writer_.begin_object().key("type").string(call_.service_tier).end_object();
}

// --- the whole

void encoder::add_model_fields(const std::string& object) {
  json::reader reader;
  const auto parsed = reader.parse(object);
  simdjson::dom::object members;
  if (!parsed || parsed->get(members) != simdjson::SUCCESS)
    return refuse("the extra parameter \"" + std::string(model_fields_name) +
                  "\" must be a JSON object");
  for (const auto [name, value] : members)
    model_fields_.insert_or_assign(std::string(name), simdjson::minify(value));
}

/// Extra parameters are members of the body, or else the model's own.
void encoder::sort_extras() {
  // First, so that a parameter that is given in both ways is seen.
  const auto fields = call_.extra.find(std::string(model_fields_name));
  if (fields != call_.extra.end()) add_model_fields(fields->second);
  for (const auto& [name, value] : call_.extra) {
    if (name == model_fields_name) continue;
    if (is_one_of(body_parameters, name) || is_one_of(own_names, name) || !json::is_valid(value)) {
      extras_.emplace(name, value);
    } else if (!gate_.would_take(name)) {
      gate_.begin(name);  // says why not
    } else if (name == "cachePoint") {
      cache_point_ = value;
    } else if (!model_fields_.emplace(name, value).second) {
      refuse("the parameter \"" + name + "\" is given twice");
    }
  }
}

void encoder::model_fields() {
  if (model_fields_.empty() || !gate_.begin(model_fields_name)) return;
  writer_.begin_object();
  for (const auto& [name, value] : model_fields_) writer_.key(name).raw(value);
  writer_.end_object();
}

result<void> encoder::begin(std::string_view operation, std::string_view accepts) {
  constexpr dialect::sayable can{.audio = true, .documents = true, .video = true};
  if (auto said = dialect::check_sayable(call_, can, quirks_.row()); !said) return said.error();
  const auto segment = wire::encode_segment(model_);
  if (!segment) return segment.error();
  out_.request.target = quirks_.target("/model/" + *segment + "/" + std::string(operation));
  auto& headers = out_.request.headers;
  headers.push_back({"content-type", "application/json"});
  headers.push_back({"accept", std::string(accepts)});
  quirks_.add_headers(headers);
  out_.request.body.reserve(1024);
  sort_extras();
  return {};
}

result<dialect::encoded> encoder::run_count() {
  if (auto ok = begin("count-tokens", "application/json"); !ok) return ok.error();
  writer_.begin_object().key("input").begin_object().key("converse").begin_object();
  system_prompt();
  messages();
  tool_config();
  reasoning();
  model_fields();
  std::erase_if(extras_, [](const auto& each) { return each.first != "toolConfig"; });
  gate_.extras(extras_, own_names);
  // Not `finish`: the row's defaults are a chat's.
  if (auto taken = gate_.outcome(); !taken) return taken.error();
  writer_.end_object().end_object().end_object();
  return std::move(out_);
}

result<dialect::encoded> encoder::run(bool stream) {
  const auto begun = stream ? begin("converse-stream", "application/vnd.amazon.eventstream")
                            : begin("converse", "application/json");
  if (!begun) return begun.error();
  writer_.begin_object();
  system_prompt();
  messages();
  inference_config();
  tool_config();
  output_config();
  reasoning();
  without_place();
  model_fields();
  gate_.extras(extras_, own_names);
  if (auto taken = gate_.finish(); !taken) return taken.error();
  out_.max_output_tokens = gate_.largest_of(output_limits);
  writer_.end_object();
  return std::move(out_);
}

}  // namespace

result<dialect::encoded> encode(const call& c, std::string_view model, const vendor& v,
                                bool stream) {
  return encoder(c, model, v).run(stream);
}

result<dialect::encoded> encode_count(const call& c, std::string_view model, const vendor& v) {
  return encoder(c, model, v).run_count();
}

}  // namespace ark::adapters::bedrock
