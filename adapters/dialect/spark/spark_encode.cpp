#include "base/json.hpp"
#include "dialect/media.hpp"
#include "dialect/spark/spark_wire.hpp"

#include <algorithm>
#include <array>

namespace ark::adapters::spark {
namespace {

using dialect::parameter_gate;

/// Each version has a path of its own, and its name stands in the message too.
struct domain_path {
  std::string_view domain, path;
};
constexpr std::array<domain_path, 9> paths = {{{"general", "/v1.1/chat"},
                                               {"lite", "/v1.1/chat"},
                                               {"generalv2", "/v2.1/chat"},
                                               {"generalv3", "/v3.1/chat"},
                                               {"pro-128k", "/chat/pro-128k"},
                                               {"generalv3.5", "/v3.5/chat"},
                                               {"max-32k", "/chat/max-32k"},
                                               {"4.0Ultra", "/v4.0/chat"},
                                               {"x1", "/v1/x1"}}};
/// Those that take no system message.
constexpr std::array<std::string_view, 3> first_versions = {"general", "lite", "generalv2"};

/// Those that stand in `header`, in the order of the wire.
constexpr std::array<std::string_view, 3> header_names = {"app_id", "uid", "patch_id"};
constexpr std::array<std::string_view, 7> family_names = {
    "app_id", "auditing", "max_tokens", "patch_id", "temperature", "top_k", "uid"};
constexpr std::array<std::string_view, 3> own_names = {"domain", "functions", "text"};
constexpr std::array<std::string_view, 1> limit_names = {"max_tokens"};

error unsayable(const std::string& what) {
  return {.code = errc::unsupported,
          .message = "this family cannot say " + what + ": leave it out or choose another vendor"};
}

void say_once(std::vector<std::string>& notes, std::string_view text) {
  if (std::find(notes.begin(), notes.end(), text) == notes.end()) notes.emplace_back(text);
}

bool has_text(const message& m) {
  return std::any_of(m.parts.begin(), m.parts.end(),
                     [](const part& p) { return std::holds_alternative<text_part>(p); });
}

std::string_view role_word(role r) {
  if (r == role::developer) return "system";
  return r == role::tool ? "user" : to_string(r);
}

/// The row without the defaults of what stands in the header: they are not the chat's.
vendor chat_row(const vendor& v) {
  vendor out = v;
  std::erase_if(out.quirks, [](const quirk_item& item) {
    const auto* q = std::get_if<quirk::set_default>(&item);
    return q != nullptr &&
           std::find(header_names.begin(), header_names.end(), q->parameter) != header_names.end();
  });
  return out;
}

class encoder {
 public:
  encoder(const call& c, std::string_view model, const vendor& v)
      : call_(c),
        model_(model),
        row_(v),
        chat_row_(chat_row(v)),
        quirks_(chat_row_),
        extras_(c.extra),
        out_(made_.request.body) {}
  result<dialect::encoded> run();

 private:
  result<void> check() const;
  result<std::string> target() const;
  result<void> header();
  std::string header_value(std::string_view name) const;
  result<void> parameters();
  result<void> messages();
  result<void> say(const message& m);
  result<void> say_part(const part& p, std::string& text);
  void write(std::string_view role, std::string_view text);
  result<void> functions();

  const call& call_;
  std::string_view model_;
  const vendor& row_;
  vendor chat_row_;
  dialect::quirk_view quirks_;
  std::map<std::string, std::string> extras_;
  dialect::encoded made_;
  json::writer out_;
};

result<void> encoder::check() const {
  if (auto said = dialect::check_sayable(call_, {}, row_); !said) return said;
  const auto mode = call_.tool_choice.mode;
  if (mode == tool_choice_mode::required || mode == tool_choice_mode::named)
    return unsayable("which function must be called");
  if (call_.response_format.kind != response_format_kind::text)
    return unsayable("structured output");
  if (call_.reasoning != reasoning_effort::unset || call_.reasoning_budget_tokens)
    return unsayable("how hard to think");
  if (!call_.service_tier.empty()) return unsayable("a service tier");
  return {};
}

result<std::string> encoder::target() const {
  if (!row_.chat_path.empty()) return quirks_.target(row_.chat_path, model_);
  const auto* known = std::find_if(paths.begin(), paths.end(),
                                   [this](const domain_path& p) { return p.domain == model_; });
  if (known != paths.end()) return quirks_.target(known->path);
  return error{.code = errc::not_found,
               .message = "no path is known for the model \"" + std::string(model_) +
                          "\" of vendor \"" + row_.name +
                          "\": set chat_path in a vendor row of your own"};
}

/// JSON of the call, or of the row's default; "" for none.
std::string encoder::header_value(std::string_view name) const {
  if (const auto asked = call_.extra.find(std::string(name)); asked != call_.extra.end())
    return asked->second;
  if (name == "uid" && !call_.end_user.empty()) {
    std::string text;
    json::append_string(text, call_.end_user);
    return text;
  }
  for (const quirk_item& item : row_.quirks)
    if (const auto* q = std::get_if<quirk::set_default>(&item); q && q->parameter == name)
      return q->value;
  return {};
}

result<void> encoder::header() {
  out_.key("header").begin_object();
  for (const std::string_view name : header_names) {
    const std::string value = header_value(name);
    extras_.erase(std::string(name));
    if (value.empty() && name == "app_id")
      return error{.code = errc::invalid_request,
                   .message = "vendor \"" + row_.name +
                              "\" wants the application's id: give the extra parameter app_id (a "
                              "JSON text), or set its default in a vendor row of your own"};
    if (value.empty()) continue;
    if (!quirks_.takes(name, family_names))
      return error{.code = errc::invalid_request,
                   .message = "vendor \"" + row_.name + "\" does not take the parameter \"" +
                              std::string(name) + "\""};
    const char first = name == "patch_id" ? '[' : '"';
    if (!json::is_valid(value) || value.front() != first)
      return error{.code = errc::invalid_request,
                   .message = "the parameter \"" + std::string(name) + "\" must be a JSON " +
                              (first == '[' ? "list" : "text, in quotes")};
    out_.key(name).raw(value);
  }
  out_.end_object();
  return {};
}

result<void> encoder::parameters() {
  out_.key("parameter").begin_object().key("chat").begin_object().key("domain").string(model_);
  parameter_gate gate(quirks_, family_names, out_, made_.notes);
  if (call_.max_tokens) gate.integer("max_tokens", *call_.max_tokens);
  if (call_.temperature) gate.number("temperature", *call_.temperature);
  if (call_.top_p) gate.number("top_p", *call_.top_p);
  if (call_.seed) gate.integer("seed", *call_.seed);
  if (!call_.stop.empty() && gate.begin("stop")) {
    out_.begin_array();
    for (const std::string& word : call_.stop) out_.string(word);
    out_.end_array();
  }
  if (call_.parallel_tool_calls) gate.boolean("parallel_tool_calls", *call_.parallel_tool_calls);
  gate.extras(extras_, own_names);
  if (auto taken = gate.finish(); !taken) return taken;
  out_.end_object().end_object();
  made_.max_output_tokens = gate.largest_of(limit_names);
  return {};
}

void encoder::write(std::string_view role, std::string_view text) {
  out_.begin_object().key("role").string(role).key("content").string(text).end_object();
}

result<void> encoder::say_part(const part& p, std::string& text) {
  if (const auto* said = std::get_if<text_part>(&p)) {
    text += said->text;
  } else if (const auto* declined = std::get_if<refusal_part>(&p)) {
    text += declined->text;
  } else if (const auto* result = std::get_if<tool_result_part>(&p)) {
    // There is no role for it: the vendor's documents send it as the next turn of the user.
    write("user", result->text);
  } else if (std::holds_alternative<tool_call_part>(p)) {
    say_once(made_.notes,
             "earlier function calls were left out, and their results are turns of the user: this "
             "family has no place for them");
  } else if (std::holds_alternative<reasoning_part>(p)) {
    say_once(made_.notes, "earlier reasoning was left out: this family takes none");
  } else {
    return unsayable("images and other media");
  }
  return {};
}

result<void> encoder::say(const message& m) {
  std::string text;
  for (const part& p : m.parts)
    if (auto ok = say_part(p, text); !ok) return ok;
  if (!m.name.empty())
    say_once(made_.notes, "names of speakers were left out: this vendor has none");
  // A message of calls or of results only has said all it can.
  if (text.empty() && !m.parts.empty() && !has_text(m)) return {};
  write(role_word(m.role), text);
  return {};
}

result<void> encoder::messages() {
  if (call_.messages.empty())
    return error{.code = errc::invalid_request, .message = "a call needs at least one message"};
  out_.key("message").begin_object().key("text").begin_array();
  for (const message& m : call_.messages) {
    const bool is_system = m.role == role::system || m.role == role::developer;
    if (is_system && &m != &call_.messages.front())
      return unsayable("a system message that is not the first (join them into one)");
    if (is_system &&
        std::find(first_versions.begin(), first_versions.end(), model_) != first_versions.end())
      return unsayable("a system message to \"" + std::string(model_) + "\"");
    if (auto ok = say(m); !ok) return ok;
  }
  out_.end_array().end_object();
  return {};
}

result<void> encoder::functions() {
  if (call_.tools.empty()) return {};
  if (call_.tool_choice.mode == tool_choice_mode::none) {
    made_.notes.emplace_back("the functions were left out, as none may be called");
    return {};
  }
  out_.key("functions").begin_object().key("text").begin_array();
  for (const tool_definition& t : call_.tools) {
    if (!t.parameters.empty() && !json::is_valid(t.parameters))
      return error{.code = errc::invalid_request,
                   .message = "the parameters of tool \"" + t.name + "\" are not JSON"};
    out_.begin_object().key("name").string(t.name).key("description").string(t.description);
    out_.key("parameters");
    out_.raw(t.parameters.empty() ? R"({"type":"object","properties":{}})" : t.parameters);
    out_.end_object();
    if (t.strict)
      say_once(made_.notes, "vendor \"" + row_.name +
                                "\" has no strict tools: the arguments may not follow the schema");
  }
  out_.end_array().end_object();
  return {};
}

result<dialect::encoded> encoder::run() {
  if (auto ok = check(); !ok) return ok.error();
  auto where = target();
  if (!where) return where.error();
  made_.request.method = "GET";
  made_.request.websocket = true;
  made_.request.target = std::move(*where);
  out_.begin_object();
  if (auto ok = header(); !ok) return ok.error();
  if (auto ok = parameters(); !ok) return ok.error();
  out_.key("payload").begin_object();
  if (auto ok = messages(); !ok) return ok.error();
  if (auto ok = functions(); !ok) return ok.error();
  out_.end_object().end_object();
  quirks_.add_headers(made_.request.headers);
  return std::move(made_);
}

}  // namespace

result<dialect::encoded> encode(const call& c, std::string_view model, const vendor& v) {
  return encoder(c, model, v).run();
}

}  // namespace ark::adapters::spark
