#include "dialect/anthropic_wire.hpp"

#include "base/json.hpp"

#include <algorithm>
#include <limits>

namespace ark::adapters::anthropic {
namespace {

/// Of the blocks that are put together here, all together.
constexpr std::size_t kept_bytes_max = 16u << 20;

/// A place in a document or a result of a search. Where in the reply it stands is told by its
/// block.
citation read_citation(element e) {
  citation made{.url = std::string(json::text_at(e, "url")),
                .title = std::string(json::text_at(e, "title")),
                .text = std::string(json::text_at(e, "cited_text")),
                .document_id = std::string(json::text_at(e, "file_id"))};
  if (made.url.empty()) made.url = json::text_at(e, "source");
  if (made.title.empty()) made.title = json::text_at(e, "document_title");
  if (element found; json::find(e, "document_index", found))
    made.document_index = static_cast<int>(
        std::clamp<std::int64_t>(json::as_integer(found, -1), -1, std::numeric_limits<int>::max()));
  return made;
}

/// "abc" + "def" -> "abcdef", as JSON texts; anything else is replaced.
void append_json(std::string& to, std::string_view more) {
  const bool strings =
      to.size() >= 2 && to.front() == '"' && more.size() >= 2 && more.front() == '"';
  if (!strings) {
    to = more;
    return;
  }
  to.pop_back();
  to += more.substr(1);
}

}  // namespace

block_reader::open_block* block_reader::find(int index) {
  const auto at = std::find_if(open_.rbegin(), open_.rend(),
                               [index](const open_block& b) { return b.index == index; });
  return at == open_.rend() ? nullptr : &*at;
}

bool block_reader::charge(std::size_t bytes, reply_builder& out) {
  kept_bytes_ += bytes;
  if (kept_bytes_ <= kept_bytes_max) return true;
  out.fail({.code = errc::too_large,
            .retry = retry_class::maybe_billed,
            .message = "the reply's tool blocks are longer than the limit of " +
                       std::to_string(kept_bytes_max) + " bytes"});
  return false;
}

void block_reader::turn_to(int index, reply_builder& out) {
  if (index != last_index_) out.break_part();
  last_index_ = index;
}

void block_reader::begin(int index, element block, reply_builder& out) {
  end(index, out);
  out.break_part();
  last_index_ = index;
  const std::string_view type = json::text_at(block, "type");
  if (type == "text") {
    text_from_ = out.text_size();
    first_citation_ = out.reply().citations.size();
    out.text(json::text_at(block, "text"));
    element list;
    simdjson::dom::array items;
    if (json::find(block, "citations", list) && !list.get(items))
      for (const element item : items) out.citation(read_citation(item));
    return;
  }
  if (type == "thinking") {
    out.reasoning(json::text_at(block, "thinking"));
    return out.reasoning_signature(json::text_at(block, "signature"));
  }
  if (type == "redacted_thinking") return out.reasoning_opaque(simdjson::minify(block));
  open_block made{.index = index, .is_tool = type == "tool_use"};
  if (element input; json::find(block, "input", input)) made.input = simdjson::minify(input);
  if (!charge(made.input.size(), out)) return;
  if (made.is_tool) {
    out.tool_begin(index, json::text_at(block, "id"), json::text_at(block, "name"));
  } else {
    out.unknown(type.empty() ? "content_block" : type);
    add_opaque(made, block, out);
  }
  open_.push_back(std::move(made));
}

/// Takes all members but `input` (kept apart) and, of a delta, its `type`.
void block_reader::add_opaque(open_block& block, element change, reply_builder& out) {
  simdjson::dom::object members;
  if (change.get(members)) return;
  const bool is_delta = !block.fields.empty();
  for (const auto field : members) {
    if (field.key == "input" || (is_delta && field.key == "type")) continue;
    const std::string value = simdjson::minify(field.value);
    if (!charge(value.size() + field.key.size(), out)) return;
    const auto at = std::find_if(block.fields.begin(), block.fields.end(),
                                 [&](const auto& known) { return known.first == field.key; });
    if (at == block.fields.end())
      block.fields.emplace_back(field.key, value);
    else
      append_json(at->second, value);
  }
}

bool block_reader::delta(int index, element change, reply_builder& out) {
  const std::string_view type = json::text_at(change, "type");
  open_block* block = find(index);
  if (type == "text_delta") {
    turn_to(index, out);
    out.text(json::text_at(change, "text"));
  } else if (type == "thinking_delta") {
    turn_to(index, out);
    out.reasoning(json::text_at(change, "thinking"));
  } else if (type == "signature_delta") {
    turn_to(index, out);
    out.reasoning_signature(json::text_at(change, "signature"));
  } else if (type == "citations_delta") {
    if (element cited; json::find(change, "citation", cited)) out.citation(read_citation(cited));
  } else if (type == "input_json_delta") {
    const std::string_view piece = json::text_at(change, "partial_json");
    if (piece.empty()) return true;
    if (block == nullptr || block->is_tool) {
      out.tool_arguments(index, piece);
    } else if (charge(piece.size(), out)) {
      if (!block->has_arguments) block->input.clear();
      block->input += piece;
    }
    if (block != nullptr) block->has_arguments = true;
  } else {
    if (block != nullptr && !block->is_tool) add_opaque(*block, change, out);
    return false;
  }
  return true;
}

void block_reader::keep_opaque(const open_block& block, reply_builder& out) {
  if (block.fields.empty()) return;
  std::string text;
  json::writer w(text);
  w.begin_object();
  for (const auto& [name, value] : block.fields) w.key(name).raw(value);
  if (!block.input.empty() && json::is_valid(block.input)) w.key("input").raw(block.input);
  w.end_object();
  out.break_part();
  out.reasoning_opaque(text);
  out.break_part();
}

/// The text of a block is what its citations stand behind.
void block_reader::place_citations(reply_builder& out) {
  auto& all = out.reply().citations;
  for (; first_citation_ < all.size(); ++first_citation_) {
    all[first_citation_].start = static_cast<std::int64_t>(text_from_);
    all[first_citation_].end = static_cast<std::int64_t>(out.text_size());
  }
}

void block_reader::end(int index, reply_builder& out) {
  if (index == last_index_) place_citations(out);
  open_block* block = find(index);
  if (block == nullptr) return;
  if (block->is_tool) {
    // Some gateways send the whole input at the start and no deltas.
    if (!block->has_arguments && block->input != "{}") out.tool_arguments(index, block->input);
    out.tool_end(index);
  } else {
    keep_opaque(*block, out);
  }
  open_.erase(open_.begin() + (block - open_.data()));
}

void block_reader::end_all(reply_builder& out) {
  place_citations(out);
  while (!open_.empty()) end(open_.front().index, out);
}

}  // namespace ark::adapters::anthropic
