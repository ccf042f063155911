#include "base/json.hpp"
#include "dialect/dashscope/dashscope_wire.hpp"
#include "dialect/embeddings.hpp"

namespace ark::adapters::dashscope {
namespace {

constexpr std::string_view embed_path = "/services/embeddings/text-embedding/text-embedding";
constexpr std::string_view embed_parameters[] = {"dimension", "instruct", "output_type",
                                                 "text_type"};
constexpr std::string_view embed_reserved[] = {"input", "model", "texts", "url"};

}  // namespace

result<encoded> encode_embed(const embed_call& c, std::string_view model, const vendor& v) {
  if (auto ok = ark::dialect::check_embed(c, v); !ok) return ok.error();
  const auto type = c.extra.find("output_type");
  if (type != c.extra.end() && type->second != "\"dense\"")
    return refused("only dense embeddings are read: leave output_type out", errc::unsupported);
  const quirk_view quirks(v);
  encoded made;
  json::writer w(made.request.body);
  w.begin_object().key("model").string(model);
  w.key("input").begin_object().key("texts").begin_array();
  for (const std::string& text : c.input) w.string(text);
  w.end_array().end_object();
  w.key("parameters").begin_object();
  ark::dialect::parameter_gate gate(quirks, embed_parameters, w, made.notes);
  if (c.dimensions) gate.integer("dimension", *c.dimensions);
  gate.extras(c.extra, embed_reserved);
  if (auto ended = gate.outcome(); !ended) return ended.error();
  w.end_object().end_object();
  made.request.target = quirks.target(v.embed_path.empty() ? embed_path : v.embed_path);
  made.request.headers.push_back({"content-type", "application/json"});
  quirks.add_headers(made.request.headers);
  return made;
}

result<embed_reply> decode_embed(const answer& a, const vendor& v) {
  json::reader reader;
  const auto root = reader.parse(a.body);
  if (!root || !root->is_object()) return not_ours(a);
  if (is_error(*root)) return decode_failure(a, v);
  element list, used;
  embed_reply made;
  if (!json::find_path(*root, "output.embeddings", list) ||
      !ark::dialect::read_indexed_vectors(list, {"text_index", "embedding"}, made.vectors))
    return not_ours(a);
  reply_builder notes;
  if (json::find(*root, "usage", used))
    if (auto u = read_usage(used, notes)) made.usage = *std::move(u);
  made.notes = std::move(notes.reply().notes);
  made.request_id = request_id(a.head);
  if (made.request_id.empty()) made.request_id = json::text_at(*root, "request_id");
  return made;
}

}  // namespace ark::adapters::dashscope
