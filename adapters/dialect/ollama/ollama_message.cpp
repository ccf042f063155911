#include "dialect/ollama/ollama_wire.hpp"
#include "dialect/turns.hpp"
#include "wire/base64.hpp"

#include <algorithm>

namespace ark::adapters::ollama {
namespace {

using dialect::has_part;
using dialect::holds;
using dialect::place_of;

/// Writes the list; the first thing that cannot be said stays as `refusal_`.
class list_writer {
 public:
  list_writer(const call& c, const quirk_view& quirks, json::writer& out,
              std::vector<std::string>& notes)
      : call_(c), quirks_(quirks), out_(out), notes_(notes) {}
  result<void> run();
  result<void> run_prompt();

 private:
  void refuse(std::string message, errc code = errc::invalid_request);
  void note(std::string text);
  void one(std::size_t index);
  void tool_results(std::size_t index);
  std::string_view name_of_call(std::string_view id, std::size_t before) const;
  void check_parts(const message& m, std::size_t index);
  void content(const message& m);
  void images(const message& m, std::size_t index);
  void image(const image_part& i, std::size_t index);
  void thinking(const message& m, std::size_t index);
  void calls(const message& m, std::size_t index);

  const call& call_;
  const quirk_view& quirks_;
  json::writer& out_;
  std::vector<std::string>& notes_;
  std::optional<error> refusal_;
};

result<void> list_writer::run() {
  out_.key("messages").begin_array();
  for (std::size_t i = 0; i < call_.messages.size(); ++i) one(i);
  out_.end_array();
  if (refusal_) return *refusal_;
  return {};
}

result<void> list_writer::run_prompt() {
  const auto& all = call_.messages;
  const bool has_system =
      all.size() == 2 && (all[0].role == role::system || all[0].role == role::developer);
  if (all.empty() || all.size() > (has_system ? 2u : 1u) || all.back().role != role::user)
    return error{.code = errc::unsupported,
                 .message =
                     "this interface completes one text: give one user message and at most a "
                     "system message before it, or use the vendor's chat"};
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (auto ok = dialect::check_turn(all[i], i); !ok) refuse(ok.error().message);
    check_parts(all[i], i);
    if (has_part<tool_result_part>(all[i]))
      refuse(place_of(i) + " has a tool result: this interface has no tools", errc::unsupported);
    if (!all[i].name.empty()) note("names of speakers were left out: this vendor has none");
  }
  if (has_system) out_.key("system").string(all[0].text());
  out_.key("prompt").string(all.back().text());
  images(all.back(), all.size() - 1);
  if (refusal_) return *refusal_;
  return {};
}

void list_writer::refuse(std::string message, errc code) {
  if (!refusal_) refusal_ = error{.code = code, .message = std::move(message)};
}

void list_writer::note(std::string text) {
  if (std::find(notes_.begin(), notes_.end(), text) == notes_.end())
    notes_.push_back(std::move(text));
}

void list_writer::one(std::size_t index) {
  const message& m = call_.messages[index];
  if (auto ok = dialect::check_turn(m, index); !ok) return refuse(ok.error().message);
  tool_results(index);
  if (dialect::is_tool_results(m)) return;
  check_parts(m, index);
  if (!m.name.empty()) note("names of speakers were left out: this vendor has none");
  out_.begin_object().key("role").string(m.role == role::developer ? "system" : to_string(m.role));
  content(m);
  images(m, index);
  thinking(m, index);
  calls(m, index);
  out_.end_object();
}

void list_writer::check_parts(const message& m, std::size_t index) {
  const bool by_model = m.role == role::assistant;
  const bool misplaced = by_model ? has_part<image_part>(m) || has_part<tool_result_part>(m)
                                  : has_part<reasoning_part>(m) || has_part<refusal_part>(m);
  if (misplaced || (m.role != role::user && has_part<image_part>(m)))
    refuse(place_of(index) + " has a part that its role cannot have");
}

/// Each result is a message of its own. Models are told the tool's name, not the call's id.
void list_writer::tool_results(std::size_t index) {
  for (const part& p : call_.messages[index].parts) {
    const auto* r = std::get_if<tool_result_part>(&p);
    if (r == nullptr) continue;
    const std::string_view name =
        r->name.empty() ? name_of_call(r->tool_call_id, index) : std::string_view(r->name);
    if (name.empty() && r->tool_call_id.empty())
      refuse(place_of(index) + " has a tool result without tool_call_id: take it from the call");
    out_.begin_object().key("role").string("tool").key("content").string(r->text);
    if (!name.empty()) out_.key("tool_name").string(name);
    if (!r->tool_call_id.empty()) out_.key("tool_call_id").string(r->tool_call_id);
    out_.end_object();
    if (r->is_error) note("this vendor has no mark for a failed tool: only its text was sent");
  }
}

std::string_view list_writer::name_of_call(std::string_view id, std::size_t before) const {
  if (id.empty()) return {};
  for (std::size_t i = before; i-- > 0;)
    for (const part& p : call_.messages[i].parts)
      if (const auto* c = std::get_if<tool_call_part>(&p); c != nullptr && c->id == id)
        return c->name;
  return {};
}

void list_writer::content(const message& m) {
  std::string text;
  for (const part& p : m.parts) {
    if (const auto* t = std::get_if<text_part>(&p)) text += t->text;
    if (const auto* r = std::get_if<refusal_part>(&p)) text += r->text;
  }
  out_.key("content").string(text);
}

void list_writer::images(const message& m, std::size_t index) {
  if (!has_part<image_part>(m)) return;
  const auto first = std::find_if(m.parts.begin(), m.parts.end(), holds<text_part>);
  const auto last = std::find_if(m.parts.rbegin(), m.parts.rend(), holds<text_part>).base();
  if (first < last && std::any_of(first, last, holds<image_part>))
    note("images between texts were sent beside the text: this vendor does not keep their place");
  out_.key("images").begin_array();
  for (const part& p : m.parts)
    if (const auto* i = std::get_if<image_part>(&p)) image(*i, index);
  out_.end_array();
}

void list_writer::image(const image_part& i, std::size_t index) {
  if (!i.detail.empty()) note("image detail was left out: this vendor has none");
  if (i.url.empty() == i.bytes.empty())
    return refuse(place_of(index) + " has an image that needs either a URL or bytes");
  if (i.url.empty()) {
    std::string text = "\"";
    wire::append_base64(text, i.bytes);
    out_.raw(text += '"');
    return;
  }
  constexpr std::string_view mark = ";base64,";
  const auto at = i.url.find(mark);
  if (!i.url.starts_with("data:") || at == std::string::npos)
    return refuse(
        place_of(index) + " has an image by URL: this vendor takes bytes only, so load it first",
        errc::unsupported);
  out_.string(std::string_view(i.url).substr(at + mark.size()));
}

void list_writer::thinking(const message& m, std::size_t index) {
  for (const part& p : m.parts)
    if (const auto* r = std::get_if<reasoning_part>(&p); r != nullptr && !r->opaque.empty())
      note("sealed reasoning of another vendor was left out: this vendor cannot read it");
  const std::string text = m.reasoning();
  if (!text.empty() && quirks_.replays_reasoning(call_.messages, index))
    out_.key(quirks_.reasoning_replay->field).string(text);
}

void list_writer::calls(const message& m, std::size_t index) {
  if (!has_part<tool_call_part>(m)) return;
  out_.key("tool_calls").begin_array();
  for (const part& p : m.parts) {
    const auto* c = std::get_if<tool_call_part>(&p);
    if (c == nullptr) continue;
    std::string_view arguments = c->arguments;
    if (arguments.empty()) arguments = "{}";
    const auto first = arguments.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos || arguments[first] != '{' || !json::is_valid(arguments))
      return refuse(place_of(index) + " has a tool call whose arguments are not a JSON object");
    out_.begin_object();
    if (!c->id.empty()) out_.key("id").string(c->id);
    out_.key("function").begin_object().key("name").string(c->name);
    out_.key("arguments").raw(arguments).end_object().end_object();
  }
  out_.end_array();
}

}  // namespace

result<void> write_messages(const call& c, const quirk_view& quirks, json::writer& out,
                            std::vector<std::string>& notes) {
  return list_writer(c, quirks, out, notes).run();
}

result<void> write_prompt(const call& c, const quirk_view& quirks, json::writer& out,
                          std::vector<std::string>& notes) {
  return list_writer(c, quirks, out, notes).run_prompt();
}

}  // namespace ark::adapters::ollama
