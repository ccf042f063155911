#include "media/dashscope_media.hpp"

#include "dialect/dashscope/dashscope_wire.hpp"
#include "media/task_wire.hpp"

#include <algorithm>

namespace ark::adapters {
namespace dashscope_tasks {
namespace {

using json::element;
using media::answer;
using media::encoded;
using media::task_step;

constexpr std::string_view image_path = "/services/aigc/text2image/image-synthesis";
constexpr std::string_view video_path = "/services/aigc/video-generation/video-synthesis";
constexpr std::string_view two_frames_path = "/services/aigc/image2video/video-synthesis";
constexpr std::string_view image_parameters[] = {"n",    "prompt_extend", "seed",
                                                 "size", "style",         "watermark"};
constexpr std::string_view video_parameters[] = {
    "audio", "duration", "prompt_extend", "resolution", "seed", "shot_type", "size", "watermark"};

/// "1024x768" is "1024*768" here.
std::string size_of(std::string size) {
  std::replace(size.begin(), size.end(), 'x', '*');
  return size;
}

encoded made_of(std::string_view path, std::string body, const media::quirk_view& quirks) {
  encoded made;
  made.request.target = quirks.target(path);
  media::put_json(made, std::move(body), quirks);
  made.request.headers.push_back({"x-dashscope-async", "enable"});
  return made;
}

void begin_body(json::writer& w, std::string_view model, std::string_view prompt,
                std::string_view negative_prompt) {
  w.begin_object().key("model").string(model).key("input").begin_object();
  if (!prompt.empty()) w.key("prompt").string(prompt);
  if (!negative_prompt.empty()) w.key("negative_prompt").string(negative_prompt);
}

result<encoded> encode_image(const image_call& c, std::string_view model, const vendor& v) {
  if (!c.images.empty() || c.mask) return media::beyond_vendor("images are made here, not changed");
  if (!c.quality.empty() || !c.output_format.empty())
    return media::beyond_vendor("the vendor takes no quality and no format");
  const media::media_row row(v, media::parameters_of::family);
  std::vector<std::string> notes;
  std::string body;
  json::writer w(body);
  begin_body(w, model, c.prompt, c.negative_prompt);
  w.end_object().key("parameters").begin_object();
  media::parameter_gate gate(row.quirks(), image_parameters, w, notes);
  gate.integer("n", c.n);
  if (!c.size.empty()) gate.text("size", size_of(c.size));
  if (c.seed) gate.integer("seed", *c.seed);
  gate.extras(c.extra, {});
  if (auto ok = gate.outcome(); !ok) return ok.error();
  w.end_object().end_object();
  auto made = made_of(v.media.image_path.empty() ? image_path : v.media.image_path, std::move(body),
                      row.quirks());
  made.notes = std::move(notes);
  return made;
}

result<encoded> encode_video(const video_call& c, std::string_view model, const vendor& v) {
  if (!c.references.empty() || !c.ratio.empty())
    return media::beyond_vendor("the vendor takes no ratio and no images but the frames");
  if (c.last_frame && !c.first_frame) return media::beyond_vendor("a last frame needs a first one");
  if (auto ok = media::check_frames(c); !ok) return ok.error();
  const media::media_row row(v, media::parameters_of::family);
  std::vector<std::string> notes;
  std::string body;
  json::writer w(body);
  begin_body(w, model, c.prompt, c.negative_prompt);
  if (c.first_frame)
    w.key(c.last_frame ? "first_frame_url" : "img_url").string(media::url_of(*c.first_frame));
  if (c.last_frame) w.key("last_frame_url").string(media::url_of(*c.last_frame));
  w.end_object().key("parameters").begin_object();
  media::parameter_gate gate(row.quirks(), video_parameters, w, notes);
  if (!c.size.empty()) gate.text("size", size_of(c.size));
  if (!c.resolution.empty()) gate.text("resolution", c.resolution);
  if (c.duration_s) gate.integer("duration", *c.duration_s);
  if (c.seed) gate.integer("seed", *c.seed);
  gate.extras(c.extra, {});
  if (auto ok = gate.outcome(); !ok) return ok.error();
  w.end_object().end_object();
  auto made = made_of(c.last_frame ? two_frames_path : video_path, std::move(body), row.quirks());
  made.notes = std::move(notes);
  return made;
}

result<task_step> ask(std::string_view id, const vendor& v) {
  const media::media_row row(v);
  return media::ask_below("/tasks/", id, row.quirks());
}

media::next_result next(const answer& a, const vendor& v) {
  json::reader reader;
  const auto root = reader.parse(a.body);
  if (!root || !root->is_object()) return dashscope::not_ours(a);
  element output;
  if (!json::find(*root, "output", output)) return media::decode_it();
  const std::string_view status = json::text_at(output, "task_status");
  if (status != "PENDING" && status != "RUNNING" && status != "SUSPENDED")
    return media::decode_it();
  const std::string_view id = json::text_at(output, "task_id");
  if (id.empty()) return media::same_again();
  return media::then(ask(id, v));
}

/// `read` is given the output and the usage (null: none) of a task that succeeded.
template <class Reply, class Read>
result<Reply> decode(const answer& a, const vendor& v, Read read) {
  const media::media_row row(v);
  json::reader reader;
  const auto root = reader.parse(a.body);
  if (!root || !root->is_object()) return dashscope::not_ours(a);
  if (dashscope::is_error(*root)) return dashscope::decode_failure(a, v);
  element output, usage;
  if (!json::find(*root, "output", output) || !output.is_object()) return dashscope::not_ours(a);
  const std::string_view status = json::text_at(output, "task_status");
  if (status == "FAILED" || status == "CANCELED" || status == "UNKNOWN") {
    error e = dashscope::read_error(a.head.status, output, row.quirks());
    if (e.vendor_code.empty()) e.vendor_code = status;
    e.request_id = json::text_at(*root, "request_id");
    if (status == "UNKNOWN") {
      e.code = errc::not_found;
      e.message = "the vendor does not know the task: it keeps them for a time only";
    }
    return e;
  }
  Reply out;
  out.request_id = json::text_at(*root, "request_id");
  const bool counted = json::find(*root, "usage", usage) && usage.is_object();
  if (status != "SUCCEEDED" || !read(output, counted ? &usage : nullptr, out))
    return dashscope::not_ours(a);
  return out;
}

bool read_images(element output, const element* usage, image_reply& out) {
  element list;
  simdjson::dom::array items;
  if (!json::find(output, "results", list) || list.get(items) != simdjson::SUCCESS) return false;
  for (const element item : items) {
    if (const auto url = json::text_at(item, "url"); !url.empty())
      out.images.push_back({.bytes = {},
                            .url = std::string(url),
                            .media_type = {},
                            .revised_prompt = std::string(json::text_at(item, "actual_prompt"))});
    else
      out.notes.push_back("one image was not made: " + std::string(json::text_at(item, "message")));
  }
  if (out.images.empty()) return false;
  const std::int64_t counted = usage != nullptr ? json::integer_at(*usage, "image_count") : 0;
  if (counted > 0) {
    out.usage.units["image_generation"] = counted;
    out.usage.reported = true;
  }
  media::count_images(out.images.size(), out);
  return true;
}

/// Sold by the second: `video_duration`, or in newer models `output_video_duration`, `duration`.
bool read_video(element output, const element* usage, video_reply& out) {
  const std::string_view url = json::text_at(output, "video_url");
  if (url.empty()) return false;
  out.videos.push_back({.bytes = {}, .url = std::string(url), .media_type = "video/mp4"});
  if (usage == nullptr) return true;
  for (const char* name : {"video_duration", "output_video_duration", "duration"}) {
    const std::int64_t seconds = json::integer_at(*usage, name);
    if (seconds <= 0) continue;
    out.duration_s = static_cast<double>(seconds);
    out.usage.units["video_generation"] = seconds;
    out.usage.reported = true;
    break;
  }
  return true;
}

class family final : public ark::dialect::media_dialect {
 public:
  std::string_view name() const override { return "dashscope_media"; }
  result<encoded> encode_image(const image_call& c, std::string_view model,
                               const vendor& v) const override {
    return dashscope_tasks::encode_image(c, model, v);
  }
  result<image_reply> decode_image(const answer& a, const vendor& v) const override {
    return decode<image_reply>(a, v, read_images);
  }
  result<encoded> encode_video(const video_call& c, std::string_view model,
                               const vendor& v) const override {
    return dashscope_tasks::encode_video(c, model, v);
  }
  result<video_reply> decode_video(const answer& a, const vendor& v) const override {
    return decode<video_reply>(a, v, read_video);
  }
  media::next_result next_step(const answer& a, const vendor& v) const override {
    return next(a, v);
  }
  result<task_step> ask_task(std::string_view id, const vendor& v) const override {
    return ask(id, v);
  }
};

}  // namespace
}  // namespace dashscope_tasks

const ark::dialect::media_dialect& dashscope_media() {
  static const dashscope_tasks::family instance;
  return instance;
}

}  // namespace ark::adapters
