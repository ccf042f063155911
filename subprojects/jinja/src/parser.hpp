#pragma once
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "ast.hpp"
#include "lexer.hpp"

namespace jinja {

struct block_entry {
  stmt* of = nullptr;
};

/// What a parse gives; it lies in the arena, its texts and names in the source.
struct parsed {
  jinja::body body;
  std::vector<stmt*> blocks;  ///< in the order of their coming
};
/// The name of the function that a tag runs: none that a template can write.
std::string tag_function(std::string_view tag, bool ends);
/// Throws `failure`.
parsed parse(arena& in, std::string_view source, const options& how);

class parser {
 public:
  parser(arena& in, std::string_view source, const options& how)
      : in_(in), how_(how), tokens_(lex(source, how)) {}
  parsed run();

 private:
  using ends = std::span<const std::string_view>;
  // the stream
  const token& now() const { return tokens_[at_]; }
  const token& look() const { return tokens_[at_ + 1 < tokens_.size() ? at_ + 1 : at_]; }
  token next() { return at_ + 1 < tokens_.size() ? tokens_[at_++] : tokens_[at_]; }
  bool at(token_kind k) const { return now().kind == k; }
  bool at_name(std::string_view name) const {
    const token& t = now();
    return t.kind == token_kind::name && t.text.size() == name.size() && t.text[0] == name[0] &&
           t.text == name;
  }
  bool skip(token_kind k);
  bool skip_name(std::string_view name);
  token expect(token_kind k);
  void expect_name(std::string_view name);
  [[noreturn]] void fail(std::string message, failure_kind kind = failure_kind::syntax);
  [[noreturn]] void fail_at(const token& t, std::string message,
                            failure_kind kind = failure_kind::syntax);
  [[noreturn]] void unexpected(std::string_view wanted);
  void enter();
  void leave() { --nested_; }

  // statements
  body parse_body(ends until);
  body statements(ends until, bool drop);
  stmt* parse_statement();
  stmt* statement_named(std::string_view name);
  stmt* parse_for();
  stmt* parse_if();
  stmt* parse_set();
  stmt* parse_with();
  stmt* parse_block();
  stmt* parse_extends();
  stmt* parse_include();
  stmt* parse_import();
  stmt* parse_from();
  stmt* parse_macro();
  stmt* parse_call();
  stmt* parse_filter_block();
  stmt* parse_print();
  stmt* parse_autoescape();
  stmt* parse_do();
  stmt* parse_generation();
  stmt* parse_tag(const tag& of);
  stmt* tag_call(const tag& of, const token& from, bool ends);
  stmt* parse_jump(stmt_kind kind);
  void parse_context(stmt* of, bool otherwise);
  void parse_signature(stmt* of);
  target parse_target(bool tuples, bool namespaces, std::span<const std::string_view> until = {});
  target parse_target_name(bool namespaces);
  stmt* make(stmt_kind kind, const token& from);

  // expressions
  expr* expression(bool conditions = true);
  expr* parse_condition();
  expr* parse_or();
  expr* parse_and();
  expr* parse_not();
  expr* parse_compare();
  expr* parse_sum();
  expr* parse_concat();
  expr* parse_product();
  expr* parse_power();
  expr* parse_unary(bool filters);
  expr* parse_primary();
  expr* parse_tuple(bool conditions, ends until, bool in_parentheses);
  expr* parse_list();
  expr* parse_dict();
  expr* parse_postfix(expr* of);
  expr* parse_filters(expr* of);
  expr* parse_filter(expr* of, bool started);
  expr* parse_test(expr* of);
  expr* parse_subscript(expr* of);
  expr* parse_subscribed();
  expr* parse_call_of(expr* callee);
  void parse_arguments(expr* to, token_kind end);
  std::string_view dotted_name();
  bool is_tuple_end(ends until) const;
  expr* make(expr_kind kind, const token& from);
  /// With its height; fails if walks would go too deep.
  expr* grown(expr* e);
  expr* binary(binary_op op, expr* a, expr* b, const token& from);
  bool join_texts(expr* to, const expr* more);
  template <class T>
  std::span<T> keep(const std::vector<T>& all) {
    auto* const to = in_.array<T>(all.size());
    std::copy(all.begin(), all.end(), to);
    return {to, all.size()};
  }

  arena& in_;
  const options& how_;
  std::vector<token> tokens_;
  std::size_t at_ = 0;
  std::uint32_t nested_ = 0;
  std::vector<std::string_view> tags_;
  std::vector<stmt*> blocks_;
  int loops_ = 0;  ///< that `break` may leave
  friend parsed parse(arena&, std::string_view, const options&);
};

}  // namespace jinja
