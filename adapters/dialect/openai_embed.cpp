#include "dialect/embeddings.hpp"
#include "dialect/media.hpp"
#include "dialect/openai_wire.hpp"
#include "wire/base64.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace ark::adapters::openai {
namespace {

constexpr std::string_view embed_parameters[] = {"dimensions", "encoding_format", "user"};
constexpr std::string_view embed_reserved[] = {"model", "input", "inputs"};

/// "": of texts only; else `quirk::embed_parts::style`.
std::string_view style_of(const embed_call& c, const quirk_view& quirks) {
  if (c.parts.empty() || quirks.embed_parts == nullptr) return {};
  return quirks.embed_parts->style;
}

/// An image as Voyage has it: a URL, or a data URL under another name.
result<void> write_named_image(const part& p, const quirk_view& quirks, json::writer& w) {
  const auto* image = std::get_if<image_part>(&p);
  if (image == nullptr || !image->file_id.empty())
    return error{.code = errc::unsupported,
                 .message = "vendor \"" + quirks.row().name + "\" embeds texts and images only"};
  const auto m = ark::dialect::media_of("an image", *image);
  if (!m) return m.error();
  const std::string_view kind = m->is_inline() ? "image_base64" : "image_url";
  w.begin_object().key("type").string(kind).key(kind);
  ark::dialect::write_url(w, *m);
  w.end_object();
  return {};
}

/// As in a message; sound and documents are none.
result<void> write_message_media(const part& p, const embed_call& c, const quirk_view& quirks,
                                 json::writer& w) {
  if (std::holds_alternative<audio_part>(p) || std::holds_alternative<document_part>(p))
    return error{
        .code = errc::unsupported,
        .message = "vendor \"" + quirks.row().name + "\" embeds texts, images and videos only"};
  return write_media(p, quirks, c.extra, cache_mark::none, w);
}

result<void> write_parts(const std::vector<part>& parts, const embed_call& c,
                         const quirk_view& quirks, json::writer& w) {
  const bool as_message = style_of(c, quirks) == "input";
  w.begin_array();
  for (const part& p : parts) {
    if (const auto* t = std::get_if<text_part>(&p)) {
      w.begin_object().key("type").string("text").key("text").string(t->text).end_object();
      continue;
    }
    auto written =
        as_message ? write_message_media(p, c, quirks, w) : write_named_image(p, quirks, w);
    if (!written) return written;
  }
  w.end_array();
  return {};
}

/// Several inputs, each with its content.
result<void> write_contents(const embed_call& c, const quirk_view& quirks, json::writer& w) {
  w.key("inputs").begin_array();
  const auto write = [&](const std::vector<part>& parts) {
    w.begin_object().key("content");
    auto written = write_parts(parts, c, quirks, w);
    if (written) w.end_object();
    return written;
  };
  for (const std::string& text : c.input)
    if (auto written = write({text_part{text}}); !written) return written;
  for (const auto& parts : c.parts)
    if (auto written = write(parts); !written) return written;
  w.end_array();
  return {};
}

result<void> write_inputs(const embed_call& c, const quirk_view& quirks, json::writer& w) {
  const std::string_view style = style_of(c, quirks);
  if (style == "inputs") return write_contents(c, quirks, w);
  w.key("input");
  if (style == "input") {
    if (c.input.size() + c.parts.size() == 1) return write_parts(c.parts.front(), c, quirks, w);
    return error{.code = errc::unsupported,
                 .message = "vendor \"" + quirks.row().name +
                            "\" makes one vector of all that a call holds: make a call for each "
                            "input"};
  }
  w.begin_array();
  for (const std::string& text : c.input) w.string(text);
  w.end_array();
  return {};
}

/// The tokens of pictures, which are among the prompt's.
void split_images(element root, ark::usage& u) {
  element found;
  if (!json::find_path(root, "usage.prompt_tokens_details.image_tokens", found)) return;
  const std::int64_t images = json::as_integer(found);
  if (images <= 0 || images > u.input) return;
  u.input -= images;
  u.input_image += images;
}

/// Little-endian 32-bit floats in base64, or signed bytes where the row says so.
bool read_packed(std::string_view text, bool signed_bytes, std::vector<float>& out) {
  const auto bytes = wire::base64_decode(text);
  if (bytes && signed_bytes) {
    for (const char byte : *bytes) out.push_back(static_cast<signed char>(byte));
    return true;
  }
  if (!bytes || bytes->size() % sizeof(float) != 0) return false;
  out.resize(bytes->size() / sizeof(float));
  for (std::size_t i = 0; i < out.size(); ++i) {
    std::uint32_t bits = 0;
    for (std::size_t b = 4; b-- > 0;)
      bits = bits << 8 | static_cast<unsigned char>((*bytes)[i * 4 + b]);
    out[i] = std::bit_cast<float>(bits);
  }
  return true;
}

bool read_any_vector(element e, bool signed_bytes, std::vector<float>& out) {
  if (e.is_string()) return read_packed(json::as_text(e), signed_bytes, out);
  return ark::dialect::read_vector(e, out);
}

}  // namespace

result<encoded> encode_embed(const embed_call& c, std::string_view model, const vendor& v) {
  const quirk_view quirks(v);
  const bool takes_parts = quirks.embed_parts != nullptr;
  if (auto ok = ark::dialect::check_embed(c, v, takes_parts); !ok) return ok.error();
  const bool has_parts = takes_parts && !c.parts.empty();
  const std::string& path = has_parts ? quirks.embed_parts->path : v.embed_path;
  auto target = target_of(quirks, path, "/embeddings", model, "embeddings");
  if (!target) return target.error();
  encoded made;
  made.request.target = std::move(*target);
  std::string& body = made.request.body;
  json::writer w(body);
  w.begin_object().key("model").string(model);
  if (auto written = write_inputs(c, quirks, w); !written) return written.error();
  ark::dialect::parameter_gate gate(quirks, embed_parameters, w, made.notes);
  if (c.dimensions) gate.integer("dimensions", *c.dimensions);
  auto rest = c.extra;
  for (const char* kind : {"image_url", "video_url"})
    if (!c.parts.empty() && ark::dialect::lists_parameter(v, kind)) rest.erase(kind);
  gate.extras(rest, embed_reserved);
  if (auto ended = gate.outcome(); !ended) return ended.error();
  w.end_object();
  made.request.headers.push_back({"content-type", "application/json"});
  quirks.add_headers(made.request.headers);
  return made;
}

result<embed_reply> decode_embed(const answer& a, const vendor& v) {
  json::reader reader;
  const auto root = reader.parse(a.body);
  if (!root || !root->is_object()) return not_ours(a);
  const quirk_view quirks(v);
  if (is_error(*root, quirks)) return decode_failure(a, v);
  element data;
  embed_reply made;
  const auto read = [&quirks](element e, std::vector<float>& out) {
    return read_any_vector(e, quirks.embedding_bytes, out);
  };
  if (!json::find(*root, "data", data)) return not_ours(a);
  // An input of parts is the only one of its call: no list.
  element only;
  const bool known =
      data.is_object()
          ? json::find(data, "embedding", only) && read(only, made.vectors.emplace_back())
          : ark::dialect::read_indexed_vectors(data, {"index", "embedding"}, made.vectors, read);
  if (!known) return not_ours(a);
  read_rest(*root, a, quirks, made);
  split_images(*root, made.usage);
  return made;
}

}  // namespace ark::adapters::openai
