#pragma once
#include "base/json_reader.hpp"
#include "dialect/dialect.hpp"

#include <functional>
#include <string_view>
#include <vector>

/// What the families' embeddings have in common. Pure.
namespace ark::dialect {

/// errc::unsupported where the row says that the vendor has none ("-"), errc::invalid_request for a
/// call without inputs, or with a part that is neither text nor media. Inputs of parts are
/// errc::unsupported unless `takes_parts`.
result<void> check_embed(const embed_call& c, const vendor& v, bool takes_parts = false);

/// A list of numbers; false if it is none.
bool read_vector(json::element list, std::vector<float>& out);
/// A list of lists of numbers.
bool read_vectors(json::element lists, std::vector<std::vector<float>>& out);

/// The members of an item that say which input a vector belongs to, and the vector.
struct vector_members {
  std::string_view index, vector;
};
using vector_reader = std::function<bool(json::element, std::vector<float>&)>;
/// A list of items in the order of their inputs, whatever the list's own; an item without index
/// stands at its place. False for an index that is out of range or comes twice, or without vector.
bool read_indexed_vectors(json::element items, const vector_members& names,
                          std::vector<std::vector<float>>& out,
                          const vector_reader& read = read_vector);

}  // namespace ark::dialect
