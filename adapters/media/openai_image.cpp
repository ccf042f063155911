#include "base/text.hpp"
#include "media/openai_media_wire.hpp"
#include "media/task_wire.hpp"
#include "wire/base64.hpp"

#include <algorithm>

namespace ark::adapters::openai_media_family {
namespace {

using json::element;
using media::encoded;

constexpr std::string_view image_parameters[] = {"background",
                                                 "complexity",
                                                 "frame_count",
                                                 "frame_duration_ms",
                                                 "input_fidelity",
                                                 "moderation",
                                                 "n",
                                                 "output_compression",
                                                 "output_format",
                                                 "quality",
                                                 "response_format",
                                                 "size",
                                                 "style",
                                                 "svg",
                                                 "user"};
// An answer that comes in pieces is not read here.
constexpr std::string_view image_reserved[] = {"image", "images", "mask",           "model",
                                               "n",     "prompt", "partial_images", "stream"};

error image_refused(std::string why, errc code = errc::invalid_request) {
  return {.code = code, .message = std::move(why)};
}

/// How the images that are to be changed are sent.
enum class edit_style : std::uint8_t { none, form, urls, images, image };

result<edit_style> style_of(const image_call& c, const vendor& v) {
  if (c.images.empty()) {
    if (c.mask) return image_refused("a mask needs the image that it belongs to");
    return edit_style::none;
  }
  for (const image_part& image : c.images)
    if (auto ok = media::check_image(image); !ok) return ok.error();
  if (c.mask)
    if (auto ok = media::check_image(*c.mask); !ok) return ok.error();
  const std::string& as = v.media.image_edit_as;
  const auto urls = std::count_if(c.images.begin(), c.images.end(),
                                  [](const image_part& i) { return !i.url.empty(); });
  const bool form = as.empty() && urls == 0;
  if (c.mask && (!form || !c.mask->url.empty()))
    return image_refused("vendor \"" + v.name + "\" takes a mask only as a file beside image files",
                         errc::unsupported);
  if (as == "images") return edit_style::images;
  if (as == "image") return edit_style::image;
  if (form) return edit_style::form;
  if (static_cast<std::size_t>(urls) < c.images.size())
    return image_refused("give the images either all as bytes or all by their URLs");
  return edit_style::urls;
}

/// Recorded: OpenAI {"image_url"}, xAI {"type","url"}; Volcengine (document) one URL or a list.
void write_images(const image_call& c, edit_style style, json::writer& w) {
  if (style == edit_style::none || style == edit_style::form) return;
  if (style == edit_style::image && c.images.size() == 1) {
    w.key("image").string(media::url_of(c.images.front()));
    return;
  }
  w.key(style == edit_style::image ? "image" : "images").begin_array();
  for (const image_part& image : c.images) {
    const std::string url = media::url_of(image);
    if (style == edit_style::image)
      w.string(url);
    else if (style == edit_style::urls)
      w.begin_object().key("image_url").string(url).end_object();
    else
      w.begin_object().key("type").string("image_url").key("url").string(url).end_object();
  }
  w.end_array();
}

std::vector<media::form_file> files_of(const image_call& c) {
  std::vector<media::form_file> files;
  const auto name = [](const image_part& image, const std::string& stem) {
    return stem + "." + std::string(media::subtype_of(image.media_type));
  };
  const bool several = c.images.size() > 1;
  files.reserve(c.images.size() + 1);
  for (std::size_t i = 0; i < c.images.size(); ++i)
    files.push_back({several ? "image[]" : "image",
                     name(c.images[i], several ? "image-" + std::to_string(i + 1) : "image"),
                     c.images[i].media_type, c.images[i].bytes});
  if (c.mask) files.push_back({"mask", name(*c.mask, "mask"), c.mask->media_type, c.mask->bytes});
  return files;
}

/// "1024x768" as two numbers.
void write_size(const image_call& c, const vendor& v, media::parameter_gate& gate) {
  if (c.size.empty()) return;
  if (v.media.image_size_as.empty()) return gate.text("size", c.size);
  const auto size = media::numbers_of(c.size);
  if (!size)
    return gate.refuse(image_refused("size must be as 1024x768: \"" + c.size + "\" is not"));
  gate.integer("width", size->first);
  gate.integer("height", size->second);
}

void write_image_parameters(const image_call& c, const vendor& v, media::parameter_gate& gate) {
  if (c.n != 1) gate.integer("n", c.n);
  write_size(c, v, gate);
  if (!c.quality.empty()) gate.text("quality", c.quality);
  if (!c.output_format.empty()) gate.text("output_format", c.output_format);
  if (c.seed) gate.integer("seed", *c.seed);
  if (!c.negative_prompt.empty()) gate.text("negative_prompt", c.negative_prompt);
  gate.extras(c.extra, image_reserved);
}

std::string image_type_of(std::string_view format) {
  const std::string low = text::lower(format);
  if (low.empty()) return {};
  if (low == "jpg") return "image/jpeg";
  if (low == "svg") return "image/svg+xml";
  return "image/" + low;
}

/// What the whole answer says of its images; Venice repeats the request (recorded).
std::string common_type(element root) {
  if (const auto format = json::text_at(root, "output_format"); !format.empty())
    return image_type_of(format);
  element found;
  if (json::find_path(root, "request.data.format", found))
    return image_type_of(json::as_text(found));
  return {};
}

/// One of the list: an object, or (Venice, recorded) the bytes alone.
bool read_image(element e, const std::string& type, image_reply& out) {
  generated_image made;
  element inner;
  if (json::find(e, "error", inner) && inner.is_object()) {
    // Volcengine (document): one of several may fail.
    out.notes.push_back("one image was not made: " + std::string(json::text_at(inner, "message")));
    return true;
  }
  std::string_view packed = e.is_string() ? json::as_text(e) : json::text_at(e, "b64_json");
  made.url = json::text_at(e, "url");
  made.revised_prompt = json::text_at(e, "revised_prompt");
  const std::string_view own_type = json::text_at(e, "mime_type");
  made.media_type = own_type.empty() ? type : std::string(own_type);
  if (packed.empty() && made.url.empty()) return false;
  if (!packed.empty()) {
    auto bytes = wire::base64_decode(packed);
    if (!bytes) return false;
    made.bytes = std::move(*bytes);
  }
  out.images.push_back(std::move(made));
  return true;
}

/// Volcengine (document): sold by the piece, and tokens are counted beside. They are in no bucket.
void read_pieces(element root, image_reply& out) {
  element found;
  if (!json::find_path(root, "usage.generated_images", found)) return;
  ark::usage& u = out.usage;
  if (u.output_total() > 0)
    out.notes.push_back("the vendor counts " + std::to_string(u.output_total()) +
                        " tokens too; it sells images by the piece");
  u.output = u.output_image = 0;
  u.vendor_total.reset();
  u.units["image_generation"] = json::as_integer(found);
  u.reported = true;
}

media::operation make_operation(const vendor& v) {
  return {"image", "image generation", v.media.image_path, "/images/generations"};
}
media::operation edit_operation(const vendor& v) {
  return {"image_edit", "editing of images", v.media.image_edit_path, "/images/edits"};
}

}  // namespace

result<encoded> encode_image(const image_call& c, std::string_view model, const vendor& v) {
  const media::media_row row(v);
  const auto style = style_of(c, v);
  if (!style) return style.error();
  const bool edits = *style != edit_style::none;
  auto target =
      media::target_of(edits ? edit_operation(v) : make_operation(v), model, v, row.quirks());
  if (!target) return target.error();
  encoded made;
  made.request.target = std::move(*target);
  std::string body;
  json::writer w(body);
  w.begin_object().key("model").string(model);
  if (!c.prompt.empty()) w.key("prompt").string(c.prompt);
  write_images(c, *style, w);
  media::parameter_gate gate(row.quirks(), image_parameters, w, made.notes);
  write_image_parameters(c, v, gate);
  if (auto ok = gate.outcome(); !ok) return ok.error();
  w.end_object();
  if (*style != edit_style::form) {
    media::put_json(made, std::move(body), row.quirks());
    return made;
  }
  if (auto ok = media::put_form(made, body, files_of(c), row.quirks()); !ok) return ok.error();
  return made;
}

result<image_reply> decode_image(const media::answer& a, const vendor& v) {
  image_reply out;
  auto ok = read_object(a, v, out, [&](element root) {
    element list;
    simdjson::dom::array items;
    if (!json::find(root, "data", list) && !json::find(root, "images", list)) return false;
    if (list.get(items) != simdjson::SUCCESS) return false;
    const std::string type = common_type(root);
    for (const element item : items)
      if (!read_image(item, type, out)) return false;
    if (out.images.empty()) return false;
    read_pieces(root, out);
    media::count_images(out.images.size(), out);
    return true;
  });
  if (!ok) return ok.error();
  return out;
}

}  // namespace ark::adapters::openai_media_family
