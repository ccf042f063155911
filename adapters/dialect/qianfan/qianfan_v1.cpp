#include "dialect/qianfan/qianfan_v1.hpp"

#include "dialect/citations.hpp"
#include "dialect/openai_wire.hpp"
#include "dialect/qianfan/qianfan_wire.hpp"

namespace ark::adapters {
namespace qianfan {
namespace {

using dialect::frame_kind;
using dialect::reply_builder;
using json::element;

/// Reads a frame or a whole answer: both have the same members, a frame `is_end` beside them.
class answer_reader {
 public:
  explicit answer_reader(const vendor& v) : quirks_(v) {}
  /// False: there is nothing that this family knows.
  bool read(element root, reply_builder& out);
  /// The last frame, or the whole answer, was read.
  void end(reply_builder& out);
  bool is_end() const noexcept { return is_end_; }
  const dialect::quirk_view& quirks() const noexcept { return quirks_; }

 private:
  void function_call(element e, reply_builder& out);
  void risk(element root, reply_builder& out);
  finish_reason meaning_of(std::string_view word) const noexcept;

  dialect::quirk_view quirks_;
  dialect::cited_sources sources_;
  std::string word_;
  bool truncated_ = false, called_ = false, is_end_ = false;
};

bool is_true(element root, std::string_view name) {
  element e;
  bool value = false;
  return json::find(root, name, e) && e.get(value) == simdjson::SUCCESS && value;
}

bool answer_reader::read(element root, reply_builder& out) {
  element e;
  const bool has_result = json::find(root, "result", e) && e.is_string();
  const std::string_view text = has_result ? json::as_text(e) : std::string_view{};
  element call;
  const bool has_call = json::find(root, "function_call", call) && call.is_object();
  is_end_ = is_true(root, "is_end");
  if (!has_result && !has_call && !is_end_) return false;
  out.started(json::text_at(root, "id"), {});
  // What the model thought before the call stands inside it.
  if (has_call) out.reasoning(json::text_at(call, "thoughts"));
  out.text(text);
  if (has_call) function_call(call, out);
  truncated_ = truncated_ || is_true(root, "is_truncated");
  if (const auto word = json::text_at(root, "finish_reason"); !word.empty()) word_ = word;
  if (is_true(root, "need_clear_history")) risk(root, out);
  if (json::find_path(root, "search_info.search_results", e)) sources_.list("search_results", e);
  if (json::find(root, "usage", e))
    if (auto used = openai::read_usage(e, quirks_, out)) out.usage(*used);
  return true;
}

/// One at most, without an id.
void answer_reader::function_call(element e, reply_builder& out) {
  const std::string_view name = json::text_at(e, "name");
  if (!called_ && name.empty()) return;
  if (!called_) out.tool_begin(0, {}, name);
  called_ = true;
  out.tool_arguments(0, json::text_at(e, "arguments"));
}

void answer_reader::risk(element root, reply_builder& out) {
  const std::int64_t turn = json::integer_at(root, "ban_round");
  out.note("the vendor sees a risk in what the user said" +
           (turn > 0 ? " in turn " + std::to_string(turn) : std::string{}) +
           " (need_clear_history): begin a new dialogue");
}

finish_reason answer_reader::meaning_of(std::string_view word) const noexcept {
  if (const auto row = quirks_.finish(word)) return *row;
  if (word.empty() || word == "normal" || word == "stop") {
    if (truncated_) return finish_reason::length;
    return called_ ? finish_reason::tool_calls : finish_reason::stop;
  }
  if (word == "length") return finish_reason::length;
  if (word == "content_filter") return finish_reason::content_filter;
  if (word == "function_call") return finish_reason::tool_calls;
  return finish_reason::other;
}

void answer_reader::end(reply_builder& out) {
  sources_.put(false, out);
  out.finish(meaning_of(word_), word_);
}

class frame_reader final : public dialect::stream_decoder {
 public:
  explicit frame_reader(const vendor& v) : answer_(v) {}

  frame_kind feed(std::string_view, std::string_view data, reply_builder& out) override {
    json::reader reader;
    const auto root = reader.parse(data);
    if (!root || !root->is_object()) return frame_kind::corrupt;
    if (is_error(*root)) {
      out.fail(read_error(200, *root, answer_.quirks()));
      return frame_kind::known;
    }
    if (!answer_.read(*root, out)) return frame_kind::unknown;
    if (answer_.is_end()) {
      answer_.end(out);
      out.done();
    }
    return frame_kind::known;
  }
  bool whole_at_end(reply_builder&) override { return false; }

 private:
  answer_reader answer_;
};

class family final : public dialect::dialect {
 public:
  std::string_view name() const override { return "qianfan_v1"; }
  result<ark::dialect::encoded> encode_chat(const call& c, std::string_view model, const vendor& v,
                                            bool stream) const override {
    return qianfan::encode_chat(c, model, v, stream);
  }
  result<reply> decode_chat(const ark::dialect::answer& a, const vendor& v) const override;
  std::unique_ptr<ark::dialect::stream_decoder> open_stream(const vendor& v) const override {
    return std::make_unique<frame_reader>(v);
  }
  result<ark::dialect::encoded> encode_embed(const embed_call& c, std::string_view model,
                                             const vendor& v) const override {
    return qianfan::encode_embed(c, model, v);
  }
  result<embed_reply> decode_embed(const ark::dialect::answer& a, const vendor& v) const override {
    return qianfan::decode_embed(a, v);
  }
  error decode_error(const ark::dialect::answer& a, const vendor& v) const override {
    return decode_failure(a, v);
  }
  std::string request_id(const wire::http_head& head) const override {
    return openai::request_id(head);
  }
};

result<reply> family::decode_chat(const ark::dialect::answer& a, const vendor& v) const {
  json::reader reader;
  const auto root = reader.parse(a.body);
  if (!root || !root->is_object()) return not_ours(a);
  if (is_error(*root)) return decode_failure(a, v);
  reply_builder out;
  answer_reader whole(v);
  if (!whole.read(*root, out)) return not_ours(a);
  whole.end(out);
  return ark::dialect::end_whole(out, a, openai::request_id(a.head));
}

}  // namespace
}  // namespace qianfan

const dialect::dialect& qianfan_v1() {
  static const qianfan::family instance;
  return instance;
}

}  // namespace ark::adapters
