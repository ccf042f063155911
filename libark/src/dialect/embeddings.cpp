#include "dialect/embeddings.hpp"

namespace ark::dialect {

result<void> check_embed(const embed_call& c, const vendor& v) {
  if (v.embed_path == "-")
    return error{.code = errc::unsupported,
                 .message = "vendor \"" + v.name + "\" has no embeddings: choose another vendor"};
  if (!c.input.empty()) return {};
  return error{.code = errc::invalid_request,
               .message = "an embeddings call needs at least one input"};
}

bool read_vector(json::element list, std::vector<float>& out) {
  simdjson::dom::array numbers;
  if (list.get(numbers) != simdjson::SUCCESS) return false;
  out.reserve(numbers.size());
  for (const json::element n : numbers) {
    double value = 0;
    if (n.get(value) != simdjson::SUCCESS) return false;
    out.push_back(static_cast<float>(value));
  }
  return true;
}

bool read_vectors(json::element lists, std::vector<std::vector<float>>& out) {
  simdjson::dom::array items;
  if (lists.get(items) != simdjson::SUCCESS) return false;
  for (const json::element item : items)
    if (!read_vector(item, out.emplace_back())) return false;
  return true;
}

bool read_indexed_vectors(json::element items, const vector_members& names,
                          std::vector<std::vector<float>>& out, const vector_reader& read) {
  simdjson::dom::array list;
  if (items.get(list) != simdjson::SUCCESS) return false;
  const std::size_t count = list.size();
  out.resize(count);
  std::vector<bool> seen(count);
  std::size_t position = 0;
  for (const json::element item : list) {
    json::element index, vector;
    const auto at = json::find(item, names.index, index)
                        ? static_cast<std::size_t>(json::as_integer(index, -1))
                        : position;
    ++position;
    if (at >= count || seen[at] || !json::find(item, names.vector, vector) ||
        !read(vector, out[at]))
      return false;
    seen[at] = true;
  }
  return true;
}

}  // namespace ark::dialect
