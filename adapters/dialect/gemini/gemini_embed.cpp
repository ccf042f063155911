#include "dialect/embeddings.hpp"
#include "dialect/gemini/gemini_wire.hpp"
#include "dialect/media.hpp"
#include "wire/url.hpp"

#include <algorithm>

namespace ark::adapters::gemini {
namespace {

constexpr std::string_view embed_parameters[] = {"outputDimensionality", "taskType", "title",
                                                 "autoTruncate"};
constexpr std::string_view embed_reserved[] = {"model", "content", "requests"};

constexpr std::string_view predict_parameters[] = {"outputDimensionality", "autoTruncate"};
constexpr std::string_view predict_reserved[] = {"instances", "content"};

/// Vertex has embeddings as a model's predictions; the row's path says so.
bool is_predict(const vendor& v) { return v.embed_path.ends_with(":predict"); }

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

/// {"predictions":[{"embeddings":{"values","statistics":{"token_count"}}}]}, in the inputs' order.
bool read_predictions(element root, embed_reply& out) {
  element e;
  simdjson::dom::array items;
  if (!json::find(root, "predictions", e) || e.get(items)) return false;
  for (const element item : items) {
    element inner, count;
    if (!json::find(item, "embeddings", inner) || !read_values(inner, out.vectors.emplace_back()))
      return false;
    if (!json::find_path(inner, "statistics.token_count", count)) continue;
    // No sum of what a vendor may say leaves the type.
    constexpr std::int64_t absurd = 2'000'000'000'000;
    out.usage.input += std::clamp(json::as_integer(count), -absurd, absurd);
    out.usage.reported = true;
  }
  return true;
}

/// The instances of a prediction; `task_type` and `title` belong to each of them.
result<void> write_prediction(const embed_call& c, const dialect::quirk_view& quirks,
                              dialect::encoded& made) {
  json::writer w(made.request.body);
  std::map<std::string, std::string> common = c.extra, own;
  for (const char* name : {"task_type", "title"})
    if (const auto at = common.find(name); at != common.end() && json::is_valid(at->second))
      own.insert(common.extract(at));
  w.begin_object().key("instances").begin_array();
  for (const std::string& text : c.input) {
    w.begin_object().key("content").string(text);
    for (const auto& [name, value] : own) w.key(name).raw(value);
    w.end_object();
  }
  w.end_array().key("parameters").begin_object();
  dialect::parameter_gate gate(quirks, predict_parameters, w, made.notes);
  if (c.dimensions) gate.integer("outputDimensionality", *c.dimensions);
  gate.extras(common, predict_reserved);
  w.end_object().end_object();
  return gate.outcome();
}

result<dialect::media> media_in(const part& p) {
  if (const auto* image = std::get_if<image_part>(&p)) return dialect::media_of("an image", *image);
  if (const auto* sound = std::get_if<audio_part>(&p)) return dialect::media_of("a sound", *sound);
  if (const auto* film = std::get_if<video_part>(&p)) return dialect::media_of("a video", *film);
  return dialect::media_of("a document", std::get<document_part>(p));
}

/// A part of a content, as in chat (recorded: text beside an image).
result<void> write_part(const part& p, json::writer& w) {
  w.begin_object();
  if (const auto* text = std::get_if<text_part>(&p)) {
    w.key("text").string(text->text).end_object();
    return {};
  }
  const auto m = media_in(p);
  if (!m) return m.error();
  const std::string_view place = m->file_id.empty() ? m->url : m->file_id;
  w.key(m->is_inline() ? "inlineData" : "fileData").begin_object();
  if (!m->media_type.empty()) w.key("mimeType").string(m->media_type);
  if (m->is_inline()) {
    w.key("data");
    dialect::write_base64(w, *m);
  } else {
    w.key("fileUri").string(place);
  }
  w.end_object().end_object();
  return {};
}

/// One EmbedContentRequest. The gate is each one's own: it refuses to write a name twice.
result<void> write_request(const embed_call& c, std::string_view model,
                           const std::vector<part>& input, const dialect::quirk_view& quirks,
                           dialect::encoded& made) {
  json::writer w(made.request.body);
  std::vector<std::string> notes;
  dialect::parameter_gate gate(quirks, embed_parameters, w, notes);
  w.begin_object().key("model").string("models/" + std::string(model));
  w.key("content").begin_object().key("parts").begin_array();
  for (const part& p : input)
    if (auto written = write_part(p, w); !written) return written;
  w.end_array().end_object();
  if (c.dimensions) gate.integer("outputDimensionality", *c.dimensions);
  gate.extras(c.extra, embed_reserved);
  w.end_object();
  made.notes = std::move(notes);
  return gate.outcome();
}

result<dialect::encoded> encode_predict(const embed_call& c, std::string_view model,
                                        const vendor& v) {
  const std::string_view own = v.embed_path;
  auto path = target_of(own.substr(0, own.rfind(':')), model, "predict");
  if (!path) return path.error();
  const dialect::quirk_view quirks(v);
  dialect::encoded made;
  if (auto written = write_prediction(c, quirks, made); !written) return written.error();
  made.request.target = quirks.target(*path);
  made.request.headers.push_back({"content-type", "application/json"});
  quirks.add_headers(made.request.headers);
  return made;
}

}  // namespace

result<dialect::encoded> encode_embed(const embed_call& c, std::string_view model,
                                      const vendor& v) {
  if (auto ok = ark::dialect::check_embed(c, v, !is_predict(v)); !ok) return ok.error();
  if (is_predict(v)) return encode_predict(c, model, v);
  std::vector<std::vector<part>> inputs;
  inputs.reserve(c.input.size() + c.parts.size());
  for (const std::string& text : c.input) inputs.push_back({text_part{text}});
  inputs.insert(inputs.end(), c.parts.begin(), c.parts.end());
  const bool single = inputs.size() == 1;
  auto path = target_of(v.embed_path, model, single ? "embedContent" : "batchEmbedContents");
  if (!path) return path.error();
  const dialect::quirk_view quirks(v);
  dialect::encoded made;
  std::string& body = made.request.body;
  if (!single) body = "{\"requests\":[";
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (i > 0) body += ',';
    if (auto written = write_request(c, model, inputs[i], quirks, made); !written)
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
  const bool read =
      is_predict(v) ? read_predictions(*root, made) : read_vectors(*root, made.vectors);
  if (!root->is_object() || !read) return not_ours(a);
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
