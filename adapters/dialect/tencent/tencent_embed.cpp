#include "base/json.hpp"
#include "dialect/embeddings.hpp"
#include "dialect/tencent/tencent_wire.hpp"

namespace ark::adapters::tencent {
/// The action names no model: there is one, of 1024 dimensions.
result<encoded> encode_embed(const embed_call& c, const vendor& v) {
  if (auto ok = ark::dialect::check_embed(c, v); !ok) return ok.error();
  if (c.dimensions || !c.extra.empty())
    return refused("vendor \"" + v.name + "\" takes no parameters of embeddings: leave them out");
  const quirk_view quirks(v);
  encoded made;
  json::writer w(made.request.body);
  w.begin_object().key("InputList").begin_array();
  for (const std::string& text : c.input) w.string(text);
  w.end_array().end_object();
  address(made.request, quirks, v.embed_path, "GetEmbedding", false);
  return made;
}

result<embed_reply> decode_embed(const answer& a, const vendor& v) {
  json::reader reader;
  const auto root = reader.parse(a.body);
  if (!root || !root->is_object()) return not_ours(a);
  const element body = unwrapped(*root);
  if (read_error(a.head.status, body, quirk_view(v))) return decode_failure(a, v);
  element list, used;
  embed_reply made;
  if (!json::find(body, "Data", list) ||
      !ark::dialect::read_indexed_vectors(list, {"Index", "Embedding"}, made.vectors))
    return not_ours(a);
  reply_builder notes;
  if (json::find(body, "Usage", used))
    if (auto u = read_usage(used, notes)) made.usage = *std::move(u);
  made.notes = std::move(notes.reply().notes);
  made.request_id = request_id(a.head, json::text_at(body, "RequestId"));
  return made;
}

}  // namespace ark::adapters::tencent
