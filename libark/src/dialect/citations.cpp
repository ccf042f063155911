#include "dialect/citations.hpp"

#include <algorithm>

namespace ark::dialect {
namespace {

std::int64_t integer_at(json::element e, std::string_view name) {
  json::element found;
  return json::find(e, name, found) ? json::as_integer(found, -1) : -1;
}

/// The first of these members that is a text.
std::string first_text(json::element e, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names)
    if (const auto text = json::text_at(e, name); !text.empty()) return std::string(text);
  return {};
}

}  // namespace

std::int64_t byte_of_character(std::string_view text, std::int64_t n) noexcept {
  if (n < 0) return -1;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool begins = (static_cast<unsigned char>(text[i]) & 0xc0) != 0x80;
    if (begins && n-- == 0) return static_cast<std::int64_t>(i);
  }
  return n == 0 ? static_cast<std::int64_t>(text.size()) : -1;
}

void place_by_characters(citation& c, std::string_view text, std::size_t from) noexcept {
  const auto begin = byte_of_character(text, c.start);
  const auto end = byte_of_character(text, c.end);
  const bool known = begin >= 0 && end > begin;
  c.start = known ? static_cast<std::int64_t>(from) + begin : -1;
  c.end = known ? static_cast<std::int64_t>(from) + end : -1;
}

std::optional<citation> read_annotation(json::element item) {
  const std::string_view type = json::text_at(item, "type");
  if (type != "url_citation" && type != "file_citation" && type != "container_file_citation" &&
      type != "file_path" && type != "doc_citation")
    return std::nullopt;
  json::element body = item, inner;
  if (json::find(item, type, inner) && inner.is_object()) body = inner;
  citation made{.url = std::string(json::text_at(body, "url")),
                .title = first_text(body, {"title", "filename", "doc_title", "doc_name"}),
                .text = first_text(body, {"content", "summary"}),
                .start = integer_at(body, "start_index"),
                .end = integer_at(body, "end_index"),
                .document_id = first_text(body, {"file_id", "doc_id"})};
  return made;
}

void cited_sources::annotations(json::element list) {
  simdjson::dom::array items;
  if (list.get(items)) return;
  for (const json::element item : items) {
    auto made = read_annotation(item);
    const bool is_new =
        made && std::find(annotations_.begin(), annotations_.end(), *made) == annotations_.end();
    if (is_new) annotations_.push_back(std::move(*made));
  }
}

void cited_sources::list(std::string_view name, json::element items) {
  simdjson::dom::array all;
  if (items.get(all) || all.size() == 0) return;
  auto& kept = name == "citations" ? urls_ : results_;
  kept.clear();
  for (const json::element item : all) {
    citation made{
        .url = std::string(item.is_string() ? json::as_text(item) : json::text_at(item, "url")),
        .title = first_text(item, {"title", "doc_title", "doc_name"}),
        .text = first_text(item, {"snippet", "summary"}),
        .document_id = std::string(json::text_at(item, "doc_id"))};
    if (!made.url.empty() || !made.document_id.empty()) kept.push_back(std::move(made));
  }
}

void cited_sources::put(bool placed, reply_builder& out) {
  const std::string text = annotations_.empty() ? std::string{} : out.reply().text();
  for (citation& c : annotations_) {
    if (!placed) c.start = c.end = -1;
    place_by_characters(c, text);
    out.citation(std::move(c));
  }
  if (!annotations_.empty()) return;
  if (urls_.empty())
    for (citation& c : results_) out.citation(std::move(c));
  for (citation& c : urls_) {
    const auto known = std::find_if(results_.begin(), results_.end(),
                                    [&c](const citation& r) { return r.url == c.url; });
    out.citation(known != results_.end() ? *known : c);
  }
}

}  // namespace ark::dialect
