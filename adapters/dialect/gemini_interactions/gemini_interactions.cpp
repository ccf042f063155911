#include "dialect/gemini_interactions/gemini_interactions.hpp"

#include "dialect/gemini_interactions/interactions_wire.hpp"

namespace ark::adapters {
namespace interactions {
namespace {

using ark::dialect::answer;
using ark::dialect::frame_kind;
using json::text_at;

error not_an_interaction(const answer& a) {
  error e = gemini::not_ours(a);
  e.message = "the vendor's answer is no interaction with steps: check the base URL";
  return e;
}

error no_embeddings() {
  return {.code = errc::unsupported,
          .message = "interactions have no embeddings: choose another vendor row"};
}

class stream_reader final : public ark::dialect::stream_decoder {
 public:
  explicit stream_reader(const vendor& v) : vendor_(v), interaction_(v) {}

  frame_kind feed(std::string_view type, std::string_view data, reply_builder& out) override {
    // After the terminal frame.
    if (data == "[DONE]") return frame_kind::known;
    json::reader reader;
    const auto root = reader.parse(data);
    if (!root || !root->is_object()) return frame_kind::corrupt;
    const std::string_view own = text_at(*root, "event_type");
    return read(own.empty() ? type : own, *root, out);
  }
  bool whole_at_end(reply_builder&) override { return false; }

 private:
  frame_kind read(std::string_view type, element frame, reply_builder& out) {
    element e;
    if (type.starts_with("step.")) return step(type, frame, out);
    if (json::find(frame, "interaction", e) && e.is_object()) {
      const std::string_view status = text_at(e, "status");
      if (type != "interaction.completed" && (status == "in_progress" || status == "queued")) {
        interaction_.start(e, out);
        return frame_kind::known;
      }
      return end(e, out);
    }
    if (is_interaction(frame)) return end(frame, out);  // a server that does not stream
    if (gemini::is_error(frame)) {
      out.fail(gemini::read_error(200, frame, vendor_));
      return frame_kind::known;
    }
    if (type != "interaction.status_update") out.unknown(type);
    return frame_kind::known;
  }

  frame_kind step(std::string_view type, element frame, reply_builder& out) {
    element e, number;
    const std::int64_t index = json::find(frame, "index", number) ? json::as_integer(number) : 0;
    step_reader& steps = interaction_.steps();
    if (type == "step.start" && json::find(frame, "step", e))
      steps.begin(index, e, out);
    else if (type == "step.delta" && json::find(frame, "delta", e))
      steps.delta(index, e, out);
    else if (type == "step.stop")
      steps.end(index, out);
    else
      out.unknown(type);
    return frame_kind::known;
  }

  frame_kind end(element interaction, reply_builder& out) {
    interaction_.end(interaction, out);
    out.done();
    return frame_kind::known;
  }

  const vendor& vendor_;
  interaction_reader interaction_;
};

result<reply> decode_whole(const answer& a, const vendor& v) {
  json::reader reader;
  const auto root = reader.parse(a.body);
  if (!root) return not_an_interaction(a);
  if (is_interaction(*root)) {
    reply_builder out;
    interaction_reader(v).end(*root, out);
    return ark::dialect::end_whole(out, a, gemini::request_id(a.head));
  }
  if (gemini::is_error(*root)) return gemini::decode_failure(a, v);
  return not_an_interaction(a);
}

class family final : public dialect::dialect {
 public:
  std::string_view name() const override { return "gemini_interactions"; }
  result<ark::dialect::encoded> encode_chat(const call& c, std::string_view model, const vendor& v,
                                            bool stream) const override {
    return interactions::encode_chat(c, model, v, stream);
  }
  result<reply> decode_chat(const answer& a, const vendor& v) const override {
    return decode_whole(a, v);
  }
  std::unique_ptr<ark::dialect::stream_decoder> open_stream(const vendor& v) const override {
    return std::make_unique<stream_reader>(v);
  }
  result<ark::dialect::encoded> encode_embed(const embed_call&, std::string_view,
                                             const vendor&) const override {
    return no_embeddings();
  }
  result<embed_reply> decode_embed(const answer&, const vendor&) const override {
    return no_embeddings();
  }
  error decode_error(const answer& a, const vendor& v) const override {
    return gemini::decode_failure(a, v);
  }
  std::string request_id(const wire::http_head& head) const override {
    return gemini::request_id(head);
  }
};

}  // namespace
}  // namespace interactions

const dialect::dialect& gemini_interactions() {
  static const interactions::family instance;
  return instance;
}

}  // namespace ark::adapters
