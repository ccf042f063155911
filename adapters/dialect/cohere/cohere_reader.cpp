#include "dialect/citations.hpp"
#include "dialect/cohere/cohere_wire.hpp"
#include "dialect/error_table.hpp"
#include "dialect/quirks.hpp"

namespace ark::adapters::cohere {
namespace {

finish_reason finish_of(std::string_view word) {
  if (word == "COMPLETE" || word == "STOP_SEQUENCE") return finish_reason::stop;
  if (word == "MAX_TOKENS") return finish_reason::length;
  if (word == "TOOL_CALL") return finish_reason::tool_calls;
  return finish_reason::other;
}

/// Where in the reply, counted in its characters, and of which sources.
void read_citation(element e, reply_builder& out) {
  element found, document;
  simdjson::dom::array sources;
  const auto place = [&](std::string_view name) {
    return json::find(e, name, found) ? json::as_integer(found, -1) : -1;
  };
  citation made{.start = place("start"), .end = place("end")};
  if (!json::find(e, "sources", found) || found.get(sources)) return out.citation(std::move(made));
  for (const element source : sources) {
    citation one = made;
    one.document_id = json::text_at(source, "id");
    if (json::find(source, "document", document)) {
      one.url = json::text_at(document, "url");
      one.title = json::text_at(document, "title");
      for (const std::string_view name : {"snippet", "text"})
        if (one.text.empty()) one.text = json::text_at(document, name);
    }
    out.citation(std::move(one));
  }
}

void read_tool_calls(element message, reply_builder& out) {
  element list, function;
  simdjson::dom::array calls;
  if (!json::find(message, "tool_calls", list) || list.get(calls)) return;
  int index = 0;
  for (const element item : calls) {
    if (!json::find(item, "function", function)) continue;
    out.tool_begin(index, json::text_at(item, "id"), json::text_at(function, "name"));
    out.tool_arguments(index, json::text_at(function, "arguments"));
    out.tool_end(index++);
  }
}

void read_parts(element content, reply_builder& out) {
  simdjson::dom::array parts;
  if (content.is_string()) out.text(json::as_text(content));
  if (content.get(parts)) return;
  for (const element part : parts) {
    out.break_part();
    if (!read_content(part, out))
      out.note("a part of the reply is of a kind that this version does not know: it is left out");
  }
}

}  // namespace

bool is_filled_list(element holder, std::string_view name) {
  element found;
  simdjson::dom::array items;
  return json::find(holder, name, found) && !found.get(items) && items.size() > 0;
}

bool read_content(element part, reply_builder& out) {
  element found;
  const bool has_text = json::find(part, "text", found);
  if (has_text) out.text(json::as_text(found));
  const bool has_thinking = json::find(part, "thinking", found);
  if (has_thinking) out.reasoning(json::as_text(found));
  return has_text || has_thinking;
}

/// A list, or in a stream one object under the name of a list (recorded).
void read_citations(element holder, reply_builder& out) {
  element found;
  simdjson::dom::array items;
  if (!json::find(holder, "citations", found)) return;
  if (found.is_object()) return read_citation(found, out);
  if (found.get(items)) return;
  for (const element item : items) read_citation(item, out);
}

void place_citations(reply_builder& out) {
  auto& all = out.reply().citations;
  const std::string text = all.empty() ? std::string{} : out.reply().text();
  for (citation& c : all) ark::dialect::place_by_characters(c, text);
}

/// {text, token_ids, logprobs}: several tokens are told as one text, whose probability is theirs
/// together.
void read_logprobs(element holder, reply_builder& out) {
  element found, values;
  simdjson::dom::array items, numbers;
  if (!json::find(holder, "logprobs", found)) return;
  const auto one = [&](element item) {
    token_logprob made{.chosen = {.token = std::string(json::text_at(item, "text"))}};
    if (!json::find(item, "logprobs", values) || values.get(numbers)) return;
    for (const element number : numbers) {
      double value = 0;
      if (!number.get(value)) made.chosen.logprob += value;
    }
    out.logprob(std::move(made));
  };
  if (found.is_object()) return one(found);
  if (found.get(items)) return;
  for (const element item : items) one(item);
}

void read_end(element holder, const vendor& v, reply_builder& out) {
  if (element found; json::find(holder, "usage", found))
    if (const auto u = read_usage(found, out)) out.usage(*u);
  const std::string_view word = json::text_at(holder, "finish_reason");
  if (word.empty()) return;
  const auto mapped = ark::dialect::quirk_view(v).finish(word);
  if (!mapped && (word == "ERROR" || word == "TIMEOUT")) {
    const std::string_view type = json::text_at(holder, "error_type");
    error e{.http_status = 200,
            .vendor_message = std::string(json::text_at(holder, "error")),
            .vendor_code = std::string(type.empty() ? word : type)};
    set_meaning(e, v);
    return out.fail(std::move(e));
  }
  out.finish(mapped.value_or(finish_of(word)), word);
}

bool read_reply(element root, const vendor& v, reply_builder& out) {
  element message, content;
  if (!json::find(root, "message", message) || !message.is_object()) return false;
  out.started(json::text_at(root, "id"), {});
  if (json::find(message, "content", content)) read_parts(content, out);
  out.break_part();
  out.reasoning(json::text_at(message, "tool_plan"));
  read_tool_calls(message, out);
  read_citations(message, out);
  place_citations(out);
  cohere::read_logprobs(root, out);
  read_end(root, v, out);
  return true;
}

}  // namespace ark::adapters::cohere
