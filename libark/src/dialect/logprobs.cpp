#include "dialect/logprobs.hpp"

#include <algorithm>

namespace ark::dialect {

token_probability read_probability(json::element item, const logprob_names& names) {
  token_probability made;
  json::element found;
  simdjson::dom::array bytes;
  made.token = json::text_at(item, names.token);
  double value = 0;
  if (json::find(item, names.logprob, found) && !found.get(value)) made.logprob = value;
  if (!names.bytes.empty() && json::find(item, names.bytes, found) && !found.get(bytes))
    for (const json::element byte : bytes)
      made.bytes += static_cast<char>(json::as_integer(byte) & 0xff);
  return made;
}

void read_logprobs(json::element list, reply_builder& out) {
  simdjson::dom::array items, likeliest;
  if (list.get(items)) return;
  for (const json::element item : items) {
    token_logprob made{.chosen = read_probability(item)};
    json::element top;
    if (json::find(item, "top_logprobs", top) && !top.get(likeliest))
      for (const json::element one : likeliest) made.top.push_back(read_probability(one));
    out.logprob(std::move(made));
  }
}

void read_logprobs_object(json::element e, reply_builder& out) {
  json::element content, found;
  if (json::find(e, "content", content)) return read_logprobs(content, out);
  simdjson::dom::array tokens, values, top, likeliest;
  if (!json::find(e, "tokens", found) || found.get(tokens)) return;
  if (!json::find(e, "token_logprobs", found) || found.get(values)) return;
  const bool has_top = json::find(e, "top_logprobs", found) && !found.get(top);
  for (std::size_t i = 0; i < std::min(tokens.size(), values.size()); ++i) {
    token_logprob made{.chosen = {.token = std::string(json::as_text(tokens.at(i)))}};
    double value = 0;
    if (!values.at(i).get(value)) made.chosen.logprob = value;
    if (has_top && i < top.size() && !top.at(i).get(likeliest))
      for (const json::element one : likeliest) made.top.push_back(read_probability(one));
    out.logprob(std::move(made));
  }
}

}  // namespace ark::dialect
