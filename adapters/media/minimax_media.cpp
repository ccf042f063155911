#include "media/minimax_media.hpp"

#include "dialect/openai_wire.hpp"
#include "media/task_wire.hpp"
#include "wire/base64.hpp"
#include "wire/url.hpp"

namespace ark::adapters {
namespace minimax {
namespace {

using json::element;
using media::answer;
using media::encoded;
using media::task_step;

constexpr std::string_view image_parameters[] = {
    "aigc_watermark",  "aspect_ratio",      "height", "n",     "prompt_optimizer",
    "response_format", "subject_reference", "seed",   "style", "width"};
constexpr std::string_view image_reserved[] = {"model", "prompt"};
constexpr std::string_view video_parameters[] = {"aigc_watermark", "duration", "fast_pretreatment",
                                                 "prompt_optimizer", "resolution"};
constexpr std::string_view video_reserved[] = {"callback_url",     "first_frame_image",
                                               "last_frame_image", "model",
                                               "prompt",           "subject_reference"};

result<void> check(const image_call& c) {
  if (!c.images.empty() || c.mask)
    return media::beyond_vendor("images are made here: use the extra parameter subject_reference");
  if (!c.quality.empty() || !c.output_format.empty() || !c.negative_prompt.empty())
    return media::beyond_vendor("the vendor takes no quality, no format and no negative prompt");
  return {};
}

result<encoded> encode_image(const image_call& c, std::string_view model, const vendor& v) {
  if (auto ok = check(c); !ok) return ok.error();
  const media::media_row row(v, media::parameters_of::family);
  encoded made;
  made.request.target = row.quirks().target("/image_generation");
  std::string body;
  json::writer w(body);
  w.begin_object().key("model").string(model).key("prompt").string(c.prompt);
  media::parameter_gate gate(row.quirks(), image_parameters, w, made.notes);
  if (c.n != 1) gate.integer("n", c.n);
  if (!c.size.empty()) {
    const auto size = media::numbers_of(c.size);
    if (!size)
      return error{.code = errc::invalid_request,
                   .message = "size must be as 1024x768: \"" + c.size + "\" is not"};
    gate.integer("width", size->first);
    gate.integer("height", size->second);
  }
  if (c.seed) gate.integer("seed", *c.seed);
  gate.extras(c.extra, image_reserved);
  if (auto ok = gate.outcome(); !ok) return ok.error();
  w.end_object();
  media::put_json(made, std::move(body), row.quirks());
  return made;
}

/// `data.image_urls`, or `data.image_base64` where that was asked for.
bool read_images(element root, image_reply& out) {
  element list;
  simdjson::dom::array items;
  const bool by_url = json::find_path(root, "data.image_urls", list) && !list.is_null();
  if (!by_url && !json::find_path(root, "data.image_base64", list)) return false;
  if (list.get(items) != simdjson::SUCCESS) return false;
  for (const element item : items) {
    generated_image made;
    if (by_url) {
      made.url = json::as_text(item);
    } else {
      auto bytes = wire::base64_decode(json::as_text(item));
      if (!bytes) return false;
      made.bytes = std::move(*bytes);
      made.media_type = "image/jpeg";
    }
    if (made.url.empty() && made.bytes.empty()) return false;
    out.images.push_back(std::move(made));
  }
  return !out.images.empty();
}

result<image_reply> decode_image(const answer& a, const vendor& v) {
  const media::media_row row(v);
  json::reader reader;
  const auto root = reader.parse(a.body);
  if (!root || !root->is_object()) return media::not_ours(a);
  if (openai::is_error(*root, row.quirks())) return openai::decode_failure(a, v);
  image_reply out;
  out.request_id = openai::request_id(a.head);
  if (!read_images(*root, out)) return media::not_ours(a);
  media::count_images(out.images.size(), out);
  return out;
}

result<encoded> encode_video(const video_call& c, std::string_view model, const vendor& v) {
  if (!c.size.empty() || !c.ratio.empty() || !c.negative_prompt.empty() || c.seed ||
      !c.references.empty())
    return media::beyond_vendor("the vendor takes resolution, duration and frames only");
  if (auto ok = media::check_frames(c); !ok) return ok.error();
  const media::media_row row(v, media::parameters_of::family);
  encoded made;
  made.request.target = row.quirks().target("/video_generation");
  std::string body;
  json::writer w(body);
  w.begin_object().key("model").string(model);
  if (!c.prompt.empty()) w.key("prompt").string(c.prompt);
  if (c.first_frame) w.key("first_frame_image").string(media::url_of(*c.first_frame));
  if (c.last_frame) w.key("last_frame_image").string(media::url_of(*c.last_frame));
  media::parameter_gate gate(row.quirks(), video_parameters, w, made.notes);
  if (c.duration_s) gate.integer("duration", *c.duration_s);
  if (!c.resolution.empty()) gate.text("resolution", c.resolution);
  gate.extras(c.extra, video_reserved);
  if (auto ok = gate.outcome(); !ok) return ok.error();
  w.end_object();
  media::put_json(made, std::move(body), row.quirks());
  return made;
}

task_step ask_by_query(std::string_view id, std::string_view path, std::string_view name,
                       const vendor& v) {
  const media::media_row row(v);
  std::string target = row.quirks().target(path);
  wire::append_query(target, name, id);
  return media::ask_by_get(std::string(id), std::move(target), row.quirks());
}

task_step ask(std::string_view id, const vendor& v) {
  return ask_by_query(id, "/query/video_generation", "task_id", v);
}

/// A task that ended names a file; the file names the URL.
media::next_result next(const answer& a, const vendor& v) {
  const media::media_row row(v);
  json::reader reader;
  const auto root = reader.parse(a.body);
  if (!root || !root->is_object()) return media::not_ours(a);
  if (openai::is_error(*root, row.quirks())) return media::decode_it();
  const std::string_view status = json::text_at(*root, "status");
  const std::string_view id = json::text_at(*root, "task_id");
  if (status == "Success") {
    std::string file(json::text_at(*root, "file_id"));
    if (const auto number = json::integer_at(*root, "file_id"); file.empty() && number > 0)
      file = std::to_string(number);
    if (file.empty()) return media::not_ours(a);
    task_step step = ask_by_query(file, "/files/retrieve", "file_id", v);
    if (!id.empty()) step.id = id;
    step.at_once = true;
    return std::optional(std::move(step));
  }
  if (status.starts_with("Fail") || id.empty()) return media::decode_it();
  return std::optional(ask(id, v));
}

result<video_reply> decode_video(const answer& a, const vendor& v) {
  const media::media_row row(v);
  json::reader reader;
  const auto root = reader.parse(a.body);
  if (!root || !root->is_object()) return media::not_ours(a);
  if (openai::is_error(*root, row.quirks())) return openai::decode_failure(a, v);
  if (json::text_at(*root, "status").starts_with("Fail"))
    return media::task_failure(a, "Fail", json::text_at(*root, "error_message"), row.quirks());
  element url;
  if (!json::find_path(*root, "file.download_url", url) || json::as_text(url).empty())
    return media::not_ours(a);
  video_reply out;
  out.request_id = openai::request_id(a.head);
  out.videos.push_back(
      {.bytes = {}, .url = std::string(json::as_text(url)), .media_type = "video/mp4"});
  return out;
}

class family final : public ark::dialect::media_dialect {
 public:
  std::string_view name() const override { return "minimax_media"; }
  result<encoded> encode_image(const image_call& c, std::string_view model,
                               const vendor& v) const override {
    return minimax::encode_image(c, model, v);
  }
  result<image_reply> decode_image(const answer& a, const vendor& v) const override {
    return minimax::decode_image(a, v);
  }
  result<encoded> encode_video(const video_call& c, std::string_view model,
                               const vendor& v) const override {
    return minimax::encode_video(c, model, v);
  }
  result<video_reply> decode_video(const answer& a, const vendor& v) const override {
    return minimax::decode_video(a, v);
  }
  media::next_result next_step(const answer& a, const vendor& v) const override {
    return next(a, v);
  }
  result<task_step> ask_task(std::string_view id, const vendor& v) const override {
    return ask(id, v);
  }
};

}  // namespace
}  // namespace minimax

const ark::dialect::media_dialect& minimax_media() {
  static const minimax::family instance;
  return instance;
}

}  // namespace ark::adapters
