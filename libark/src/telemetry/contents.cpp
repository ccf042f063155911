#include "telemetry/contents.hpp"

#include "base/json.hpp"

namespace ark::telemetry {
namespace {

/// Writes parts until the bytes that are allowed are used up.
class part_writer {
 public:
  part_writer(json::writer& w, std::size_t max_bytes) : w_(w), left_(max_bytes) {}

  void operator()(const text_part& p) { text("text", p.text); }
  void operator()(const refusal_part& p) { text("text", p.text); }
  void operator()(const reasoning_part& p) {
    if (!p.text.empty()) text("reasoning", p.text);
  }
  void operator()(const tool_call_part& p) {
    begin("tool_call").key("id").string(p.id).key("name").string(p.name);
    const bool whole = p.arguments.size() <= left_ && json::is_valid(p.arguments);
    w_.key("arguments");
    if (whole) {
      left_ -= p.arguments.size();
      w_.raw(p.arguments);
    } else {
      cut(p.arguments);
    }
    end();
  }
  void operator()(const tool_result_part& p) {
    begin("tool_call_response").key("id").string(p.tool_call_id).key("response");
    cut(p.text);
    end();
  }
  void operator()(const image_part& p) { medium("image", p); }
  void operator()(const audio_part& p) { medium("audio", p); }
  void operator()(const video_part& p) { medium("video", p); }
  void operator()(const document_part& p) { medium("document", p); }

 private:
  json::writer& begin(std::string_view type) {
    truncated_ = false;
    return w_.begin_object().key("type").string(type);
  }
  void end() {
    if (truncated_) w_.key("truncated").boolean(true);
    w_.end_object();
  }
  void cut(std::string_view content) {
    auto kept = content.substr(0, left_);
    truncated_ = kept.size() < content.size();
    // Not in the middle of a character.
    if (truncated_)
      while (!kept.empty() && (static_cast<unsigned char>(content[kept.size()]) & 0xC0) == 0x80)
        kept.remove_suffix(1);
    left_ -= kept.size();
    w_.string(kept);
  }
  void text(std::string_view type, std::string_view content) {
    begin(type).key("content");
    cut(content);
    end();
  }
  /// A data URL holds bytes, too.
  template <class Part>
  void medium(std::string_view modality, const Part& p) {
    const bool by_url = !p.url.empty() && !p.url.starts_with("data:");
    begin(by_url ? "uri" : p.file_id.empty() ? "blob" : "file").key("modality").string(modality);
    if (!p.media_type.empty()) w_.key("mime_type").string(p.media_type);
    if (by_url) {
      w_.key("uri");
      cut(p.url.substr(0, p.url.find('?')));  // a signed URL's query is a secret
    } else if (!p.file_id.empty()) {
      w_.key("file_id").string(p.file_id);
    } else {
      w_.key("content").string("").key("size_bytes");
      w_.number(static_cast<std::int64_t>(p.bytes.empty() ? p.url.size() : p.bytes.size()));
    }
    end();
  }

  json::writer& w_;
  std::size_t left_;
  bool truncated_ = false;
};

bool is_instruction(const message& m) {
  return m.role == role::system || m.role == role::developer;
}

}  // namespace

std::string input_messages(const std::vector<message>& messages, std::size_t max_bytes) {
  std::string out;
  json::writer w(out);
  part_writer parts(w, max_bytes);
  w.begin_array();
  for (const message& m : messages) {
    if (is_instruction(m)) continue;
    w.begin_object().key("role").string(to_string(m.role)).key("parts").begin_array();
    for (const part& p : m.parts) std::visit(parts, p);
    w.end_array().end_object();
  }
  w.end_array();
  return out;
}

std::string system_instructions(const std::vector<message>& messages, std::size_t max_bytes) {
  std::string out;
  json::writer w(out);
  part_writer parts(w, max_bytes);
  bool any = false;
  w.begin_array();
  for (const message& m : messages) {
    if (!is_instruction(m)) continue;
    any = true;
    for (const part& p : m.parts) std::visit(parts, p);
  }
  w.end_array();
  return any ? out : "";
}

std::string output_messages(const message& reply, std::string_view finish, std::size_t max_bytes) {
  std::string out;
  json::writer w(out);
  part_writer parts(w, max_bytes);
  w.begin_array().begin_object().key("role").string("assistant").key("parts").begin_array();
  for (const part& p : reply.parts) std::visit(parts, p);
  w.end_array();
  // The form's own word, in the singular.
  w.key("finish_reason").string(finish == "tool_calls" ? "tool_call" : finish);
  w.end_object().end_array();
  return out;
}

}  // namespace ark::telemetry
