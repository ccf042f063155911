#pragma once
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "jinja/value.hpp"

/// What a template is parsed to: nodes in the program's arena, with variables already found.
namespace jinja {

struct filter_entry;
struct method_set;
class program;
struct test_entry;
struct unit;

/// Where a variable is: so many units up, in that slot of its frame. Slots of names that nobody
/// sets are filled from the context when they are read first.
struct variable {
  std::uint32_t up = 0, slot = 0;
  bool from_context = true;  ///< if it was not set
};

enum class expr_kind : std::uint8_t {
  constant,
  name,
  tuple,
  list,
  dict,
  condition,
  negate,
  plus,
  logical_not,
  binary,
  concat,
  compare,
  logical_and,
  logical_or,
  attribute,
  item,
  slice,
  call,
  filter,
  test,
};
enum class binary_op : std::uint8_t { add, sub, mul, div, floor_div, mod, pow };
enum class compare_op : std::uint8_t { eq, ne, lt, le, gt, ge, in, not_in };

struct expr;
struct named_expr {
  std::string_view name;
  expr* item = nullptr;
};
/// Arguments that most calls do not have.
struct named_arguments {
  std::span<named_expr> named;
  expr *rest = nullptr, *named_rest = nullptr;  ///< *args, **kwargs
};
struct comparison {
  compare_op op;
  expr* with = nullptr;
};

struct expr {
  expr_kind kind = expr_kind::constant;
  binary_op op = binary_op::add;
  std::uint16_t height = 1;  ///< of the tree below: how deep a walk goes
  std::uint32_t line = 0, offset = 0;
  value constant;
  std::string_view name;  ///< of a variable, an attribute, a filter, a test
  variable where;
  expr *a = nullptr, *b = nullptr, *c = nullptr;  ///< operands; null filters have the block's text
  std::span<expr*> items;                         ///< of containers, positional arguments
  std::span<comparison> comparisons;
  const named_arguments* more = nullptr;  ///< null where a call has none of these
  union {
    const filter_entry* filter = nullptr;
    const test_entry* test;
    const method_set* methods;  ///< what types have under an attribute's name
  };
};

enum class stmt_kind : std::uint8_t {
  output,
  text,
  loop,
  condition,
  set,
  set_block,
  with,
  macro,
  call_block,
  filter_block,
  block,
  extends,
  include,
  import,
  from_import,
  expression,
  break_loop,
  continue_loop,
  autoescape,
  scope,
};

struct stmt;
using body = std::span<stmt*>;
struct branch {
  expr* test = nullptr;
  jinja::body body;
};
/// `a`, `a as b`.
struct imported_name {
  std::string_view name, alias;
  variable where;
};
/// What a target of `set`, `for` or `with` is: names, an attribute of a namespace, tuples of them.
struct target {
  std::string_view name;  ///< "" for a tuple
  std::string_view attribute;
  variable where;
  std::span<target> parts;
  bool exports = false;  ///< set at the top of the template: others see it too
};
/// A variable that a scope sets: what it is when the scope begins.
struct reset {
  std::uint32_t slot = 0;
  bool has_outer = false;
  variable outer;
};
/// Names and where they are, for those who get a copy of all that can be seen.
struct visible_name {
  std::string_view name;
  variable where;
};

struct stmt {
  stmt_kind kind = stmt_kind::text;
  bool flag = false;          ///< recursive; ignore missing; required; conditional extends
  bool with_context = false;  ///< include, import; a block: scoped
  bool uses_loop = false;
  std::uint32_t line = 0, offset = 0;
  value text;             ///< constant output
  std::string_view name;  ///< of a block, macro, module
  expr* a = nullptr;      ///< what is iterated, set, included, filtered, called
  expr* test = nullptr;   ///< of a loop
  jinja::target to;
  std::span<expr*> items;          ///< of an output
  std::span<branch> branches;      ///< of a condition
  std::span<target> targets;       ///< of `with`
  std::span<expr*> values;         ///< of `with`
  std::span<imported_name> names;  ///< of `from`
  jinja::body body, otherwise;
  std::span<reset> resets, otherwise_resets, test_resets;
  std::span<visible_name> visible;
  variable loop;        ///< where `loop` is
  unit* own = nullptr;  ///< of a macro, a call block, a block, a recursive loop
  target test_to;       ///< the loop's target while its test runs
};

struct parameter {
  std::string_view name;
  std::uint32_t slot = 0;
  expr* fallback = nullptr;
};

/// What has a frame of its own when it runs: the template, a block, a macro, a recursive loop.
struct unit {
  std::string_view name;
  const program* home = nullptr;
  unit* outer = nullptr;  ///< whose variables it sees
  std::uint32_t slots = 0;
  bool is_captured = false;  ///< macros inside may be called after it has ended
  std::span<parameter> parameters;
  bool takes_caller = false, takes_kwargs = false, takes_varargs = false;
  std::uint32_t caller_slot = 0, kwargs_slot = 0, varargs_slot = 0;
  std::span<reset> resets;
  jinja::body body;
};

}  // namespace jinja
