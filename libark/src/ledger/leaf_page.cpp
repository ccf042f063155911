#include "ledger/leaf_page.hpp"

#include <algorithm>
#include <bit>

namespace ark::detail {
namespace {

constexpr unsigned char table_leaf = 13;
constexpr std::size_t file_head_bytes = 100;
constexpr std::size_t leaf_head_bytes = 8;
/// Longer than any row of a ledger: an intent has at most 64 KiB of text before it is JSON.
constexpr std::size_t row_bytes_max = 1u << 20;
constexpr std::size_t columns_max = 2000;

unsigned byte_at(std::string_view bytes, std::size_t at) noexcept {
  return static_cast<unsigned char>(bytes[at]);
}

std::size_t big_endian_16(std::string_view bytes, std::size_t at) noexcept {
  return byte_at(bytes, at) << 8 | byte_at(bytes, at + 1);
}

/// SQLite's integer of one to nine bytes; moves `at` behind it.
std::optional<std::uint64_t> varint(std::string_view bytes, std::size_t& at) noexcept {
  std::uint64_t value = 0;
  for (int i = 0; i < 9; ++i) {
    if (at >= bytes.size()) return std::nullopt;
    const unsigned byte = byte_at(bytes, at++);
    if (i == 8) return value << 8 | byte;
    value = value << 7 | (byte & 0x7f);
    if ((byte & 0x80) == 0) return value;
  }
  return value;
}

/// How much of a row of this size lies on its leaf.
std::size_t local_bytes(std::size_t size, std::size_t page_size) noexcept {
  const std::size_t most = page_size - 35;
  if (size <= most) return size;
  const std::size_t least = (page_size - 12) * 32 / 255 - 23;
  const std::size_t fits = least + (size - least) % (page_size - 4);
  return fits <= most ? fits : least;
}

std::optional<leaf_cell> cell_at(std::string_view page, std::size_t at) {
  const auto size = varint(page, at);
  const auto key = size ? varint(page, at) : std::nullopt;
  if (!key || *size > row_bytes_max) return std::nullopt;
  leaf_cell cell{.key = static_cast<std::int64_t>(*key), .size = *size};
  const std::size_t local = local_bytes(cell.size, page.size());
  const bool goes_on = local < cell.size;
  if (at + local + (goes_on ? 4 : 0) > page.size()) return std::nullopt;
  cell.local = page.substr(at, local);
  if (goes_on) cell.overflow = big_endian_32(page, at + local);
  return cell;
}

/// The bytes of a value of this serial type; nothing for a type that is none.
std::optional<std::size_t> bytes_of_type(std::uint64_t type) noexcept {
  constexpr std::size_t sizes[] = {0, 1, 2, 3, 4, 6, 8, 8, 0, 0};
  if (type < std::size(sizes)) return sizes[type];
  if (type < 12 || type > 2 * row_bytes_max) return std::nullopt;
  return (type - 12) / 2;
}

stored_value value_of(std::uint64_t type, std::string_view bytes) noexcept {
  using kind = stored_value::type;
  if (type == 0) return {};
  if (type == 7) return {.kind = kind::real};
  if (type >= 12) return {.kind = type % 2 == 0 ? kind::blob : kind::text, .bytes = bytes};
  if (type >= 8) return {.kind = kind::integer, .number = type == 9 ? 1 : 0};
  std::uint64_t number = (byte_at(bytes, 0) & 0x80) != 0 ? ~std::uint64_t{0} : 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) number = number << 8 | byte_at(bytes, i);
  return {.kind = kind::integer, .number = static_cast<std::int64_t>(number)};
}

}  // namespace

bool is_page_size(std::size_t size) noexcept {
  return size >= 512 && size <= 65'536 && std::has_single_bit(size);
}

std::vector<std::optional<leaf_cell>> leaf_cells(std::string_view page, bool is_first) {
  std::vector<std::optional<leaf_cell>> cells;
  const std::size_t head = is_first ? file_head_bytes : 0;
  if (page.size() < 512 || byte_at(page, head) != table_leaf) return cells;
  const std::size_t pointers = head + leaf_head_bytes;
  const std::size_t count = std::min(big_endian_16(page, head + 3), (page.size() - pointers) / 2);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t at = big_endian_16(page, pointers + 2 * i);
    cells.push_back(at < pointers ? std::nullopt : cell_at(page, at));
  }
  return cells;
}

std::optional<std::string> row_bytes(const leaf_cell& cell, const page_reader& read) {
  std::string bytes(cell.local);
  std::uint32_t next = cell.overflow;
  while (bytes.size() < cell.size) {
    const std::string_view page = next == 0 ? std::string_view() : read(next);
    if (page.size() < 512) return std::nullopt;
    next = big_endian_32(page, 0);
    bytes += page.substr(4, cell.size - bytes.size());
  }
  return bytes;
}

std::optional<std::vector<stored_value>> row_values(std::string_view row) {
  std::size_t at = 0;
  const auto head = varint(row, at);
  if (!head || *head > row.size() || *head > 9 * columns_max) return std::nullopt;
  std::vector<stored_value> values;
  std::size_t body = *head;
  while (at < *head) {
    const auto type = varint(row, at);
    const auto bytes = type ? bytes_of_type(*type) : std::nullopt;
    if (!bytes || *bytes > row.size() - body || values.size() == columns_max) return std::nullopt;
    values.push_back(value_of(*type, row.substr(body, *bytes)));
    body += *bytes;
  }
  if (at != *head) return std::nullopt;
  return values;
}

}  // namespace ark::detail
