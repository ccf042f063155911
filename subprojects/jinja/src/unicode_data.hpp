#pragma once
#include <cstdint>
#include <span>

/// Tables that tools/make_unicode.py writes.
namespace jinja::unicode::data {

enum property : std::uint16_t {
  alpha = 1,
  decimal = 2,
  digit = 4,
  numeric = 8,
  space = 16,
  upper = 32,
  lower = 64,
  title = 128,
  cased = 256,
  case_ignorable = 512,
  printable = 1024,
  id_start = 2048,
  id_part = 4096,
};
/// Each run of code points with equal properties: where it begins, and they.
struct run {
  std::uint32_t first : 21;
  std::uint32_t : 11;
  std::uint16_t properties;
};
/// Code points first, first + step, ... last map to themselves + delta.
struct mapping {
  std::uint32_t first, last;
  std::int32_t delta;
  std::uint32_t step;
};
/// A code point that maps to several.
struct expansion {
  std::uint32_t from;
  std::uint32_t to[3];
};
std::span<const run> runs() noexcept;
enum class table : std::uint8_t { upper, lower, title, fold };
std::span<const mapping> mappings(table which) noexcept;
std::span<const expansion> expansions(table which) noexcept;

}  // namespace jinja::unicode::data
