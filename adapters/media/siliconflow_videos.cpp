#include "media/siliconflow_videos.hpp"

#include "dialect/openai_wire.hpp"
#include "media/task_wire.hpp"

namespace ark::adapters {
namespace siliconflow {
namespace {

using json::element;
using media::answer;
using media::encoded;
using media::task_step;

constexpr std::string_view parameters[] = {"image_size", "negative_prompt", "seed"};
constexpr std::string_view reserved[] = {"image", "model", "prompt"};

result<void> check(const video_call& c) {
  if (!c.resolution.empty() || !c.ratio.empty() || c.duration_s)
    return media::beyond_vendor("the vendor takes a size; its models say how long a video is");
  if (c.last_frame || !c.references.empty())
    return media::beyond_vendor("the vendor takes one image, the first frame");
  return media::check_frames(c);
}

result<encoded> encode(const video_call& c, std::string_view model, const vendor& v) {
  if (auto ok = check(c); !ok) return ok.error();
  const media::media_row row(v, media::parameters_of::family);
  encoded made;
  made.request.target = row.quirks().target("/video/submit");
  std::string body;
  json::writer w(body);
  w.begin_object().key("model").string(model).key("prompt").string(c.prompt);
  if (c.first_frame) w.key("image").string(media::url_of(*c.first_frame));
  media::parameter_gate gate(row.quirks(), parameters, w, made.notes);
  if (!c.size.empty()) gate.text("image_size", c.size);
  if (!c.negative_prompt.empty()) gate.text("negative_prompt", c.negative_prompt);
  if (c.seed) gate.integer("seed", *c.seed);
  gate.extras(c.extra, reserved);
  if (auto ok = gate.outcome(); !ok) return ok.error();
  w.end_object();
  media::put_json(made, std::move(body), row.quirks());
  return made;
}

result<task_step> ask(std::string_view id, const vendor& v) {
  const media::media_row row(v, media::parameters_of::family);
  encoded made;
  made.request.target = row.quirks().target("/video/status");
  std::string body;
  json::writer w(body);
  w.begin_object().key("requestId").string(id).end_object();
  media::put_json(made, std::move(body), row.quirks());
  return task_step{.id = std::string(id), .request = std::move(made.request)};
}

media::next_result next(const answer& a, const vendor& v) {
  json::reader reader;
  const auto root = reader.parse(a.body);
  if (!root || !root->is_object()) return media::not_ours(a);
  const std::string_view status = json::text_at(*root, "status");
  if (status == "InQueue" || status == "InProgress") return media::same_again();
  const std::string_view id = json::text_at(*root, "requestId");
  if (!status.empty() || id.empty()) return media::decode_it();
  return media::then(ask(id, v));
}

result<video_reply> decode(const answer& a, const vendor& v) {
  const media::media_row row(v, media::parameters_of::family);
  json::reader reader;
  const auto root = reader.parse(a.body);
  if (!root || !root->is_object()) return media::not_ours(a);
  const std::string_view status = json::text_at(*root, "status");
  if (status == "Failed")
    return media::task_failure(a, status, json::text_at(*root, "reason"), row.quirks());
  if (openai::is_error(*root, row.quirks())) return openai::decode_failure(a, v);
  element list;
  video_reply out;
  out.request_id = openai::request_id(a.head);
  if (status != "Succeed" || !json::find_path(*root, "results.videos", list) ||
      !media::add_urls(list, out))
    return media::not_ours(a);
  media::count_videos(out);
  return out;
}

}  // namespace
}  // namespace siliconflow

const ark::dialect::media_dialect& siliconflow_videos() {
  static const media::video_tasks instance({"siliconflow_videos", siliconflow::encode,
                                            siliconflow::decode, siliconflow::next,
                                            siliconflow::ask});
  return instance;
}

}  // namespace ark::adapters
