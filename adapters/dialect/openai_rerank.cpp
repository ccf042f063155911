#include "dialect/openai_wire.hpp"
#include "dialect/rerank.hpp"

namespace ark::adapters::openai {
namespace {

constexpr std::string_view rerank_parameters[] = {"top_n", "return_documents"};

}  // namespace

result<encoded> encode_rerank(const rerank_call& c, std::string_view model, const vendor& v) {
  const quirk_view quirks(v);
  // The family's own vendor has none.
  const std::string path = v.rerank_path.empty() ? "-" : v.rerank_path;
  auto target = target_of(quirks, path, {}, model, "rerank");
  if (!target) return target.error();
  return ark::dialect::write_rerank(c, model, quirks, std::move(*target), rerank_parameters);
}

result<rerank_reply> decode_rerank(const answer& a, const vendor& v, std::size_t documents) {
  json::reader reader;
  const auto root = reader.parse(a.body);
  if (!root || !root->is_object()) return not_ours(a);
  const quirk_view quirks(v);
  if (is_error(*root, quirks)) return decode_failure(a, v);
  auto ranking = ark::dialect::read_ranking(*root, documents);
  if (!ranking) return ranking.error();
  rerank_reply made;
  made.results = std::move(*ranking);
  read_rest(*root, a, quirks, made);
  return made;
}

}  // namespace ark::adapters::openai
