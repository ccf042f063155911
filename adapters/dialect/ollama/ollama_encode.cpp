#include "dialect/media.hpp"
#include "dialect/ollama/ollama_wire.hpp"

#include <algorithm>
#include <array>

namespace ark::adapters::ollama {
namespace {

constexpr std::array<std::string_view, 8> server_parameters = {
    "format", "keep_alive", "logprobs", "shift", "think", "tools", "top_logprobs", "truncate"};
/// The runner warns of any other name in its log only, so a wrong one is refused here.
constexpr std::array<std::string_view, 19> option_parameters = {
    "frequency_penalty", "main_gpu",      "min_p",          "num_batch",  "num_ctx",
    "num_gpu",           "num_keep",      "num_predict",    "num_thread", "penalize_newline",
    "presence_penalty",  "repeat_last_n", "repeat_penalty", "seed",       "stop",
    "temperature",       "top_k",         "top_p",          "typical_p"};
constexpr std::array<std::string_view, 3> reserved = {"model", "messages", "stream"};
/// Of the older interface, where one text is completed; `context` is an earlier reply's.
constexpr std::array<std::string_view, 11> prompt_parameters = {
    "context", "format",   "keep_alive", "logprobs",     "raw",     "shift",
    "suffix",  "template", "think",      "top_logprobs", "truncate"};
constexpr std::array<std::string_view, 5> prompt_reserved = {"model", "prompt", "system", "images",
                                                             "stream"};
constexpr std::array<std::string_view, 1> output_limits = {"num_predict"};

bool is_option(std::string_view name) {
  return std::find(option_parameters.begin(), option_parameters.end(), name) !=
         option_parameters.end();
}

bool is_prompt_path(std::string_view path) { return path.ends_with("/api/generate"); }

std::span<const std::string_view> server_names(bool of_prompt) {
  if (of_prompt) return prompt_parameters;
  return server_parameters;
}

error invalid(std::string message) {
  return {.code = errc::invalid_request, .message = std::move(message)};
}

/// Writes one request.
class encoder {
 public:
  encoder(const call& c, std::string_view model, const vendor& v)
      : call_(c),
        model_(model),
        quirks_(v),
        is_prompt_(is_prompt_path(v.chat_path)),
        writer_(out_.request.body),
        gates_(quirks_, server_names(is_prompt_), writer_, out_.notes) {}
  result<dialect::encoded> run(bool stream);

 private:
  void refuse_unknown();
  void unsupported(std::string_view parameter, std::string message);
  void format();
  void think();
  void tools();
  void options();
  bool said(std::string_view parameter) const;

  const call& call_;
  std::string_view model_;
  quirk_view quirks_;
  bool is_prompt_;
  dialect::encoded out_;
  json::writer writer_;
  parameters gates_;
};

/// What a call can ask for and this vendor has no words for. The row may drop it.
void encoder::unsupported(std::string_view parameter, std::string message) {
  if (quirks_.drops(parameter))
    gates_.server().begin(parameter);
  else
    gates_.server().refuse({.code = errc::unsupported, .message = std::move(message)});
}

void encoder::refuse_unknown() {
  const auto mode = call_.tool_choice.mode;
  const bool idle = call_.tools.empty() && mode == tool_choice_mode::none;
  if (mode != tool_choice_mode::automatic && !idle)
    unsupported("tool_choice", "this vendor lets the model choose the tool: leave the choice out");
  if (call_.parallel_tool_calls.has_value() && !*call_.parallel_tool_calls)
    unsupported("parallel_tool_calls", "this vendor cannot forbid parallel tool calls");
  if (call_.reasoning_budget_tokens)
    unsupported("reasoning_budget_tokens",
                "this vendor has no thinking budget: ask for a reasoning effort instead");
  if (!call_.service_tier.empty())
    unsupported("service_tier", "this vendor has no service tiers: leave it out");
  if (!call_.end_user.empty())
    unsupported("user", "this vendor has no field for the end user: leave it out");
}

/// The runner holds the model to the schema with a grammar, strict or not.
void encoder::format() {
  const response_format& f = call_.response_format;
  if (f.kind == response_format_kind::text) return;
  const bool schema = f.kind == response_format_kind::json_schema;
  if (schema && !json::is_valid(f.schema))
    return gates_.server().refuse(invalid("response_format.schema is not JSON"));
  if (!gates_.server().begin("format")) return;
  if (schema)
    writer_.raw(f.schema);
  else
    writer_.string("json");
}

/// Most models are switched on or off, and refuse a level with 400; those of OpenAI's open weights
/// take a level and cannot be switched off (recorded: they think with `think: false`).
void encoder::think() {
  using effort = reasoning_effort;
  const effort asked = call_.reasoning;
  if (asked == effort::unset || !gates_.server().begin("think")) return;
  const bool has_levels = model_.find("gpt-oss") != std::string_view::npos;
  if (asked == effort::none) {
    writer_.boolean(false);
    if (has_levels) out_.notes.emplace_back("this model thinks although the call says none");
    return;
  }
  if (!has_levels) {
    writer_.boolean(true);
    out_.notes.emplace_back(
        "thinking was switched on without a level: this vendor takes one for "
        "few models, as the extra parameter \"think\"");
    return;
  }
  const effort sent = std::clamp(asked, effort::low, effort::high);
  writer_.string(to_string(sent));
  if (sent != asked)
    out_.notes.push_back("reasoning effort " + std::string(to_string(asked)) + " was sent as " +
                         std::string(to_string(sent)));
}

void encoder::tools() {
  if (call_.tools.empty()) return;
  if (is_prompt_) return unsupported("tools", "this interface has no tools: use the vendor's chat");
  if (!gates_.server().begin("tools")) return;
  writer_.begin_array();
  for (const tool_definition& t : call_.tools) {
    if (!t.parameters.empty() && !json::is_valid(t.parameters))
      return gates_.server().refuse(
          invalid("the parameters of tool \"" + t.name + "\" are not JSON"));
    writer_.begin_object().key("type").string("function").key("function").begin_object();
    writer_.key("name").string(t.name);
    if (!t.description.empty()) writer_.key("description").string(t.description);
    writer_.key("parameters");
    writer_.raw(t.parameters.empty() ? R"({"type":"object","properties":{}})"
                                     : std::string_view(t.parameters));
    writer_.end_object().end_object();
    if (t.strict)
      out_.notes.push_back("the schema of tool \"" + t.name +
                           "\" is not enforced: this vendor has no strict tools");
  }
  writer_.end_array();
}

void encoder::options() {
  parameter_gate& gate = gates_.options();
  if (call_.max_tokens) gate.integer("num_predict", *call_.max_tokens);
  if (call_.temperature) gate.number("temperature", *call_.temperature);
  if (call_.top_p) gate.number("top_p", *call_.top_p);
  if (call_.seed) gate.integer("seed", *call_.seed);
  if (call_.stop.empty() || !gate.begin("stop")) return;
  json::writer& out = gates_.options_writer();
  out.begin_array();
  for (const std::string& text : call_.stop) out.string(text);
  out.end_array();
}

/// Does the call itself set what the row has a default for?
bool encoder::said(std::string_view parameter) const {
  if (parameter == "num_predict") return call_.max_tokens.has_value();
  if (parameter == "temperature") return call_.temperature.has_value();
  if (parameter == "top_p") return call_.top_p.has_value();
  if (parameter == "seed") return call_.seed.has_value();
  if (parameter == "stop") return !call_.stop.empty();
  if (parameter == "think") return call_.reasoning != reasoning_effort::unset;
  if (parameter == "format") return call_.response_format.kind != response_format_kind::text;
  return parameter == "tools" && !call_.tools.empty();
}

result<dialect::encoded> encoder::run(bool stream) {
  if (auto said = dialect::check_sayable(call_, {.logprobs = true}, quirks_.row()); !said)
    return said.error();
  const std::string& path = quirks_.row().chat_path;
  out_.request.target = quirks_.target(path.empty() ? "/api/chat" : path);
  out_.request.body.reserve(1024);
  writer_.begin_object().key("model").string(model_);
  const auto write = is_prompt_ ? write_prompt : write_messages;
  if (auto written = write(call_, quirks_, writer_, out_.notes); !written) return written.error();
  // The vendor streams unless told not to.
  writer_.key("stream").boolean(stream);
  refuse_unknown();
  format();
  think();
  tools();
  options();
  auto extras = call_.extra;
  for (const quirk_item& item : quirks_.row().quirks)
    if (const auto* d = std::get_if<quirk::set_default>(&item); d && !said(d->parameter))
      extras.try_emplace(d->parameter, d->value);
  if (call_.top_logprobs) {
    gates_.server().boolean("logprobs", true);
    if (*call_.top_logprobs > 0) gates_.server().integer("top_logprobs", *call_.top_logprobs);
  }
  if (is_prompt_)
    gates_.extras(extras, prompt_reserved);
  else
    gates_.extras(extras, reserved);
  if (auto taken = gates_.finish(); !taken) return taken.error();
  writer_.end_object();
  // -1 and -2 mean: no bound.
  const auto most = gates_.options().largest_of(output_limits);
  if (most && *most > 0) out_.max_output_tokens = most;
  auto& headers = out_.request.headers;
  headers.push_back({"content-type", "application/json"});
  headers.push_back({"accept", stream ? "application/x-ndjson" : "application/json"});
  quirks_.add_headers(headers);
  return std::move(out_);
}

}  // namespace

parameters::parameters(const quirk_view& quirks, std::span<const std::string_view> family,
                       json::writer& out, std::vector<std::string>& notes)
    : out_(out),
      options_writer_(options_text_),
      server_(quirks, family, out, notes),
      options_(quirks, option_parameters, options_writer_, notes) {
  options_writer_.begin_object();
}

void parameters::extras(const std::map<std::string, std::string>& values,
                        std::span<const std::string_view> reserved_names) {
  std::map<std::string, std::string> server, options;
  for (const auto& [name, value] : values) {
    if (name == "options")
      return server_.refuse(
          invalid(R"(give what stands in "options" by its own name, as "num_ctx")"));
    (is_option(name) ? options : server).emplace(name, value);
  }
  server_.extras(server, reserved_names);
  options_.extras(options, {});
}

result<void> parameters::finish() {
  if (auto taken = server_.outcome(); !taken) return taken;
  if (auto taken = options_.outcome(); !taken) return taken;
  options_writer_.end_object();
  if (options_text_ != "{}") out_.key("options").raw(options_text_);
  return {};
}

result<dialect::encoded> encode(const call& c, std::string_view model, const vendor& v,
                                bool stream) {
  return encoder(c, model, v).run(stream);
}

}  // namespace ark::adapters::ollama
