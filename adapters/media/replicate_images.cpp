#include "media/replicate_images.hpp"

#include "dialect/openai_wire.hpp"
#include "media/task_wire.hpp"
#include "wire/url.hpp"

namespace ark::adapters {
namespace replicate {
namespace {

using json::element;
using media::answer;
using media::encoded;
using media::task_step;

// Inputs are each model's own: the row lets all pass.
constexpr std::string_view parameters[] = {"aspect_ratio", "output_format", "seed"};
constexpr std::string_view reserved[] = {"prompt"};

result<void> check(const image_call& c) {
  if (!c.images.empty() || c.mask || !c.size.empty() || !c.quality.empty())
    return media::beyond_vendor(
        "images, sizes and qualities are each model's own inputs: give them as extra parameters");
  return {};
}

/// "owner/name:VERSION" and "VERSION" (recorded) go to one path, "owner/name" has its own.
std::string_view version_of(std::string_view model) {
  constexpr std::size_t digest = 64;
  const auto colon = model.find(':');
  if (colon != model.npos) return model.substr(colon + 1);
  const bool plain = model.size() == digest && model.find('/') == model.npos;
  return plain ? model : std::string_view{};
}

result<std::string> path_of(std::string_view model) {
  const auto slash = model.find('/');
  if (!version_of(model).empty() || slash == model.npos) return std::string("/predictions");
  const auto owner = wire::encode_segment(model.substr(0, slash));
  if (!owner) return owner.error();
  const auto name = wire::encode_segment(model.substr(slash + 1));
  if (!name) return name.error();
  return "/models/" + *owner + '/' + *name + "/predictions";
}

result<encoded> encode(const image_call& c, std::string_view model, const vendor& v) {
  if (auto ok = check(c); !ok) return ok.error();
  const media::media_row row(v);
  auto path = path_of(model);
  if (!path) return path.error();
  encoded made;
  made.request.target = row.quirks().target(*path);
  std::string body;
  json::writer w(body);
  w.begin_object();
  if (*path == "/predictions")
    w.key("version").string(version_of(model).empty() ? model : version_of(model));
  w.key("input").begin_object();
  if (!c.prompt.empty()) w.key("prompt").string(c.prompt);
  media::parameter_gate gate(row.quirks(), parameters, w, made.notes);
  if (c.n != 1) gate.integer("num_outputs", c.n);
  if (!c.output_format.empty()) gate.text("output_format", c.output_format);
  if (!c.negative_prompt.empty()) gate.text("negative_prompt", c.negative_prompt);
  if (c.seed) gate.integer("seed", *c.seed);
  gate.extras(c.extra, reserved);
  if (auto ok = gate.outcome(); !ok) return ok.error();
  w.end_object().end_object();
  media::put_json(made, std::move(body), row.quirks());
  return made;
}

result<task_step> ask(std::string_view id, const vendor& v) {
  const media::media_row row(v);
  return media::ask_below("/predictions/", id, row.quirks());
}

media::next_result next(const answer& a, const vendor& v) {
  json::reader reader;
  const auto root = reader.parse(a.body);
  if (!root || !root->is_object()) return media::not_ours(a);
  const std::string_view status = json::text_at(*root, "status");
  if (status != "starting" && status != "processing") return media::decode_it();
  const std::string_view id = json::text_at(*root, "id");
  if (id.empty()) return media::same_again();
  return media::then(ask(id, v));
}

/// A URL or a list of them (recorded).
void read_output(element output, image_reply& out) {
  const auto add = [&out](element e) {
    if (const auto url = json::as_text(e); !url.empty())
      out.images.push_back(
          {.bytes = {}, .url = std::string(url), .media_type = {}, .revised_prompt = {}});
  };
  simdjson::dom::array items;
  if (output.get(items) != simdjson::SUCCESS) return add(output);
  for (const element item : items) add(item);
}

result<image_reply> decode(const answer& a, const vendor& v) {
  const media::media_row row(v);
  json::reader reader;
  const auto root = reader.parse(a.body);
  if (!root || !root->is_object()) return media::not_ours(a);
  const std::string_view status = json::text_at(*root, "status");
  if (status == "failed" || status == "canceled" || status == "aborted")
    return media::task_failure(a, status, json::text_at(*root, "error"), row.quirks());
  if (openai::is_error(*root, row.quirks())) return openai::decode_failure(a, v);
  element output;
  if (status != "succeeded" || !json::find(*root, "output", output)) return media::not_ours(a);
  image_reply out;
  out.model = json::text_at(*root, "model");
  out.request_id = openai::request_id(a.head);
  read_output(output, out);
  if (out.images.empty()) return media::not_ours(a);
  media::count_images(out.images.size(), out);
  return out;
}

}  // namespace
}  // namespace replicate

const ark::dialect::media_dialect& replicate_images() {
  static const media::image_tasks instance(
      {"replicate_images", replicate::encode, replicate::decode, replicate::next, replicate::ask});
  return instance;
}

}  // namespace ark::adapters
