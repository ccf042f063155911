#include "base/json.hpp"
#include "dialect/embeddings.hpp"
#include "dialect/openai_wire.hpp"
#include "dialect/qianfan/qianfan_wire.hpp"

namespace ark::adapters::qianfan {
namespace {

constexpr std::string_view embed_names[] = {"user_id"};
constexpr std::string_view embed_own_names[] = {"input"};

}  // namespace

result<dialect::encoded> encode_embed(const embed_call& c, std::string_view model,
                                      const vendor& v) {
  if (auto ok = dialect::check_embed(c, v); !ok) return ok.error();
  const dialect::quirk_view quirks(v);
  auto target = target_of(quirks, v.embed_path, "/embeddings/", model);
  if (!target) return target.error();
  dialect::encoded made;
  json::writer w(made.request.body);
  w.begin_object().key("input").begin_array();
  for (const std::string& text : c.input) w.string(text);
  w.end_array();
  dialect::parameter_gate gate(quirks, embed_names, w, made.notes);
  if (c.dimensions) gate.integer("dimensions", *c.dimensions);
  gate.extras(c.extra, embed_own_names);
  if (auto taken = gate.outcome(); !taken) return taken.error();
  w.end_object();
  made.request.target = std::move(*target);
  made.request.headers.push_back({"content-type", "application/json", false});
  quirks.add_headers(made.request.headers);
  return made;
}

result<embed_reply> decode_embed(const dialect::answer& a, const vendor& v) {
  json::reader reader;
  const auto root = reader.parse(a.body);
  if (!root || !root->is_object()) return not_ours(a);
  if (is_error(*root)) return decode_failure(a, v);
  json::element list, used;
  embed_reply made;
  if (!json::find(*root, "data", list) ||
      !dialect::read_indexed_vectors(list, {"index", "embedding"}, made.vectors))
    return not_ours(a);
  dialect::reply_builder notes;
  const dialect::quirk_view quirks(v);
  if (json::find(*root, "usage", used))
    if (auto u = openai::read_usage(used, quirks, notes)) made.usage = *std::move(u);
  made.notes = std::move(notes.reply().notes);
  made.request_id = openai::request_id(a.head);
  if (made.request_id.empty()) made.request_id = json::text_at(*root, "id");
  return made;
}

}  // namespace ark::adapters::qianfan
