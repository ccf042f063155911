#include "base/json.hpp"
#include "dialect/tencent/tencent_wire.hpp"

namespace ark::adapters::tencent {
namespace {

bool read_vector(element e, std::vector<float>& out) {
  simdjson::dom::array numbers;
  if (e.get(numbers) != simdjson::SUCCESS) return false;
  for (const element n : numbers) {
    double value = 0;
    if (n.get(value) != simdjson::SUCCESS) return false;
    out.push_back(static_cast<float>(value));
  }
  return true;
}

/// `Index` says which input a vector belongs to, whatever the order of the list.
bool read_vectors(element list, std::vector<std::vector<float>>& out) {
  simdjson::dom::array items;
  if (list.get(items) != simdjson::SUCCESS) return false;
  out.resize(items.size());
  std::vector<bool> seen(out.size());
  std::size_t position = 0;
  for (const element item : items) {
    element index, vector;
    const auto at = json::find(item, "Index", index)
                        ? static_cast<std::size_t>(json::as_integer(index, -1))
                        : position;
    ++position;
    if (at >= out.size() || seen[at] || !json::find(item, "Embedding", vector) ||
        !read_vector(vector, out[at]))
      return false;
    seen[at] = true;
  }
  return true;
}

}  // namespace

/// The action names no model: there is one, of 1024 dimensions.
result<encoded> encode_embed(const embed_call& c, std::string_view, const vendor& v) {
  if (v.embed_path == "-")
    return refused("vendor \"" + v.name + "\" has no embeddings: choose another vendor",
                   errc::unsupported);
  if (c.input.empty()) return refused("an embeddings call needs at least one input");
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
  if (!json::find(body, "Data", list) || !read_vectors(list, made.vectors)) return not_ours(a);
  reply_builder notes;
  if (json::find(body, "Usage", used))
    if (auto u = read_usage(used, notes)) made.usage = *std::move(u);
  made.notes = std::move(notes.reply().notes);
  made.request_id = request_id(a.head);
  if (made.request_id.empty()) made.request_id = json::text_at(body, "RequestId");
  return made;
}

}  // namespace ark::adapters::tencent
