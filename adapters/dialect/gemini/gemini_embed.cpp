#include "dialect/embeddings.hpp"
#include "dialect/gemini/gemini_wire.hpp"
#include "wire/url.hpp"

namespace ark::adapters::gemini {
namespace {

constexpr std::string_view embed_parameters[] = {"outputDimensionality", "taskType", "title",
                                                 "autoTruncate"};
constexpr std::string_view embed_reserved[] = {"model", "content", "requests"};

bool read_values(element item, std::vector<float>& out) {
  element list;
  return json::find(item, "values", list) && dialect::read_vector(list, out);
}

/// `embedding` of one input, `embeddings` of several, in their order.
bool read_vectors(element root, std::vector<std::vector<float>>& out) {
  element e;
  simdjson::dom::array items;
  if (json::find(root, "embedding", e)) return read_values(e, out.emplace_back());
  if (!json::find(root, "embeddings", e) || e.get(items)) return false;
  for (const element item : items)
    if (!read_values(item, out.emplace_back())) return false;
  return true;
}

/// One EmbedContentRequest. The gate is each one's own: it refuses to write a name twice.
result<void> write_request(const embed_call& c, std::string_view model, const std::string& text,
                           const dialect::quirk_view& quirks, dialect::encoded& made) {
  json::writer w(made.request.body);
  std::vector<std::string> notes;
  dialect::parameter_gate gate(quirks, embed_parameters, w, notes);
  w.begin_object().key("model").string("models/" + std::string(model));
  w.key("content").begin_object().key("parts").begin_array();
  w.begin_object().key("text").string(text).end_object();
  w.end_array().end_object();
  if (c.dimensions) gate.integer("outputDimensionality", *c.dimensions);
  gate.extras(c.extra, embed_reserved);
  w.end_object();
  made.notes = std::move(notes);
  return gate.outcome();
}

}  // namespace

result<dialect::encoded> encode_embed(const embed_call& c, std::string_view model,
                                      const vendor& v) {
  if (auto ok = ark::dialect::check_embed(c, v); !ok) return ok.error();
  const bool single = c.input.size() == 1;
  auto path = target_of(v.embed_path, model, single ? "embedContent" : "batchEmbedContents");
  if (!path) return path.error();
  const dialect::quirk_view quirks(v);
  dialect::encoded made;
  std::string& body = made.request.body;
  if (!single) body = "{\"requests\":[";
  for (std::size_t i = 0; i < c.input.size(); ++i) {
    if (i > 0) body += ',';
    if (auto written = write_request(c, model, c.input[i], quirks, made); !written)
      return written.error();
  }
  if (!single) body += "]}";
  made.request.target = quirks.target(*path);
  made.request.headers.push_back({"content-type", "application/json"});
  quirks.add_headers(made.request.headers);
  return made;
}

result<embed_reply> decode_embed(const dialect::answer& a, const vendor& v) {
  json::reader reader;
  const auto root = reader.parse(a.body);
  if (!root) return not_ours(a);
  if (is_error(*root)) return decode_failure(a, v);
  embed_reply made;
  if (!root->is_object() || !read_vectors(*root, made.vectors)) return not_ours(a);
  if (element e; json::find(*root, "usageMetadata", e)) {
    usage_fields fields;
    reply_builder notes;
    fields.read(e);
    made.usage = fields.total();
    fields.check(notes);
    made.notes = notes.reply().notes;
  }
  made.request_id = request_id(a.head);
  return made;
}

}  // namespace ark::adapters::gemini
