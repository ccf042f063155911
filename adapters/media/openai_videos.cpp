#include "media/openai_videos.hpp"

#include "dialect/openai_wire.hpp"
#include "media/task_wire.hpp"

#include <vector>

namespace ark::adapters {
namespace sora {
namespace {

using json::element;
using media::answer;
using media::encoded;
using media::task_step;

constexpr std::string_view parameters[] = {"seconds", "size"};
constexpr std::string_view reserved[] = {"input_reference", "model", "prompt"};

result<void> check(const video_call& c) {
  if (!c.resolution.empty() || !c.ratio.empty() || c.seed || !c.negative_prompt.empty())
    return media::beyond_vendor("the vendor takes size and duration only");
  if (c.last_frame || !c.references.empty())
    return media::beyond_vendor("the vendor takes one image, the first frame");
  if (c.first_frame && c.first_frame->bytes.empty())
    return media::beyond_vendor("the vendor takes an image's bytes, not its URL");
  return media::check_frames(c);
}

result<encoded> encode(const video_call& c, std::string_view model, const vendor& v) {
  if (auto ok = check(c); !ok) return ok.error();
  const media::media_row row(v, media::parameters_of::family);
  encoded made;
  made.request.target = row.quirks().target("/videos");
  std::string body;
  json::writer w(body);
  w.begin_object().key("model").string(model).key("prompt").string(c.prompt);
  media::parameter_gate gate(row.quirks(), parameters, w, made.notes);
  // A text: "8".
  if (c.duration_s) gate.text("seconds", std::to_string(*c.duration_s));
  if (!c.size.empty()) gate.text("size", c.size);
  gate.extras(c.extra, reserved);
  if (auto ok = gate.outcome(); !ok) return ok.error();
  w.end_object();
  std::vector<media::form_file> files;
  if (c.first_frame)
    files.push_back({"input_reference",
                     "frame." + std::string(media::subtype_of(c.first_frame->media_type)),
                     c.first_frame->media_type, c.first_frame->bytes});
  if (auto ok = media::put_form(made, body, files, row.quirks()); !ok) return ok.error();
  return made;
}

result<task_step> ask_at(std::string_view id, std::string_view below, const vendor& v) {
  const media::media_row row(v);
  return media::ask_below("/videos/", id, row.quirks(), below);
}

result<task_step> ask(std::string_view id, const vendor& v) { return ask_at(id, "", v); }

bool is_json(const answer& a) { return media::media_type_of(a.head) == "application/json"; }

/// A video that is made is fetched: its place wants the key.
media::next_result next(const answer& a, const vendor& v) {
  if (!is_json(a)) return media::decode_it();
  json::reader reader;
  const auto root = reader.parse(a.body);
  if (!root || !root->is_object()) return media::not_ours(a);
  const std::string_view status = json::text_at(*root, "status");
  const std::string_view id = json::text_at(*root, "id");
  const bool made = status == "completed";
  if (id.empty() || (!made && status != "queued" && status != "in_progress"))
    return media::decode_it();
  auto step = ask_at(id, made ? "/content" : "", v);
  if (!step) return step.error();
  step->at_once = made;
  return std::optional(std::move(*step));
}

result<video_reply> decode(const answer& a, const vendor& v) {
  const media::media_row row(v);
  if (!is_json(a)) {
    const std::string type = media::media_type_of(a.head);
    if (!type.starts_with("video/") || a.body.empty()) return media::not_ours(a);
    video_reply out;
    out.request_id = openai::request_id(a.head);
    out.videos.push_back({.bytes = std::string(a.body), .url = {}, .media_type = type});
    return out;
  }
  json::reader reader;
  const auto root = reader.parse(a.body);
  if (!root || !root->is_object()) return media::not_ours(a);
  if (json::text_at(*root, "status") == "failed") {
    element e;
    const bool said = json::find(*root, "error", e);
    return media::task_failure(a, said ? json::text_at(e, "code") : "failed",
                               said ? json::text_at(e, "message") : "", row.quirks());
  }
  if (openai::is_error(*root, row.quirks())) return openai::decode_failure(a, v);
  return media::not_ours(a);
}

}  // namespace
}  // namespace sora

const ark::dialect::media_dialect& openai_videos() {
  static const media::video_tasks instance(
      {"openai_videos", sora::encode, sora::decode, sora::next, sora::ask});
  return instance;
}

}  // namespace ark::adapters
