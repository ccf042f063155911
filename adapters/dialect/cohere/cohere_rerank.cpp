#include "dialect/cohere/cohere_wire.hpp"
#include "dialect/rerank.hpp"

namespace ark::adapters::cohere {
namespace {

constexpr std::string_view rerank_parameters[] = {"top_n", "max_tokens_per_doc", "priority"};

}  // namespace

result<encoded> encode_rerank(const rerank_call& c, std::string_view model, const vendor& v) {
  if (v.rerank_path == "-") return ark::dialect::no_rerank(v);
  const ark::dialect::quirk_view quirks(v);
  const std::string path = v.rerank_path.empty() ? "/v2/rerank" : v.rerank_path;
  return ark::dialect::write_rerank(c, model, quirks, quirks.target(path), rerank_parameters);
}

result<rerank_reply> decode_rerank(const answer& a, const vendor& v, std::size_t documents) {
  json::reader reader;
  const auto root = reader.parse(a.body);
  if (!root || !root->is_object()) return not_ours(a);
  if (!json::text_at(*root, "message").empty()) return decode_failure(a, v);
  auto ranking = ark::dialect::read_ranking(*root, documents);
  if (!ranking) return ranking.error();
  rerank_reply made;
  made.results = std::move(*ranking);
  reply_builder notes;
  read_meta(*root, a, notes, made);
  return made;
}

}  // namespace ark::adapters::cohere
