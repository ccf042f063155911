#pragma once
#include "base/json_reader.hpp"
#include "dialect/reply_builder.hpp"

#include <ark/reply.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace ark::dialect {

/// Where character `n` (a Unicode code point) of `text` begins, in bytes; its size for the place
/// behind the last one, -1 beyond.
std::int64_t byte_of_character(std::string_view text, std::int64_t n) noexcept;

/// `c.start` and `c.end` count characters of `text`, which begins at byte `from` of the reply's:
/// makes bytes of them; both -1 where they name no part of it.
void place_by_characters(citation& c, std::string_view text, std::size_t from = 0) noexcept;

/// An annotation of the kind "url_citation", "file_citation", "container_file_citation",
/// "doc_citation" or "file_path", its members beside the type or in an object of its name. Places
/// count characters, -1 where none are said. Nothing for other kinds.
std::optional<citation> read_annotation(json::element item);

/// What a reply cites, as its frames say it, one after the other; told at its end, when the text is
/// whole. Annotations that come again are the same.
class cited_sources {
 public:
  void annotations(json::element list);
  /// Lists of the whole reply, the last of which counts: `name` "citations" has URLs, any other
  /// objects {url, title, snippet}, or documents {doc_id, doc_title, summary}.
  void list(std::string_view name, json::element items);
  /// Annotations; without them the URLs in their order, which the numbers in the text follow, with
  /// what the other list says of them. Not `placed`: the text's places are not known.
  void put(bool placed, reply_builder& out);

 private:
  std::vector<citation> annotations_, urls_, results_;
};

}  // namespace ark::dialect
