#include "dialect/gemini/gemini_wire.hpp"
#include "dialect/media.hpp"

#include <algorithm>

namespace ark::adapters::gemini {
namespace {

std::string nth_message(std::size_t index) { return "message " + std::to_string(index + 1); }

bool is_system_message(const message& m) {
  return m.role == role::system || m.role == role::developer;
}

bool is_json_object(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && text[first] == '{' && json::is_valid(text);
}

/// Opaque parts that this family made have no `type`; those of others have one.
bool is_own_part(std::string_view json) {
  json::reader reader;
  const auto root = reader.parse(json);
  element e;
  return root && root->is_object() && !json::find(*root, "type", e);
}

class contents_writer {
 public:
  contents_writer(const call& c, json::writer& out, dialect::parameter_gate& gate,
                  std::vector<std::string>& notes)
      : messages_(c.messages), out_(out), gate_(gate), notes_(notes) {}
  void system_prompt();
  void contents();

 private:
  void refuse(std::string message) {
    gate_.refuse({.code = errc::invalid_request, .message = std::move(message)});
  }
  void note(std::string text);
  std::size_t write_turn(std::size_t from);
  void write(const part& p, const message& m, std::size_t index);
  void write_text(std::string_view text);
  template <class Part>
  void write_media(std::string_view what, const Part& p, std::size_t index);
  void write_document(const document_part& d, std::size_t index);
  bool write_media_part(const part& p, std::size_t index);
  void write_reasoning(const reasoning_part& r, std::size_t index);
  void write_call(const tool_call_part& t, std::size_t index);
  void write_result(const tool_result_part& t, std::size_t index);
  std::string_view name_of_call(std::string_view id, std::size_t before) const;
  void begin_part();
  void end_part();
  void flush_signature();

  const std::vector<message>& messages_;
  json::writer& out_;
  dialect::parameter_gate& gate_;
  std::vector<std::string>& notes_;
  std::size_t written_ = 0;     ///< parts of this content
  std::string_view signature_;  ///< of the part that comes next
};

void contents_writer::note(std::string text) {
  if (std::find(notes_.begin(), notes_.end(), text) == notes_.end())
    notes_.push_back(std::move(text));
}

void contents_writer::system_prompt() {
  if (std::none_of(messages_.begin(), messages_.end(), is_system_message)) return;
  bool begun = false, moved = false;
  out_.key("systemInstruction").begin_object().key("parts").begin_array();
  for (std::size_t i = 0; i < messages_.size(); ++i) {
    if (!is_system_message(messages_[i])) {
      begun = true;
      continue;
    }
    moved = moved || begun;
    for (const part& p : messages_[i].parts) {
      if (const auto* text = std::get_if<text_part>(&p))
        write_text(text->text);
      else
        refuse(nth_message(i) + " is a system message: it can hold text only");
    }
  }
  out_.end_array().end_object();
  if (moved) note("system messages after the first turn were moved to the front");
}

void contents_writer::contents() {
  out_.key("contents").begin_array();
  for (std::size_t i = 0; i < messages_.size(); ++i)
    if (!is_system_message(messages_[i])) i = write_turn(i);
  out_.end_array();
}

/// One content; all results that follow each other are one: the vendor wants as many results in
/// one content as there were calls.
std::size_t contents_writer::write_turn(std::size_t from) {
  const role who = messages_[from].role;
  std::size_t i = from;
  written_ = 0;
  out_.begin_object().key("role").string(who == role::assistant ? "model" : "user");
  out_.key("parts").begin_array();
  for (;; ++i) {
    const message& m = messages_[i];
    if (!m.name.empty()) note("names of speakers were left out: this vendor has none");
    for (const part& p : m.parts) write(p, m, i);
    flush_signature();
    if (who != role::tool || i + 1 == messages_.size() || messages_[i + 1].role != who) break;
  }
  out_.end_array().end_object();
  if (written_ == 0) refuse(nth_message(from) + " is empty: leave it out");
  return i;
}

void contents_writer::write(const part& p, const message& m, std::size_t index) {
  const bool by_model = m.role == role::assistant;
  if (const auto* text = std::get_if<text_part>(&p)) return write_text(text->text);
  if (const auto* text = std::get_if<refusal_part>(&p)) return write_text(text->text);
  if (!by_model && write_media_part(p, index)) return;
  if (const auto* r = std::get_if<reasoning_part>(&p); r != nullptr && by_model)
    return write_reasoning(*r, index);
  if (const auto* t = std::get_if<tool_call_part>(&p); t != nullptr && by_model)
    return write_call(*t, index);
  if (const auto* t = std::get_if<tool_result_part>(&p); t != nullptr && !by_model)
    return write_result(*t, index);
  refuse(nth_message(index) + " has a part that its role cannot have");
}

/// Image, sound, document or video: all are data with a media type.
template <class Part>
void contents_writer::write_media(std::string_view what, const Part& p, std::size_t index) {
  const auto m = dialect::media_of(nth_message(index) + ": " + std::string(what), p);
  if (!m) return gate_.refuse(m.error());
  begin_part();
  if (m->is_inline()) {
    out_.key("inlineData").begin_object().key("mimeType").string(m->media_type).key("data");
    dialect::write_base64(out_, *m);
  } else {
    out_.key("fileData").begin_object().key("fileUri");
    // A file's id is its address as the vendor told it.
    out_.string(m->file_id.empty() ? m->url : m->file_id);
    if (!m->media_type.empty()) out_.key("mimeType").string(m->media_type);
  }
  out_.end_object();
  end_part();
}

void contents_writer::write_document(const document_part& d, std::size_t index) {
  if (!d.context.empty())
    return refuse(nth_message(index) + " has a document with context: say it in a text");
  if (!d.name.empty()) note("names of documents were left out: this vendor has none");
  write_media("a document", d, index);
}

bool contents_writer::write_media_part(const part& p, std::size_t index) {
  if (const auto* image = std::get_if<image_part>(&p)) {
    if (!image->detail.empty()) note("image detail was left out: this vendor has none");
    write_media("an image", *image, index);
  } else if (const auto* sound = std::get_if<audio_part>(&p)) {
    write_media("a sound", *sound, index);
  } else if (const auto* document = std::get_if<document_part>(&p)) {
    write_document(*document, index);
  } else if (const auto* video = std::get_if<video_part>(&p)) {
    write_media("a video", *video, index);
  } else {
    return false;
  }
  return true;
}

void contents_writer::begin_part() {
  out_.begin_object();
  ++written_;
}

void contents_writer::end_part() {
  if (!signature_.empty()) out_.key("thoughtSignature").string(signature_);
  signature_ = {};
  out_.end_object();
}

/// A signature whose part was taken away goes back on an empty text, which the vendor has too.
void contents_writer::flush_signature() {
  if (signature_.empty()) return;
  begin_part();
  out_.key("text").string("");
  end_part();
}

void contents_writer::write_text(std::string_view text) {
  if (text.empty()) return;
  begin_part();
  out_.key("text").string(text);
  end_part();
}

void contents_writer::write_reasoning(const reasoning_part& r, std::size_t index) {
  flush_signature();
  if (!r.opaque.empty()) {
    if (!json::is_valid(r.opaque))
      return refuse(nth_message(index) + "'s opaque reasoning is not JSON: correct it");
    if (!is_own_part(r.opaque)) return note("reasoning that another vendor encoded was left out");
    out_.raw(r.opaque);
    ++written_;
    return;
  }
  signature_ = r.signature;
  if (r.text.empty()) return;
  begin_part();
  out_.key("text").string(r.text).key("thought").boolean(true);
  end_part();
}

void contents_writer::write_call(const tool_call_part& t, std::size_t index) {
  const std::string_view arguments = t.arguments.empty() ? "{}" : std::string_view(t.arguments);
  if (!is_json_object(arguments))
    return refuse(nth_message(index) + "'s call of \"" + t.name +
                  "\" has arguments that are no JSON object: correct them");
  begin_part();
  out_.key("functionCall").begin_object();
  if (!t.id.empty() && !is_made_call_id(t.id)) out_.key("id").string(t.id);
  out_.key("name").string(t.name).key("args").raw(arguments).end_object();
  end_part();
}

/// The name of the last call with this id.
std::string_view contents_writer::name_of_call(std::string_view id, std::size_t before) const {
  for (std::size_t i = before; i-- > 0;)
    for (const part& p : messages_[i].parts)
      if (const auto* t = std::get_if<tool_call_part>(&p); t != nullptr && t->id == id)
        return t->name;
  return {};
}

/// The vendor takes an object: a text that is one goes as it is, any other as its `output`, a
/// failure as its `error`.
void contents_writer::write_result(const tool_result_part& t, std::size_t index) {
  const std::string_view name = t.name.empty() ? name_of_call(t.tool_call_id, index) : t.name;
  if (name.empty())
    return refuse(nth_message(index) + " is the result of a call that is not there: set its name");
  const bool is_object = is_json_object(t.text);
  begin_part();
  out_.key("functionResponse").begin_object();
  if (!t.tool_call_id.empty() && !is_made_call_id(t.tool_call_id))
    out_.key("id").string(t.tool_call_id);
  out_.key("name").string(name).key("response");
  if (is_object && !t.is_error) {
    out_.raw(t.text);
  } else {
    out_.begin_object().key(t.is_error ? "error" : "output");
    if (is_object)
      out_.raw(t.text);
    else
      out_.string(t.text);
    out_.end_object();
  }
  out_.end_object();
  end_part();
}

}  // namespace

void write_contents(const call& c, json::writer& out, dialect::parameter_gate& gate,
                    std::vector<std::string>& notes) {
  contents_writer writer(c, out, gate, notes);
  writer.system_prompt();
  writer.contents();
}

}  // namespace ark::adapters::gemini
