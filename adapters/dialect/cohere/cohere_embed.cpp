#include "base/json.hpp"
#include "dialect/cohere/cohere_wire.hpp"
#include "dialect/embeddings.hpp"
#include "dialect/quirks.hpp"

namespace ark::adapters::cohere {
namespace {

constexpr std::string_view embed_parameters[] = {
    "input_type", "embedding_types", "output_dimension", "truncate", "max_tokens", "priority"};
constexpr std::string_view embed_reserved[] = {"model", "texts"};

/// `embeddings` by type: floats, or the one other type that the caller asked for. Without a type
/// asked for, version 1 gives a list of floats (recorded).
bool read_embeddings(element by_type, embed_reply& made, reply_builder& notes) {
  simdjson::dom::object types;
  element floats;
  if (by_type.is_array()) return ark::dialect::read_vectors(by_type, made.vectors);
  if (json::find(by_type, "float", floats)) return ark::dialect::read_vectors(floats, made.vectors);
  if (by_type.get(types) || types.size() != 1) return false;
  const auto only = *types.begin();
  notes.note("the vectors are of the type \"" + std::string(only.key) + "\"");
  return ark::dialect::read_vectors(only.value, made.vectors);
}

}  // namespace

result<encoded> encode_embed(const embed_call& c, std::string_view model, const vendor& v,
                             std::string_view path) {
  if (auto ok = ark::dialect::check_embed(c, v); !ok) return ok.error();
  const ark::dialect::quirk_view quirks(v);
  encoded made;
  json::writer w(made.request.body);
  w.begin_object().key("model").string(model).key("texts").begin_array();
  for (const std::string& text : c.input) w.string(text);
  w.end_array();
  ark::dialect::parameter_gate gate(quirks, embed_parameters, w, made.notes);
  // The vendor demands an input type.
  if (c.extra.count("input_type") == 0) {
    gate.text("input_type", "search_document");
    made.notes.emplace_back("input_type was set to \"search_document\": set another one in extra");
  }
  if (c.extra.count("embedding_types") == 0 && gate.begin("embedding_types"))
    w.begin_array().string("float").end_array();
  if (c.dimensions) gate.integer("output_dimension", *c.dimensions);
  gate.extras(c.extra, embed_reserved);
  if (auto ended = gate.outcome(); !ended) return ended.error();
  w.end_object();
  made.request.target = quirks.target(v.embed_path.empty() ? path : std::string_view(v.embed_path));
  made.request.headers.push_back({"content-type", "application/json"});
  quirks.add_headers(made.request.headers);
  return made;
}

result<embed_reply> decode_embed(const answer& a, const vendor& v) {
  json::reader reader;
  const auto root = reader.parse(a.body);
  if (!root || !root->is_object()) return not_ours(a);
  if (!json::text_at(*root, "message").empty()) return decode_failure(a, v);
  element by_type;
  embed_reply made;
  reply_builder notes;
  if (!json::find(*root, "embeddings", by_type) || !read_embeddings(by_type, made, notes))
    return not_ours(a);
  read_meta(*root, a, notes, made);
  return made;
}

}  // namespace ark::adapters::cohere
