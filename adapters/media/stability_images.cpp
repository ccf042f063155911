#include "media/stability_images.hpp"

#include "dialect/openai_wire.hpp"
#include "media/media_wire.hpp"
#include "wire/base64.hpp"

#include <array>
#include <vector>

namespace ark::adapters {
namespace stability {
namespace {

using json::element;
using media::answer;
using media::encoded;

constexpr std::string_view parameters[] = {"aspect_ratio",  "cfg_scale", "negative_prompt",
                                           "output_format", "seed",      "strength",
                                           "style_preset"};
constexpr std::string_view reserved[] = {"image", "mask", "mode", "model", "prompt"};

error refused(std::string why, errc code) { return {.code = code, .message = std::move(why)}; }

/// "ultra" and "core" have a path each; all others are models of one path.
std::string_view path_of(std::string_view model) {
  if (model == "ultra") return "/stable-image/generate/ultra";
  if (model == "core") return "/stable-image/generate/core";
  return "/stable-image/generate/sd3";
}

result<void> check(const image_call& c, std::string_view model) {
  if (c.n != 1) return refused("the vendor makes one image a call: set n to 1", errc::unsupported);
  if (!c.size.empty() || !c.quality.empty())
    return refused("the vendor takes no size and no quality: use the extra parameter aspect_ratio",
                   errc::unsupported);
  if (c.mask) return refused("masks are not taken here", errc::unsupported);
  if (c.images.empty()) return {};
  if (c.images.size() > 1 || model == "core")
    return refused("the vendor changes one image, with ultra or an sd3 model", errc::unsupported);
  if (c.images.front().bytes.empty())
    return refused("the vendor takes an image's bytes, not its URL", errc::unsupported);
  return media::check_image(c.images.front());
}

result<encoded> encode(const image_call& c, std::string_view model, const vendor& v) {
  if (auto ok = check(c, model); !ok) return ok.error();
  const media::media_row row(v);
  const bool sd3 = path_of(model).ends_with("sd3");
  encoded made;
  made.request.target = row.quirks().target(path_of(model));
  std::string body;
  json::writer w(body);
  w.begin_object();
  if (sd3) w.key("model").string(model);
  w.key("prompt").string(c.prompt);
  if (sd3 && !c.images.empty()) w.key("mode").string("image-to-image");
  media::parameter_gate gate(row.quirks(), parameters, w, made.notes);
  if (!c.negative_prompt.empty()) gate.text("negative_prompt", c.negative_prompt);
  if (!c.output_format.empty()) gate.text("output_format", c.output_format);
  if (c.seed) gate.integer("seed", *c.seed);
  gate.extras(c.extra, reserved);
  if (auto ok = gate.outcome(); !ok) return ok.error();
  w.end_object();
  std::vector<media::form_file> files;
  if (!c.images.empty())
    files.push_back({"image",
                     "image." + std::string(media::subtype_of(c.images.front().media_type)),
                     c.images.front().media_type, c.images.front().bytes});
  if (auto ok = media::put_form(made, body, files, row.quirks()); !ok) return ok.error();
  made.request.headers.push_back({"accept", "application/json"});
  return made;
}

/// A filtered image is an answer of status 200 with a blurred picture.
error filtered(const answer& a) {
  return {.code = errc::content_filter,
          .retry = retry_class::never,
          .http_status = a.head.status,
          .message = "the vendor's filter blurred the image: change the prompt",
          .vendor_code = "CONTENT_FILTERED",
          .request_id = openai::request_id(a.head)};
}

result<image_reply> decode(const answer& a, const vendor& v) {
  const media::media_row row(v);
  image_reply out;
  out.request_id = openai::request_id(a.head);
  generated_image made;
  const std::string type = media::media_type_of(a.head);
  if (type.starts_with("image/")) {
    if (wire::find_header(a.head.headers, "finish-reason") == "CONTENT_FILTERED")
      return filtered(a);
    made.bytes = a.body;
    made.media_type = type;
  } else {
    json::reader reader;
    const auto root = reader.parse(a.body);
    if (!root || !root->is_object()) return media::not_ours(a);
    if (openai::is_error(*root, row.quirks())) return openai::decode_failure(a, v);
    if (json::text_at(*root, "finish_reason") == "CONTENT_FILTERED") return filtered(a);
    auto bytes = wire::base64_decode(json::text_at(*root, "image"));
    if (!bytes) return media::not_ours(a);
    made.bytes = std::move(*bytes);
  }
  if (made.bytes.empty()) return media::not_ours(a);
  out.images.push_back(std::move(made));
  media::count_images(1, out);
  return out;
}

class family final : public ark::dialect::media_dialect {
 public:
  std::string_view name() const override { return "stability_images"; }
  result<encoded> encode_image(const image_call& c, std::string_view model,
                               const vendor& v) const override {
    return encode(c, model, v);
  }
  result<image_reply> decode_image(const answer& a, const vendor& v) const override {
    return decode(a, v);
  }
};

}  // namespace
}  // namespace stability

const ark::dialect::media_dialect& stability_images() {
  static const stability::family instance;
  return instance;
}

}  // namespace ark::adapters
