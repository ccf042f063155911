#pragma once
#include "base/json_reader.hpp"
#include "dialect/dialect.hpp"
#include "dialect/quirks.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Reranking as all families have it that can: the form is one vendor's, whom the others follow
/// (recorded of three, 2026-11). Pure.
namespace ark::dialect {

/// errc::unsupported.
error no_rerank(const vendor& v);

/// {model, query, documents, top_n} and the parameters of `extra` that the row, or `family`, takes.
/// errc::invalid_request without a query or documents, and for a `top_n` below 1, which one server
/// answers with nothing (recorded).
result<encoded> write_rerank(const rerank_call& c, std::string_view model, const quirk_view& quirks,
                             std::string target, std::span<const std::string_view> family);

/// `results` or `data` of an answer: {index, relevance_score} each. Best first, whatever the
/// vendor's order; scores as they are. errc::protocol for no such list, for an index that is not
/// below `documents`, and for one that comes twice.
result<std::vector<ranked_document>> read_ranking(json::element root, std::size_t documents);

}  // namespace ark::dialect
