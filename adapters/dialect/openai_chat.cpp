#include "dialect/openai_chat.hpp"

#include "dialect/error_table.hpp"
#include "dialect/openai_wire.hpp"
#include "dialect/repeated_frame.hpp"

#include <algorithm>

namespace ark::adapters {
namespace openai {
namespace {

/// Strings that make frames of equal texts differ in length (recorded); nobody reads them.
constexpr std::string_view padding_names[] = {"obfuscation", "p"};

class decoder final : public ark::dialect::stream_decoder {
 public:
  explicit decoder(const vendor& v) : completion_(v, false) {}

  ark::dialect::frame_kind feed(std::string_view type, std::string_view data,
                                reply_builder& out) override {
    using ark::dialect::frame_kind;
    while (!data.empty() && data.back() == ' ') data.remove_suffix(1);
    if (data == "[DONE]") {
      completion_.end(out);
      out.done();
      return frame_kind::known;
    }
    behind_terminal_ = is_terminal(type);
    if (type != "error")
      if (const auto text = repeated_.text_of(data)) {
        completion_.again(repeated_.member(), *text, out);
        return frame_kind::known;
      }
    json::reader reader;
    const auto root = reader.parse(data);
    if (!root || !root->is_object()) return frame_kind::corrupt;
    // What came with an error counts: its usage settles the attempt.
    const bool known = completion_.read(*root, out);
    const quirk_view& quirks = completion_.quirks();
    const bool suspicious =
        !known || completion_.saw_error() || type == "error" || quirks.error_inside != nullptr;
    if (suspicious && (is_error(*root, quirks) || type == "error")) {
      out.fail(read_error(200, *root, quirks));
      return frame_kind::known;
    }
    if (known && !completion_.saw_error() && type != "error" && !completion_.only_member().empty())
      repeated_.learn(data, completion_.only_member(), padding_names);
    return known ? frame_kind::known : frame_kind::unknown;
  }

  bool whole_at_end(reply_builder& out) override {
    // A server that does not stream answers with one whole completion; several messages are the
    // deltas of a server that calls them so.
    const quirk_view& quirks = completion_.quirks();
    const bool is_completion = completion_.messages() == 1 && quirks.terminal_event == nullptr;
    const bool whole =
        is_completion || behind_terminal_ || (quirks.stream_without_terminal && out.finish_seen());
    if (whole) completion_.end(out);
    return whole;
  }

 private:
  bool is_terminal(std::string_view type) const noexcept {
    const auto* event = completion_.quirks().terminal_event;
    return event != nullptr &&
           std::find(event->names.begin(), event->names.end(), type) != event->names.end();
  }

  completion_reader completion_;
  ark::dialect::repeated_frame repeated_;
  bool behind_terminal_ = false;
};

class family final : public dialect::dialect {
 public:
  std::string_view name() const override { return "openai_chat"; }
  result<encoded> encode_chat(const call& c, std::string_view model, const vendor& v,
                              bool stream) const override {
    return openai::encode_chat(c, model, v, stream);
  }
  result<reply> decode_chat(const answer& a, const vendor& v) const override;
  std::unique_ptr<ark::dialect::stream_decoder> open_stream(const vendor& v) const override {
    return std::make_unique<decoder>(v);
  }
  result<encoded> encode_embed(const embed_call& c, std::string_view model,
                               const vendor& v) const override {
    return openai::encode_embed(c, model, v);
  }
  result<embed_reply> decode_embed(const answer& a, const vendor& v) const override {
    return openai::decode_embed(a, v);
  }
  result<encoded> encode_rerank(const rerank_call& c, std::string_view model,
                                const vendor& v) const override {
    return openai::encode_rerank(c, model, v);
  }
  result<rerank_reply> decode_rerank(const answer& a, const vendor& v,
                                     std::size_t documents) const override {
    return openai::decode_rerank(a, v, documents);
  }
  result<encoded> encode_count(const call& c, std::string_view model,
                               const vendor& v) const override {
    if (v.count_path.empty()) return dialect::dialect::encode_count(c, model, v);
    return openai::encode_count(c, model, v);
  }
  result<token_count_reply> decode_count(const answer& a, const vendor& v) const override {
    return openai::decode_count(a, v);
  }
  error decode_error(const answer& a, const vendor& v) const override {
    return decode_failure(a, v);
  }
  std::string request_id(const wire::http_head& head) const override {
    return openai::request_id(head);
  }
};

result<reply> family::decode_chat(const answer& a, const vendor& v) const {
  json::reader reader;
  const auto root = reader.parse(a.body);
  if (!root || !root->is_object()) return not_ours(a);
  reply_builder out;
  completion_reader completion(v, true);
  if (is_error(*root, completion.quirks())) return decode_failure(a, v);
  if (!completion.read(*root, out) || completion.messages() == 0) return not_ours(a);
  completion.end(out);
  return ark::dialect::end_whole(out, a, openai::request_id(a.head));
}

}  // namespace

error decode_failure(const answer& a, const vendor& v) {
  error e = read_error_body(a.head.status, a.body, quirk_view(v));
  e.request_id = request_id(a.head);
  ark::dialect::read_retry_headers(a.head.headers, e);
  // The vendor asks for it, whatever the status: but a key or an account does not heal by itself.
  if (wire::find_header(a.head.headers, "x-should-retry") == "true" &&
      e.retry == retry_class::never && e.code != errc::auth && e.code != errc::quota)
    e.retry = retry_class::maybe_billed;
  return e;
}

error not_ours(const answer& a) {
  return ark::dialect::unreadable(a.head.status, a.body,
                                  "not of the OpenAI-compatible family: check the base URL",
                                  request_id(a.head));
}

}  // namespace openai

const dialect::dialect& openai_chat() {
  static const openai::family instance;
  return instance;
}

}  // namespace ark::adapters
