#include "dialect/openai_wire.hpp"

#include <algorithm>

namespace ark::adapters::openai {
namespace {

bool is_text_only(const message& m) {
  return std::all_of(m.parts.begin(), m.parts.end(),
                     [](const part& p) { return std::holds_alternative<text_part>(p); });
}

}  // namespace

result<encoded> encode_count(const call& c, std::string_view model, const vendor& v) {
  if (!c.tools.empty() || !std::all_of(c.messages.begin(), c.messages.end(), is_text_only))
    return error{.code = errc::unsupported,
                 .message = "vendor \"" + v.name +
                            "\" counts the tokens of texts: give messages of text only, without "
                            "tools"};
  const quirk_view quirks(v);
  auto target = target_of(quirks, v.count_path, {}, model, "token counting");
  if (!target) return target.error();
  encoded made;
  json::writer w(made.request.body);
  w.begin_object().key("model").string(model).key("text").begin_array();
  for (const message& m : c.messages) w.string(m.text());
  w.end_array();
  if (!c.end_user.empty()) w.key("user").string(c.end_user);
  w.end_object();
  made.notes.emplace_back("what the model reads around the texts is not counted");
  made.request.target = std::move(*target);
  made.request.headers.push_back({"content-type", "application/json"});
  quirks.add_headers(made.request.headers);
  return made;
}

/// {"data":[{"total_tokens"}]}: one for each text, of which the answer is the sum.
result<token_count_reply> decode_count(const answer& a, const vendor& v) {
  json::reader reader;
  element data;
  simdjson::dom::array texts;
  const auto root = reader.parse(a.body);
  if (root && is_error(*root, quirk_view(v))) return decode_failure(a, v);
  token_count_reply made;
  bool counted = root && json::find(*root, "data", data) && !data.get(texts) && texts.size() > 0;
  // No sum of what a vendor may say leaves the type.
  constexpr std::int64_t absurd = 2'000'000'000'000;
  if (counted)
    for (const element text : texts) {
      const std::int64_t count = json::integer_at(text, "total_tokens", -1);
      counted = counted && count >= 0 && count < absurd;
      made.input_tokens += counted ? count : 0;
    }
  if (!counted) return not_ours(a);
  made.model = json::text_at(*root, "model");
  made.request_id = request_id(a.head);
  return made;
}

}  // namespace ark::adapters::openai
