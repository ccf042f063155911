#include "dialect/openai_wire.hpp"

#include <algorithm>

namespace ark::adapters::openai {
namespace {

using json::as_text;

/// Fields that come in pieces; of all others the last value counts.
bool comes_in_pieces(std::string_view key) {
  return key == "text" || key == "summary" || key == "data" || key == "signature";
}

std::string json_of(element value) {
  std::int64_t whole = 0;
  return value.get(whole) == simdjson::SUCCESS ? std::to_string(whole) : simdjson::minify(value);
}

constexpr std::size_t most_bytes = 16u << 20;

}  // namespace

detail_merger::block& detail_merger::find(std::int64_t index, std::string_view type) {
  const auto known = std::find_if(blocks_.begin(), blocks_.end(), [&](const block& b) {
    return b.index == index && b.type == type;
  });
  if (known != blocks_.end()) return *known;
  return blocks_.emplace_back(block{index, std::string(type), {}});
}

void detail_merger::block::add(std::string_view key, element value, std::size_t& bytes) {
  // Texts are kept as such, so that the many small frames of a stream cost no allocation.
  const bool is_text = value.is_string();
  const std::string made = is_text ? std::string{} : json_of(value);
  const std::string_view piece = is_text ? as_text(value) : std::string_view(made);
  bytes += key.size() + piece.size();
  const auto old =
      std::find_if(fields.begin(), fields.end(), [key](const field& f) { return f.key == key; });
  if (old == fields.end()) {
    fields.push_back({std::string(key), std::string(piece), is_text});
  } else if (is_text && old->is_text && comes_in_pieces(key)) {
    old->value += piece;
  } else if (!value.is_null()) {
    old->value = piece;
    old->is_text = is_text;
  }
}

void detail_merger::add(element list, reply_builder& out) {
  simdjson::dom::array items;
  if (list.get(items) != simdjson::SUCCESS) return;
  std::int64_t position = 0;
  for (const element item : items) {
    simdjson::dom::object o;
    if (item.get(o) != simdjson::SUCCESS) continue;
    std::int64_t index = position++;
    std::string_view type;
    json::for_each_member(o, [&](std::string_view key, element value) {
      if (json::is(key, "index")) index = json::as_integer(value);
      if (json::is(key, "type")) type = as_text(value);
    });
    block& b = find(index, type);
    json::for_each_member(o,
                          [&](std::string_view key, element value) { b.add(key, value, bytes_); });
  }
  if (bytes_ > most_bytes)
    out.fail({.code = errc::too_large,
              .retry = retry_class::maybe_billed,
              .message = "the reply's reasoning blocks are larger than 16 MiB"});
}

std::string detail_merger::text_of(element list) {
  std::string out;
  simdjson::dom::array items;
  if (list.get(items) != simdjson::SUCCESS) return out;
  for (const element item : items) {
    element found;
    if (json::find(item, "text", found) || json::find(item, "summary", found))
      out += as_text(found);
  }
  return out;
}

void detail_merger::attach(reply_builder& out) const {
  std::string text;
  json::writer w(text);
  w.begin_array();
  for (const block& b : blocks_) {
    w.begin_object();
    for (const field& f : b.fields) {
      w.key(f.key);
      if (f.is_text)
        w.string(f.value);
      else
        w.raw(f.value);
    }
    w.end_object();
  }
  w.end_array();
  for (part& p : out.reply().message.parts) {
    if (auto* first = std::get_if<reasoning_part>(&p)) {
      first->opaque = std::move(text);
      return;
    }
  }
  out.reasoning_opaque(text);
}

}  // namespace ark::adapters::openai
