#include "dialect/citations.hpp"
#include "dialect/logprobs.hpp"
#include "dialect/openai_responses/responses_wire.hpp"

#include <algorithm>

namespace ark::adapters::responses {
namespace {

using json::text_at;

constexpr std::size_t most_items = 4096;
constexpr std::string_view function_call = "function_call";
constexpr std::string_view custom_tool_call = "custom_tool_call";
constexpr std::string_view app_call_type = "doubao_app_call";

/// Kinds that become parts of the reply.
bool has_part(std::string_view type) {
  return type == "message" || type == "reasoning" || type == function_call ||
         type == custom_tool_call || type == app_call_type;
}

/// What the results of a call are sent back under.
std::string_view call_id(element item) {
  const std::string_view id = text_at(item, "call_id");
  return id.empty() ? text_at(item, "id") : id;
}

bool is_search(element item) {
  element action;
  if (text_at(item, "type") != "web_search_call") return false;
  if (!json::find(item, "action", action) || !action.is_object()) return true;
  const std::string_view kind = text_at(action, "type");
  return kind.empty() || kind == "search";
}

/// Without one of them the vendor can take nothing from the item when it is sent back.
bool can_go_back(element reasoning) {
  element content;
  simdjson::dom::array parts;
  return !text_at(reasoning, "encrypted_content").empty() ||
         (json::find(reasoning, "content", content) && !content.get(parts) && parts.size() > 0);
}

}  // namespace

std::size_t output_reader::find(int index) const {
  for (std::size_t i = items_.size(); i-- > 0;)
    if (items_[i].index == index && !items_[i].ended) return i;
  return items_.size();
}

/// A new item, whose kind is not known yet.
void output_reader::add(int index, reply_builder& out) {
  if (items_.size() >= most_items)
    out.fail({.code = errc::too_large,
              .retry = retry_class::maybe_billed,
              .message = "the reply has more output items than the limit of " +
                         std::to_string(most_items)});
  out.break_part();
  items_.emplace_back().index = index;
}

/// Says what the item is, once.
void output_reader::name(std::size_t place, element item, reply_builder& out) {
  open_item& o = items_[place];
  if (o.named) return;
  o.named = true;
  const std::string_view type = text_at(item, "type");
  settle_custom(type == "message", out);
  o.is_call = type == function_call;
  if (o.is_call)
    out.tool_begin(tool_index(place), call_id(item), text_at(item, "name"));
  else if (!has_part(type))
    out.unknown(type.empty() ? "output_item" : type);
}

void output_reader::begin(int index, element item, reply_builder& out) {
  const std::size_t place = find(index);
  if (place == items_.size()) add(index, out);
  name(place, item, out);
}

void output_reader::delta(int index, field what, std::int64_t part, std::string_view text,
                          reply_builder& out) {
  const std::size_t place = find(index);
  if (place == items_.size()) add(index, out);
  open_item& o = items_[place];
  // Arguments of a call whose beginning did not come are read when the item is whole.
  if (text.empty() || (what == field::arguments && !o.is_call)) return;
  o.seen.insert({what, part});
  put(place, what, text, out);
}

void output_reader::put(std::size_t place, field what, std::string_view text, reply_builder& out) {
  switch (what) {
    case field::text:
      return out.text(text);
    case field::refusal:
      return out.refusal(text);
    case field::reasoning:
    case field::summary:
      return out.reasoning(text);
    case field::arguments:
      return out.tool_arguments(tool_index(place), text);
  }
}

/// The whole of the text `nth` of its kind, where no piece of it came before. Texts are told apart
/// by their order: a counter of a delta may begin at 1 (recorded).
void output_reader::repeat(std::size_t place, field what, std::int64_t nth, std::string_view text,
                           reply_builder& out) {
  auto& seen = items_[place].seen;
  const auto known = std::count_if(seen.begin(), seen.end(),
                                   [what](const auto& piece) { return piece.first == what; });
  if (text.empty() || known > nth) return;
  seen.insert({what, -1 - nth});
  put(place, what, text, out);
}

void output_reader::end(int index, element item, reply_builder& out) {
  const std::size_t place = find(index);
  if (place == items_.size()) add(index, out);
  end_at(place, item, out);
}

void output_reader::end_at(std::size_t place, element item, reply_builder& out) {
  if (items_[place].ended) return;
  name(place, item, out);
  items_[place].ended = true;
  const std::string_view type = text_at(item, "type");
  if (type == "message") return message(place, item, out);
  if (type == "reasoning") return reasoning(place, item, out);
  if (type == app_call_type) return app_call(place, item, out);
  if (type == function_call && items_[place].is_call) {
    repeat(place, field::arguments, 0, text_at(item, "arguments"), out);
    return out.tool_end(tool_index(place));
  }
  if (type != custom_tool_call) return opaque(item, out);
  custom_.push_back({tool_index(place), std::string(call_id(item)),
                     std::string(text_at(item, "name")), std::string(text_at(item, "input")),
                     simdjson::minify(item)});
}

void output_reader::message(std::size_t at, element item, reply_builder& out) {
  if (text_at(item, "phase") == "commentary")
    out.note("the model commented before its answer: the comment is part of the text");
  element content, found;
  if (!json::find(item, "content", content)) return;
  if (content.is_string()) return repeat(at, field::text, 0, json::as_text(content), out);
  simdjson::dom::array parts;
  if (content.get(parts)) return;
  std::int64_t texts = 0, refusals = 0;
  for (const element part : parts) {
    const std::string_view type = text_at(part, "type");
    if (type == "output_text")
      repeat(at, field::text, texts++, text_at(part, "text"), out);
    else if (type == "refusal")
      repeat(at, field::refusal, refusals++, text_at(part, "refusal"), out);
    else
      out.note("the reply has content of the kind \"" + std::string(type) + "\": it is not kept");
    if (json::find(part, "logprobs", found)) ark::dialect::read_logprobs(found, out);
  }
  cite(parts, out);
}

/// The item's texts are the last ones of the reply: places in them count from there.
void output_reader::cite(simdjson::dom::array parts, reply_builder& out) {
  std::size_t behind = 0;
  for (const element part : parts)
    if (text_at(part, "type") == "output_text") behind += text_at(part, "text").size();
  const std::size_t size = out.text_size();
  std::size_t from = size - std::min(size, behind);
  for (const element part : parts) {
    if (text_at(part, "type") != "output_text") continue;
    const std::string_view text = text_at(part, "text");
    element found;
    simdjson::dom::array list;
    if (json::find(part, "annotations", found) && !found.get(list))
      for (const element item : list) {
        auto made = ark::dialect::read_annotation(item);
        if (!made) continue;
        ark::dialect::place_by_characters(*made, text, from);
        out.citation(std::move(*made));
      }
    from += text.size();
  }
}

void output_reader::reasoning(std::size_t at, element item, reply_builder& out) {
  for (const auto& [name, what] :
       {std::pair{"summary", field::summary}, std::pair{"content", field::reasoning}}) {
    element list;
    simdjson::dom::array parts;
    if (!json::find(item, name, list) || list.get(parts)) continue;
    std::int64_t place = 0;
    for (const element part : parts) repeat(at, what, place++, text_at(part, "text"), out);
  }
  if (can_go_back(item)) out.reasoning_opaque(simdjson::minify(item));
}

/// The answer of an assistant that the vendor runs behind the model: its blocks are the reply's
/// text and reasoning (Volcengine Ark's SDK types, 2026-11).
void output_reader::app_call(std::size_t at, element item, reply_builder& out) {
  element list;
  simdjson::dom::array blocks;
  if (!json::find(item, "blocks", list) || list.get(blocks)) return;
  std::int64_t texts = 0, thoughts = 0;
  for (const element block : blocks) {
    const std::string_view type = text_at(block, "type");
    if (type == "output_text")
      repeat(at, field::text, texts++, text_at(block, "text"), out);
    else if (type == "reasoning_text")
      repeat(at, field::reasoning, thoughts++, text_at(block, "reasoning_text"), out);
    else
      out.note("the vendor's assistant has a block of the kind \"" + std::string(type) +
               "\": it is not kept");
  }
}

void output_reader::opaque(element item, reply_builder& out) {
  if (is_search(item)) ++web_searches_;
  out.break_part();
  out.reasoning_opaque(simdjson::minify(item));
}

/// A custom call is held until the next item tells whose it is: a vendor lists the calls of its
/// own tools so, and answers after them (recorded at xAI); a caller's tool is not answered yet.
void output_reader::settle_custom(bool answered, reply_builder& out) {
  for (const custom_call& c : custom_) {
    if (answered) {
      out.unknown(custom_tool_call);
      out.break_part();
      out.reasoning_opaque(c.item);
      continue;
    }
    // Its input is plain text: here it becomes an object, as arguments are JSON.
    std::string arguments;
    json::writer(arguments).begin_object().key("input").string(c.input).end_object();
    out.tool_begin(c.index, c.id, c.name);
    out.tool_arguments(c.index, arguments);
    out.tool_end(c.index);
  }
  custom_.clear();
}

void output_reader::end_all(element list, reply_builder& out) {
  simdjson::dom::array items;
  if (list.get(items) != simdjson::SUCCESS) return;
  std::size_t place = 0;
  for (const element item : items) {
    if (out.failure()) return;
    // By place: ids of one item differ from frame to frame at some vendors (recorded).
    if (place == items_.size()) add(static_cast<int>(place), out);
    end_at(place, item, out);
    ++place;
  }
}

void output_reader::finish(reply_builder& out) { settle_custom(false, out); }

}  // namespace ark::adapters::responses
