#include "dialect/embeddings.hpp"
#include "dialect/ollama/ollama_wire.hpp"

namespace ark::adapters::ollama {
namespace {

constexpr std::string_view embed_parameters[] = {"dimensions", "keep_alive", "truncate"};
constexpr std::string_view embed_reserved[] = {"model", "input", "prompt"};

bool is_older_path(std::string_view path) { return path.ends_with("/api/embeddings"); }

/// `embeddings` is a list of vectors; the older path has one vector, `embedding`.
bool read_vectors(element root, std::vector<std::vector<float>>& out) {
  element found;
  if (json::find(root, "embeddings", found)) return dialect::read_vectors(found, out);
  return json::find(root, "embedding", found) && dialect::read_vector(found, out.emplace_back());
}

}  // namespace

result<dialect::encoded> encode_embed(const embed_call& c, std::string_view model,
                                      const vendor& v) {
  if (auto ok = ark::dialect::check_embed(c, v); !ok) return ok.error();
  const std::string path = v.embed_path.empty() ? "/api/embed" : v.embed_path;
  if (is_older_path(path) && c.input.size() > 1)
    return error{.code = errc::unsupported,
                 .message = "vendor \"" + v.name + "\" embeds one text in a call: split the input"};
  const quirk_view quirks(v);
  dialect::encoded made;
  json::writer w(made.request.body);
  w.begin_object().key("model").string(model);
  if (is_older_path(path)) {
    w.key("prompt").string(c.input.front());
  } else {
    w.key("input").begin_array();
    for (const std::string& text : c.input) w.string(text);
    w.end_array();
  }
  parameters gates(quirks, embed_parameters, w, made.notes);
  if (c.dimensions) gates.server().integer("dimensions", *c.dimensions);
  gates.extras(c.extra, embed_reserved);
  if (auto ended = gates.finish(); !ended) return ended.error();
  w.end_object();
  made.request.target = quirks.target(path);
  made.request.headers.push_back({"content-type", "application/json"});
  quirks.add_headers(made.request.headers);
  return made;
}

result<embed_reply> decode_embed(const answer& a, const vendor& v) {
  json::reader reader;
  const auto root = reader.parse(a.body);
  if (!root) return not_ours(a, root.error().message);
  if (is_error(*root)) return decode_failure(a, v);
  embed_reply made;
  if (!read_vectors(*root, made.vectors)) return not_ours(a, "not of this family: no embeddings");
  made.model = json::text_at(*root, "model");
  counts used;
  simdjson::dom::object fields;
  if (root->get(fields) == simdjson::SUCCESS)
    for (const auto [key, value] : fields) used.take(key, value);
  reply_builder notes;
  made.usage = used.total(notes);
  made.notes = notes.reply().notes;
  made.request_id = request_id(a.head);
  return made;
}

}  // namespace ark::adapters::ollama
