#include "dialect/embeddings.hpp"

#include "dialect/media.hpp"

#include <algorithm>

namespace ark::dialect {
namespace {

bool is_embeddable(const std::vector<part>& input) {
  return !input.empty() && std::all_of(input.begin(), input.end(), [](const part& p) {
    return std::holds_alternative<text_part>(p) || is_media(p);
  });
}

}  // namespace

result<void> check_embed(const embed_call& c, const vendor& v, bool takes_parts) {
  if (v.embed_path == "-")
    return error{.code = errc::unsupported,
                 .message = "vendor \"" + v.name + "\" has no embeddings: choose another vendor"};
  if (!c.parts.empty() && !takes_parts)
    return error{.code = errc::unsupported,
                 .message = "vendor \"" + v.name +
                            "\" embeds texts only here: give texts, or choose another vendor"};
  if (!std::all_of(c.parts.begin(), c.parts.end(), is_embeddable))
    return error{.code = errc::invalid_request,
                 .message = "an input of parts holds texts, images and other media, at least one"};
  if (!c.input.empty() || !c.parts.empty()) return {};
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
