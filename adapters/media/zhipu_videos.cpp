#include "media/zhipu_videos.hpp"

#include "dialect/openai_wire.hpp"
#include "media/task_wire.hpp"

namespace ark::adapters {
namespace cogvideo {
namespace {

using json::element;
using media::answer;
using media::encoded;
using media::task_step;

constexpr std::string_view parameters[] = {
    "duration", "fps",        "movement_amplitude",   "off_peak",
    "quality",  "request_id", "sensitive_word_check", "size",
    "style",    "user_id",    "watermark_enabled",    "with_audio"};
constexpr std::string_view reserved[] = {"image_url", "model", "prompt"};

result<void> check(const video_call& c) {
  if (!c.resolution.empty() || !c.ratio.empty() || c.seed || !c.negative_prompt.empty() ||
      !c.references.empty())
    return media::beyond_vendor("the vendor takes size, duration and frames only");
  if (c.last_frame && !c.first_frame) return media::beyond_vendor("a last frame needs a first one");
  return media::check_frames(c);
}

result<encoded> encode(const video_call& c, std::string_view model, const vendor& v) {
  if (auto ok = check(c); !ok) return ok.error();
  const media::media_row row(v, media::parameters_of::family);
  encoded made;
  made.request.target = row.quirks().target("/videos/generations");
  std::string body;
  json::writer w(body);
  w.begin_object().key("model").string(model);
  if (!c.prompt.empty()) w.key("prompt").string(c.prompt);
  if (c.first_frame && !c.last_frame) w.key("image_url").string(media::url_of(*c.first_frame));
  if (c.last_frame) {
    w.key("image_url").begin_array().string(media::url_of(*c.first_frame));
    w.string(media::url_of(*c.last_frame)).end_array();
  }
  media::parameter_gate gate(row.quirks(), parameters, w, made.notes);
  if (!c.size.empty()) gate.text("size", c.size);
  if (c.duration_s) gate.integer("duration", *c.duration_s);
  gate.extras(c.extra, reserved);
  if (auto ok = gate.outcome(); !ok) return ok.error();
  w.end_object();
  media::put_json(made, std::move(body), row.quirks());
  return made;
}

result<task_step> ask(std::string_view id, const vendor& v) {
  const media::media_row row(v);
  return media::ask_below("/async-result/", id, row.quirks());
}

media::next_result next(const answer& a, const vendor& v) {
  json::reader reader;
  const auto root = reader.parse(a.body);
  if (!root || !root->is_object()) return media::not_ours(a);
  if (json::text_at(*root, "task_status") != "PROCESSING") return media::decode_it();
  const std::string_view id = json::text_at(*root, "id");
  if (id.empty()) return media::same_again();
  return media::then(ask(id, v));
}

result<video_reply> decode(const answer& a, const vendor& v) {
  const media::media_row row(v);
  json::reader reader;
  const auto root = reader.parse(a.body);
  if (!root || !root->is_object()) return media::not_ours(a);
  const std::string_view status = json::text_at(*root, "task_status");
  if (status == "FAIL") {
    element e;
    const bool said = json::find(*root, "error", e);
    return media::task_failure(a, said ? json::text_at(e, "code") : "FAIL",
                               said ? json::text_at(e, "message") : "", row.quirks());
  }
  if (openai::is_error(*root, row.quirks())) return openai::decode_failure(a, v);
  element list;
  video_reply out;
  out.model = json::text_at(*root, "model");
  out.request_id = openai::request_id(a.head);
  if (status != "SUCCESS" || !json::find(*root, "video_result", list) ||
      !media::add_urls(list, out))
    return media::not_ours(a);
  media::count_videos(out);
  return out;
}

}  // namespace
}  // namespace cogvideo

const ark::dialect::media_dialect& zhipu_videos() {
  static const media::video_tasks instance(
      {"zhipu_videos", cogvideo::encode, cogvideo::decode, cogvideo::next, cogvideo::ask});
  return instance;
}

}  // namespace ark::adapters
