#include "base/json.hpp"
#include "dialect/bedrock_invoke/bedrock_bodies.hpp"
#include "dialect/quirks.hpp"
#include "wire/url.hpp"

#include <algorithm>
#include <array>

namespace ark::adapters::bedrock {
namespace {

constexpr std::array<prompt_body, 9> prompt_bodies = {{
    {"amazon.titan-t", "inputText", "maxTokenCount", "temperature", "topP", "stopSequences",
     "textGenerationConfig"},
    {"meta.llama", "prompt", "max_gen_len", "temperature", "top_p"},
    {"mistral.mistral-7b", "prompt", "max_tokens", "temperature", "top_p", "stop"},
    {"mistral.mixtral", "prompt", "max_tokens", "temperature", "top_p", "stop"},
    {"mistral.mistral-large-2402", "prompt", "max_tokens", "temperature", "top_p", "stop"},
    {"mistral.mistral-small-2402", "prompt", "max_tokens", "temperature", "top_p", "stop"},
    {.model = "cohere.command-r",
     .prompt = "message",
     .max_tokens = "max_tokens",
     .temperature = "temperature",
     .top_p = "p",
     .stop = "stop_sequences",
     .has_turns = true},
    {.model = "cohere.command",
     .prompt = "prompt",
     .max_tokens = "max_tokens",
     .temperature = "temperature",
     .top_p = "p",
     .stop = "stop_sequences",
     .says_stream = true},
    {.model = "ai21.j2",
     .prompt = "prompt",
     .max_tokens = "maxTokens",
     .temperature = "temperature",
     .top_p = "topP",
     .stop = "stopSequences",
     .streams = false},
}};

/// All that one of the bodies takes; the service refuses what is another's.
constexpr std::array<std::string_view, 17> prompt_parameters = {"maxTokenCount",
                                                                "max_gen_len",
                                                                "max_tokens",
                                                                "maxTokens",
                                                                "temperature",
                                                                "topP",
                                                                "top_p",
                                                                "p",
                                                                "stop",
                                                                "stopSequences",
                                                                "stop_sequences",
                                                                "top_k",
                                                                "k",
                                                                "countPenalty",
                                                                "presencePenalty",
                                                                "frequencyPenalty",
                                                                "preamble"};
constexpr std::array<std::string_view, 5> prompt_own_names = {"inputText", "textGenerationConfig",
                                                              "prompt", "message", "stream"};

/// The first thing that a call has and no such body can say; "" if there is none.
std::string_view beyond_a_prompt(const call& c, const prompt_body& body) {
  if (c.messages.size() != 1 || c.messages[0].role != role::user)
    return "more than one user message";
  const auto& parts = c.messages[0].parts;
  if (!std::all_of(parts.begin(), parts.end(),
                   [](const part& p) { return std::holds_alternative<text_part>(p); }))
    return "messages of anything but text";
  if (!c.tools.empty()) return "tools";
  if (c.response_format.kind != response_format_kind::text) return "a response format";
  if (c.reasoning != reasoning_effort::unset || c.reasoning_budget_tokens) return "reasoning";
  if (c.seed) return "a seed";
  if (!c.service_tier.empty()) return "a service tier";
  if (!c.stop.empty() && body.stop.empty()) return "stop sequences";
  return {};
}

void write_limits(const call& c, const prompt_body& body, dialect::parameter_gate& gate,
                  json::writer& w) {
  if (c.max_tokens) gate.integer(body.max_tokens, *c.max_tokens);
  if (c.temperature) gate.number(body.temperature, *c.temperature);
  if (c.top_p) gate.number(body.top_p, *c.top_p);
  if (c.stop.empty() || !gate.begin(body.stop)) return;
  w.begin_array();
  for (const std::string& text : c.stop) w.string(text);
  w.end_array();
}

}  // namespace

result<std::string> invoke_target(std::string_view model, bool stream) {
  const auto segment = wire::encode_segment(model);
  if (!segment) return segment.error();
  return "/model/" + *segment + (stream ? "/invoke-with-response-stream" : "/invoke");
}

const prompt_body* find_prompt_body(std::string_view model) {
  const auto at = std::find_if(
      prompt_bodies.begin(), prompt_bodies.end(),
      [model](const prompt_body& body) { return model.find(body.model) != model.npos; });
  return at == prompt_bodies.end() ? nullptr : &*at;
}

result<dialect::encoded> encode_prompt(const call& c, std::string_view model,
                                       const prompt_body& body, const vendor& v, bool stream) {
  const auto target = invoke_target(model, stream);
  if (!target) return target.error();
  const std::string_view beyond = stream && !body.streams ? "streams" : beyond_a_prompt(c, body);
  if (!beyond.empty())
    return error{.code = errc::unsupported,
                 .message = "InvokeModel's body of this model cannot say " + std::string(beyond) +
                            ": use the vendor's row for Converse"};
  const dialect::quirk_view quirks(v);
  dialect::encoded made;
  json::writer w(made.request.body);
  w.begin_object().key(body.prompt).string(c.messages[0].text());
  if (!body.group.empty()) w.key(body.group).begin_object();
  dialect::parameter_gate gate(quirks, prompt_parameters, w, made.notes);
  write_limits(c, body, gate, w);
  gate.extras(c.extra, prompt_own_names);
  if (auto taken = gate.finish(); !taken) return taken.error();
  if (!body.group.empty()) w.end_object();
  if (stream && body.says_stream) w.key("stream").boolean(true);
  w.end_object();
  if (!body.has_turns)
    made.notes.emplace_back(
        "the message was sent as it is: this body has no turns, and no template was applied");
  if (!c.end_user.empty())
    made.notes.emplace_back("end_user was left out: this vendor has no place for it");
  made.max_output_tokens = gate.largest_of({&body.max_tokens, 1});
  made.request.target = quirks.target(*target);
  made.request.headers.push_back({"content-type", "application/json"});
  made.request.headers.push_back(
      {"accept", stream ? "application/vnd.amazon.eventstream" : "application/json"});
  quirks.add_headers(made.request.headers);
  return made;
}

}  // namespace ark::adapters::bedrock
