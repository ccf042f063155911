#include "base/json.hpp"
#include "dialect/cohere/cohere_wire.hpp"
#include "dialect/prompt.hpp"

#include <algorithm>

namespace ark::adapters::cohere {
namespace {

using ark::dialect::parameter_gate;
using ark::dialect::quirk_view;

constexpr std::string_view v1_chat_parameters[] = {"citation_quality",
                                                   "connectors",
                                                   "conversation_id",
                                                   "documents",
                                                   "frequency_penalty",
                                                   "k",
                                                   "max_input_tokens",
                                                   "max_tokens",
                                                   "p",
                                                   "preamble",
                                                   "presence_penalty",
                                                   "prompt_truncation",
                                                   "raw_prompting",
                                                   "safety_mode",
                                                   "search_queries_only",
                                                   "seed",
                                                   "stop_sequences",
                                                   "temperature"};
constexpr std::string_view v1_chat_reserved[] = {"model", "message", "chat_history", "stream"};
constexpr std::string_view generate_parameters[] = {"end_sequences",
                                                    "frequency_penalty",
                                                    "k",
                                                    "max_tokens",
                                                    "num_generations",
                                                    "p",
                                                    "presence_penalty",
                                                    "raw_prompting",
                                                    "return_likelihoods",
                                                    "seed",
                                                    "stop_sequences",
                                                    "temperature",
                                                    "truncate"};
constexpr std::string_view generate_reserved[] = {"model", "prompt", "stream"};
constexpr std::string_view v1_output_limits[] = {"max_tokens"};
constexpr std::string_view generations[] = {"num_generations"};
constexpr ark::dialect::plain_names v1_names = {.top_p = "p", .stop = "stop_sequences"};

error v1_unsupported(std::string message) {
  return {.code = errc::unsupported, .message = std::move(message)};
}

bool is_v1_text(const part& p) { return std::holds_alternative<text_part>(p); }

std::string_view v1_role(role r) {
  if (r == role::user) return "USER";
  return r == role::assistant ? "CHATBOT" : "SYSTEM";
}

/// The last message stands alone, those before it are the history.
result<void> write_history(const call& c, json::writer& out, std::vector<std::string>& notes) {
  const auto& all = c.messages;
  if (all.empty()) return error{.code = errc::invalid_request, .message = "a call needs a message"};
  if (all.back().role != role::user)
    return v1_unsupported("this interface answers a user: the last message must be the user's");
  bool has_names = false;
  for (const message& m : all) {
    has_names = has_names || !m.name.empty();
    if (m.parts.empty())
      return error{.code = errc::invalid_request, .message = "a message is empty: leave it out"};
    if (m.role == role::tool || !std::all_of(m.parts.begin(), m.parts.end(), is_v1_text))
      return v1_unsupported("this interface takes texts only: use the vendor's version 2");
  }
  if (has_names) notes.emplace_back("names of speakers were left out: this vendor has none");
  out.key("message").string(all.back().text());
  if (all.size() == 1) return {};
  out.key("chat_history").begin_array();
  for (std::size_t i = 0; i + 1 < all.size(); ++i)
    out.begin_object()
        .key("role")
        .string(v1_role(all[i].role))
        .key("message")
        .string(all[i].text())
        .end_object();
  out.end_array();
  return {};
}

result<void> write_text(const call& c, const vendor& v, bool generates, json::writer& out,
                        std::vector<std::string>& notes) {
  if (auto plain = ark::dialect::check_plain(c, v); !plain) return plain;
  if (!generates) return write_history(c, out, notes);
  const auto prompt = ark::dialect::prompt_of(c, v);
  if (!prompt) return prompt.error();
  out.key("prompt").string(*prompt);
  return {};
}

/// The limit is that of one text, and all of them are billed.
std::optional<std::int64_t> v1_output_bound(const parameter_gate& gate) {
  const auto limit = gate.largest_of(v1_output_limits);
  const std::int64_t count = std::max<std::int64_t>(gate.largest_of(generations).value_or(1), 1);
  std::int64_t all = 0;
  if (!limit || __builtin_mul_overflow(*limit, count, &all)) return std::nullopt;
  return all;
}

}  // namespace

result<encoded> encode_v1(const call& c, std::string_view model, const vendor& v, bool stream) {
  const quirk_view quirks(v);
  const std::string path = v.chat_path.empty() ? "/v1/chat" : v.chat_path;
  const bool generates = path.ends_with("/generate");
  encoded made;
  json::writer out(made.request.body);
  out.begin_object().key("model").string(model);
  if (auto written = write_text(c, v, generates, out, made.notes); !written) return written.error();
  const auto family = generates ? std::span<const std::string_view>(generate_parameters)
                                : std::span<const std::string_view>(v1_chat_parameters);
  parameter_gate gate(quirks, family, out, made.notes);
  ark::dialect::write_sampling(c, v1_names, gate, out);
  if (!c.end_user.empty())
    made.notes.emplace_back("the end user's id was left out: this vendor has no place for it");
  if (generates)
    gate.extras(c.extra, generate_reserved);
  else
    gate.extras(c.extra, v1_chat_reserved);
  if (auto ended = gate.finish(); !ended) return ended.error();
  made.max_output_tokens = v1_output_bound(gate);
  out.key("stream").boolean(stream).end_object();
  made.request.target = quirks.target(path);
  auto& headers = made.request.headers;
  headers.push_back({"content-type", "application/json"});
  headers.push_back({"accept", stream ? "application/stream+json" : "application/json"});
  quirks.add_headers(headers);
  return made;
}

}  // namespace ark::adapters::cohere
