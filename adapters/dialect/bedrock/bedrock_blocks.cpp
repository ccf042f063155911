#include "base/json.hpp"
#include "dialect/bedrock/bedrock_wire.hpp"
#include "wire/base64.hpp"

#include <algorithm>
#include <limits>

namespace ark::adapters::bedrock {
namespace {

/// Of the blocks that are put together here, all together.
constexpr std::size_t most_kept_bytes = 16u << 20;

/// The vendor's own tools have a type (recorded: "server_tool_use"), as some calls of functions.
bool is_server_call(element tool_use) {
  const std::string_view type = json::text_at(tool_use, "type");
  return !type.empty() && type != "tool_use";
}

/// {"a":1} -> {"a":1,"name":value}, as JSON texts.
std::string with_member(std::string object, std::string_view name, std::string_view value) {
  object.pop_back();
  if (object.size() > 1) object += ',';
  json::append_string(object, name);
  return (object += ':').append(value) + '}';
}

std::string as_block(std::string_view name, std::string_view value) {
  return with_member("{}", name, value);
}

void keep(std::string_view block, reply_builder& out) {
  out.break_part();
  out.reasoning_opaque(block);
  out.break_part();
}

/// A place in a document, a page or a result of a search; where in the reply it stands is told by
/// its block.
citation read_citation(element e) {
  element found;
  simdjson::dom::array pieces;
  simdjson::dom::object members;
  citation made{.url = std::string(json::text_at(e, "source")),
                .title = std::string(json::text_at(e, "title"))};
  if (json::find(e, "sourceContent", found) && !found.get(pieces))
    for (const element piece : pieces) made.text += json::text_at(piece, "text");
  if (json::find(e, "location", found) && !found.get(members))
    for (const auto [kind, place] : members) {
      if (kind == "web") made.url = json::text_at(place, "url");
      if (json::find(place, "documentIndex", found))
        made.document_index = static_cast<int>(std::clamp<std::int64_t>(
            json::as_integer(found, -1), -1, std::numeric_limits<int>::max()));
    }
  return made;
}

}  // namespace

block_reader::open_block* block_reader::find(int index) {
  const auto at = std::find_if(open_.rbegin(), open_.rend(),
                               [index](const open_block& b) { return b.index == index; });
  return at == open_.rend() ? nullptr : &*at;
}

void block_reader::turn_to(int index, reply_builder& out) {
  if (index == last_index_) return;
  out.break_part();
  last_index_ = index;
  text_from_ = out.text_size();
  first_citation_ = out.reply().citations.size();
}

/// `between` parts what comes from what is there.
void block_reader::grow(open_block* block, std::string_view more, std::string_view between,
                        reply_builder& out) {
  kept_bytes_ += more.size() + between.size();
  if (kept_bytes_ > most_kept_bytes)
    return out.fail({.code = errc::too_large,
                     .retry = retry_class::maybe_billed,
                     .message = "the reply's tool blocks are longer than the limit of " +
                                std::to_string(most_kept_bytes) + " bytes"});
  if (!block->body.empty()) block->body += between;
  block->body += more;
}

// --- whole

void block_reader::whole(int index, element block, reply_builder& out) {
  turn_to(index, out);
  simdjson::dom::object members;
  if (block.get(members) != simdjson::SUCCESS) return;
  for (const auto [name, value] : members) whole_member(index, name, value, block, out);
}

void block_reader::whole_member(int index, std::string_view name, element value, element block,
                                reply_builder& out) {
  element inner;
  simdjson::dom::array texts;
  if (name == "text") {
    out.text(json::as_text(value));
  } else if (name == "toolUse" && !is_server_call(value)) {
    out.tool_begin(index, json::text_at(value, "toolUseId"), json::text_at(value, "name"));
    if (json::find(value, "input", inner)) out.tool_arguments(index, simdjson::minify(inner));
    out.tool_end(index);
  } else if (name == "reasoningContent" && json::find(value, "reasoningText", inner)) {
    out.reasoning(json::text_at(inner, "text"));
    out.reasoning_signature(json::text_at(inner, "signature"));
  } else if (name == "citationsContent") {
    if (json::find(value, "content", inner) && inner.get(texts) == simdjson::SUCCESS)
      for (const element item : texts) out.text(json::text_at(item, "text"));
    if (json::find(value, "citations", inner) && inner.get(texts) == simdjson::SUCCESS)
      for (const element item : texts) out.citation(read_citation(item));
    place_citations(out);
  } else {
    if (name != "reasoningContent") out.unknown(name);
    keep(simdjson::minify(block), out);
  }
}

// --- streamed

void block_reader::begin(int index, element start, reply_builder& out) {
  end(index, out);
  turn_to(index, out);
  simdjson::dom::object members;
  if (start.get(members) != simdjson::SUCCESS) return;
  for (const auto [name, value] : members) {
    if (name == "toolUse" && !is_server_call(value)) {
      out.tool_begin(index, json::text_at(value, "toolUseId"), json::text_at(value, "name"));
      open_.push_back({.index = index, .kind = kind::call});
      continue;
    }
    out.unknown(name);
    if ((name == "toolUse" || name == "toolResult") && value.is_object())
      open_.push_back({.index = index,
                       .kind = name == "toolUse" ? kind::server_call : kind::server_result,
                       .head = simdjson::minify(value)});
    else
      out.note("a part of the reply of the kind \"" + std::string(name) + "\" is not kept");
  }
}

bool block_reader::delta(int index, element change, reply_builder& out) {
  simdjson::dom::object members;
  if (change.get(members) != simdjson::SUCCESS) return false;
  bool known = true;
  for (const auto [name, value] : members) {
    open_block* block = find(index);
    simdjson::dom::array items;
    if (name == "text") {
      turn_to(index, out);
      out.text(json::as_text(value));
    } else if (name == "toolUse") {
      const std::string_view piece = json::text_at(value, "input");
      if (block != nullptr && block->kind == kind::server_call)
        grow(block, piece, "", out);
      else
        out.tool_arguments(index, piece);
    } else if (name == "reasoningContent") {
      known = reasoning_delta(index, value, out) && known;
    } else if (name == "citation") {
      turn_to(index, out);
      out.citation(read_citation(value));
    } else if (name == "toolResult" && block != nullptr && block->kind == kind::server_result &&
               value.get(items) == simdjson::SUCCESS) {
      for (const element item : items) grow(block, simdjson::minify(item), ",", out);
    } else {
      known = false;
    }
  }
  return known;
}

bool block_reader::reasoning_delta(int index, element change, reply_builder& out) {
  simdjson::dom::object members;
  if (change.get(members) != simdjson::SUCCESS) return false;
  bool known = true;
  for (const auto [name, value] : members) {
    turn_to(index, out);
    if (name == "text") {
      out.reasoning(json::as_text(value));
    } else if (name == "signature") {
      out.reasoning_signature(json::as_text(value));
    } else if (name == "redactedContent") {
      // Pieces of bytes, each in base64 of its own: only as bytes can they be joined.
      const auto bytes = wire::base64_decode(json::as_text(value));
      if (find(index) == nullptr) open_.push_back({.index = index, .kind = kind::redacted});
      if (bytes)
        grow(find(index), *bytes, "", out);
      else
        known = false;
    } else {
      known = false;
    }
  }
  return known;
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
  switch (block->kind) {
    case kind::call:
      out.tool_end(index);
      break;
    case kind::server_call:
      keep(as_block("toolUse", with_member(std::move(block->head), "input",
                                           json::is_valid(block->body) ? block->body : "{}")),
           out);
      break;
    case kind::server_result:
      keep(as_block("toolResult",
                    with_member(std::move(block->head), "content", '[' + block->body + ']')),
           out);
      break;
    case kind::redacted:
      keep(as_block("reasoningContent",
                    as_block("redactedContent", '"' + wire::base64_encode(block->body) + '"')),
           out);
      break;
  }
  open_.erase(open_.begin() + (block - open_.data()));
}

void block_reader::end_all(reply_builder& out) {
  place_citations(out);
  while (!open_.empty()) end(open_.front().index, out);
}

}  // namespace ark::adapters::bedrock
