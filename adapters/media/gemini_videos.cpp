#include "media/gemini_videos.hpp"

#include "dialect/gemini/gemini_wire.hpp"
#include "media/task_wire.hpp"
#include "wire/base64.hpp"

#include <algorithm>

namespace ark::adapters {
namespace veo {
namespace {

using json::element;
using media::answer;
using media::encoded;
using media::task_step;

constexpr std::string_view parameters[] = {
    "aspectRatio",    "durationSeconds",  "enhancePrompt", "generateAudio", "negativePrompt",
    "numberOfVideos", "personGeneration", "resolution",    "sampleCount",   "seed"};

result<void> check(const video_call& c) {
  if (!c.size.empty())
    return media::beyond_vendor("the vendor takes no size: say resolution and ratio");
  for (const auto* frame : {&c.first_frame, &c.last_frame})
    if (*frame && (*frame)->bytes.empty())
      return media::beyond_vendor("the vendor takes an image's bytes, not its URL");
  for (const image_part& image : c.references)
    if (image.bytes.empty())
      return media::beyond_vendor("the vendor takes an image's bytes, not its URL");
  return media::check_frames(c);
}

void write_image(json::writer& w, const image_part& image) {
  w.begin_object().key("bytesBase64Encoded").string(wire::base64_encode(image.bytes));
  w.key("mimeType").string(image.media_type).end_object();
}

void write_instance(json::writer& w, const video_call& c) {
  w.begin_object().key("prompt").string(c.prompt);
  if (c.first_frame) write_image(w.key("image"), *c.first_frame);
  if (c.last_frame) write_image(w.key("lastFrame"), *c.last_frame);
  if (!c.references.empty()) {
    w.key("referenceImages").begin_array();
    for (const image_part& image : c.references) {
      write_image(w.begin_object().key("image"), image);
      w.key("referenceType").string("asset").end_object();
    }
    w.end_array();
  }
  w.end_object();
}

result<encoded> encode(const video_call& c, std::string_view model, const vendor& v) {
  if (auto ok = check(c); !ok) return ok.error();
  const media::media_row row(v, media::parameters_of::family);
  auto target = gemini::target_of("", model, "predictLongRunning");
  if (!target) return target.error();
  encoded made;
  made.request.target = row.quirks().target(*target);
  std::string body;
  json::writer w(body);
  w.begin_object().key("instances").begin_array();
  write_instance(w, c);
  w.end_array().key("parameters").begin_object();
  media::parameter_gate gate(row.quirks(), parameters, w, made.notes);
  if (!c.ratio.empty()) gate.text("aspectRatio", c.ratio);
  if (!c.resolution.empty()) gate.text("resolution", c.resolution);
  if (c.duration_s) gate.integer("durationSeconds", *c.duration_s);
  if (!c.negative_prompt.empty()) gate.text("negativePrompt", c.negative_prompt);
  if (c.seed) gate.integer("seed", *c.seed);
  gate.extras(c.extra, {});
  if (auto ok = gate.outcome(); !ok) return ok.error();
  w.end_object().end_object();
  media::put_json(made, std::move(body), row.quirks());
  return made;
}

/// "models/veo-2.0-generate-001/operations/hhgacp02zklk": an operation's name is a path.
bool is_name(std::string_view id) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.' || c == '/';
  };
  return !id.empty() && id.front() != '/' && std::all_of(id.begin(), id.end(), plain) &&
         id.find("..") == id.npos && id.find("operations/") != id.npos;
}

result<task_step> ask(std::string_view id, const vendor& v) {
  const media::media_row row(v);
  if (!is_name(id))
    return error{.code = errc::invalid_request,
                 .message = "a task is called models/MODEL/operations/ID here: \"" +
                            std::string(id) + "\" is not"};
  return media::ask_by_get(std::string(id), row.quirks().target("/" + std::string(id)),
                           row.quirks());
}

/// `done` is left out while the operation runs (recorded).
media::next_result next(const answer& a, const vendor& v) {
  json::reader reader;
  const auto root = reader.parse(a.body);
  if (!root || !root->is_object()) return gemini::not_ours(a);
  element done;
  bool is_done = false;
  if (json::find(*root, "done", done)) is_done = done.get(is_done) == simdjson::SUCCESS && is_done;
  const std::string_view name = json::text_at(*root, "name");
  if (is_done || name.empty()) return media::decode_it();
  if (!is_name(name)) return gemini::not_ours(a);
  return media::then(ask(name, v));
}

error filtered(const answer& a, element response) {
  element reasons, first;
  std::string_view reason;
  if (json::find(response, "raiMediaFilteredReasons", reasons) &&
      json::find_path(reasons, "0", first))
    reason = json::as_text(first);
  return {.code = errc::content_filter,
          .retry = retry_class::never,
          .http_status = a.head.status,
          .message = "the vendor's filter kept the videos back: change the prompt",
          .vendor_message = std::string(reason),
          .request_id = gemini::request_id(a.head)};
}

result<video_reply> decode(const answer& a, const vendor& v) {
  json::reader reader;
  const auto root = reader.parse(a.body);
  if (!root || !root->is_object()) return gemini::not_ours(a);
  if (gemini::is_error(*root)) return gemini::decode_failure(a, v);
  element response, list;
  simdjson::dom::array items;
  if (!json::find_path(*root, "response.generateVideoResponse", response))
    return gemini::not_ours(a);
  video_reply out;
  if (json::find(response, "generatedSamples", list) && list.get(items) == simdjson::SUCCESS) {
    for (const element item : items) {
      element video;
      if (!json::find(item, "video", video)) return gemini::not_ours(a);
      out.videos.push_back({.bytes = {},
                            .url = std::string(json::text_at(video, "uri")),
                            .media_type = std::string(json::text_at(video, "encoding"))});
      if (out.videos.back().url.empty()) return gemini::not_ours(a);
    }
  }
  if (out.videos.empty() && json::integer_at(response, "raiMediaFilteredCount") > 0)
    return filtered(a, response);
  if (out.videos.empty()) return gemini::not_ours(a);
  out.request_id = gemini::request_id(a.head);
  out.notes.emplace_back("the URL wants the vendor's key, as its API does");
  return out;
}

}  // namespace
}  // namespace veo

const ark::dialect::media_dialect& gemini_videos() {
  static const media::video_tasks instance(
      {"gemini_videos", veo::encode, veo::decode, veo::next, veo::ask});
  return instance;
}

}  // namespace ark::adapters
