#include "base/json.hpp"
#include "dialect/cohere/cohere_wire.hpp"
#include "dialect/quirks.hpp"

#include <algorithm>

namespace ark::adapters::cohere {

result<encoded> encode_count(const call& c, std::string_view model, const vendor& v) {
  const bool only_text =
      c.messages.size() == 1 && c.messages.front().role == role::user && c.tools.empty() &&
      std::all_of(c.messages.front().parts.begin(), c.messages.front().parts.end(),
                  [](const part& p) { return std::holds_alternative<text_part>(p); });
  if (!only_text)
    return error{.code = errc::unsupported,
                 .message = "vendor \"" + v.name +
                            "\" counts the tokens of a text, not of a chat: give one message of "
                            "the user's, of text only, without tools"};
  const ark::dialect::quirk_view quirks(v);
  encoded made;
  json::writer w(made.request.body);
  w.begin_object().key("model").string(model);
  w.key("text").string(c.messages.front().text()).end_object();
  made.notes.emplace_back("what the model reads around the text is not counted");
  made.request.target = quirks.target("/v1/tokenize");
  made.request.headers.push_back({"content-type", "application/json"});
  quirks.add_headers(made.request.headers);
  return made;
}

}  // namespace ark::adapters::cohere
