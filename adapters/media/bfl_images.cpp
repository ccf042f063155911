#include "media/bfl_images.hpp"

#include "dialect/openai_wire.hpp"
#include "media/task_wire.hpp"
#include "wire/base64.hpp"
#include "wire/url.hpp"

namespace ark::adapters {
namespace bfl {
namespace {

using json::element;
using media::answer;
using media::encoded;
using media::task_step;

constexpr std::string_view parameters[] = {"aspect_ratio",
                                           "guidance",
                                           "height",
                                           "image_prompt",
                                           "image_prompt_strength",
                                           "interval",
                                           "output_format",
                                           "prompt_upsampling",
                                           "raw",
                                           "safety_tolerance",
                                           "seed",
                                           "steps",
                                           "width"};
constexpr std::string_view reserved[] = {"input_image",   "input_image_2", "input_image_3",
                                         "input_image_4", "prompt",        "webhook_secret",
                                         "webhook_url"};

result<void> check(const image_call& c) {
  if (c.n != 1) return media::beyond_vendor("the vendor makes one image a call: set n to 1");
  if (!c.quality.empty()) return media::beyond_vendor("the vendor takes no quality");
  if (!c.negative_prompt.empty())
    return media::beyond_vendor("the vendor takes no negative prompt: say it in the prompt");
  if (c.mask) return media::beyond_vendor("masks are not taken here");
  if (c.images.size() > 4) return media::beyond_vendor("the vendor takes at most 4 images");
  for (const image_part& image : c.images)
    if (auto ok = media::check_image(image); !ok) return ok;
  return {};
}

/// A URL, or the bytes in base64 without their type.
void write_images(json::writer& w, const image_call& c) {
  for (std::size_t i = 0; i < c.images.size(); ++i) {
    const image_part& image = c.images[i];
    w.key(i == 0 ? "input_image" : "input_image_" + std::to_string(i + 1));
    w.string(image.url.empty() ? wire::base64_encode(image.bytes) : image.url);
  }
}

void write_size(const image_call& c, media::parameter_gate& gate) {
  if (c.size.empty()) return;
  const auto size = media::numbers_of(c.size);
  if (!size)
    return gate.refuse({.code = errc::invalid_request,
                        .message = "size must be as 1024x768: \"" + c.size + "\" is not"});
  gate.integer("width", size->first);
  gate.integer("height", size->second);
}

/// Each model is a path.
result<encoded> encode(const image_call& c, std::string_view model, const vendor& v) {
  if (auto ok = check(c); !ok) return ok.error();
  const media::media_row row(v);
  static const std::string each_model = "/{model}";
  const std::string& own = v.media.image_path.empty() ? each_model : v.media.image_path;
  auto target =
      media::target_of({"image", "image generation", own, each_model}, model, v, row.quirks());
  if (!target) return target.error();
  encoded made;
  made.request.target = std::move(*target);
  std::string body;
  json::writer w(body);
  w.begin_object().key("prompt").string(c.prompt);
  write_images(w, c);
  media::parameter_gate gate(row.quirks(), parameters, w, made.notes);
  write_size(c, gate);
  if (!c.output_format.empty()) gate.text("output_format", c.output_format);
  if (c.seed) gate.integer("seed", *c.seed);
  gate.extras(c.extra, reserved);
  if (auto ok = gate.outcome(); !ok) return ok.error();
  w.end_object();
  media::put_json(made, std::move(body), row.quirks());
  return made;
}

/// A task is known at one of the vendor's regions: its name is the URL that the vendor gave.
result<task_step> ask(std::string_view id, const vendor& v) {
  const media::media_row row(v);
  std::string target(id);
  if (!id.starts_with("https://")) {
    target = row.quirks().target("/get_result");
    wire::append_query(target, "id", id);
  }
  return media::ask_by_get(std::string(id), std::move(target), row.quirks());
}

media::next_result next(const answer& a, const vendor& v) {
  json::reader reader;
  const auto root = reader.parse(a.body);
  if (!root || !root->is_object()) return media::not_ours(a);
  const std::string_view status = json::text_at(*root, "status");
  if (status == "Pending") return media::same_again();
  if (!status.empty()) return media::decode_it();
  std::string_view where = json::text_at(*root, "polling_url");
  if (where.empty()) where = json::text_at(*root, "id");
  if (where.empty()) return media::decode_it();
  return media::then(ask(where, v));
}

result<image_reply> decode(const answer& a, const vendor& v) {
  const media::media_row row(v);
  json::reader reader;
  const auto root = reader.parse(a.body);
  if (!root || !root->is_object()) return media::not_ours(a);
  const std::string_view status = json::text_at(*root, "status");
  if (status == "Task not found")
    return error{.code = errc::not_found,
                 .http_status = a.head.status,
                 .message = "the vendor does not know the task: it keeps them for a time only",
                 .vendor_code = std::string(status)};
  if (status == "Error" || status.ends_with("Moderated"))
    return media::task_failure(a, status, json::text_at(*root, "details"), row.quirks());
  if (openai::is_error(*root, row.quirks())) return openai::decode_failure(a, v);
  element found;
  const bool has_result = json::find(*root, "result", found);
  const std::string_view url = has_result ? json::text_at(found, "sample") : "";
  if (status != "Ready" || url.empty()) return media::not_ours(a);
  image_reply out;
  out.request_id = openai::request_id(a.head);
  out.images.push_back(
      {.bytes = {}, .url = std::string(url), .media_type = {}, .revised_prompt = {}});
  media::count_images(out.images.size(), out);
  return out;
}

}  // namespace
}  // namespace bfl

const ark::dialect::media_dialect& bfl_images() {
  static const media::image_tasks instance(
      {"bfl_images", bfl::encode, bfl::decode, bfl::next, bfl::ask});
  return instance;
}

}  // namespace ark::adapters
