#include "media/openai_media_wire.hpp"

#include <algorithm>

namespace ark::adapters::openai_media_family {
namespace {

using json::element;
using media::encoded;

constexpr std::string_view moderation_reserved[] = {"model", "input"};

/// Texts alone are an input each. With images all parts are one input: the vendor takes them
/// together (recorded).
void write_input(const moderation_call& c, json::writer& w) {
  if (c.images.empty() && c.input.size() == 1) {
    w.string(c.input.front());
    return;
  }
  w.begin_array();
  for (const std::string& text : c.input) {
    if (c.images.empty())
      w.string(text);
    else
      w.begin_object().key("type").string("text").key("text").string(text).end_object();
  }
  for (const image_part& image : c.images) {
    w.begin_object().key("type").string("image_url").key("image_url").begin_object();
    w.key("url").string(media::url_of(image)).end_object().end_object();
  }
  w.end_array();
}

bool read_verdict(element e, moderation_reply& out) {
  moderation_verdict made;
  element found;
  simdjson::dom::object members;
  if (!json::find(e, "categories", found) || found.get(members) != simdjson::SUCCESS) return false;
  for (const auto [name, value] : members) {
    bool is_in = false;
    if (value.get(is_in) == simdjson::SUCCESS) made.categories[std::string(name)] = is_in;
  }
  // Mistral has no word for all categories (recorded).
  if (!json::find(e, "flagged", found) || found.get(made.flagged) != simdjson::SUCCESS)
    made.flagged = std::any_of(made.categories.begin(), made.categories.end(),
                               [](const auto& each) { return each.second; });
  if (json::find(e, "category_scores", found) && found.get(members) == simdjson::SUCCESS)
    for (const auto [name, value] : members) {
      double score = 0;
      if (value.get(score) == simdjson::SUCCESS) made.scores[std::string(name)] = score;
    }
  out.results.push_back(std::move(made));
  return true;
}

}  // namespace

result<encoded> encode_moderation(const moderation_call& c, std::string_view model,
                                  const vendor& v) {
  const media::media_row row(v);
  auto target =
      media::target_of({"moderation", "moderation", v.media.moderation_path, "/moderations"}, model,
                       v, row.quirks());
  if (!target) return target.error();
  for (const image_part& image : c.images)
    if (auto ok = media::check_image(image); !ok) return ok.error();
  encoded made;
  made.request.target = std::move(*target);
  std::string body;
  json::writer w(body);
  w.begin_object().key("model").string(model).key("input");
  write_input(c, w);
  media::parameter_gate gate(row.quirks(), {}, w, made.notes);
  gate.extras(c.extra, moderation_reserved);
  if (auto ok = gate.outcome(); !ok) return ok.error();
  w.end_object();
  media::put_json(made, std::move(body), row.quirks());
  return made;
}

result<moderation_reply> decode_moderation(const media::answer& a, const vendor& v) {
  moderation_reply out;
  auto ok = read_object(a, v, out, [&](element root) {
    element list;
    simdjson::dom::array items;
    if (!json::find(root, "results", list) || list.get(items) != simdjson::SUCCESS) return false;
    for (const element item : items)
      if (!read_verdict(item, out)) return false;
    return !out.results.empty();
  });
  if (!ok) return ok.error();
  return out;
}

}  // namespace ark::adapters::openai_media_family
