#include "media/skywork_images.hpp"

#include "dialect/skywork/skywork_wire.hpp"
#include "media/media_wire.hpp"

namespace ark::adapters {
namespace skywork {
namespace {

using media::encoded;

constexpr std::string_view reserved_names[] = {"content"};

error refuse_image(std::string why) {
  return {.code = errc::unsupported, .message = std::move(why)};
}

result<void> check_image_call(const image_call& c) {
  if (!c.images.empty() || c.mask) return refuse_image("images are made here, not changed");
  if (c.n != 1) return refuse_image("the vendor makes one image a call: set n to 1");
  if (!c.size.empty() || !c.quality.empty() || !c.output_format.empty() || c.seed ||
      !c.negative_prompt.empty())
    return refuse_image("the vendor takes the prompt only: leave size, format and the rest out");
  return {};
}

result<encoded> encode_image(const image_call& c, std::string_view model, const vendor& v) {
  if (auto ok = check_image_call(c); !ok) return ok.error();
  const media::media_row row(v);
  auto target = media::target_of(
      {"image", "image generation", v.media.image_path, "/sky-saas-image/api/v1/generate"}, model,
      v, row.quirks());
  if (!target) return target.error();
  encoded made;
  made.request.target = std::move(*target);
  made.notes.emplace_back("the vendor has one model of images: its name is not sent");
  std::string body;
  json::writer w(body);
  w.begin_object().key("content").string(c.prompt);
  media::parameter_gate gate(row.quirks(), {}, w, made.notes);
  gate.extras(c.extra, reserved_names);
  if (auto ok = gate.outcome(); !ok) return ok.error();
  w.end_object();
  media::put_json(made, std::move(body), row.quirks());
  return made;
}

result<image_reply> decode_image(const answer& a, const vendor& v) {
  json::reader reader;
  const auto root = reader.parse(a.body);
  if (!root || !root->is_object()) return media::not_ours(a);
  if (is_error(*root)) return decode_failure(a, v);
  element data;
  if (!json::find(*root, "resp_data", data)) return media::not_ours(a);
  const std::string_view url = json::text_at(data, "image_url");
  if (url.empty()) return media::not_ours(a);
  image_reply out;
  out.request_id = wire::find_header(a.head.headers, "x-request-id");
  out.images.push_back(
      {.bytes = {}, .url = std::string(url), .media_type = {}, .revised_prompt = {}});
  media::count_images(out.images.size(), out);
  return out;
}

class image_family final : public ark::dialect::media_dialect {
 public:
  std::string_view name() const override { return "skywork_images"; }
  result<encoded> encode_image(const image_call& c, std::string_view model,
                               const vendor& v) const override {
    return skywork::encode_image(c, model, v);
  }
  result<image_reply> decode_image(const answer& a, const vendor& v) const override {
    return skywork::decode_image(a, v);
  }
};

}  // namespace
}  // namespace skywork

const ark::dialect::media_dialect& skywork_images() {
  static const skywork::image_family instance;
  return instance;
}

}  // namespace ark::adapters
