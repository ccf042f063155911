#include "dialect/gemini/gemini_wire.hpp"

#include <algorithm>

namespace ark::adapters::gemini {
namespace {

/// What the platform with projects counts of a request (CountTokensRequest, v1beta1, 2026-11).
constexpr std::array<std::string_view, 4> counted = {"contents", "systemInstruction", "tools",
                                                     "generationConfig"};

/// The request's members that are counted, at the top level.
std::string counted_members(std::string_view chat, std::vector<std::string>& notes) {
  json::reader reader;
  std::string body;
  json::writer w(body);
  w.begin_object();
  const auto root = reader.parse(chat);
  simdjson::dom::object members;
  if (root && !root->get(members))
    for (const auto& [name, value] : members) {
      if (std::find(counted.begin(), counted.end(), name) != counted.end())
        w.key(name).raw(simdjson::minify(value));
      else
        notes.push_back(std::string(name) + " was left out: this vendor does not count it");
    }
  w.end_object();
  return body;
}

}  // namespace

/// Two forms, both recorded: the whole request in a member, with its model; or the parts of it that
/// are counted, where models are below a publisher.
result<dialect::encoded> encode_count(const call& c, std::string_view model, const vendor& v) {
  auto made = encode_chat(c, model, v, false);
  if (!made) return made;
  auto path = target_of(v.chat_path, model, "countTokens");
  if (!path) return path.error();
  made->request.target = dialect::quirk_view(v).target(*path);
  made->max_output_tokens.reset();
  std::string& body = made->request.body;
  if (!v.chat_path.empty()) {
    body = counted_members(body, made->notes);
    return made;
  }
  std::string named;
  json::append_string(named, "models/" + std::string(model));
  body = R"({"generateContentRequest":{"model":)" + named + "," + body.substr(1) + "}";
  return made;
}

result<token_count_reply> decode_count(const dialect::answer& a, const vendor& v) {
  json::reader reader;
  const auto root = reader.parse(a.body);
  if (!root) return not_ours(a);
  if (is_error(*root)) return decode_failure(a, v);
  token_count_reply made;
  made.input_tokens = json::integer_at(*root, "totalTokens", -1);
  if (made.input_tokens < 0) return not_ours(a);
  made.request_id = request_id(a.head);
  return made;
}

}  // namespace ark::adapters::gemini
