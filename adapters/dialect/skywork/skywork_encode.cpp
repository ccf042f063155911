#include "base/json.hpp"
#include "dialect/media.hpp"
#include "dialect/openai_wire.hpp"
#include "dialect/prompt.hpp"
#include "dialect/skywork/skywork_wire.hpp"

#include <array>

namespace ark::adapters::skywork {
namespace {

constexpr std::array<std::string_view, 4> family_names = {"intent", "max_tokens", "temperature",
                                                          "top_p"};
constexpr std::array<std::string_view, 2> own_names = {"messages", "model"};
constexpr std::array<std::string_view, 1> limit_names = {"max_tokens"};
/// Names the model that the service takes when it is told none.
constexpr std::string_view services_choice = "default";

std::string_view role_of(role r) {
  if (r == role::assistant) return "bot";
  return r == role::user ? "user" : "system";
}

result<void> write_messages(const call& c, const vendor& v, json::writer& w,
                            std::vector<std::string>& notes) {
  if (c.messages.empty())
    return error{.code = errc::invalid_request, .message = "a call needs at least one message"};
  w.key("messages").begin_array();
  for (const message& m : c.messages) {
    const auto text = ark::dialect::plain_text_of(m, v, notes);
    if (!text) return text.error();
    w.begin_object().key("role").string(role_of(m.role)).key("content").string(*text).end_object();
  }
  w.end_array();
  return {};
}

}  // namespace

result<ark::dialect::encoded> encode(const call& c, std::string_view model, const vendor& v) {
  if (auto plain = ark::dialect::check_plain(c, v); !plain) return plain.error();
  if (auto said = ark::dialect::check_sayable(c, {}, v); !said) return said.error();
  const quirk_view quirks(v);
  ark::dialect::encoded made;
  auto target =
      openai::target_of(quirks, v.chat_path, "/sky-work/api/v1/chat", model, "chat completions");
  if (!target) return target.error();
  made.request.target = std::move(*target);
  json::writer w(made.request.body);
  w.begin_object();
  if (auto written = write_messages(c, v, w, made.notes); !written) return written.error();
  if (model != services_choice) w.key("model").string(model);
  ark::dialect::parameter_gate gate(quirks, family_names, w, made.notes);
  ark::dialect::write_sampling(c, {}, gate, w);
  if (!c.end_user.empty()) gate.text("user", c.end_user);
  gate.extras(c.extra, own_names);
  if (auto taken = gate.finish(); !taken) return taken.error();
  w.end_object();
  made.max_output_tokens = gate.largest_of(limit_names);
  made.request.headers.push_back({"content-type", "application/json"});
  made.request.headers.push_back({"accept", "text/event-stream"});
  quirks.add_headers(made.request.headers);
  return made;
}

}  // namespace ark::adapters::skywork
