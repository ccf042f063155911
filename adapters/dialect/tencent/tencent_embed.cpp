#include "base/json.hpp"
#include "dialect/embeddings.hpp"
#include "dialect/tencent/tencent_wire.hpp"

namespace ark::adapters::tencent {
/// The action names no model: there is one, of 1024 dimensions.
result<encoded> encode_embed(const embed_call& c, std::string_view, const vendor& v) {
  if (auto ok = ark::dialect::check_embed(c, v); !ok) return ok.error();
  if (c.dimensions || !c.extra.empty())
    return refused("vendor \"" + v.name + "\" takes no parameters of embeddings: leave them out");
  const quirk_view quirks(v);
  encoded made;
  json::writer w(made.request.body);
  w.begin_object().key("InputList").begin_array();
  for (const std::string& text : c.input) w.string(text);
  w.end_array().end_object();
  made.request.target = quirks.target(v.embed_path.empty() ? "/" : v.embed_path);
  add_action(made.request.headers, "GetEmbedding", false);
  quirks.add_headers(made.request.headers);
  return made;
}

result<embed_reply> decode_embed(const answer& a, const vendor& v) {
  json::reader reader;
  const auto root = reader.parse(a.body);
  if (!root || !root->is_object()) return not_ours(a);
  const element body = unwrapped(*root);
  if (is_error(body)) return decode_failure(a, v);
  element list, used;
  embed_reply made;
  if (!json::find(body, "Data", list) ||
      !ark::dialect::read_indexed_vectors(list, {"Index", "Embedding"}, made.vectors))
    return not_ours(a);
  reply_builder notes;
  if (json::find(body, "Usage", used))
    if (auto u = read_usage(used, notes)) made.usage = *std::move(u);
  made.notes = std::move(notes.reply().notes);
  made.request_id = request_id(a.head);
  if (made.request_id.empty()) made.request_id = json::text_at(body, "RequestId");
  return made;
}

}  // namespace ark::adapters::tencent
