#include "dialect/media.hpp"
#include "dialect/openai_responses/responses_wire.hpp"
#include "dialect/turns.hpp"

#include <algorithm>

namespace ark::adapters::responses {
namespace {

using json::text_at;

error bad_input(std::string message) {
  return {.code = errc::invalid_request, .message = std::move(message)};
}

/// Kinds of items that vendors of the family make for themselves and take back. Opaque parts of
/// another family's are none of them.
bool is_own_item(std::string_view type) {
  return type.ends_with("_call") || type.ends_with("_call_output") || type.starts_with("mcp_") ||
         type == "tool_search_output" || type == "image_process" || type == "compaction" ||
         type == "program" || type == "program_output" || type == "additional_tools";
}

}  // namespace

input_writer::input_writer(const call& c, const quirk_view& quirks, json::writer& out,
                           std::vector<std::string>& notes)
    : call_(c), quirks_(quirks), out_(out), notes_(notes) {
  const auto tools = c.extra.find("tools");
  json::reader reader;
  simdjson::dom::array list;
  if (tools == c.extra.end()) return;
  const auto root = reader.parse(tools->second);
  if (!root || root->get(list)) return;
  for (const element tool : list)
    if (text_at(tool, "type") == "custom") custom_names_.emplace(text_at(tool, "name"));
}

result<void> input_writer::write() {
  if (call_.messages.empty()) return bad_input("a call needs at least one message");
  out_.key("input").begin_array();
  for (std::size_t i = 0; i < call_.messages.size(); ++i) one(i);
  out_.end_array();
  if (refusal_) return *refusal_;
  return {};
}

void input_writer::refuse(std::string message) {
  if (!refusal_) refusal_ = bad_input(std::move(message));
}

void input_writer::note(std::string text) {
  if (std::find(notes_.begin(), notes_.end(), text) == notes_.end())
    notes_.push_back(std::move(text));
}

void input_writer::one(std::size_t index) {
  const ark::message& m = call_.messages[index];
  if (auto ok = ark::dialect::check_turn(m, index); !ok) return refuse(ok.error().message);
  if (!m.name.empty()) note("this family has no names of speakers: they were left out");
  // The answers to an assistant's calls come first, whatever else the message says.
  for (const part& p : m.parts)
    if (const auto* r = std::get_if<tool_result_part>(&p)) tool_result(*r);
  if (m.role == role::assistant)
    assistant(m);
  else if (m.role != role::tool)
    said(m);
}

void input_writer::open_message(role who) {
  const bool renamed = who == role::developer && quirks_.developer_as_system;
  out_.begin_object().key("type").string("message");
  out_.key("role").string(to_string(renamed ? role::system : who));
  out_.key("content");
}

/// What a system, a developer or a user said.
void input_writer::said(const ark::message& m) {
  const auto spoken = [](const part& p) {
    return dialect::holds<text_part>(p) || dialect::is_media(p);
  };
  const auto count = std::count_if(m.parts.begin(), m.parts.end(), spoken);
  if (count == 0) return;
  open_message(m.role);
  const auto first = std::find_if(m.parts.begin(), m.parts.end(), spoken);
  if (const auto* t = std::get_if<text_part>(&*first); t != nullptr && count == 1) {
    out_.string(t->text).end_object();
    return;
  }
  out_.begin_array();
  for (const part& p : m.parts) {
    if (const auto* t = std::get_if<text_part>(&p))
      out_.begin_object().key("type").string("input_text").key("text").string(t->text).end_object();
    else
      media_part(p);
  }
  out_.end_array().end_object();
}

void input_writer::media_part(const part& p) {
  if (const auto* i = std::get_if<image_part>(&p)) image(*i);
  if (const auto* d = std::get_if<document_part>(&p)) document(*d);
  if (const auto* v = std::get_if<video_part>(&p)) video(*v);
  if (const auto* a = std::get_if<audio_part>(&p)) audio(*a);
}

/// What the call adds to all parts of a kind.
void input_writer::options(std::string_view kind) {
  const auto added = dialect::write_part_options(out_, call_.extra, kind, quirks_.row());
  if (!added && !refusal_) refusal_ = added.error();
}

/// Vendors of rows with "video_in" only (Volcengine Ark's SDK types, 2026-11), as is sound.
void input_writer::video(const video_part& v) {
  const auto m = dialect::media_of("a video", v);
  if (!m) return refuse(m.error().message);
  out_.begin_object().key("type").string("input_video");
  options("input_video");
  if (!m->file_id.empty()) {
    out_.key("file_id").string(m->file_id).end_object();
    return;
  }
  out_.key("video_url");
  dialect::write_url(out_, *m);
  out_.end_object();
}

void input_writer::audio(const audio_part& a) {
  const auto m = dialect::media_of("a sound", a);
  if (!m) return refuse(m.error().message);
  out_.begin_object().key("type").string("input_audio");
  if (!m->file_id.empty()) {
    out_.key("file_id").string(m->file_id).end_object();
    return;
  }
  out_.key("audio_url");
  dialect::write_url(out_, *m);
  out_.end_object();
}

void input_writer::image(const image_part& image) {
  const auto m = dialect::media_of("an image", image);
  if (!m) return refuse(m.error().message);
  out_.begin_object().key("type").string("input_image");
  if (!image.detail.empty()) out_.key("detail").string(image.detail);
  options("input_image");
  if (!m->file_id.empty()) {
    out_.key("file_id").string(m->file_id).end_object();
    return;
  }
  out_.key("image_url");
  dialect::write_url(out_, *m);
  out_.end_object();
}

void input_writer::document(const document_part& d) {
  const auto m = dialect::media_of("a document", d);
  if (!m) return refuse(m.error().message);
  if (!d.context.empty() && !refusal_)
    refusal_ = error{.code = errc::unsupported,
                     .message = "this family has no context of documents: leave it out"};
  out_.begin_object().key("type").string("input_file");
  if (!m->file_id.empty()) {
    out_.key("file_id").string(m->file_id);
  } else if (!m->is_inline()) {
    out_.key("file_url").string(m->url);
  } else {
    if (d.name.empty()) refuse("a document given as bytes needs a name, as \"report.pdf\"");
    out_.key("filename").string(d.name).key("file_data");
    dialect::write_url(out_, *m);
  }
  out_.end_object();
}

/// Its parts in their order, each an item; texts and refusals beside each other are one message.
void input_writer::assistant(const ark::message& m) {
  bool open = false;
  const auto close = [&] {
    if (open) out_.end_array().end_object();
    open = false;
  };
  for (const part& p : m.parts) {
    const auto* t = std::get_if<text_part>(&p);
    const auto* r = std::get_if<refusal_part>(&p);
    if (t == nullptr && r == nullptr) {
      close();
      if (const auto* thought = std::get_if<reasoning_part>(&p)) reasoning(*thought);
      if (const auto* asked = std::get_if<tool_call_part>(&p)) tool_call(*asked);
      if (dialect::is_media(p)) refuse("an assistant message can hold text only in this family");
      continue;
    }
    if (!open) {
      open_message(role::assistant);
      out_.begin_array();
    }
    open = true;
    const std::string_view type = t != nullptr ? "output_text" : "refusal";
    out_.begin_object().key("type").string(type);
    out_.key(t != nullptr ? "text" : type).string(t != nullptr ? t->text : r->text).end_object();
  }
  close();
}

/// The item as it came but for its id: an id binds it to the vendor's own store, which then wants
/// the very items that followed it (recorded: 400 without them, 200 without ids).
void input_writer::reasoning(const reasoning_part& r) {
  if (r.opaque.empty()) return;
  json::reader reader;
  const auto root = reader.parse(r.opaque);
  simdjson::dom::object members;
  if (!root) return refuse("a reasoning part's opaque text is not JSON");
  const std::string_view type = text_at(*root, "type");
  if (root->get(members) || (type != "reasoning" && !is_own_item(type)))
    return note("an opaque part that is no item of this family was left out");
  if (type != "reasoning") {
    out_.raw(simdjson::minify(*root));
    return;
  }
  if (!text_at(*root, "encrypted_content").empty()) has_encrypted_ = true;
  out_.begin_object();
  for (const auto [key, value] : members)
    if (key != "id" && key != "status") out_.key(key).raw(simdjson::minify(value));
  out_.end_object();
}

/// Without the item's own id, for the same reason.
void input_writer::tool_call(const tool_call_part& t) {
  const bool custom = custom_names_.contains(t.name);
  out_.begin_object().key("type").string(custom ? "custom_tool_call" : "function_call");
  out_.key("call_id").string(t.id).key("name").string(t.name);
  if (custom) {
    custom_ids_.insert(t.id);
    json::reader reader;
    element input;
    const auto root = reader.parse(t.arguments);
    const bool wrapped = root && json::find(*root, "input", input) && input.is_string();
    out_.key("input").string(wrapped ? json::as_text(input) : std::string_view(t.arguments));
  } else {
    out_.key("arguments").string(t.arguments.empty() ? "{}" : t.arguments);
  }
  out_.end_object();
}

void input_writer::tool_result(const tool_result_part& r) {
  if (r.tool_call_id.empty()) refuse("a tool result has no tool_call_id: take it from the call");
  const bool custom = custom_ids_.contains(r.tool_call_id);
  out_.begin_object().key("type");
  out_.string(custom ? "custom_tool_call_output" : "function_call_output");
  out_.key("call_id").string(r.tool_call_id).key("output").string(r.text).end_object();
  if (r.is_error) note("this family has no mark for a failed tool: only its text was sent");
}

}  // namespace ark::adapters::responses
