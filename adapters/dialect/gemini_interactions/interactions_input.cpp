#include "dialect/gemini_interactions/interactions_wire.hpp"
#include "wire/base64.hpp"

#include <algorithm>
#include <array>

namespace ark::adapters::interactions {
namespace {

std::string place_of(std::size_t index) { return "message " + std::to_string(index + 1); }

bool is_instruction(const message& m) {
  return m.role == role::system || m.role == role::developer;
}

bool is_object(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && text[first] == '{' && json::is_valid(text);
}

/// Kinds of steps that go back as they came. Other families have some of these names, and say a
/// `status` in them.
bool is_own_step(element step) {
  constexpr std::array<std::string_view, 6> tools = {"google_search",  "google_maps",
                                                     "url_context",    "file_search",
                                                     "code_execution", "mcp_server_tool"};
  const std::string_view type = json::text_at(step, "type");
  element status;
  if (type == "model_output") return true;
  if (json::find(step, "status", status)) return false;
  return std::any_of(tools.begin(), tools.end(), [type](std::string_view tool) {
    return type.starts_with(tool) &&
           (type.substr(tool.size()) == "_call" || type.substr(tool.size()) == "_result");
  });
}

class input_writer {
 public:
  input_writer(const call& c, json::writer& out, dialect::parameter_gate& gate,
               std::vector<std::string>& notes)
      : messages_(c.messages), out_(out), gate_(gate), notes_(notes) {}
  void instruction();
  void steps();

 private:
  enum class open : std::uint8_t { nothing, user_input, model_output };
  void refuse(std::string message) {
    gate_.refuse({.code = errc::invalid_request, .message = std::move(message)});
  }
  void note(std::string text);
  void leave_out(const char* why);
  void write_message(std::size_t index);
  void write(const part& p, const message& m, std::size_t index);
  void open_content(open what);
  void close_content();
  void write_text(std::string_view text, bool by_model);
  void write_image(const image_part& image, std::size_t index);
  void write_reasoning(const reasoning_part& r, std::size_t index);
  void write_opaque(std::string_view opaque, std::size_t index);
  void write_call(const tool_call_part& t, std::size_t index);
  void write_result(const tool_result_part& t, std::size_t index);
  std::string_view name_of_call(std::string_view id, std::size_t before) const;

  const std::vector<message>& messages_;
  json::writer& out_;
  dialect::parameter_gate& gate_;
  std::vector<std::string>& notes_;
  open open_ = open::nothing;
  std::size_t written_ = 0;     ///< steps of this message
  bool left_out_ = false;       ///< some part of it
  std::string call_signature_;  ///< of the call that comes next
};

void input_writer::note(std::string text) {
  if (std::find(notes_.begin(), notes_.end(), text) == notes_.end())
    notes_.push_back(std::move(text));
}

/// A message of nothing else is then no empty one of the caller's.
void input_writer::leave_out(const char* why) {
  note(why);
  left_out_ = true;
}

/// The vendor takes one text.
void input_writer::instruction() {
  std::string all;
  bool begun = false, moved = false;
  for (std::size_t i = 0; i < messages_.size(); ++i) {
    if (!is_instruction(messages_[i])) {
      begun = true;
      continue;
    }
    moved = moved || begun;
    for (const part& p : messages_[i].parts) {
      const auto* text = std::get_if<text_part>(&p);
      if (text == nullptr)
        return refuse(place_of(i) + " is a system message: it can hold text only");
      if (!all.empty()) all += "\n\n";
      all += text->text;
    }
  }
  if (!all.empty()) out_.key("system_instruction").string(all);
  if (moved) note("system messages after the first turn were moved to the front");
}

void input_writer::steps() {
  out_.key("input").begin_array();
  bool any = false;
  for (std::size_t i = 0; i < messages_.size(); ++i) {
    if (is_instruction(messages_[i])) continue;
    any = true;
    write_message(i);
  }
  out_.end_array();
  if (!any) refuse("a call needs at least one message that is not a system message");
}

void input_writer::write_message(std::size_t index) {
  const message& m = messages_[index];
  if (!m.name.empty()) note("names of speakers were left out: this vendor has none");
  written_ = 0;
  left_out_ = false;
  for (const part& p : m.parts) write(p, m, index);
  close_content();
  call_signature_.clear();
  if (written_ == 0 && !left_out_) refuse(place_of(index) + " is empty: leave it out");
}

void input_writer::write(const part& p, const message& m, std::size_t index) {
  const bool by_model = m.role == role::assistant;
  if (const auto* text = std::get_if<text_part>(&p)) return write_text(text->text, by_model);
  if (const auto* text = std::get_if<refusal_part>(&p)) return write_text(text->text, by_model);
  if (const auto* image = std::get_if<image_part>(&p); image != nullptr && !by_model)
    return write_image(*image, index);
  if (const auto* r = std::get_if<reasoning_part>(&p); r != nullptr && by_model)
    return write_reasoning(*r, index);
  if (const auto* t = std::get_if<tool_call_part>(&p); t != nullptr && by_model)
    return write_call(*t, index);
  if (const auto* t = std::get_if<tool_result_part>(&p); t != nullptr && !by_model)
    return write_result(*t, index);
  refuse(place_of(index) + " has a part that its role cannot have");
}

/// Texts and images beside each other are one step.
void input_writer::open_content(open what) {
  if (open_ == what) return;
  close_content();
  out_.begin_object().key("type");
  out_.string(what == open::user_input ? "user_input" : "model_output");
  out_.key("content").begin_array();
  open_ = what;
  ++written_;
}

void input_writer::close_content() {
  if (open_ != open::nothing) out_.end_array().end_object();
  open_ = open::nothing;
}

void input_writer::write_text(std::string_view text, bool by_model) {
  if (text.empty()) return;
  open_content(by_model ? open::model_output : open::user_input);
  out_.begin_object().key("type").string("text").key("text").string(text).end_object();
}

void input_writer::write_image(const image_part& image, std::size_t index) {
  std::string_view url = image.url, media = image.media_type, data;
  if (url.starts_with("data:")) {
    const auto mark = url.find(";base64,");
    if (mark == std::string_view::npos)
      return refuse(place_of(index) + " has a data URL that is not base64");
    media = url.substr(5, mark - 5);
    data = url.substr(mark + 8);
    url = {};
  }
  if (url.empty() && media.empty())
    return refuse(place_of(index) +
                  " has an image without media type: set it, as in \"image/png\"");
  open_content(open::user_input);
  out_.begin_object().key("type").string("image");
  if (!url.empty()) out_.key("uri").string(url);
  if (url.empty() && !data.empty()) out_.key("data").string(data);
  if (url.empty() && data.empty())
    out_.key("data").raw('"' + wire::base64_encode(image.bytes) + '"');
  if (!media.empty()) out_.key("mime_type").string(media);
  if (!image.detail.empty() && image.detail != "auto") out_.key("resolution").string(image.detail);
  out_.end_object();
}

/// A thought goes back with its signature, without which the vendor's documents have none.
void input_writer::write_reasoning(const reasoning_part& r, std::size_t index) {
  if (!r.opaque.empty()) return write_opaque(r.opaque, index);
  if (r.signature.empty()) return leave_out("reasoning without a signature was left out");
  close_content();
  out_.begin_object().key("type").string("thought").key("signature").string(r.signature);
  if (!r.text.empty()) {
    out_.key("summary").begin_array().begin_object();
    out_.key("type").string("text").key("text").string(r.text).end_object().end_array();
  }
  out_.end_object();
  ++written_;
}

/// A step as it came, or the signature of the call behind it.
void input_writer::write_opaque(std::string_view opaque, std::size_t index) {
  json::reader reader;
  const auto root = reader.parse(opaque);
  if (!root) return refuse(place_of(index) + "'s opaque reasoning is not JSON: correct it");
  if (json::text_at(*root, "type") == "function_call") {
    call_signature_ = json::text_at(*root, "signature");
    return;
  }
  if (!is_own_step(*root)) return leave_out("reasoning that another vendor encoded was left out");
  close_content();
  out_.raw(opaque);
  ++written_;
}

void input_writer::write_call(const tool_call_part& t, std::size_t index) {
  if (t.id.empty())
    return refuse(place_of(index) + "'s call of \"" + t.name + "\" has no id: give it one");
  const std::string_view arguments = t.arguments.empty() ? "{}" : std::string_view(t.arguments);
  if (!is_object(arguments))
    return refuse(place_of(index) + "'s call of \"" + t.name +
                  "\" has arguments that are no JSON object: correct them");
  close_content();
  out_.begin_object().key("type").string("function_call").key("id").string(t.id);
  out_.key("name").string(t.name).key("arguments").raw(arguments);
  if (!call_signature_.empty()) out_.key("signature").string(call_signature_);
  call_signature_.clear();
  out_.end_object();
  ++written_;
}

/// The name of the last call with this id.
std::string_view input_writer::name_of_call(std::string_view id, std::size_t before) const {
  for (std::size_t i = before; i-- > 0;)
    for (const part& p : messages_[i].parts)
      if (const auto* t = std::get_if<tool_call_part>(&p); t != nullptr && t->id == id)
        return t->name;
  return {};
}

/// Beside a text the vendor takes an object (recorded). The name may be left out, where the call is
/// in the interaction before.
void input_writer::write_result(const tool_result_part& t, std::size_t index) {
  if (t.tool_call_id.empty())
    return refuse(place_of(index) +
                  " has a tool result without tool_call_id: take it from the call");
  const std::string_view name = t.name.empty() ? name_of_call(t.tool_call_id, index) : t.name;
  close_content();
  out_.begin_object().key("type").string("function_result");
  out_.key("call_id").string(t.tool_call_id);
  if (!name.empty()) out_.key("name").string(name);
  out_.key("result");
  if (is_object(t.text))
    out_.raw(t.text);
  else
    out_.string(t.text);
  if (t.is_error) out_.key("is_error").boolean(true);
  out_.end_object();
  ++written_;
}

}  // namespace

void write_input(const call& c, json::writer& out, dialect::parameter_gate& gate,
                 std::vector<std::string>& notes) {
  input_writer writer(c, out, gate, notes);
  writer.instruction();
  writer.steps();
}

}  // namespace ark::adapters::interactions
