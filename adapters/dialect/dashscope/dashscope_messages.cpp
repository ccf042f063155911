#include "base/json.hpp"
#include "dialect/dashscope/dashscope_wire.hpp"
#include "dialect/media.hpp"
#include "dialect/turns.hpp"

#include <algorithm>

namespace ark::adapters::dashscope {
namespace {

using ark::dialect::has_part;

bool has_media(const message& m) {
  return std::any_of(m.parts.begin(), m.parts.end(), ark::dialect::is_media);
}

class message_writer {
 public:
  message_writer(const call& c, const quirk_view& quirks, bool multimodal, json::writer& out,
                 std::vector<std::string>& notes)
      : call_(c), quirks_(quirks), out_(out), notes_(notes), multimodal_(multimodal) {}

  result<void> write();
  bool oss() const noexcept { return oss_; }

 private:
  void schema();
  void one(std::size_t index);
  void tool_results(const message& m);
  void texts(std::string_view text);
  void content(const message& m);
  void media(const part& p);
  void assistant(const message& m, bool with_reasoning);
  void calls(const message& m);
  void refuse(std::string message) {
    if (!refusal_) refusal_ = refused(std::move(message));
  }

  const call& call_;
  const quirk_view& quirks_;
  json::writer& out_;
  std::vector<std::string>& notes_;
  std::optional<error> refusal_;
  bool multimodal_, oss_ = false;
};

result<void> message_writer::write() {
  if (call_.messages.empty()) return refused("a call needs at least one message");
  out_.key("messages").begin_array();
  schema();
  for (std::size_t i = 0; i < call_.messages.size(); ++i) one(i);
  out_.end_array();
  if (refusal_) return *refusal_;
  return {};
}

void message_writer::schema() {
  if (call_.response_format.kind != response_format_kind::json_schema ||
      quirks_.json_schema_as == nullptr)
    return;
  out_.begin_object().key("role").string("system").key("content");
  texts("Answer with one JSON value that follows this JSON Schema:\n" +
        call_.response_format.schema);
  out_.end_object();
  notes_.push_back("vendor \"" + quirks_.row().name +
                   "\" does not enforce a JSON Schema: it was added as a system message");
}

void message_writer::one(std::size_t index) {
  const message& m = call_.messages[index];
  if (auto ok = ark::dialect::check_turn(m, index); !ok) return refuse(ok.error().message);
  // The answers to an assistant's calls stand right after it, whatever else the message says.
  tool_results(m);
  if (ark::dialect::is_tool_results(m)) return;
  if (!m.name.empty())
    notes_.emplace_back("this family has no names of speakers: they were left out");
  out_.begin_object().key("role");
  out_.string(to_string(m.role == role::developer ? role::system : m.role));
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
    out_.begin_object().key("role").string("tool").key("content");
    texts(r->text);
    out_.key("tool_call_id").string(r->tool_call_id);
    if (!r->name.empty()) out_.key("name").string(r->name);
    out_.end_object();
    if (r->is_error)
      notes_.emplace_back("this family has no mark for a failed tool: only its text was sent");
  }
}

/// A content of one text, in the endpoint's form.
void message_writer::texts(std::string_view text) {
  if (multimodal_)
    out_.begin_array().begin_object().key("text").string(text).end_object().end_array();
  else
    out_.string(text);
}

void message_writer::content(const message& m) {
  std::string joined;
  if (multimodal_ && has_media(m)) out_.begin_array();
  for (const part& p : m.parts) {
    const auto* text = std::get_if<text_part>(&p);
    const auto* refusal = std::get_if<refusal_part>(&p);
    if (refusal != nullptr)
      notes_.emplace_back("this family has no refusals: an earlier one was sent as text");
    if (ark::dialect::is_media(p)) media(p);
    if (text == nullptr && refusal == nullptr) continue;
    const std::string& said = text != nullptr ? text->text : refusal->text;
    if (multimodal_ && has_media(m))
      out_.begin_object().key("text").string(said).end_object();
    else
      joined += said;
  }
  if (multimodal_ && has_media(m))
    out_.end_array();
  else
    texts(joined);
}

/// {"image": ...}, {"audio": ...} or {"video": ...}: each a URL or a data URL.
void message_writer::media(const part& p) {
  if (!multimodal_)
    return refuse(
        "images, sound and videos need the multimodal endpoint: leave out \"multimodal\": false, "
        "or use a vendor row with its path");
  const auto write = [this](std::string_view name, const result<ark::dialect::media>& m) {
    if (!m) return refuse(m.error().message);
    oss_ = oss_ || m->url.starts_with("oss://");
    out_.begin_object().key(name);
    ark::dialect::write_url(out_, *m);
    out_.end_object();
  };
  if (const auto* image = std::get_if<image_part>(&p)) {
    write("image", ark::dialect::media_of("an image", *image));
    if (!image->detail.empty())
      notes_.emplace_back("this family has no detail of an image: it was left out");
  }
  if (const auto* sound = std::get_if<audio_part>(&p))
    write("audio", ark::dialect::media_of("a sound", *sound));
  if (const auto* video = std::get_if<video_part>(&p))
    write("video", ark::dialect::media_of("a video", *video));
}

void message_writer::assistant(const message& m, bool with_reasoning) {
  if (has_media(m)) return refuse("an assistant message can hold text only in this family");
  out_.key("content");
  content(m);
  if (with_reasoning)
    if (const std::string text = m.reasoning(); !text.empty())
      out_.key(quirks_.reasoning_replay->field).string(text);
  if (has_part<tool_call_part>(m)) calls(m);
}

void message_writer::calls(const message& m) {
  out_.key("tool_calls").begin_array();
  std::int64_t index = 0;
  for (const part& p : m.parts) {
    const auto* c = std::get_if<tool_call_part>(&p);
    if (c == nullptr) continue;
    out_.begin_object().key("id").string(c->id).key("type").string("function");
    out_.key("index").number(index++);
    out_.key("function").begin_object().key("name").string(c->name);
    out_.key("arguments").string(c->arguments.empty() ? "{}" : c->arguments);
    out_.end_object().end_object();
  }
  out_.end_array();
}

}  // namespace

error refused(std::string message, errc code) {
  return {.code = code, .message = std::move(message)};
}

result<void> write_messages(const call& c, const quirk_view& quirks, bool multimodal,
                            json::writer& out, std::vector<std::string>& notes, bool& oss) {
  message_writer writer(c, quirks, multimodal, out, notes);
  auto written = writer.write();
  oss = writer.oss();
  return written;
}

}  // namespace ark::adapters::dashscope
