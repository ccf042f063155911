#include "dialect/rerank.hpp"

#include <algorithm>
#include <set>

namespace ark::dialect {
namespace {

constexpr std::string_view reserved[] = {"model", "query", "documents"};

result<void> check(const rerank_call& c) {
  const auto refused = [](std::string message) {
    return error{.code = errc::invalid_request, .message = std::move(message)};
  };
  if (c.query.empty()) return refused("a rerank call needs a query");
  if (c.documents.empty()) return refused("a rerank call needs at least one document");
  if (c.top_n && *c.top_n < 1) return refused("top_n must be at least 1: leave it out for all");
  return {};
}

error bad_ranking(std::string what) {
  return {.code = errc::protocol,
          .retry = retry_class::maybe_billed,
          .message = "the vendor's answer is no ranking of the documents: " + std::move(what)};
}

}  // namespace

error no_rerank(const vendor& v) {
  return {.code = errc::unsupported,
          .message = "vendor \"" + v.name + "\" has no rerank: choose another vendor"};
}

result<encoded> write_rerank(const rerank_call& c, std::string_view model, const quirk_view& quirks,
                             std::string target, std::span<const std::string_view> family) {
  if (auto ok = check(c); !ok) return ok.error();
  encoded made;
  made.request.target = std::move(target);
  json::writer w(made.request.body);
  w.begin_object().key("model").string(model).key("query").string(c.query);
  w.key("documents").begin_array();
  for (const std::string& document : c.documents) w.string(document);
  w.end_array();
  parameter_gate gate(quirks, family, w, made.notes);
  if (c.top_n) gate.integer("top_n", *c.top_n);
  gate.extras(c.extra, reserved);
  if (auto ended = gate.outcome(); !ended) return ended.error();
  w.end_object();
  made.request.headers.push_back({"content-type", "application/json"});
  quirks.add_headers(made.request.headers);
  return made;
}

result<std::vector<ranked_document>> read_ranking(json::element root, std::size_t documents) {
  json::element list, field;
  simdjson::dom::array items;
  if ((!json::find(root, "results", list) && !json::find(root, "data", list)) || list.get(items))
    return bad_ranking("it has no list of results");
  std::vector<ranked_document> out;
  std::set<std::size_t> seen;
  for (const json::element item : items) {
    ranked_document next;
    if (!json::find(item, "relevance_score", field) || field.get(next.score))
      return bad_ranking("a result has no score");
    std::uint64_t index = 0;
    if (!json::find(item, "index", field) || field.get(index) || index >= documents)
      return bad_ranking("a result's index names none of them");
    next.index = index;
    if (!seen.insert(next.index).second)
      return bad_ranking("document " + std::to_string(index) + " is in it twice");
    out.push_back(next);
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const auto& a, const auto& b) { return a.score > b.score; });
  return out;
}

}  // namespace ark::dialect
