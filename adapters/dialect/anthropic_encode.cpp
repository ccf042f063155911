#include "base/json.hpp"
#include "dialect/anthropic_messages.hpp"
#include "dialect/anthropic_wire.hpp"
#include "dialect/media.hpp"
#include "dialect/quirks.hpp"

#include <algorithm>
#include <array>

namespace ark::adapters::anthropic {
namespace {

using dialect::parameter_gate;
using dialect::quirk_view;

constexpr std::string_view default_version = "2023-06-01";
constexpr std::int64_t default_max_tokens = 4096;
constexpr std::string_view files_beta = "files-api-2025-04-14";
constexpr int most_marks = 4;  // docs.claude.com, prompt caching, 2026-11-28

constexpr std::array<std::string_view, 16> family_parameters = {
    "max_tokens",     "temperature", "top_p",        "top_k",
    "stop_sequences", "tools",       "tool_choice",  "thinking",
    "output_config",  "metadata",    "service_tier", "cache_control",
    "output_format",  "container",   "mcp_servers",  "context_management"};
constexpr std::array<std::string_view, 4> reserved = {"model", "messages", "system", "stream"};
constexpr std::array<std::string_view, 1> output_limits = {"max_tokens"};
/// Extra parameters that the vendor reads when it counts (its SDK 1.12.0).
constexpr std::array<std::string_view, 10> counted_extras = {
    "cache_control", "context_management", "mcp_servers", "output_config",     "output_format",
    "thinking",      "tool_choice",        "tools",       "anthropic_version", "anthropic_beta"};

error invalid(std::string message) {
  return {.code = errc::invalid_request, .message = std::move(message)};
}

std::string at_message(std::size_t index) { return "message " + std::to_string(index + 1); }

/// Writes one request; the first thing that cannot be said stays as `refusal_`.
class encoder {
 public:
  /// `host`: null for the vendor itself.
  encoder(const call& c, std::string_view model, const vendor& v, const messages_host* host)
      : call_(c),
        model_(model),
        host_(host),
        quirks_(v),
        writer_(out_.request.body),
        gate_(quirks_, family_parameters, writer_, out_.notes),
        version_(host != nullptr ? host->version : default_version) {}
  result<dialect::encoded> run(bool stream);
  result<dialect::encoded> run_count();

 private:
  void refuse(std::string message) { gate_.refuse(invalid(std::move(message))); }
  void unsupported(std::string message) {
    gate_.refuse({.code = errc::unsupported, .message = std::move(message)});
  }
  void note(std::string text);
  void headers(bool stream);
  void version_in_body();
  std::string path() const;
  void body_extras();
  void header_extra(const std::string& name, const std::string& value);
  void system_prompt();
  void messages();
  std::size_t tool_results(std::size_t from);
  void content(const message& m, std::size_t index);
  bool write(const part& p, const message& m, std::size_t index);
  bool write_text(std::string_view text);
  bool write_media(const part& p);
  void mark(cache_mark asked);
  void write_mark(cache_mark asked);
  bool write_reasoning(const reasoning_part& r, std::size_t index);
  bool write_call(const tool_call_part& t, std::size_t index);
  bool write_result(const tool_result_part& t);
  void limits_and_sampling();
  void thinking();
  void output_config();
  void tools();
  void tool_choice();
  void json_value(std::string_view what, std::string_view json);

  const call& call_;
  std::string_view model_;
  const messages_host* host_;
  quirk_view quirks_;
  dialect::encoded out_;
  json::writer writer_;
  parameter_gate gate_;
  std::map<std::string, std::string> extras_;  ///< the gate remembers their names
  std::string version_, beta_;
  std::string_view effort_;         ///< output_config.effort to send, "" for none
  int marks_ = 0;                   ///< of the cache
  bool has_file_ = false;           ///< some part is an uploaded file
  std::int64_t budget_tokens_ = 0;  ///< thinking.budget_tokens to send, 0 for none
};

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

// --- messages

void encoder::system_prompt() {
  const auto is_system = [](const message& m) {
    return m.role == role::system || m.role == role::developer;
  };
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
    bool written = false;
    for (const part& p : all[i].parts) {
      const auto* text = std::get_if<text_part>(&p);
      if (text == nullptr)
        refuse(at_message(i) + " is a system message: it can hold text only");
      else
        written = write_text(text->text) || written;
    }
    if (written) mark(all[i].cache);
  }
  writer_.end_array();
  if (moved) note("system messages after the first turn were moved to the front");
}

void encoder::messages() {
  writer_.key("messages").begin_array();
  for (std::size_t i = 0; i < call_.messages.size(); ++i) {
    const message& m = call_.messages[i];
    if (m.role == role::system || m.role == role::developer) continue;
    if (m.role == role::tool) {
      i = tool_results(i);
      continue;
    }
    writer_.begin_object();
    writer_.key("role").string(m.role == role::assistant ? "assistant" : "user");
    writer_.key("content").begin_array();
    content(m, i);
    writer_.end_array().end_object();
  }
  writer_.end_array();
}

/// All results that follow each other go into one user message: the vendor wants the answers to
/// one message's calls in the next one.
std::size_t encoder::tool_results(std::size_t from) {
  std::size_t i = from;
  writer_.begin_object().key("role").string("user").key("content").begin_array();
  for (; i < call_.messages.size() && call_.messages[i].role == role::tool; ++i)
    content(call_.messages[i], i);
  writer_.end_array().end_object();
  return i - 1;
}

void encoder::content(const message& m, std::size_t index) {
  if (!m.name.empty()) note("names of speakers were left out: this vendor has none");
  std::size_t written = 0;
  for (const part& p : m.parts) written += write(p, m, index) ? 1 : 0;
  if (written == 0) refuse(at_message(index) + " is empty: leave it out");
  if (written != 0) mark(m.cache);
}

bool encoder::write(const part& p, const message& m, std::size_t index) {
  const bool by_model = m.role == role::assistant;
  if (const auto* text = std::get_if<text_part>(&p)) return write_text(text->text);
  if (const auto* text = std::get_if<refusal_part>(&p)) return write_text(text->text);
  if ((std::holds_alternative<image_part>(p) || std::holds_alternative<document_part>(p)) &&
      !by_model)
    return write_media(p);
  if (const auto* r = std::get_if<reasoning_part>(&p); r != nullptr && by_model)
    return write_reasoning(*r, index);
  if (const auto* t = std::get_if<tool_call_part>(&p); t != nullptr && by_model)
    return write_call(*t, index);
  if (const auto* t = std::get_if<tool_result_part>(&p); t != nullptr && !by_model)
    return write_result(*t);
  refuse(at_message(index) + " has a part that its role cannot have");
  return false;
}

bool encoder::write_text(std::string_view text) {
  // The vendor refuses empty text blocks.
  if (text.empty()) return false;
  writer_.begin_object().key("type").string("text").key("text").string(text).end_object();
  return true;
}

bool encoder::write_media(const part& p) {
  if (const auto* image = std::get_if<image_part>(&p)) {
    if (!image->detail.empty()) note("image detail was left out: this vendor has none");
    has_file_ = has_file_ || !image->file_id.empty();
  } else if (const auto* document = std::get_if<document_part>(&p)) {
    has_file_ = has_file_ || !document->file_id.empty();
  }
  if (auto written = anthropic::write_media(p, writer_); !written) gate_.refuse(written.error());
  return true;
}

/// The mark of a message stands on its last block, which is opened again.
void encoder::mark(cache_mark asked) {
  if (asked == cache_mark::none || out_.request.body.back() != '}') return;
  out_.request.body.pop_back();
  write_mark(asked);
  writer_.end_object();
}

void encoder::write_mark(cache_mark asked) {
  if (asked == cache_mark::none) return;
  if (++marks_ > most_marks)
    refuse("this vendor takes at most 4 cache marks in a call: leave some out");
  dialect::write_cache_mark(asked, writer_);
}

/// What the vendor signed goes back unchanged; it takes no reasoning that it did not sign.
bool encoder::write_reasoning(const reasoning_part& r, std::size_t index) {
  if (!r.opaque.empty()) {
    json_value(at_message(index) + "'s opaque reasoning", r.opaque);
    return true;
  }
  if (r.signature.empty()) {
    note("reasoning without the vendor's signature was left out: the vendor refuses it");
    return false;
  }
  writer_.begin_object().key("type").string("thinking").key("thinking").string(r.text);
  writer_.key("signature").string(r.signature).end_object();
  return true;
}

bool encoder::write_call(const tool_call_part& t, std::size_t index) {
  writer_.begin_object().key("type").string("tool_use").key("id").string(t.id);
  writer_.key("name").string(t.name).key("input");
  json_value(at_message(index) + "'s tool call", t.arguments.empty() ? "{}" : t.arguments);
  writer_.end_object();
  return true;
}

bool encoder::write_result(const tool_result_part& t) {
  writer_.begin_object().key("type").string("tool_result").key("tool_use_id");
  writer_.string(t.tool_call_id).key("content").string(t.text);
  if (t.is_error) writer_.key("is_error").boolean(true);
  writer_.end_object();
  return true;
}

// --- parameters

void encoder::limits_and_sampling() {
  const auto& q = quirks_.row().quirks;
  const bool row_has_default = std::any_of(q.begin(), q.end(), [](const quirk_item& item) {
    const auto* d = std::get_if<quirk::set_default>(&item);
    return d != nullptr && d->parameter == "max_tokens";
  });
  if (call_.max_tokens) {
    gate_.integer("max_tokens", *call_.max_tokens);
  } else if (!row_has_default || budget_tokens_ > 0) {
    const std::int64_t most = default_max_tokens + budget_tokens_;
    gate_.integer("max_tokens", most);
    note("max_tokens was set to " + std::to_string(most) + ": this vendor wants one");
  }
  if (call_.temperature) gate_.number("temperature", *call_.temperature);
  if (call_.top_p) gate_.number("top_p", *call_.top_p);
  if (!call_.stop.empty() && gate_.begin("stop_sequences")) {
    writer_.begin_array();
    for (const std::string& text : call_.stop) writer_.string(text);
    writer_.end_array();
  }
  if (call_.seed && !quirks_.drops("seed"))
    unsupported("this vendor has no \"seed\": leave it out");
  else if (call_.seed)
    gate_.integer("seed", *call_.seed);
  if (!call_.service_tier.empty()) gate_.text("service_tier", call_.service_tier);
  if (!call_.end_user.empty() && gate_.begin("metadata"))
    writer_.begin_object().key("user_id").string(call_.end_user).end_object();
}

/// Decides between the two forms of thinking and writes the parameter; the effort goes into
/// output_config.
void encoder::thinking() {
  using effort = reasoning_effort;
  const effort asked = call_.reasoning;
  if (call_.reasoning_budget_tokens) {
    budget_tokens_ = *call_.reasoning_budget_tokens;
  } else if (asked != effort::unset && asked != effort::none && claude_thinks_by_budget(model_)) {
    budget_tokens_ = claude_budget_tokens(asked);
    if (call_.max_tokens) budget_tokens_ = std::min(budget_tokens_, *call_.max_tokens - 1);
    note("reasoning effort was sent as a thinking budget of " + std::to_string(budget_tokens_) +
         " tokens: this model takes no effort");
  }
  if (budget_tokens_ != 0 || asked == effort::none) {
    if (asked != effort::none && budget_tokens_ < claude_least_budget_tokens)
      refuse(
          "a thinking budget is at least 1024 tokens and less than max_tokens: raise max_tokens");
    if (call_.max_tokens && budget_tokens_ >= *call_.max_tokens)
      refuse("the thinking budget is part of max_tokens: raise max_tokens above it");
  }
  if (asked == effort::none && !call_.reasoning_budget_tokens) {
    if (gate_.begin("thinking")) writer_.begin_object().key("type").string("disabled").end_object();
    return;
  }
  if (budget_tokens_ > 0) {
    if (!gate_.begin("thinking")) return;
    writer_.begin_object().key("type").string("enabled");
    writer_.key("budget_tokens").number(budget_tokens_).end_object();
    return;
  }
  if (asked == effort::unset) return;
  effort_ = asked == effort::minimal ? "low" : to_string(asked);
  if (asked == effort::minimal)
    note("reasoning effort minimal was sent as low, this vendor's least");
  if (gate_.begin("thinking")) writer_.begin_object().key("type").string("adaptive").end_object();
}

/// Structured output and effort. The row's quirk asks for the form of 2025, with its beta header.
void encoder::output_config() {
  const auto& format = call_.response_format;
  const bool schema = format.kind == response_format_kind::json_schema;
  if (format.kind == response_format_kind::json_object)
    unsupported("this vendor has no JSON mode without a schema: give a JSON schema");
  const auto write_format = [&] {
    writer_.begin_object().key("type").string("json_schema").key("schema");
    json_value("the response format's schema", format.schema);
    writer_.end_object();
  };
  const auto* style = quirks_.json_schema_as;
  const bool old_form = style != nullptr && style->style == "output_format";
  if (schema && old_form && gate_.begin("output_format")) {
    write_format();
    beta_ = "structured-outputs-2025-11-13";
  }
  const bool new_form = schema && !old_form;
  if ((!new_form && effort_.empty()) || !gate_.begin("output_config")) return;
  writer_.begin_object();
  if (!effort_.empty()) writer_.key("effort").string(effort_);
  if (new_form) {
    writer_.key("format");
    write_format();
  }
  writer_.end_object();
}

void encoder::tools() {
  if ((call_.tools.empty() && !call_.extra.contains("tools")) || !gate_.begin("tools")) return;
  writer_.begin_array();
  for (const tool_definition& t : call_.tools) {
    writer_.begin_object().key("name").string(t.name);
    if (!t.description.empty()) writer_.key("description").string(t.description);
    writer_.key("input_schema");
    const std::string_view none =
        t.strict ? R"({"type":"object","properties":{},"additionalProperties":false})"
                 : R"({"type":"object","properties":{}})";
    json_value("the schema of tool \"" + t.name + "\"",
               t.parameters.empty() ? none : std::string_view(t.parameters));
    if (t.strict) writer_.key("strict").boolean(true);
    write_mark(t.cache);
    writer_.end_object();
  }
  if (const auto own = call_.extra.find("tools"); own != call_.extra.end())
    if (auto written = dialect::write_items(writer_, own->second); !written)
      gate_.refuse(written.error());
  writer_.end_array();
}

void encoder::tool_choice() {
  const auto mode = call_.tool_choice.mode;
  const bool serial = call_.parallel_tool_calls.has_value() && !*call_.parallel_tool_calls;
  if (mode == tool_choice_mode::automatic && !serial) return;
  // The vendor refuses the word without tools, also "none", which then says nothing.
  const bool has_tools = !call_.tools.empty() || call_.extra.contains("tools");
  if (!has_tools && mode == tool_choice_mode::none) return;
  if (!has_tools) return refuse("a tool choice needs tools: give them or leave the choice out");
  if (!gate_.begin("tool_choice")) return;
  writer_.begin_object().key("type");
  switch (mode) {
    case tool_choice_mode::automatic:
      writer_.string("auto");
      break;
    case tool_choice_mode::none:
      writer_.string("none");
      break;
    case tool_choice_mode::required:
      writer_.string("any");
      break;
    case tool_choice_mode::named:
      writer_.string("tool").key("name").string(call_.tool_choice.name);
      break;
  }
  if (serial && mode != tool_choice_mode::none)
    writer_.key("disable_parallel_tool_use").boolean(true);
  writer_.end_object();
}

// --- the whole

void encoder::body_extras() {
  extras_.erase("tools");
  for (const char* name : {"anthropic_version", "anthropic_beta"}) {
    const auto at = extras_.find(name);
    if (at == extras_.end()) continue;
    header_extra(at->first, at->second);
    extras_.erase(at);
  }
  gate_.extras(extras_, reserved);
}

void encoder::header_extra(const std::string& name, const std::string& value) {
  json::reader reader;
  const auto parsed = reader.parse(value);
  std::string text;
  simdjson::dom::array list;
  if (parsed && parsed->is_string()) text = json::as_text(*parsed);
  if (parsed && !parsed->get(list))
    for (const element item : list)
      text += (text.empty() ? "" : ",") + std::string(json::as_text(item));
  const auto in_header = [](char c) { return c > 0x20 && c < 0x7f; };
  if (text.empty() || !std::all_of(text.begin(), text.end(), in_header))
    return refuse("the extra parameter \"" + name + "\" must be a text for a header, in quotes");
  if (name == "anthropic_version")
    version_ = text;
  else
    beta_ += (beta_.empty() ? "" : ",") + text;
}

void encoder::headers(bool stream) {
  auto& list = out_.request.headers;
  list.push_back({"content-type", "application/json"});
  const std::string_view of_stream = host_ != nullptr ? host_->stream_type : "text/event-stream";
  list.push_back({"accept", stream ? std::string(of_stream) : "application/json"});
  quirks_.add_headers(list);
  if (host_ != nullptr) return;
  // A call's own version goes before the row's.
  if (!wire::has_header(list, "anthropic-version"))
    list.push_back({"anthropic-version", version_});
  else if (version_ != default_version)
    for (auto& field : list)
      if (field.name == "anthropic-version") field.value = version_;
  if (!beta_.empty()) list.push_back({"anthropic-beta", beta_});
}

/// A host's: what the vendor itself takes as headers.
void encoder::version_in_body() {
  writer_.key("anthropic_version").string(version_);
  if (beta_.empty()) return;
  writer_.key("anthropic_beta").begin_array();
  std::string_view rest = beta_;
  while (!rest.empty()) {
    const std::string_view flag = rest.substr(0, rest.find(','));
    writer_.string(flag);
    rest.remove_prefix(std::min(rest.size(), flag.size() + 1));
  }
  writer_.end_array();
}

std::string encoder::path() const {
  if (host_ != nullptr) return host_->target;
  const std::string& own = quirks_.row().chat_path;
  return own.empty() ? "/messages" : own;
}

/// The prompt as in the chat, with those members only that counting takes.
result<dialect::encoded> encoder::run_count() {
  constexpr dialect::sayable can{.documents = true, .file_ids = true};
  if (auto said = dialect::check_sayable(call_, can, quirks_.row()); !said) return said.error();
  out_.request.target = quirks_.target(path() + "/count_tokens");
  for (const auto& [name, value] : call_.extra)
    if (std::find(counted_extras.begin(), counted_extras.end(), name) != counted_extras.end())
      extras_.emplace(name, value);
  writer_.begin_object().key("model").string(model_);
  system_prompt();
  messages();
  thinking();
  output_config();
  tools();
  tool_choice();
  body_extras();
  // Not `finish`: the row's defaults are a chat's.
  if (auto taken = gate_.outcome(); !taken) return taken.error();
  writer_.end_object();
  headers(false);
  return std::move(out_);
}

result<dialect::encoded> encoder::run(bool stream) {
  constexpr dialect::sayable can{.documents = true, .file_ids = true};
  if (auto said = dialect::check_sayable(call_, can, quirks_.row()); !said) return said.error();
  out_.request.target = quirks_.target(path());
  out_.request.body.reserve(1024);
  extras_ = call_.extra;
  writer_.begin_object();
  if (host_ == nullptr) writer_.key("model").string(model_);
  system_prompt();
  messages();
  thinking();
  limits_and_sampling();
  output_config();
  tools();
  tool_choice();
  if (stream && (host_ == nullptr || host_->says_stream)) writer_.key("stream").boolean(true);
  body_extras();
  if (has_file_ && beta_.find(files_beta) == beta_.npos)
    beta_.append(beta_.empty() ? "" : ",").append(files_beta);
  if (host_ != nullptr) version_in_body();
  if (auto taken = gate_.finish(); !taken) return taken.error();
  out_.max_output_tokens = gate_.largest_of(output_limits);
  writer_.end_object();
  headers(stream);
  return std::move(out_);
}

}  // namespace

result<dialect::encoded> encode(const call& c, std::string_view model, const vendor& v,
                                bool stream) {
  return encoder(c, model, v, nullptr).run(stream);
}

result<dialect::encoded> encode_count(const call& c, std::string_view model, const vendor& v) {
  return encoder(c, model, v, nullptr).run_count();
}

}  // namespace ark::adapters::anthropic

namespace ark::adapters {

result<dialect::encoded> encode_hosted_messages(const call& c, std::string_view model,
                                                const vendor& v, bool stream,
                                                const messages_host& host) {
  return anthropic::encoder(c, model, v, &host).run(stream);
}

bool claude_thinks_by_budget(std::string_view model) {
  static constexpr std::array<std::string_view, 11> early = {
      "claude-2",           "claude-instant",      "claude-3",
      "claude-opus-4-0",    "claude-opus-4-1",     "claude-opus-4-5",
      "claude-sonnet-4-0",  "claude-sonnet-4-5",   "claude-haiku-4-5",
      "claude-opus-4-2025", "claude-sonnet-4-2025"};
  return std::any_of(early.begin(), early.end(),
                     [model](std::string_view p) { return model.starts_with(p); });
}

std::int64_t claude_budget_tokens(reasoning_effort effort) {
  const int steps = std::max(static_cast<int>(effort) - static_cast<int>(reasoning_effort::low), 0);
  return claude_least_budget_tokens << (2 * std::min(steps, 2));
}

}  // namespace ark::adapters
