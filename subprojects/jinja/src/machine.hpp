#pragma once
#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "ast.hpp"
#include "failure.hpp"
#include "jinja/environment.hpp"
#include "program.hpp"
#include "registry.hpp"
#include "text.hpp"
#include "undefined.hpp"

namespace jinja {

class loop_state;
class machine;

/// The variables of one running unit.
struct frame {
  const unit* of = nullptr;
  frame* outer = nullptr;
  value* slots = nullptr;
};

/// The templates' blocks by name, the most derived first.
using block_table = std::unordered_map<std::string_view, std::vector<const stmt*>>;

/// What a template can see that no statement of its own set, and what it sets for others.
struct context {
  const program* of = nullptr;
  dict* set = nullptr;             ///< at the top of the template
  const context* outer = nullptr;  ///< of who includes it, or of the template around a block
  const dict* locals = nullptr;    ///< of who includes it
  const dict* given = nullptr;     ///< the caller's
  std::vector<std::string_view>* exported = nullptr;
  block_table* blocks = nullptr;
  std::string_view block{};     ///< the block that runs
  std::size_t block_index = 0;  ///< which of those with its name
};

enum class flow : std::uint8_t { on, broken, continued };

/// One rendering: walks the nodes of a program. Filters, tests and methods are functions of it.
class machine final : public rendering {
 public:
  machine(const environment& in, const limits& most);
  machine(const machine&) = delete;

  /// Renders a program to `out`.
  void run(const program& of, const dict& given, text_builder& out, bool tells_origins,
           const void* caller);
  text_budget& budget() noexcept { return budget_; }

  arena& memory() noexcept override { return memory_; }
  [[noreturn]] void fail(failure_kind kind, std::string message) override;
  void step(std::uint64_t many = 1) override {
    if ((steps_ += many) > limits_.steps) too_much("steps");
  }
  /// Work that grows with a text's length.
  void step_over(std::size_t bytes) {
    constexpr std::size_t bytes_a_step = 16;
    if (bytes >= bytes_a_step) step(bytes / bytes_a_step);
  }
  const void* caller() const noexcept override { return caller_; }
  const options& how() const noexcept { return how_; }
  const environment& env() const noexcept { return env_; }
  const limits& most() const noexcept { return limits_; }
  bool escapes() const noexcept { return autoescape_; }
  /// The context is a copy that templates may change.
  bool owns_context() const noexcept { return owns_context_; }

  // values (machine_values.cpp)
  bool truth(const value& v);
  std::string_view type_name(const value& v) const;
  value attribute(const value& of, std::string_view name, const method_set* known = nullptr);
  value item(const value& of, const value& key);
  value sliced(const value& of, const value& from, const value& to, const value& step);
  value undefined(undefined_reason why, std::string_view name, value subject = {}, value key = {});
  [[noreturn]] void fail_undefined(const value& v);
  std::string undefined_message(const value& v);
  /// An undefined value that may only be tested. What an inline `if` without `else` gives never is.
  bool is_strict(const value& v) const noexcept {
    return how_.undefined == undefined_policy::strict &&
           v.why().reason != undefined_reason::condition;
  }
  bool is_chainable(const value& v) const noexcept {
    return how_.undefined == undefined_policy::chainable &&
           v.why().reason != undefined_reason::condition;
  }
  std::size_t length(const value& v);
  /// Calls `each` with what iterating gives, until it says false.
  template <class Each>
  void iterate(const value& v, Each&& each);
  const iterator* iterator_of(const value& v);
  list* to_list(const value& v);
  value call(const value& callee, const arguments& given);
  bool is_callable(const value& v) const;
  value text_of(std::string_view made) { return value::of(memory_.copy(made)); }

  // printing (printing.cpp)
  void print(text_builder& to, const value& v);  ///< str(v)
  void repr(text_builder& to, const value& v, int depth = 0);
  value str(const value& v);
  std::string str_bytes(const value& v);
  std::string repr_bytes(const value& v);
  value escaped(const value& v);  ///< Markup.escape
  void output(text_builder& to, const value& v);

  // operators (operators.cpp)
  value binary(binary_op op, const value& a, const value& b);
  value negated(const value& v);
  value positive(const value& v);
  bool equals(const value& a, const value& b);
  bool less(const value& a, const value& b, std::string_view op = "<");
  int compare(const value& a, const value& b, std::string_view op);
  bool contains(const value& in, const value& what);

  // what filters need
  const filter_entry* filter_named(std::string_view name);
  value apply_filter(const filter_entry& f, const call_of& c);
  bool apply_test(const test_entry& t, const call_of& c);
  text_builder& borrow();
  void give_back() noexcept { builders_[--builders_used_]->clear(); }
  value call_macro(const unit& u, frame* outer, const context& in, const arguments& given);
  value call_loop(const stmt& loop, frame* outer, const context& in, const value& over,
                  std::uint32_t depth);
  value render_block(const context& in, std::string_view name, std::size_t index);
  const context* module_of(const program& of, const context& in, bool with_context,
                           const dict* locals, value& text);

 private:
  void render(const program& of, const dict& given, text_builder& out);
  friend class macro;
  friend class block_reference;
  [[noreturn]] void too_much(std::string_view what);
  struct deeper {
    explicit deeper(machine& m) : of(m) {
      if (++of.depth_ > of.limits_.depth) of.too_deep();
    }
    ~deeper() { --of.depth_; }
    machine& of;
  };
  [[noreturn]] void too_deep();

  // expressions (machine_expressions.cpp)
  value eval(const expr& e, frame& f, const context& c);
  /// As `eval`; a constant is there already.
  value operand(const expr& e, frame& f, const context& c) {
    if (e.kind != expr_kind::constant) return eval(e, f, c);
    step();
    return e.constant;
  }
  value eval_name(const expr& e, frame& f, const context& c);
  value lookup(const variable& where, std::string_view name, frame& f, const context& c);
  value from_context(std::string_view name, const context& c);
  /// `a + b + c`: texts go to `out` one after the other. Gives what is no text; missing if all
  /// were.
  value append_sum(const expr& e, frame& f, const context& c, text_builder& out, std::size_t begun);
  value eval_sum(const expr& e, frame& f, const context& c);
  value eval_concat(const expr& e, frame& f, const context& c);
  value eval_compare(const expr& e, frame& f, const context& c);
  value eval_dict(const expr& e, frame& f, const context& c);
  value eval_call(const expr& e, frame& f, const context& c);
  value eval_filter(const expr& e, frame& f, const context& c);
  bool eval_test(const expr& e, frame& f, const context& c);
  value eval_item(const expr& e, frame& f, const context& c);
  value sequence(const expr& e, frame& f, const context& c, bool is_tuple);
  value special_name(std::string_view name, const context& c);
  struct gathered {
    std::array<value, 4> small;
    std::vector<value> many;
    std::vector<named_argument> named;
    arguments given;
  };
  void gather(const expr& e, frame& f, const context& c, gathered& into);
  void gather_named(const expr& e, frame& f, const context& c, gathered& into);

  // statements (machine_statements.cpp)
  flow exec(body all, frame& f, const context& c, text_builder& out);
  flow exec_one(const stmt& s, frame& f, const context& c, text_builder& out);
  flow exec_loop(const stmt& s, frame& f, const context& c, text_builder& out);
  flow run_loop(const stmt& s, const value& over, std::uint32_t depth, frame& f, const context& c,
                text_builder& out);
  void assign(const target& to, const value& v, frame& f, const context& c);
  void exec_set_block(const stmt& s, frame& f, const context& c);
  void exec_with(const stmt& s, frame& f, const context& c, text_builder& out);
  void exec_macro(const stmt& s, frame& f, const context& c);
  void exec_call_block(const stmt& s, frame& f, const context& c, text_builder& out);
  void exec_block(const stmt& s, frame& f, const context& c, text_builder& out);
  void exec_extends(const stmt& s, frame& f, const context& c);
  void exec_include(const stmt& s, frame& f, const context& c, text_builder& out);
  void exec_import(const stmt& s, frame& f, const context& c);
  void reset_scope(std::span<const reset> all, frame& f);
  frame* make_frame(const unit& u, frame* outer);
  const dict* locals_of(std::span<const visible_name> visible, frame& f);
  const program* load(const value& name, bool may_be_missing, const context& c);
  void render_template(const program& of, context& c, text_builder& out);
  value& slot(const variable& where, frame& f) {
    frame* at = &f;
    for (std::uint32_t up = where.up; up > 0; --up) at = at->outer;
    return at->slots[where.slot];
  }
  void bind_arguments(const unit& u, frame& f, const context& in, const arguments& given);
  context& new_context();
  void add_blocks(const program& of, context& to);
  void run_block(context& inner, std::string_view name, std::size_t index, text_builder& out);
  value copied(const value& v, int depth = 0);
  void guard_stack() {
    const auto* const here = static_cast<const char*>(__builtin_frame_address(0));
    if (stack_ - here > static_cast<std::ptrdiff_t>(limits_.stack_bytes)) too_deep();
  }
  class tested;
  bool passes(const stmt& s, const value& v, frame& f, const context& c);

  const environment& env_;
  const limits limits_;
  const options& how_;
  arena memory_;
  std::uint64_t steps_ = 0;
  std::uint32_t depth_ = 0;
  bool autoescape_ = false, owns_context_ = false;
  /// Of the template that runs: nothing is printed any more once it has a parent.
  const program* parent_ = nullptr;
  const text_builder *silenced_ = nullptr, *root_out_ = nullptr;
  const program* program_ = nullptr;  ///< whose node is being rendered
  std::uint32_t line_ = 0, offset_ = 0;
  text_budget budget_;
  text_builder* main_out_ = nullptr;  ///< what becomes the output
  bool tells_origins_ = false;
  const void* caller_ = nullptr;
  const char* stack_ = nullptr;  ///< where it was when the rendering began
  std::vector<std::unique_ptr<text_builder>> builders_;
  std::size_t builders_used_ = 0;
  std::vector<std::unique_ptr<std::vector<std::string_view>>> exports_;
  std::vector<std::unique_ptr<block_table>> block_tables_;
  std::vector<std::shared_ptr<const program>> loaded_;
  value block_text_;  ///< what the filters of a block are applied to
  std::array<value, 256> slot_stack_;
  std::size_t slots_used_ = 0;
  void at(const expr& e, const frame& f) noexcept {
    program_ = f.of->home;
    line_ = e.line;
    offset_ = e.offset;
  }
};

template <class Each>
void machine::iterate(const value& v, Each&& each) {
  if (v.is_sequence()) {
    // A list may grow or shrink meanwhile, as in Python.
    list& items = v.items();
    for (std::uint32_t i = 0; i < items.size; ++i)
      if (!each(items[i])) return;
    return;
  }
  if (v.is(kind::dict)) {
    std::uint32_t at = 0;
    while (const auto* e = v.entries().next(at))
      if (!each(e->key)) return;
    return;
  }
  const iterator* from = iterator_of(v);
  value item;
  while (from->next(*this, item))
    if (!each(item)) return;
}

}  // namespace jinja
