#include "dialect/anthropic_complete/anthropic_complete.hpp"

#include "dialect/anthropic_messages.hpp"
#include "dialect/anthropic_wire.hpp"
#include "dialect/prompt.hpp"

namespace ark::adapters {
namespace complete {
namespace {

using ark::dialect::answer;
using ark::dialect::encoded;
using ark::dialect::frame_kind;
using ark::dialect::quirk_view;
using ark::dialect::reply_builder;
using json::element;

constexpr std::string_view family_parameters[] = {
    "max_tokens_to_sample", "metadata", "stop_sequences", "temperature", "top_k", "top_p"};
constexpr std::string_view reserved[] = {"model", "prompt", "stream"};
constexpr std::string_view output_limits[] = {"max_tokens_to_sample"};
constexpr std::int64_t default_max_tokens = 4096;
constexpr std::string_view version = "2023-06-01";

void write_parameters(const call& c, ark::dialect::parameter_gate& gate, json::writer& out,
                      std::vector<std::string>& notes) {
  ark::dialect::write_sampling(c, {.max_tokens = "max_tokens_to_sample", .stop = "stop_sequences"},
                               gate, out);
  if (!c.max_tokens && !c.extra.contains("max_tokens_to_sample")) {
    gate.integer("max_tokens_to_sample", default_max_tokens);
    notes.push_back("max_tokens_to_sample was set to " + std::to_string(default_max_tokens) +
                    ": the vendor demands a limit");
  }
  if (!c.end_user.empty() && gate.begin("metadata"))
    out.begin_object().key("user_id").string(c.end_user).end_object();
}

result<encoded> encode(const call& c, std::string_view model, const vendor& v, bool stream) {
  const quirk_view quirks(v);
  if (auto plain = ark::dialect::check_plain(c, v); !plain) return plain.error();
  const auto prompt = ark::dialect::prompt_of(c, v);
  if (!prompt) return prompt.error();
  encoded made;
  made.request.target = quirks.target(v.chat_path.empty() ? "/complete" : v.chat_path);
  json::writer out(made.request.body);
  out.begin_object().key("model").string(model).key("prompt").string(*prompt);
  ark::dialect::parameter_gate gate(quirks, family_parameters, out, made.notes);
  write_parameters(c, gate, out, made.notes);
  gate.extras(c.extra, reserved);
  if (auto ended = gate.finish(); !ended) return ended.error();
  made.max_output_tokens = gate.largest_of(output_limits);
  if (stream) out.key("stream").boolean(true);
  out.end_object();
  auto& headers = made.request.headers;
  headers.push_back({"content-type", "application/json"});
  headers.push_back({"accept", stream ? "text/event-stream" : "application/json"});
  quirks.add_headers(headers);
  if (!wire::has_header(headers, "anthropic-version"))
    headers.push_back({"anthropic-version", std::string(version)});
  return made;
}

/// An event of a stream or a whole answer: the same object. The one with a stop reason is the last.
/// False: it has no completion.
bool read_completion(element root, const vendor& v, reply_builder& out) {
  element text;
  if (!json::find(root, "completion", text) || !text.is_string()) return false;
  anthropic::read_start(root, out);
  out.text(json::as_text(text));
  if (json::text_at(root, "stop_reason").empty()) return true;
  anthropic::read_stop(root, v, out);
  out.done();
  return true;
}

class decoder final : public ark::dialect::stream_decoder {
 public:
  explicit decoder(const vendor& v) : vendor_(v) {}
  frame_kind feed(std::string_view type, std::string_view data, reply_builder& out) override {
    json::reader reader;
    const auto root = reader.parse(data);
    if (!root || !root->is_object()) return frame_kind::corrupt;
    const std::string_view own = json::text_at(*root, "type");
    const std::string_view kind = own.empty() ? type : own;
    if (kind == "ping") return frame_kind::known;
    if (kind == "error") {
      error e = anthropic::read_error(200, data, vendor_);
      // What came before it may be billed.
      if (e.retry != retry_class::never) e.retry = retry_class::maybe_billed;
      out.fail(std::move(e));
      return frame_kind::known;
    }
    return read_completion(*root, vendor_, out) ? frame_kind::known : frame_kind::unknown;
  }
  bool whole_at_end(reply_builder&) override { return false; }

 private:
  const vendor& vendor_;
};

/// Errors are those of the vendor's newer interface.
class family final : public dialect::dialect {
 public:
  std::string_view name() const override { return "anthropic_complete"; }
  result<encoded> encode_chat(const call& c, std::string_view model, const vendor& v,
                              bool stream) const override {
    return encode(c, model, v, stream);
  }
  result<reply> decode_chat(const answer& a, const vendor& v) const override;
  std::unique_ptr<ark::dialect::stream_decoder> open_stream(const vendor& v) const override {
    return std::make_unique<decoder>(v);
  }
  result<encoded> encode_embed(const embed_call& c, std::string_view model,
                               const vendor& v) const override {
    return anthropic_messages().encode_embed(c, model, v);
  }
  result<embed_reply> decode_embed(const answer& a, const vendor& v) const override {
    return anthropic_messages().decode_embed(a, v);
  }
  error decode_error(const answer& a, const vendor& v) const override {
    return anthropic_messages().decode_error(a, v);
  }
  std::string request_id(const wire::http_head& head) const override {
    return anthropic_messages().request_id(head);
  }
};

result<reply> family::decode_chat(const answer& a, const vendor& v) const {
  json::reader reader;
  const auto root = reader.parse(a.body);
  if (root && json::text_at(*root, "type") == "error") {
    error e = decode_error(a, v);
    if (e.retry != retry_class::never) e.retry = retry_class::maybe_billed;
    return e;
  }
  reply_builder out;
  if (!root || !read_completion(*root, v, out))
    return error{.code = errc::protocol,
                 .retry = retry_class::maybe_billed,
                 .http_status = a.head.status,
                 .message = "the vendor's answer is not a completion: check the base URL",
                 .vendor_message = std::string(a.body.substr(0, 500)),
                 .request_id = request_id(a.head)};
  return ark::dialect::end_whole(out, a, request_id(a.head));
}

}  // namespace
}  // namespace complete

const dialect::dialect& anthropic_complete() {
  static const complete::family instance;
  return instance;
}

}  // namespace ark::adapters
