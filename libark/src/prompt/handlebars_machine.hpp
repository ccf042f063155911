#pragma once
#include <jinja/arena.hpp>
#include <jinja/value.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "prompt/handlebars_tree.hpp"
#include "prompt/handlebars_values.hpp"

namespace ark::prompt::handlebars {

/// One rendering. Not reused.
class machine {
 public:
  machine(const inputs& with, const piece_sink& out)
      : with_(with), out_(out), memory_(with.limits.memory_bytes) {}

  /// Throws `failure`; `where()` says in which template.
  void run(const parsed& body);
  const parsed& where() const noexcept { return *body_; }

 private:
  /// A turn of a loop: @index, @key, @first, @last.
  struct turn {
    jinja::value key, index;
    bool is_first = false, is_last = false;
  };

  [[noreturn]] void fail(std::size_t at, std::string why) const {
    throw failure{at, std::move(why)};
  }
  void step(std::size_t many = 1);

  // handlebars_render.cpp: nodes
  void render(const std::vector<node>& nodes);
  void render(const node& n);
  void print(const node& n);
  void block(const node& n);
  bool branch(const node::branch& b);
  bool loop(const node::branch& b, const jinja::value& over);
  void turn_of(const node::branch& b, const jinja::value& item, turn t);
  bool implied_block(const node::branch& b);
  void with_context(const jinja::value& v, const std::vector<node>& body);
  void section(const node& n);
  void partial(const node& n);
  std::string_view partial_name(const node& n);
  std::optional<jinja::value> partial_context(const node& n);
  void override_block(const node& n);

  // handlebars_helpers.cpp: values and helpers
  jinja::value value_of(const expression& e);
  jinja::value value_of_path(const expression& e);
  jinja::value value_of_data(const expression& e);
  jinja::value value_on_stack(const expression& e);
  jinja::value value_of_call(const expression& e);
  jinja::value member(const jinja::value& v, std::string_view name);
  const jinja::value* block_parameter(std::string_view name) const;
  jinja::value named(const expression& call, std::string_view name);
  bool condition(const expression& call);
  void give_mark(const expression& call);
  void give_json(const expression& call);
  json_text json_of(const expression& call);
  std::string plain_text(const jinja::value& v, std::size_t at, origins& from);

  // Output.
  void give(const jinja::value& v, std::size_t at, bool is_escaped, int depth = 0);
  void give_text(const jinja::value& v, bool is_escaped);
  void give_escaped(std::string_view text, std::uint32_t origin);
  void write(std::string_view text, std::uint32_t origin, bool is_template);
  void write_indented(std::string_view text, std::uint32_t origin, bool is_template);
  void send(std::string_view text, std::uint32_t origin);

  const inputs& with_;
  const piece_sink& out_;
  jinja::arena memory_;
  const parsed* body_ = nullptr;
  std::uint64_t steps_ = 0;
  std::size_t written_ = 0;
  std::uint32_t depth_ = 0, partials_ = 0;
  std::vector<jinja::value> contexts_;
  std::vector<turn> turns_;
  std::vector<std::pair<std::string_view, jinja::value>> parameters_;
  std::size_t parameters_from_ = 0;  ///< those before belong to the templates that included this
  std::vector<const node*> inheritance_;  ///< `{{<x}}` that are being rendered
  std::vector<std::string_view> indents_;
  /// Before the next byte come the indents from this one on; none: it is not a line's first.
  std::size_t due_ = 0;
};

}  // namespace ark::prompt::handlebars
