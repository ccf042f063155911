#include "base/json.hpp"
#include "dialect/cohere/cohere_wire.hpp"
#include "dialect/embeddings.hpp"
#include "dialect/media.hpp"
#include "dialect/quirks.hpp"

#include <algorithm>

namespace ark::adapters::cohere {
namespace {

constexpr std::string_view embed_parameters[] = {
    "input_type", "embedding_types", "output_dimension", "truncate", "max_tokens", "priority"};
constexpr std::string_view embed_reserved[] = {"images", "inputs", "model", "texts"};

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

error cannot_embed(const vendor& v, std::string_view what) {
  return {.code = errc::unsupported,
          .message = "vendor \"" + v.name + "\" cannot embed this: " + std::string(what)};
}

bool is_one_image(const std::vector<part>& input) {
  return input.size() == 1 && std::holds_alternative<image_part>(input.front());
}

/// Images alone (recorded).
result<void> write_images(const embed_call& c, json::writer& w) {
  w.key("images").begin_array();
  for (const auto& input : c.parts) {
    const auto m = ark::dialect::media_of("an image", std::get<image_part>(input.front()));
    if (!m) return m.error();
    ark::dialect::write_url(w, *m);
  }
  w.end_array();
  return {};
}

result<void> write_content(const std::vector<part>& input, const vendor& v, json::writer& w) {
  w.begin_object().key("content").begin_array();
  for (const part& p : input) {
    const auto* image = std::get_if<image_part>(&p);
    if (const auto* text = std::get_if<text_part>(&p)) {
      w.begin_object().key("type").string("text").key("text").string(text->text).end_object();
      continue;
    }
    if (image == nullptr || !image->file_id.empty())
      return cannot_embed(v, "it takes texts, and images by URL or bytes");
    const auto m = ark::dialect::media_of("an image", *image);
    if (!m) return m.error();
    w.begin_object().key("type").string("image_url").key("image_url").begin_object().key("url");
    ark::dialect::write_url(w, *m);
    w.end_object().end_object();
  }
  w.end_array().end_object();
  return {};
}

/// Texts, images, or (version 2, documents, not recorded) contents of both.
result<void> write_inputs(const embed_call& c, const vendor& v, bool mixes, json::writer& w) {
  if (c.parts.empty()) {
    w.key("texts").begin_array();
    for (const std::string& text : c.input) w.string(text);
    w.end_array();
    return {};
  }
  if (c.input.empty() && std::all_of(c.parts.begin(), c.parts.end(), is_one_image))
    return write_images(c, w);
  if (!mixes) return cannot_embed(v, "its version 1 takes either texts or single images");
  w.key("inputs").begin_array();
  for (const std::string& text : c.input)
    if (auto written = write_content({text_part{text}}, v, w); !written) return written;
  for (const auto& input : c.parts)
    if (auto written = write_content(input, v, w); !written) return written;
  w.end_array();
  return {};
}

}  // namespace

result<encoded> encode_embed(const embed_call& c, std::string_view model, const vendor& v,
                             std::string_view path) {
  if (auto ok = ark::dialect::check_embed(c, v, true); !ok) return ok.error();
  const ark::dialect::quirk_view quirks(v);
  encoded made;
  json::writer w(made.request.body);
  w.begin_object().key("model").string(model);
  if (auto written = write_inputs(c, v, path == "/v2/embed", w); !written) return written.error();
  ark::dialect::parameter_gate gate(quirks, embed_parameters, w, made.notes);
  // The vendor demands an input type.
  if (c.extra.count("input_type") == 0) {
    const bool images =
        c.input.empty() && std::all_of(c.parts.begin(), c.parts.end(), is_one_image);
    const std::string type = images ? "image" : "search_document";
    gate.text("input_type", type);
    made.notes.push_back("input_type was set to \"" + type + "\": set another one in extra");
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
