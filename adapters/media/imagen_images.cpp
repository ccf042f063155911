#include "media/imagen_images.hpp"

#include "dialect/gemini/gemini_wire.hpp"
#include "media/media_wire.hpp"
#include "wire/base64.hpp"

namespace ark::adapters {
namespace imagen {
namespace {

using json::element;
using media::answer;
using media::encoded;

constexpr std::string_view parameters[] = {
    "addWatermark", "aspectRatio",     "enhancePrompt", "imageSize",        "includeRaiReason",
    "language",     "negativePrompt",  "outputOptions", "personGeneration", "safetySetting",
    "sampleCount",  "sampleImageSize", "seed"};

error refused(std::string why) { return {.code = errc::unsupported, .message = std::move(why)}; }

result<void> check(const image_call& c) {
  if (!c.images.empty() || c.mask) return refused("images are made here, not changed");
  if (!c.size.empty() || !c.quality.empty())
    return refused("the vendor takes no size and no quality: use the extra parameter aspectRatio");
  return {};
}

result<encoded> encode(const image_call& c, std::string_view model, const vendor& v) {
  if (auto ok = check(c); !ok) return ok.error();
  const media::media_row row(v);
  auto target =
      media::target_of({"image", "image generation", v.media.image_path, "/models/{model}:predict"},
                       model, v, row.quirks());
  if (!target) return target.error();
  encoded made;
  made.request.target = std::move(*target);
  std::string body;
  json::writer w(body);
  w.begin_object().key("instances").begin_array();
  w.begin_object().key("prompt").string(c.prompt).end_object().end_array();
  w.key("parameters").begin_object();
  media::parameter_gate gate(row.quirks(), parameters, w, made.notes);
  gate.integer("sampleCount", c.n);
  if (!c.negative_prompt.empty()) gate.text("negativePrompt", c.negative_prompt);
  if (c.seed) gate.integer("seed", *c.seed);
  if (!c.output_format.empty() && gate.begin("outputOptions"))
    w.begin_object().key("mimeType").string("image/" + c.output_format).end_object();
  gate.extras(c.extra, {});
  if (auto ok = gate.outcome(); !ok) return ok.error();
  w.end_object().end_object();
  media::put_json(made, std::move(body), row.quirks());
  return made;
}

error filtered(const answer& a, std::string reason) {
  return {.code = errc::content_filter,
          .retry = retry_class::never,
          .http_status = a.head.status,
          .message = "the vendor's filter kept the images back: change the prompt",
          .vendor_message = std::move(reason),
          .request_id = gemini::request_id(a.head)};
}

/// One prediction: an image, or why there is none.
bool read_prediction(element e, image_reply& out, std::string& reason) {
  if (const auto why = json::text_at(e, "raiFilteredReason"); !why.empty()) {
    reason = why;
    out.notes.push_back("one image was kept back: " + reason);
    return true;
  }
  auto bytes = wire::base64_decode(json::text_at(e, "bytesBase64Encoded"));
  if (!bytes || bytes->empty()) return false;
  out.images.push_back({.bytes = std::move(*bytes),
                        .url = {},
                        .media_type = std::string(json::text_at(e, "mimeType")),
                        .revised_prompt = std::string(json::text_at(e, "prompt"))});
  return true;
}

result<image_reply> decode(const answer& a, const vendor& v) {
  json::reader reader;
  const auto root = reader.parse(a.body);
  if (!root || !root->is_object()) return gemini::not_ours(a);
  if (gemini::is_error(*root)) return gemini::decode_failure(a, v);
  element list;
  simdjson::dom::array items;
  if (!json::find(*root, "predictions", list) || list.get(items) != simdjson::SUCCESS)
    return gemini::not_ours(a);
  image_reply out;
  std::string reason;
  for (const element item : items)
    if (!read_prediction(item, out, reason)) return gemini::not_ours(a);
  if (out.images.empty() && !reason.empty()) return filtered(a, std::move(reason));
  if (out.images.empty()) return gemini::not_ours(a);
  out.request_id = gemini::request_id(a.head);
  media::count_images(out.images.size(), out);
  return out;
}

class family final : public ark::dialect::media_dialect {
 public:
  std::string_view name() const override { return "imagen_images"; }
  result<encoded> encode_image(const image_call& c, std::string_view model,
                               const vendor& v) const override {
    return encode(c, model, v);
  }
  result<image_reply> decode_image(const answer& a, const vendor& v) const override {
    return decode(a, v);
  }
};

}  // namespace
}  // namespace imagen

const ark::dialect::media_dialect& imagen_images() {
  static const imagen::family instance;
  return instance;
}

}  // namespace ark::adapters
