#include "dialect/media.hpp"
#include "dialect/openai_wire.hpp"
#include "dialect/turns.hpp"

#include <algorithm>
#include <optional>

namespace ark::adapters::openai {
namespace {

using ark::dialect::holds;
using ark::dialect::is_media;
using ark::dialect::parameter_gate;
using ark::dialect::write_cache_mark;

/// What the family's own vendor documents; rows without a list of their own take these.
constexpr std::string_view family_parameters[] = {"audio",
                                                  "frequency_penalty",
                                                  "function_call",
                                                  "functions",
                                                  "logit_bias",
                                                  "logprobs",
                                                  "max_completion_tokens",
                                                  "max_tokens",
                                                  "metadata",
                                                  "modalities",
                                                  "moderation",
                                                  "n",
                                                  "parallel_tool_calls",
                                                  "prediction",
                                                  "presence_penalty",
                                                  "prompt_cache_key",
                                                  "prompt_cache_options",
                                                  "prompt_cache_retention",
                                                  "reasoning_effort",
                                                  "response_format",
                                                  "safety_identifier",
                                                  "seed",
                                                  "service_tier",
                                                  "stop",
                                                  "store",
                                                  "temperature",
                                                  "tool_choice",
                                                  "tools",
                                                  "top_logprobs",
                                                  "top_p",
                                                  "user",
                                                  "verbosity",
                                                  "web_search_options"};
constexpr std::string_view reserved[] = {"messages", "model", "stream", "stream_options"};
constexpr std::string_view no_parameters = R"({"type":"object","properties":{}})";
constexpr std::string_view closed_no_parameters =
    R"({"type":"object","properties":{},"required":[],"additionalProperties":false})";
constexpr std::string_view details_field = "reasoning_details";
constexpr std::string_view content_field = "content";
constexpr std::string_view output_limits[] = {"max_tokens", "max_completion_tokens"};
constexpr std::string_view answers[] = {"n"};
constexpr const char* chunk_usage = "chunk_include_usage";

error refused(std::string message) {
  return {.code = errc::invalid_request, .message = std::move(message)};
}

/// Reasoning that only the vendor can read, as the reader kept it: {"FIELD": text}. "" for others'.
std::string sealed_text(const message& m, const std::string& field) {
  for (const part& p : m.parts) {
    const auto* r = std::get_if<reasoning_part>(&p);
    if (r == nullptr || field.empty() || !r->opaque.starts_with('{')) continue;
    json::reader reader;
    simdjson::dom::object members;
    const auto root = reader.parse(r->opaque);
    if (root && !root->get(members) && members.size() == 1)
      if (const auto text = json::text_at(*root, field); !text.empty()) return std::string(text);
  }
  return {};
}

/// Writes the list of messages.
class message_writer {
 public:
  message_writer(const call& c, const quirk_view& quirks, json::writer& out,
                 std::vector<std::string>& notes)
      : call_(c), quirks_(quirks), out_(out), notes_(notes) {}

  result<void> write();

 private:
  void one(std::size_t index);
  void tool_results(const message& m);
  void content(const message& m);
  void content_parts(const message& m);
  void assistant(const message& m, bool with_reasoning);
  void reasoning(const message& m);
  void thinking_content(const message& m);
  void calls(const message& m);
  void refuse(std::string message) {
    if (!refusal_) refusal_ = refused(std::move(message));
  }

  const call& call_;
  const quirk_view& quirks_;
  json::writer& out_;
  std::vector<std::string>& notes_;
  std::optional<error> refusal_;
};

result<void> message_writer::write() {
  if (call_.messages.empty()) return refused("a call needs at least one message");
  out_.key("messages").begin_array();
  if (call_.response_format.kind == response_format_kind::json_schema &&
      quirks_.json_schema_as != nullptr) {
    out_.begin_object().key("role").string("system").key("content");
    out_.string("Answer with one JSON value that follows this JSON Schema:\n" +
                call_.response_format.schema);
    out_.end_object();
    notes_.push_back("vendor \"" + quirks_.row().name +
                     "\" does not enforce a JSON Schema: it was added as a system message");
  }
  for (std::size_t i = 0; i < call_.messages.size(); ++i) one(i);
  out_.end_array();
  if (refusal_) return *refusal_;
  return {};
}

void message_writer::one(std::size_t index) {
  const message& m = call_.messages[index];
  if (auto ok = ark::dialect::check_turn(m, index); !ok) return refuse(ok.error().message);
  // The answers to an assistant's calls stand right after it, whatever else the message says.
  tool_results(m);
  if (ark::dialect::is_tool_results(m)) return;
  out_.begin_object().key("role");
  const bool renamed = m.role == role::developer && quirks_.developer_as_system;
  out_.string(to_string(renamed ? role::system : m.role));
  if (!m.name.empty()) out_.key("name").string(m.name);
  if (m.role == role::assistant) {
    assistant(m, quirks_.replays_reasoning(call_.messages, index));
  } else {
    out_.key("content");
    content(m);
  }
  out_.end_object();
}

void message_writer::tool_results(const message& m) {
  for (const part& p : m.parts) {
    const auto* r = std::get_if<tool_result_part>(&p);
    if (r == nullptr) continue;
    if (r->tool_call_id.empty()) refuse("a tool result has no tool_call_id: take it from the call");
    out_.begin_object().key("role").string("tool");
    out_.key("tool_call_id").string(r->tool_call_id);
    // Seven vendors took it, none refused it (recorded).
    if (!r->name.empty()) out_.key("name").string(r->name);
    out_.key("content").string(r->text);
    out_.end_object();
    if (r->is_error)
      notes_.emplace_back("this family has no mark for a failed tool: only its text was sent");
  }
}

void message_writer::content(const message& m) {
  const auto texts = std::count_if(m.parts.begin(), m.parts.end(), holds<text_part>);
  const bool only_text = std::none_of(m.parts.begin(), m.parts.end(), is_media);
  const bool marked = m.cache != cache_mark::none && quirks_.cache_marks && texts > 0;
  if (only_text && texts == 1 && !marked) {
    out_.string(
        std::get<text_part>(*std::find_if(m.parts.begin(), m.parts.end(), holds<text_part>)).text);
  } else if (only_text && !marked &&
             (quirks_.flatten_content || texts == 0 || m.role == role::assistant)) {
    out_.string(m.text());
  } else {
    content_parts(m);
  }
}

/// A cache mark stands on the last part.
void message_writer::content_parts(const message& m) {
  const part* last = nullptr;
  for (const part& p : m.parts)
    if (holds<text_part>(p) || is_media(p)) last = &p;
  out_.begin_array();
  for (const part& p : m.parts) {
    const auto mark = &p == last && quirks_.cache_marks ? m.cache : cache_mark::none;
    if (const auto* t = std::get_if<text_part>(&p)) {
      out_.begin_object().key("type").string("text").key("text").string(t->text);
      write_cache_mark(mark, out_);
      out_.end_object();
    } else if (is_media(p)) {
      if (auto written = write_media(p, quirks_, call_.extra, mark, out_); !written && !refusal_)
        refusal_ = written.error();
    }
  }
  out_.end_array();
}

void message_writer::assistant(const message& m, bool with_reasoning) {
  if (std::any_of(m.parts.begin(), m.parts.end(), is_media))
    return refuse("an assistant message can hold text only in this family");
  const bool has_calls = ark::dialect::has_part<tool_call_part>(m);
  const bool has_text = ark::dialect::has_part<text_part>(m);
  const bool in_content = with_reasoning && quirks_.reasoning_replay->field == content_field;
  out_.key("content");
  if (in_content && !m.reasoning().empty())
    thinking_content(m);
  else if (has_calls && !has_text && !quirks_.no_null_content)
    out_.null();
  else
    content(m);
  if (with_reasoning && !in_content) reasoning(m);
  std::string declined;
  for (const part& p : m.parts)
    if (const auto* r = std::get_if<refusal_part>(&p)) declined += r->text;
  if (!declined.empty()) out_.key("refusal").string(declined);
  if (has_calls) calls(m);
}

/// Reasoning goes back as it came: opaque blocks unchanged, or the text in the row's field.
void message_writer::reasoning(const message& m) {
  const std::string& sealed_field = quirks_.reasoning_replay->sealed_field;
  if (const std::string sealed = sealed_text(m, sealed_field); !sealed.empty())
    out_.key(sealed_field).string(sealed);
  const std::string& field = quirks_.reasoning_replay->field;
  if (field == details_field)
    for (const part& p : m.parts)
      if (const auto* r = std::get_if<reasoning_part>(&p); r && r->opaque.starts_with('[')) {
        if (!json::is_valid(r->opaque)) return refuse("a reasoning part's opaque text is not JSON");
        out_.key(details_field).raw(r->opaque);
        return;
      }
  const std::string text = m.reasoning();
  if (text.empty()) return;
  out_.key(field == details_field ? std::string_view("reasoning") : field).string(text);
}

/// Reasoning as a part of the content, before the text.
void message_writer::thinking_content(const message& m) {
  out_.begin_array().begin_object().key("type").string("thinking").key("thinking").begin_array();
  out_.begin_object().key("type").string("text").key("text").string(m.reasoning()).end_object();
  out_.end_array().end_object();
  const std::string text = m.text();
  if (!text.empty())
    out_.begin_object().key("type").string("text").key("text").string(text).end_object();
  out_.end_array();
}

void message_writer::calls(const message& m) {
  out_.key("tool_calls").begin_array();
  for (const part& p : m.parts) {
    const auto* c = std::get_if<tool_call_part>(&p);
    if (c == nullptr) continue;
    out_.begin_object().key("id").string(c->id).key("type").string("function");
    out_.key("function").begin_object().key("name").string(c->name);
    out_.key("arguments").string(c->arguments.empty() ? "{}" : c->arguments);
    out_.end_object().end_object();
  }
  out_.end_array();
}

void write_tools(const call& c, const quirk_view& quirks, parameter_gate& gate, json::writer& out) {
  if ((c.tools.empty() && !c.extra.contains("tools")) || !gate.begin("tools")) return;
  out.begin_array();
  for (const tool_definition& t : c.tools) {
    if (!t.parameters.empty() && !json::is_valid(t.parameters))
      return gate.refuse(refused("the parameters of tool \"" + t.name + "\" are not JSON"));
    out.begin_object().key("type").string("function").key("function").begin_object();
    out.key("name").string(t.name);
    if (!t.description.empty()) out.key("description").string(t.description);
    out.key("parameters");
    const std::string_view none = t.strict ? closed_no_parameters : no_parameters;
    out.raw(t.parameters.empty() ? none : std::string_view(t.parameters));
    if (t.strict) out.key("strict").boolean(true);
    out.end_object();
    if (quirks.cache_marks) write_cache_mark(t.cache, out);
    out.end_object();
  }
  if (const auto own = c.extra.find("tools"); own != c.extra.end())
    if (auto written = dialect::write_items(out, own->second); !written)
      gate.refuse(written.error());
  out.end_array();
}

void write_tool_choice(const call& c, parameter_gate& gate, json::writer& out) {
  const auto mode = c.tool_choice.mode;
  if (mode == tool_choice_mode::automatic) return;
  if (c.tools.empty() && !c.extra.contains("tools")) {
    // The vendor refuses the word without tools, also "none", which then says nothing.
    if (mode == tool_choice_mode::none) return;
    return gate.refuse(refused("a tool choice needs tools: give them or leave the choice out"));
  }
  if (!gate.begin("tool_choice")) return;
  if (mode == tool_choice_mode::none) {
    out.string("none");
  } else if (mode == tool_choice_mode::required) {
    out.string("required");
  } else {
    out.begin_object().key("type").string("function").key("function").begin_object();
    out.key("name").string(c.tool_choice.name).end_object().end_object();
  }
}

void write_format(const call& c, const quirk_view& quirks, parameter_gate& gate, json::writer& out,
                  std::vector<std::string>& notes) {
  const response_format& f = c.response_format;
  if (f.kind == response_format_kind::text) return;
  const bool schema = f.kind == response_format_kind::json_schema;
  if (schema && !json::is_valid(f.schema))
    return gate.refuse(refused("response_format.schema is not JSON"));
  if (!gate.begin("response_format")) return;
  out.begin_object().key("type");
  if (!schema || quirks.json_schema_as != nullptr) {
    out.string("json_object").end_object();
    return;
  }
  out.string("json_schema").key("json_schema").begin_object().key("name").string(f.name);
  if (!f.description.empty()) out.key("description").string(f.description);
  out.key("schema").raw(f.schema);
  const bool strict = f.strict && (quirks.strict_any_schema || fits_strict_mode(f.schema));
  if (f.strict) out.key("strict").boolean(strict);
  if (f.strict && !strict)
    notes.push_back("vendor \"" + quirks.row().name +
                    "\" does not enforce this JSON Schema: strict mode wants "
                    "additionalProperties false and every property in required, in all objects");
  out.end_object().end_object();
}

/// thinking{type, budget_tokens}.
void write_thinking(const call& c, parameter_gate& gate, json::writer& out) {
  if (!gate.begin("thinking")) return;
  const bool off = c.reasoning == reasoning_effort::none;
  out.begin_object().key("type").string(off ? "disabled" : "enabled");
  if (c.reasoning_budget_tokens) out.key("budget_tokens").number(*c.reasoning_budget_tokens);
  out.end_object();
}

/// enable_thinking and thinking_budget, beside each other.
void write_enable_thinking(const call& c, parameter_gate& gate) {
  gate.boolean("enable_thinking", c.reasoning != reasoning_effort::none);
  if (c.reasoning_budget_tokens) gate.integer("thinking_budget", *c.reasoning_budget_tokens);
}

void write_reasoning_object(const call& c, parameter_gate& gate, json::writer& out) {
  if (!gate.begin("reasoning")) return;
  out.begin_object();
  if (c.reasoning_budget_tokens)
    out.key("max_tokens").number(*c.reasoning_budget_tokens);
  else
    out.key("effort").string(to_string(c.reasoning));
  out.end_object();
}

void write_reasoning(const call& c, const quirk_view& quirks, parameter_gate& gate,
                     json::writer& out, std::vector<std::string>& notes) {
  const bool has_effort = c.reasoning != reasoning_effort::unset;
  if (!has_effort && !c.reasoning_budget_tokens) return;
  const std::string_view style =
      quirks.reasoning_as == nullptr ? "effort" : std::string_view(quirks.reasoning_as->style);
  if (style == "object") return write_reasoning_object(c, gate, out);
  const bool only_switch = style == "thinking" || style == "enable_thinking";
  if (c.reasoning_budget_tokens && !only_switch)
    return gate.refuse(refused("vendor \"" + quirks.row().name +
                               "\" takes no reasoning_budget_tokens: use reasoning instead"));
  if (style == "thinking" || style == "thinking_effort") write_thinking(c, gate, out);
  if (style == "enable_thinking") write_enable_thinking(c, gate);
  if (only_switch && has_effort && c.reasoning != reasoning_effort::none)
    notes.push_back("vendor \"" + quirks.row().name +
                    "\" knows no levels of reasoning: it was only switched on");
  if (style == "template" && gate.begin("chat_template_kwargs"))
    out.begin_object()
        .key("enable_thinking")
        .boolean(c.reasoning != reasoning_effort::none)
        .end_object();
  if (style == "effort" || (style == "thinking_effort" && c.reasoning != reasoning_effort::none))
    gate.text("reasoning_effort", to_string(c.reasoning));
}

void write_logprobs(const call& c, const quirk_view& quirks, parameter_gate& gate) {
  if (!c.top_logprobs) return;
  if (quirks.logprobs_count) return gate.integer("logprobs", std::max(*c.top_logprobs, 1));
  gate.boolean("logprobs", true);
  if (*c.top_logprobs > 0) gate.integer("top_logprobs", *c.top_logprobs);
}

void write_parameters(const call& c, const quirk_view& quirks, parameter_gate& gate,
                      json::writer& out) {
  if (c.max_tokens) gate.integer("max_tokens", *c.max_tokens);
  if (c.temperature) gate.number("temperature", *c.temperature);
  if (c.top_p) gate.number("top_p", *c.top_p);
  if (!c.stop.empty() && gate.begin("stop")) {
    out.begin_array();
    for (const std::string& word : c.stop) out.string(word);
    out.end_array();
  }
  if (c.seed) gate.integer("seed", *c.seed);
  write_logprobs(c, quirks, gate);
  write_tools(c, quirks, gate, out);
  write_tool_choice(c, gate, out);
  if (c.parallel_tool_calls) gate.boolean("parallel_tool_calls", *c.parallel_tool_calls);
  if (!c.service_tier.empty()) gate.text("service_tier", c.service_tier);
  if (!c.end_user.empty()) gate.text("user", c.end_user);
}

/// Rows that say nothing of what they can do belong to users.
bool can_stream(const vendor& v) {
  return v.capabilities.empty() ||
         std::find(v.capabilities.begin(), v.capabilities.end(), "stream") != v.capabilities.end();
}

/// `stream` and its options. `wanted`: the value of the extra parameter "chunk_include_usage", ""
/// if the call has none.
result<void> write_stream(const quirk_view& quirks, std::string_view wanted, json::writer& out) {
  if (!wanted.empty() && wanted != "true" && wanted != "false")
    return refused("chunk_include_usage must be true or false");
  out.key("stream").boolean(true);
  if (quirks.no_stream_options) return {};
  out.key("stream_options").begin_object().key("include_usage").boolean(true);
  if (!wanted.empty()) out.key(chunk_usage).raw(wanted);
  out.end_object();
  return {};
}

/// The limit is that of one answer, and all of them are billed.
std::optional<std::int64_t> output_bound(const parameter_gate& gate) {
  const auto limit = gate.largest_of(output_limits);
  const auto count = gate.largest_of(answers);
  std::int64_t all = 0;
  if (!limit || !count || *count <= 1) return limit;
  if (__builtin_mul_overflow(*limit, *count, &all)) return std::nullopt;
  return all;
}

}  // namespace

result<std::string> target_of(const quirk_view& quirks, const std::string& own,
                              std::string_view family, std::string_view model,
                              std::string_view operation) {
  if (own == "-")
    return error{.code = errc::unsupported,
                 .message = "vendor \"" + quirks.row().name + "\" has no " +
                            std::string(operation) + ": choose another vendor"};
  if (own.find("{model}") != std::string::npos && (model.empty() || model == "." || model == ".."))
    return refused("the model's id \"" + std::string(model) + "\" cannot stand in a path");
  return quirks.target(own.empty() ? family : std::string_view(own), model);
}

result<encoded> encode_chat(const call& c, std::string_view model, const vendor& v, bool stream) {
  constexpr dialect::sayable can{
      .audio = true, .documents = true, .video = true, .file_ids = true, .logprobs = true};
  if (auto said = dialect::check_sayable(c, can, v); !said) return said.error();
  const quirk_view quirks(v);
  auto target = target_of(quirks, v.chat_path, "/chat/completions", model, "chat");
  if (!target) return target.error();
  if (stream && !can_stream(v))
    return error{.code = errc::unsupported,
                 .message = "vendor \"" + v.name + "\" does not stream: ask for the whole reply"};
  encoded made;
  made.request.target = std::move(*target);
  std::string& body = made.request.body;
  body.reserve(1024);
  json::writer out(body);
  out.begin_object();
  // Where it is a part of the path a row may leave it out here.
  if (!quirks.drops("model")) out.key(quirks.wire_name("model")).string(model);
  message_writer messages(c, quirks, out, made.notes);
  if (auto written = messages.write(); !written) return written.error();
  parameter_gate gate(quirks, family_parameters, out, made.notes);
  write_parameters(c, quirks, gate, out);
  write_format(c, quirks, gate, out, made.notes);
  write_reasoning(c, quirks, gate, out, made.notes);
  auto rest = c.extra;
  rest.erase("tools");
  dialect::take_part_options(c, v, {"image_url", "video_url"}, rest, made.notes);
  const auto chunk = dialect::lists_parameter(v, chunk_usage) ? rest.extract(chunk_usage)
                                                              : decltype(rest)::node_type{};
  gate.extras(rest, reserved);
  if (auto ended = gate.finish(); !ended) return ended.error();
  made.max_output_tokens = output_bound(gate);
  if (stream) {
    const std::string wanted = chunk.empty() ? std::string{} : chunk.mapped();
    if (auto written = write_stream(quirks, wanted, out); !written) return written.error();
  } else if (!chunk.empty()) {
    made.notes.emplace_back("chunk_include_usage was left out: only a stream has chunks");
  }
  out.end_object();
  made.request.headers.push_back({"content-type", "application/json"});
  made.request.headers.push_back({"accept", stream ? "text/event-stream" : "application/json"});
  quirks.add_headers(made.request.headers);
  return made;
}

}  // namespace ark::adapters::openai
