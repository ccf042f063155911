#pragma once
#include <ark/error.hpp>
#include <jinja/arena.hpp>
#include <jinja/value.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "prompt/handlebars.hpp"

namespace ark::prompt::handlebars {

/// Thrown inside of this engine and caught where it is entered: what is wrong, and where in the
/// source. It has no other way through expressions inside of expressions.
struct failure {
  std::size_t at = 0;
  std::string why;
  errc code = errc::config;
};

/// Blocks, sub-expressions and chains inside of each other, in one body.
inline constexpr std::uint32_t most_nesting = 100;

enum class helper : std::uint8_t {
  none,
  // blocks
  if_,
  unless,
  each,
  with,
  if_equals,
  unless_equals,
  // values and marks
  lookup,
  log,
  json,
  role,
  history,
  media,
  section,
};
helper helper_called(std::string_view name) noexcept;
bool is_block_helper(helper which) noexcept;
bool is_mark_helper(helper which) noexcept;

struct expression {
  enum class kind : std::uint8_t { literal, path, call };
  kind what = kind::path;
  helper run = helper::none;  ///< of a call
  bool is_data = false;       ///< `@name`
  bool is_plain = false;      ///< one name without a scope: may be a helper or a block's parameter
  bool is_parameter = false;  ///< its first name is a block's parameter
  std::uint32_t up = 0;       ///< how many `../` it begins with
  std::size_t at = 0;
  jinja::value literal{};
  std::vector<std::string_view> segments{};  ///< of a path; none: `this`
  std::vector<expression> parameters{};      ///< of a call
  std::vector<std::pair<std::string_view, expression>> named{};
};

struct node {
  enum class kind : std::uint8_t {
    text,
    print,     ///< `{{x}}`
    block,     ///< Handlebars: helpers and sections
    section,   ///< mustache: `{{#x}}`, `{{^x}}`
    partial,   ///< `{{> x}}`; mustache: `{{< x}}` too
    override_  ///< mustache: `{{$ x}}`
  };
  /// One of a block's `{{#..}}` and `{{else ..}}`.
  struct branch {
    expression head;
    std::vector<std::string_view> parameters{};  ///< `as |a b|`
    std::vector<node> body{};
  };
  kind what = kind::text;
  bool is_escaped = false;     ///< HTML
  bool is_inverted = false;    ///< a section
  bool at_line_start = false;  ///< text: its first byte is a line's first
  bool is_standalone = false;
  std::size_t at = 0;
  std::string_view text{};    ///< also the name of a partial or an override
  std::string_view indent{};  ///< before a standalone tag; what an override is indented by
  expression head{};          ///< of a partial: a call with its arguments
  std::vector<expression> dynamic_name{};  ///< of a partial: one or none
  std::vector<branch> branches{};
  std::vector<node> body{};       ///< of a section, an override
  std::vector<node> otherwise{};  ///< of a block
  /// Of `{{< x}}`: what it overrides, by name.
  std::map<std::string_view, const node*> overrides{};
};

/// A compiled body with all that its nodes borrow.
struct parsed {
  std::string source;
  std::string name;
  std::uint32_t first_line = 1;
  dialect how = dialect::handlebars;
  jinja::arena strings{};
  std::vector<node> body{};
};

/// The error that a person reads.
error error_of(const parsed& in, const failure& what);

/// A piece of the source: text or a tag.
struct token {
  bool is_tag = false;
  /// '=': plain. `{{#x}}` '#', `{{/x}}` '/', `{{^x}}` '^', `{{else..}}` 'e', `{{>x}}` '>',
  /// `{{{x}}}` and `{{&x}}` '&', mustache's `{{$x}}` '$' and `{{<x}}` '<'; comments and changes of
  /// delimiters '!'.
  char sigil = '=';
  bool is_standalone = false;
  bool at_line_start = false;
  bool trims_left = false, trims_right = false;
  std::size_t at = 0;
  std::string_view text{};    ///< text; or what is inside of the tag
  std::string_view indent{};  ///< before a standalone tag
};
/// The tokens with all white space gone that their tags take away. Throws `failure`.
std::vector<token> scan(std::string_view source, dialect how);

/// What stands in a Handlebars tag.
struct tag_content {
  std::string_view original;  ///< of the head, for the closing tag
  expression head;            ///< a path, or a call
  std::vector<std::string_view> block_parameters{};
};
struct reading {
  std::string_view source;
  jinja::arena& strings;
  /// Names of block parameters that are in scope.
  const std::vector<std::string_view>& scope;
};
/// Of `{{..}}`, `{{#..}}`, `{{else ..}}`.
tag_content read_tag(const reading& in, const token& from, bool is_block);
/// Of `{{> name context key=value}}`, into `made`.
void read_partial(const reading& in, const token& from, node& made);
/// A mustache name: "a.b.c", ".".
expression read_name(std::string_view source, std::string_view name);

/// Fills `in.body`. Throws `failure`.
void parse(parsed& in);
/// Mustache: takes the indentation out of what overrides, and says by what it is indented.
void settle_indentation(parsed& in);

}  // namespace ark::prompt::handlebars
