#include "dialect/embeddings.hpp"
#include "dialect/openai_wire.hpp"
#include "wire/base64.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace ark::adapters::openai {
namespace {

constexpr std::string_view embed_parameters[] = {"dimensions", "encoding_format", "user"};
constexpr std::string_view embed_reserved[] = {"model", "input"};

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
  auto target = target_of(quirks, v.embed_path, "/embeddings", model, "embeddings");
  if (!target) return target.error();
  if (auto ok = ark::dialect::check_embed(c, v); !ok) return ok.error();
  encoded made;
  made.request.target = std::move(*target);
  std::string& body = made.request.body;
  json::writer w(body);
  w.begin_object().key("model").string(model).key("input").begin_array();
  for (const std::string& text : c.input) w.string(text);
  w.end_array();
  ark::dialect::parameter_gate gate(quirks, embed_parameters, w, made.notes);
  if (c.dimensions) gate.integer("dimensions", *c.dimensions);
  gate.extras(c.extra, embed_reserved);
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
  if (!json::find(*root, "data", data) ||
      !ark::dialect::read_indexed_vectors(data, {"index", "embedding"}, made.vectors, read))
    return not_ours(a);
  read_rest(*root, a, quirks, made);
  return made;
}

}  // namespace ark::adapters::openai
