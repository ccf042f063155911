#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// A leaf page of a table, and the rows on it, from bytes that may be damaged anywhere
/// (https://www.sqlite.org/fileformat2.html). Every length is bounded by what is there.
namespace ark::detail {

inline std::uint32_t big_endian_32(std::string_view bytes, std::size_t at) noexcept {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i)
    value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}
/// A power of two from 512 to 65,536.
bool is_page_size(std::size_t size) noexcept;

/// A row's bytes, as far as they lie on the page, and where the rest begins.
struct leaf_cell {
  std::int64_t key = 0;
  std::size_t size = 0;  ///< of the row, whole
  std::string_view local{};
  std::uint32_t overflow = 0;  ///< the page where it goes on; 0: it does not
};
/// The cells in order; nothing for one that cannot be. No cells if it is no leaf of a table.
/// `first` page: its first 100 bytes are the file's head.
std::vector<std::optional<leaf_cell>> leaf_cells(std::string_view page, bool is_first);

/// Nothing where there is no such page. Valid until the next call.
using page_reader = std::function<std::string_view(std::uint32_t page)>;
/// All of the row's bytes; fewer pages than it has bytes for are an end.
std::optional<std::string> row_bytes(const leaf_cell& cell, const page_reader& read);

struct stored_value {
  enum class type : std::uint8_t { null, integer, real, text, blob };
  type kind = type::null;
  std::int64_t number = 0;
  std::string_view bytes{};  ///< of the row's
};
/// The row's columns, its key among them as NULL. Nothing if the bytes are no row.
std::optional<std::vector<stored_value>> row_values(std::string_view row);

}  // namespace ark::detail
