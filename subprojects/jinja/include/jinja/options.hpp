#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace jinja {

/// What happens to a name that has no value (Jinja2's Undefined, StrictUndefined, ...).
enum class undefined_policy : std::uint8_t { lenient, strict, chainable, debug };
/// What templates may change of lists and dicts (Jinja2's three environments).
enum class mutation : std::uint8_t {
  everything,  ///< Environment
  safe,        ///< SandboxedEnvironment
  nothing,     ///< ImmutableSandboxedEnvironment
};

/// What begins and ends a tag.
struct syntax {
  std::string block_begin = "{%", block_end = "%}";
  std::string variable_begin = "{{", variable_end = "}}";
  std::string comment_begin = "{#", comment_end = "#}";
  std::string line_statement{};  ///< "": there are none
  std::string line_comment{};
  std::string newline = "\n";
};

/// A tag of the caller's own: `{% name ARGUMENTS %}`, or `{% name ARGUMENTS %}...{% endname %}`, a
/// scope. It runs the function that the environment has for it, and then the one for its end
/// (`environment::add_tag`), and prints what they give: marks, as a rule.
struct tag {
  std::string name;
  bool has_end = false;
};

/// What one rendering may use; more is an error of kind `limit`.
struct limits {
  std::uint64_t steps = 50'000'000;  ///< expressions and statements
  std::size_t output_bytes = std::size_t{64} << 20;
  std::size_t memory_bytes = std::size_t{512} << 20;
  std::size_t range = 100'000;  ///< `range()`; 0: none of its own
  std::uint32_t depth = 200;    ///< macros, includes and blocks inside of each other
  std::uint32_t nesting = 200;  ///< of a template's own text
  /// Of the thread that renders. Much less than it has: a last step beyond it is not counted.
  std::size_t stack_bytes = std::size_t{1} << 20;
};

struct options {
  bool trim_blocks = false, lstrip_blocks = false, keep_trailing_newline = false;
  bool autoescape = false;
  bool loop_controls = false;  ///< `break` and `continue`
  bool do_statement = false;
  bool generation = false;  ///< `{% generation %}`, of chat templates
  bool debug_statement = false;
  bool translations = false;  ///< `{% trans %}`
  undefined_policy undefined = undefined_policy::lenient;
  jinja::mutation mutation = mutation::nothing;
  std::vector<tag> tags{};
  jinja::syntax syntax{};
  jinja::limits limits{};
};

}  // namespace jinja
