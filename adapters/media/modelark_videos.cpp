#include "media/modelark_videos.hpp"

#include "dialect/openai_wire.hpp"
#include "media/task_wire.hpp"

namespace ark::adapters {
namespace modelark {
namespace {

using json::element;
using media::answer;
using media::encoded;
using media::task_step;

constexpr std::string_view tasks = "/contents/generations/tasks";
constexpr std::string_view parameters[] = {"camera_fixed",
                                           "draft",
                                           "duration",
                                           "execution_expires_after",
                                           "frames",
                                           "generate_audio",
                                           "output_format",
                                           "priority",
                                           "ratio",
                                           "resolution",
                                           "return_last_frame",
                                           "safety_identifier",
                                           "seed",
                                           "service_tier",
                                           "tools",
                                           "watermark"};
constexpr std::string_view reserved[] = {"callback_url", "content", "model"};

result<void> check(const video_call& c) {
  if (!c.size.empty())
    return media::beyond_vendor("the vendor takes no size: say resolution and ratio");
  if (!c.negative_prompt.empty())
    return media::beyond_vendor("the vendor takes no negative prompt: say it in the prompt");
  return media::check_frames(c);
}

void write_image(json::writer& w, const image_part& image, std::string_view role) {
  w.begin_object().key("type").string("image_url").key("image_url").begin_object();
  w.key("url").string(media::url_of(image)).end_object();
  w.key("role").string(role).end_object();
}

void write_content(json::writer& w, const video_call& c) {
  w.key("content").begin_array();
  if (!c.prompt.empty())
    w.begin_object().key("type").string("text").key("text").string(c.prompt).end_object();
  if (c.first_frame) write_image(w, *c.first_frame, "first_frame");
  if (c.last_frame) write_image(w, *c.last_frame, "last_frame");
  for (const image_part& image : c.references) write_image(w, image, "reference_image");
  w.end_array();
}

result<encoded> encode(const video_call& c, std::string_view model, const vendor& v) {
  if (auto ok = check(c); !ok) return ok.error();
  const media::media_row row(v, media::parameters_of::family);
  encoded made;
  made.request.target = row.quirks().target(tasks);
  std::string body;
  json::writer w(body);
  w.begin_object().key("model").string(model);
  write_content(w, c);
  media::parameter_gate gate(row.quirks(), parameters, w, made.notes);
  if (c.duration_s) gate.integer("duration", *c.duration_s);
  if (!c.resolution.empty()) gate.text("resolution", c.resolution);
  if (!c.ratio.empty()) gate.text("ratio", c.ratio);
  if (c.seed) gate.integer("seed", *c.seed);
  gate.extras(c.extra, reserved);
  if (auto ok = gate.outcome(); !ok) return ok.error();
  w.end_object();
  media::put_json(made, std::move(body), row.quirks());
  return made;
}

result<task_step> ask(std::string_view id, const vendor& v) {
  const media::media_row row(v);
  return media::ask_below(std::string(tasks) + '/', id, row.quirks());
}

media::next_result next(const answer& a, const vendor& v) {
  json::reader reader;
  const auto root = reader.parse(a.body);
  if (!root || !root->is_object()) return media::not_ours(a);
  const std::string_view status = json::text_at(*root, "status");
  if (status == "queued" || status == "running") return media::same_again();
  const std::string_view id = json::text_at(*root, "id");
  if (!status.empty() || id.empty()) return media::decode_it();
  return media::then(ask(id, v));
}

/// Sold by the tokens of the video; there are no others.
void read_usage(element root, video_reply& out) {
  element usage;
  if (!json::find(root, "usage", usage) || !usage.is_object()) return;
  const std::int64_t made = json::integer_at(usage, "completion_tokens");
  const std::int64_t total = json::integer_at(usage, "total_tokens", made);
  out.usage.units["video_generation_tokens"] = made;
  out.usage.reported = true;
  if (total != made)
    out.notes.push_back("the vendor counts " + std::to_string(total) + " tokens in all, " +
                        std::to_string(made) + " of them the video's, and says no more");
}

result<video_reply> decode(const answer& a, const vendor& v) {
  const media::media_row row(v);
  json::reader reader;
  const auto root = reader.parse(a.body);
  if (!root || !root->is_object()) return media::not_ours(a);
  const std::string_view status = json::text_at(*root, "status");
  element found;
  if (openai::is_error(*root, row.quirks()) || status == "failed") {
    if (!json::find(*root, "error", found)) return media::task_failure(a, status, "", row.quirks());
    return media::task_failure(a, json::text_at(found, "code"), json::text_at(found, "message"),
                               row.quirks());
  }
  if (status == "cancelled" || status == "expired")
    return media::task_failure(a, status, "the task was " + std::string(status), row.quirks());
  const bool has_content = json::find(*root, "content", found);
  const std::string_view url = has_content ? json::text_at(found, "video_url") : "";
  if (status != "succeeded" || url.empty()) return media::not_ours(a);
  video_reply out;
  out.model = json::text_at(*root, "model");
  out.videos.push_back({.bytes = {}, .url = std::string(url), .media_type = "video/mp4"});
  out.last_frame_url = json::text_at(found, "last_frame_url");
  if (const auto seconds = json::integer_at(*root, "duration"); seconds > 0)
    out.duration_s = static_cast<double>(seconds);
  read_usage(*root, out);
  return out;
}

}  // namespace
}  // namespace modelark

const ark::dialect::media_dialect& modelark_videos() {
  static const media::video_tasks instance(
      {"modelark_videos", modelark::encode, modelark::decode, modelark::next, modelark::ask});
  return instance;
}

}  // namespace ark::adapters
