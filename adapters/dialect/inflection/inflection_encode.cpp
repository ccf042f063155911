#include "base/json.hpp"
#include "dialect/inflection/inflection_native.hpp"
#include "dialect/media.hpp"
#include "dialect/openai_wire.hpp"
#include "dialect/prompt.hpp"

#include <array>

namespace ark::adapters::inflection {
namespace {

constexpr std::array<std::string_view, 6> family_names = {"max_tokens",  "metadata", "stop_tokens",
                                                          "temperature", "top_p",    "web_search"};
constexpr std::array<std::string_view, 2> own_names = {"config", "context"};
constexpr std::array<std::string_view, 1> limit_names = {"max_tokens"};

std::string_view type_of(role r) {
  if (r == role::assistant) return "AI";
  return r == role::user ? "Human" : "Instruction";
}

result<void> write_context(const call& c, const vendor& v, json::writer& w,
                           std::vector<std::string>& notes) {
  if (c.messages.empty())
    return error{.code = errc::invalid_request, .message = "a call needs at least one message"};
  w.key("context").begin_array();
  for (const message& m : c.messages) {
    const auto text = dialect::plain_text_of(m, v, notes);
    if (!text) return text.error();
    w.begin_object().key("type").string(type_of(m.role)).key("text").string(*text).end_object();
  }
  w.end_array();
  return {};
}

result<std::string> target_of(const dialect::quirk_view& quirks, std::string_view model,
                              bool stream) {
  std::string path = quirks.row().chat_path;
  if (path.empty()) path = "/external/api/inference";
  if (stream && path != "-") path += "/streaming";
  return openai::target_of(quirks, path, {}, model, "chat completions");
}

}  // namespace

result<dialect::encoded> encode(const call& c, std::string_view model, const vendor& v,
                                bool stream) {
  if (auto plain = dialect::check_plain(c, v); !plain) return plain.error();
  if (auto said = dialect::check_sayable(c, {}, v); !said) return said.error();
  const dialect::quirk_view quirks(v);
  dialect::encoded made;
  auto target = target_of(quirks, model, stream);
  if (!target) return target.error();
  made.request.target = std::move(*target);
  json::writer w(made.request.body);
  w.begin_object().key("config").string(model);
  if (auto written = write_context(c, v, w, made.notes); !written) return written.error();
  dialect::parameter_gate gate(quirks, family_names, w, made.notes);
  dialect::write_sampling(c, {.stop = "stop_tokens"}, gate, w);
  if (!c.end_user.empty()) gate.text("user", c.end_user);
  gate.extras(c.extra, own_names);
  if (auto taken = gate.finish(); !taken) return taken.error();
  w.end_object();
  made.max_output_tokens = gate.largest_of(limit_names);
  made.request.headers.push_back({"content-type", "application/json"});
  made.request.headers.push_back({"accept", stream ? "text/event-stream" : "application/json"});
  quirks.add_headers(made.request.headers);
  return made;
}

}  // namespace ark::adapters::inflection
