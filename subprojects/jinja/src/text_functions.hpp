#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "machine.hpp"

/// What filters and methods of text share.
namespace jinja::texts {

/// A line of a text: where it begins, where it ends, where the next begins.
struct line {
  std::size_t begin = 0, end = 0, next = 0;
};
/// As string_view's, in linear time whatever the texts are.
std::size_t find(std::string_view in, std::string_view what, std::size_t from = 0) noexcept;
/// The last one that begins at `from` or before; the time that it may take is counted as steps.
std::size_t rfind(machine& m, std::string_view in, std::string_view what,
                  std::size_t from = std::string_view::npos);
/// Python's splitlines().
std::vector<line> split_lines(std::string_view text);
std::vector<std::string> words(std::string_view text);

enum class side : std::uint8_t { left, right, both };  ///< where the padding goes
value padded(machine& m, const value& text, std::int64_t width, std::string_view fill, side where);
value stripped(machine& m, const value& text, const value& chars, bool left, bool right);
value replaced(machine& m, const value& text, const value& old, const value& with,
               std::int64_t count);
/// urllib.parse.quote; in a query, spaces are "+" and slashes are quoted.
std::string quoted(std::string_view text, bool in_query);
std::string without_tags(std::string_view html);
std::string unescaped_html(std::string_view html);
/// textwrap.wrap of each line.
std::string wrapped(std::string_view text, std::int64_t width, bool break_long_words,
                    std::string_view between, bool break_on_hyphens);

struct link_options {
  std::int64_t limit = -1;  ///< code points of a link's text; -1: any
  std::string rel, target;
  std::vector<std::string> schemes;  ///< that make a link of whatever begins with them
};
/// Escaped text with links where addresses are.
std::string with_links(const std::string& escaped, const link_options& how);

}  // namespace jinja::texts
