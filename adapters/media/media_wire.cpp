#include "media/media_wire.hpp"

#include "base/text.hpp"
#include "dialect/openai_wire.hpp"
#include "wire/base64.hpp"
#include "wire/multipart.hpp"

#include <algorithm>
#include <cmath>

namespace ark::adapters::media {
namespace {

bool holds_for_media(const quirk_item& item) {
  return std::holds_alternative<quirk::add_header>(item) ||
         std::holds_alternative<quirk::add_query>(item) ||
         std::holds_alternative<quirk::vendor_cost>(item) ||
         std::holds_alternative<quirk::error_code>(item) ||
         std::holds_alternative<quirk::error_inside>(item);
}

std::string field_text(element e) {
  return e.is_string() ? std::string(json::as_text(e)) : simdjson::minify(e);
}

/// A count among others; nothing that cannot be part of `whole`.
std::int64_t part_of(element usage, std::string_view path, std::int64_t whole) {
  element found;
  if (!json::find_path(usage, path, found)) return 0;
  const std::int64_t n = json::as_integer(found);
  return n > 0 && n <= whole ? n : 0;
}

/// `{"type":"duration","seconds":3}`: the audio is billed by its length.
bool read_duration(element usage, ark::usage& out) {
  element seconds;
  double value = 0;
  if (!json::find(usage, "seconds", seconds) || seconds.get(value) != simdjson::SUCCESS)
    return false;
  if (!(std::abs(value) < 1e15)) return false;
  out.units["input_audio_seconds"] = static_cast<std::int64_t>(std::ceil(value));
  out.reported = true;
  return true;
}

/// xAI's images (recorded): a usage object of nothing but what it cost.
void read_cost(element usage, const quirk_view& quirks, ark::usage& out) {
  element found;
  double value = 0;
  if (quirks.vendor_cost == nullptr || !json::find_path(usage, quirks.vendor_cost->path, found) ||
      found.get(value) != simdjson::SUCCESS)
    return;
  out.vendor_cost = ark::dialect::money_of(value, *quirks.vendor_cost);
  out.reported = true;
}

void read_usage(element usage, const quirk_view& quirks, reply_facts& out) {
  ark::dialect::reply_builder notes;
  if (auto counted = openai::read_usage(usage, quirks, notes)) {
    out.usage = std::move(*counted);
    const std::int64_t images =
        part_of(usage, "input_tokens_details.image_tokens", out.usage.input);
    out.usage.input -= images;
    out.usage.input_image = images;
  } else if (!read_duration(usage, out.usage)) {
    read_cost(usage, quirks, out.usage);
  }
  for (const std::string& note : notes.reply().notes) out.notes.push_back(note);
}

}  // namespace

vendor media_row::made_of(const vendor& v, parameters_of whose) {
  vendor made;
  made.name = v.name;
  if (whose == parameters_of::row) made.parameters = v.media.parameters;
  std::copy_if(v.quirks.begin(), v.quirks.end(), std::back_inserter(made.quirks), holds_for_media);
  if (whose == parameters_of::row)
    made.quirks.insert(made.quirks.end(), v.media.quirks.begin(), v.media.quirks.end());
  return made;
}

media_row::media_row(const vendor& v, parameters_of whose)
    : row_(made_of(v, whose)), quirks_(row_) {}

result<std::string> target_of(const operation& o, std::string_view model, const vendor& v,
                              const quirk_view& quirks) {
  const auto& able = v.capabilities;
  const bool has = able.empty() || std::find(able.begin(), able.end(), o.capability) != able.end();
  return openai::target_of(quirks, has ? o.own : "-", o.path, model, o.name);
}

void put_json(encoded& out, std::string body, const quirk_view& quirks) {
  out.request.body = std::move(body);
  out.request.headers.push_back({"content-type", "application/json"});
  quirks.add_headers(out.request.headers);
}

result<void> put_form(encoded& out, std::string_view body, std::span<const form_file> files,
                      const quirk_view& quirks) {
  std::string all(body);
  for (const form_file& f : files) all += f.bytes;
  wire::multipart_form form(wire::boundary_for(all));
  json::reader reader;
  const auto root = reader.parse(body);
  if (!root) return root.error();
  simdjson::dom::object fields;
  if (root->get(fields) != simdjson::SUCCESS)
    return error{.code = errc::internal, .message = "a form is made of an object"};
  for (const auto [key, value] : fields) {
    simdjson::dom::array items;
    if (value.get(items) != simdjson::SUCCESS) {
      form.add_field(key, field_text(value));
      continue;
    }
    for (const element item : items) form.add_field(std::string(key) + "[]", field_text(item));
  }
  for (const form_file& f : files) form.add_file(f.field, f.file_name, f.media_type, f.bytes);
  out.request.headers.push_back({"content-type", form.content_type()});
  quirks.add_headers(out.request.headers);
  auto made = form.finish();
  if (!made) return made.error();
  out.request.body = std::move(*made);
  return {};
}

std::string url_of(const image_part& image) {
  if (!image.url.empty()) return image.url;
  std::string url = "data:" + image.media_type + ";base64,";
  wire::append_base64(url, image.bytes);
  return url;
}

result<void> check_image(const image_part& image) {
  if (!image.url.empty()) return {};
  if (image.bytes.empty())
    return error{.code = errc::invalid_request, .message = "an image has neither bytes nor a URL"};
  if (image.media_type.empty())
    return error{.code = errc::invalid_request,
                 .message = "an image of bytes needs its media type, such as image/png"};
  return {};
}

std::string_view subtype_of(std::string_view media_type) {
  const auto slash = media_type.find('/');
  return slash == media_type.npos ? media_type : media_type.substr(slash + 1);
}

std::string media_type_of(const wire::http_head& head) {
  const std::string_view value = wire::find_header(head.headers, "content-type");
  return text::lower(text::trim(value.substr(0, value.find(';'))));
}

void read_facts(element root, const answer& a, const quirk_view& quirks, reply_facts& out) {
  out.model = json::text_at(root, "model");
  out.request_id = openai::request_id(a.head);
  element usage;
  if (json::find(root, "usage", usage) && usage.is_object()) read_usage(usage, quirks, out);
}

void count_images(std::size_t images, reply_facts& out) {
  ark::usage& u = out.usage;
  if (u.units.count("image_generation") != 0) return;
  if (u.output_total() > 0) {
    // An answer of images only: the vendor does not always say so (document, older models).
    u.output_image += u.output;
    u.output = 0;
    return;
  }
  if (!u.reported) out.notes.emplace_back("the vendor sent no usage: the images were counted");
  u.units["image_generation"] = static_cast<std::int64_t>(images);
  u.reported = true;
}

error not_ours(const answer& a) { return openai::not_ours(a); }

}  // namespace ark::adapters::media
