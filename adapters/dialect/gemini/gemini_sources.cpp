#include "dialect/gemini/gemini_wire.hpp"
#include "dialect/logprobs.hpp"

namespace ark::adapters::gemini {
namespace {

std::int64_t integer_at(element e, std::string_view name, std::int64_t otherwise) {
  element found;
  return json::find(e, name, found) ? json::as_integer(found, otherwise) : otherwise;
}

/// {startIndex, endIndex, text}: bytes, and 0 is left out. Counted in the part that they stand in,
/// so the text decides where it can.
void place(citation& c, element segment, const std::string& text) {
  const auto size = static_cast<std::int64_t>(text.size());
  const std::int64_t from = integer_at(segment, "startIndex", 0);
  const std::int64_t to = integer_at(segment, "endIndex", -1);
  const std::string_view said = json::text_at(segment, "text");
  if (from < 0 || to <= from) return;
  if (to <= size && (said.empty() ||
                     std::string_view(text).substr(static_cast<std::size_t>(from),
                                                   static_cast<std::size_t>(to - from)) == said)) {
    c.start = from;
    c.end = to;
  } else if (const auto at = text.find(said); !said.empty() && at != text.npos) {
    c.start = static_cast<std::int64_t>(at);
    c.end = c.start + static_cast<std::int64_t>(said.size());
  }
}

/// A chunk is a page of the web or a piece of a document.
citation chunk_of(element chunk) {
  citation made;
  simdjson::dom::object members;
  if (chunk.get(members)) return made;
  for (const auto [kind, body] : members) {
    made.url = json::text_at(body, "uri");
    made.title = json::text_at(body, "title");
    made.text = json::text_at(body, "text");
    made.document_id = json::text_at(body, "documentName");
  }
  return made;
}

/// Supports say where in the reply a chunk is used; a chunk without one is cited all the same.
void read_grounding(element root, const std::string& text, reply_builder& out) {
  element found;
  simdjson::dom::array list, indices;
  std::vector<citation> chunks;
  if (!json::find(root, "groundingChunks", found) || found.get(list)) return;
  for (const element chunk : list) chunks.push_back(chunk_of(chunk));
  std::vector<bool> used(chunks.size());
  if (json::find(root, "groundingSupports", found) && !found.get(list))
    for (const element support : list) {
      element segment;
      const bool has_segment = json::find(support, "segment", segment);
      if (!json::find(support, "groundingChunkIndices", found) || found.get(indices)) continue;
      for (const element index : indices) {
        const auto at = static_cast<std::size_t>(json::as_integer(index, -1));
        if (at >= chunks.size()) continue;
        citation made = chunks[at];
        used[at] = true;
        if (has_segment) place(made, segment, text);
        out.citation(std::move(made));
      }
    }
  for (std::size_t i = 0; i < chunks.size(); ++i)
    if (!used[i]) out.citation(std::move(chunks[i]));
}

/// The two hosts of the family have two names for one list.
void read_recitation(element root, const std::string& text, reply_builder& out) {
  for (const std::string_view name : {"citations", "citationSources"}) {
    element found;
    simdjson::dom::array list;
    if (!json::find(root, name, found) || found.get(list)) continue;
    for (const element item : list) {
      citation made{.url = std::string(json::text_at(item, "uri")),
                    .title = std::string(json::text_at(item, "title"))};
      place(made, item, text);
      out.citation(std::move(made));
    }
  }
}

}  // namespace

void read_sources(const std::string& metadata, reply_builder& out) {
  json::reader reader;
  const auto root = reader.parse(metadata);
  if (!root) return;
  const std::string text = out.reply().text();
  read_grounding(*root, text, out);
  read_recitation(*root, text, out);
}

void read_logprobs(element result, reply_builder& out) {
  constexpr ark::dialect::logprob_names names{.logprob = "logProbability", .bytes = {}};
  element found;
  simdjson::dom::array chosen, top, likeliest;
  if (!json::find(result, "chosenCandidates", found) || found.get(chosen)) return;
  const bool has_top = json::find(result, "topCandidates", found) && !found.get(top);
  std::size_t i = 0;
  for (const element token : chosen) {
    token_logprob made{.chosen = ark::dialect::read_probability(token, names)};
    if (has_top && i < top.size() && json::find(top.at(i), "candidates", found) &&
        !found.get(likeliest))
      for (const element one : likeliest)
        made.top.push_back(ark::dialect::read_probability(one, names));
    ++i;
    out.logprob(std::move(made));
  }
}

}  // namespace ark::adapters::gemini
