#include "dialect/bedrock_invoke/bedrock_invoke.hpp"

#include "base/json.hpp"
#include "dialect/anthropic_messages.hpp"
#include "dialect/bedrock/bedrock_converse.hpp"
#include "dialect/bedrock_invoke/bedrock_bodies.hpp"
#include "dialect/openai_chat.hpp"
#include "dialect/quirks.hpp"
#include "dialect/token_count.hpp"
#include "wire/base64.hpp"

#include <algorithm>

namespace ark::adapters {
namespace bedrock {
namespace {

constexpr std::string_view body_version = "bedrock-2023-05-31";
constexpr std::string_view event_stream_type = "application/vnd.amazon.eventstream";

bool has(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }

error cannot_invoke(std::string_view what) {
  return {.code = errc::unsupported,
          .message = "InvokeModel's body of this model cannot say " + std::string(what) +
                     ": use the vendor's row for Converse"};
}

/// "us.maker.model" and "arn:.../maker.model" name their maker; an ARN of a profile does not.
bool names_maker(std::string_view model) { return has(model.substr(model.rfind('/') + 1), "."); }

// --- requests

result<dialect::encoded> encode_messages(const call& c, std::string_view model, const vendor& v,
                                         bool stream) {
  auto target = invoke_target(model, stream);
  if (!target) return target.error();
  const messages_host host{
      .target = std::move(*target), .version = body_version, .stream_type = event_stream_type};
  // "us.anthropic.claude-...": what a model can is known by the vendor's own id.
  const auto own = model.find("claude");
  return encode_hosted_messages(c, own == model.npos ? model : model.substr(own), v, stream, host);
}

/// Converse's body without what Converse alone has.
result<dialect::encoded> encode_nova(const call& c, std::string_view model, const vendor& v,
                                     bool stream) {
  auto target = invoke_target(model, stream);
  if (!target) return target.error();
  if (c.reasoning != reasoning_effort::unset || c.reasoning_budget_tokens)
    return cannot_invoke("reasoning");
  if (c.response_format.kind != response_format_kind::text)
    return cannot_invoke("a response format");
  if (!c.service_tier.empty()) return cannot_invoke("a service tier");
  if (!c.extra.empty()) return cannot_invoke("the parameter \"" + c.extra.begin()->first + '"');
  auto made = encode(c, model, v, stream);
  if (made) made->request.target = dialect::quirk_view(v).target(*target);
  return made;
}

/// The family's body without the members that stand in the path here.
std::string without_path_members(std::string_view body) {
  std::string kept;
  json::reader reader;
  json::writer w(kept);
  const auto root = reader.parse(body);
  simdjson::dom::object members;
  if (!root || root->get(members) != simdjson::SUCCESS) return std::string(body);
  w.begin_object();
  for (const auto [name, value] : members)
    if (name != "model" && name != "stream" && name != "stream_options")
      w.key(name).raw(simdjson::minify(value));
  w.end_object();
  return kept;
}

result<dialect::encoded> encode_completion(const call& c, std::string_view model, const vendor& v,
                                           bool stream) {
  auto target = invoke_target(model, stream);
  if (!target) return target.error();
  if (c.reasoning != reasoning_effort::unset && !has(model, "openai."))
    return cannot_invoke("reasoning");
  auto made = openai_chat().encode_chat(c, model, v, stream);
  if (!made) return made;
  made->request.body = without_path_members(made->request.body);
  made->request.target = dialect::quirk_view(v).target(*target);
  for (auto& header : made->request.headers)
    if (stream && header.name == "accept") header.value = event_stream_type;
  return made;
}

result<dialect::encoded> encode_body(const call& c, std::string_view model, const vendor& v,
                                     bool stream) {
  if (has(model, "claude")) return encode_messages(c, model, v, stream);
  if (has(model, "amazon.nova")) return encode_nova(c, model, v, stream);
  if (const prompt_body* const body = find_prompt_body(model))
    return encode_prompt(c, model, *body, v, stream);
  if (has(model, "openai.") || has(model, "ai21.jamba") || has(model, "mistral."))
    return encode_completion(c, model, v, stream);
  if (names_maker(model))
    return error{.code = errc::unsupported,
                 .message =
                     "the body that this model's maker has for InvokeModel is not known: "
                     "use the vendor's row for Converse"};
  auto made = encode_messages(c, model, v, stream);
  if (made)
    made->notes.emplace_back(
        "the model's maker is not known by its id: it is asked as Anthropic's are");
  return made;
}

// --- whole answers

/// The row, with gpt-oss's tags if it has none of its own.
vendor with_reasoning_tags(const vendor& v) {
  vendor row = v;
  if (dialect::quirk_view(v).think_tags == nullptr)
    row.quirks.emplace_back(quirk::think_tags{.open = std::string(reasoning_open),
                                              .close = std::string(reasoning_close)});
  return row;
}

result<reply> decode_text(element root, const dialect::answer& a, const vendor& v) {
  reply_builder out;
  text_reader reading(v);
  if (!reading.read(root, out)) {
    error e = unknown_body(root, a.body, v);
    e.http_status = a.head.status;
    e.request_id = request_id(a.head);
    return e;
  }
  // What the service counts is what it bills.
  if (const ark::usage u = read_usage(a.head.headers, out); u.reported) out.usage(u);
  return dialect::end_whole(out, a, request_id(a.head));
}

result<reply> decode_completion(element root, const dialect::answer& a, const vendor& v) {
  const vendor row = with_reasoning_tags(v);
  auto read = openai_chat().decode_chat(a, row);
  if (!read) return read;
  reply_builder notes;
  if (!read->usage.reported) read->usage = read_usage(a.head.headers, notes);
  if (read->vendor_finish_reason.empty()) read_stop_reason(root, v, notes);
  if (notes.finish_seen()) {
    read->finish = notes.reply().finish;
    read->vendor_finish_reason = notes.reply().vendor_finish_reason;
  }
  const auto& noted = notes.reply().notes;
  read->notes.insert(read->notes.end(), noted.begin(), noted.end());
  return read;
}

result<reply> decode_body(element root, const dialect::answer& a, const vendor& v) {
  switch (kind_of(root)) {
    case body_kind::messages:
      return anthropic_messages().decode_chat(a, v);
    case body_kind::converse:
      return bedrock_converse().decode_chat(a, v);
    case body_kind::completion:
      return decode_completion(root, a, v);
    case body_kind::text:
    case body_kind::other:
      break;
  }
  return decode_text(root, a, v);
}

class invoke_family final : public dialect::dialect {
 public:
  std::string_view name() const override { return "bedrock_invoke"; }

  result<ark::dialect::encoded> encode_chat(const call& c, std::string_view model, const vendor& v,
                                            bool stream) const override {
    return encode_body(c, model, v, stream);
  }
  result<reply> decode_chat(const ark::dialect::answer& a, const vendor& v) const override;
  std::unique_ptr<ark::dialect::stream_decoder> open_stream(const vendor& v) const override {
    return open_chunks(v);
  }
  ark::dialect::framing stream_framing() const override {
    return ark::dialect::framing::event_stream;
  }
  result<ark::dialect::encoded> encode_embed(const embed_call& c, std::string_view model,
                                             const vendor& v) const override {
    return bedrock::encode_embed(c, model, v);
  }
  result<embed_reply> decode_embed(const ark::dialect::answer& a, const vendor&) const override {
    return bedrock::decode_embed(a);
  }
  result<ark::dialect::encoded> encode_count(const call& c, std::string_view model,
                                             const vendor& v) const override;
  result<token_count_reply> decode_count(const ark::dialect::answer& a,
                                         const vendor&) const override {
    return ark::dialect::read_token_count(a, "inputTokens", request_id(a.head));
  }
  error decode_error(const ark::dialect::answer& a, const vendor& v) const override {
    return read_error(a, v);
  }
  std::string request_id(const wire::http_head& head) const override {
    return bedrock::request_id(head);
  }
};

/// The chat's whole body in base64 (recorded with its max_tokens).
result<ark::dialect::encoded> invoke_family::encode_count(const call& c, std::string_view model,
                                                          const vendor& v) const {
  auto made = encode_chat(c, model, v, false);
  if (!made) return made;
  std::string body;
  json::writer w(body);
  w.begin_object().key("input").begin_object().key("invokeModel").begin_object();
  w.key("body").string(wire::base64_encode(made->request.body));
  w.end_object().end_object().end_object();
  made->request.body = std::move(body);
  std::string& target = made->request.target;
  target.replace(target.rfind("/invoke"), std::string_view("/invoke").size(), "/count-tokens");
  made->max_output_tokens.reset();
  return made;
}

result<reply> invoke_family::decode_chat(const ark::dialect::answer& a, const vendor& v) const {
  json::reader reader;
  const auto root = reader.parse(a.body);
  // What is no JSON is told by the family of most models here.
  auto read = root ? decode_body(*root, a, v) : anthropic_messages().decode_chat(a, v);
  if (!read) {
    error e = read.error();
    if (e.request_id.empty()) e.request_id = request_id(a.head);
    return e;
  }
  reply_builder notes;
  if (root) note_guardrail(*root, notes);
  const auto& noted = notes.reply().notes;
  read->notes.insert(read->notes.end(), noted.begin(), noted.end());
  read->request_id = request_id(a.head);
  return read;
}

}  // namespace

// --- what whole answers and events have in common

body_kind kind_of(element root) {
  // Events and answers of Anthropic's models name their type. So do its first models' completions.
  const std::string_view type = json::text_at(root, "type");
  if (!type.empty() && type != "completion") return body_kind::messages;
  element found;
  if (json::find(root, "choices", found)) return body_kind::completion;
  for (const std::string_view member : {"output", "messageStart", "contentBlockStart",
                                        "contentBlockDelta", "messageStop", "metadata"})
    if (json::find(root, member, found)) return body_kind::converse;
  return text_reader::knows(root) ? body_kind::text : body_kind::other;
}

error unknown_body(element root, std::string_view text, const vendor& v) {
  if (!json::text_at(root, "message").empty()) return read_stream_error({}, text, v);
  return {.code = errc::unsupported,
          .retry = retry_class::never,
          .message =
              "the answer is of a maker whose body is not known: use the vendor's row for "
              "Converse, which speaks to all models"};
}

void note_guardrail(element root, reply_builder& out) {
  if (json::text_at(root, "amazon-bedrock-guardrailAction") == "INTERVENED")
    out.note("a guardrail blocked the answer or changed words in it");
}

void read_stop_reason(element root, const vendor& v, reply_builder& out) {
  element found;
  if (!json::find_path(root, "choices.0.stop_reason", found)) return;
  const std::string_view word = json::as_text(found);
  if (word.empty()) return;
  const auto meaning = word == "stop"         ? finish_reason::stop
                       : word == "length"     ? finish_reason::length
                       : word == "tool_calls" ? finish_reason::tool_calls
                                              : finish_reason::other;
  out.finish(dialect::quirk_view(v).finish(word).value_or(meaning), word);
}

}  // namespace bedrock

const dialect::dialect& bedrock_invoke() {
  static const bedrock::invoke_family instance;
  return instance;
}

}  // namespace ark::adapters
