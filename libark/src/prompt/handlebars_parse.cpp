#include <algorithm>
#include <optional>

#include "prompt/handlebars_tree.hpp"

namespace ark::prompt::handlebars {
namespace {

std::string quoted(std::string_view name) { return '"' + std::string(name) + '"'; }

/// A helper that is called with what it does not take fails here, not when it happens to run.
void check_call(const expression& call, std::string_view name, bool is_block) {
  if (call.run == helper::none)
    throw failure{call.at, "no helper is called " + quoted(name) +
                               "; helpers of a program's own are not supported"};
  if (is_block != is_block_helper(call.run))
    throw failure{call.at, quoted(name) +
                               (is_block ? " is no block: write {{" : " is a block: write {{#") +
                               std::string(name) + " ..}}"};
  std::size_t wanted = 1;
  if (call.run == helper::history || call.run == helper::media) wanted = 0;
  if (call.run == helper::if_equals || call.run == helper::unless_equals ||
      call.run == helper::lookup)
    wanted = 2;
  if (call.run != helper::log && call.parameters.size() != wanted)
    throw failure{call.at, quoted(name) + " takes " + std::to_string(wanted) + " argument" +
                               (wanted == 1 ? "" : "s") + " without a name"};
  for (const auto& [key, value] : call.named) {
    const bool is_known =
        (call.run == helper::media && (key == "url" || key == "contentType")) ||
        (call.run == helper::json && key == "indent") || call.run == helper::log ||
        ((call.run == helper::if_ || call.run == helper::unless) && key == "includeZero");
    if (!is_known) throw failure{value.at, quoted(name) + " takes no " + quoted(key)};
  }
}

void check_values(const expression& of);

void check_value(const expression& one) {
  if (one.what == expression::kind::call) {
    const std::string_view name = one.segments.empty() ? "" : one.segments[0];
    if (is_mark_helper(one.run))
      throw failure{one.at, quoted(name) + " gives no value: it stands in a tag of its own"};
    check_call(one, name, false);
  }
  check_values(one);
}

void check_values(const expression& of) {
  for (const auto& each : of.parameters) check_value(each);
  for (const auto& [name, each] : of.named) check_value(each);
}

class parser {
 public:
  explicit parser(parsed& in) : in_(in) {}
  void run();

 private:
  struct open_tag {
    node made;
    std::string_view name;  ///< that its end must have
    bool in_otherwise = false;
    std::size_t scope = 0;  ///< how many block parameters were in scope before
  };
  std::vector<node>& here();
  node& add(node::kind what, const token& from);
  void open(node made, std::string_view name);
  void close(const token& from);
  void handlebars_tag(const token& from);
  void print(const token& from);
  void open_block(const token& from);
  void otherwise(const token& from);
  void mustache_tag(const token& from);
  node::branch branch_of(const token& from, std::string_view* name);

  parsed& in_;
  std::vector<open_tag> open_;
  std::vector<std::string_view> scope_;
};

std::vector<node>& parser::here() {
  if (open_.empty()) return in_.body;
  open_tag& top = open_.back();
  if (top.made.what != node::kind::block) return top.made.body;
  return top.in_otherwise ? top.made.otherwise : top.made.branches.back().body;
}

node node_of(node::kind what, const token& from) {
  node made;
  made.what = what;
  made.at = from.at;
  made.indent = from.indent;
  made.is_standalone = from.is_standalone;
  made.at_line_start = from.at_line_start;
  return made;
}

node& parser::add(node::kind what, const token& from) {
  return here().emplace_back(node_of(what, from));
}

void parser::open(node made, std::string_view name) {
  if (open_.size() >= most_nesting)
    throw failure{made.at, "blocks are nested too deeply: 100 at most"};
  open_.push_back({.made = std::move(made), .name = name, .scope = scope_.size()});
}

void parser::close(const token& from) {
  if (open_.empty()) throw failure{from.at, "nothing is open that this could end"};
  open_tag done = std::move(open_.back());
  if (from.text != done.name)
    throw failure{from.at, quoted(done.name) + " is open here and must end first"};
  open_.pop_back();
  scope_.resize(done.scope);
  node& made = done.made;
  if (made.what == node::kind::block && made.is_inverted)
    made.branches[0].body.swap(made.otherwise);
  if (made.what == node::kind::partial)  // of its body only what overrides counts
    std::erase_if(made.body, [](const node& n) { return n.what != node::kind::override_; });
  here().push_back(std::move(made));
}

/// The head of `{{#..}}`, `{{^..}}`, `{{else ..}}`.
node::branch parser::branch_of(const token& from, std::string_view* name) {
  auto content = read_tag({in_.source, in_.strings, scope_}, from, true);
  if (name != nullptr) *name = content.original;
  if (content.head.what == expression::kind::call) {
    check_call(content.head, content.original, true);
    check_values(content.head);
  }
  return {std::move(content.head), std::move(content.block_parameters), {}};
}

void parser::open_block(const token& from) {
  std::string_view name;
  node made = node_of(node::kind::block, from);
  made.is_inverted = from.sigil == '^';
  made.branches.push_back(branch_of(from, &name));
  const auto parameters = made.branches[0].parameters;
  open(std::move(made), name);
  scope_.insert(scope_.end(), parameters.begin(), parameters.end());
}

void parser::otherwise(const token& from) {
  if (open_.empty()) throw failure{from.at, "`else` stands outside of a block"};
  open_tag& top = open_.back();
  if (top.in_otherwise) throw failure{from.at, "this block has its `else` already"};
  scope_.resize(top.scope);
  if (from.text.empty()) {
    top.in_otherwise = true;
    return;
  }
  if (top.made.is_inverted) throw failure{from.at, "a block that begins with ^ has a plain `else`"};
  top.made.branches.push_back(branch_of(from, nullptr));
  const auto& parameters = top.made.branches.back().parameters;
  scope_.insert(scope_.end(), parameters.begin(), parameters.end());
}

void parser::print(const token& from) {
  auto content = read_tag({in_.source, in_.strings, scope_}, from, false);
  // A group in brackets has been checked as a value.
  if (content.head.what == expression::kind::call) {
    const bool is_group = content.original.starts_with('(');
    if (is_group) {
      check_value(content.head);
    } else {
      check_call(content.head, content.original, false);
      check_values(content.head);
    }
  }
  add(node::kind::print, from).head = std::move(content.head);
}

void parser::handlebars_tag(const token& from) {
  switch (from.sigil) {
    case '!':
      return;
    case '#':
    case '^':
      return open_block(from);
    case '/':
      return close(from);
    case 'e':
      return otherwise(from);
    case '>': {
      node made = node_of(node::kind::partial, from);
      read_partial({in_.source, in_.strings, scope_}, from, made);
      for (const auto& each : made.dynamic_name) check_value(each);
      check_values(made.head);
      here().push_back(std::move(made));
      return;
    }
    default:
      return print(from);
  }
}

void parser::mustache_tag(const token& from) {
  const char sigil = from.sigil;
  if (sigil == '!') return;
  if (sigil == '/') return close(from);
  node made = node_of(node::kind::print, from);
  made.text = from.text;
  if (sigil == '=' || sigil == '&') {
    made.is_escaped = sigil == '=';
    made.head = read_name(in_.source, from.text);
  } else if (sigil == '#' || sigil == '^') {
    made.what = node::kind::section;
    made.is_inverted = sigil == '^';
    made.head = read_name(in_.source, from.text);
  } else if (sigil == '$') {
    made.what = node::kind::override_;
  } else {
    made.what = node::kind::partial;
    if (from.text.starts_with('*')) {
      const auto name = from.text.substr(1);
      made.dynamic_name.push_back(
          read_name(in_.source, name.substr(std::min(name.find_first_not_of(" \t"), name.size()))));
    }
  }
  if (sigil == '#' || sigil == '^' || sigil == '$' || sigil == '<')
    return open(std::move(made), from.text);
  here().push_back(std::move(made));
}

void parser::run() {
  for (const token& each : scan(in_.source, in_.how)) {
    if (!each.is_tag) {
      add(node::kind::text, each).text = each.text;
    } else if (in_.how == dialect::handlebars) {
      handlebars_tag(each);
    } else {
      mustache_tag(each);
    }
  }
  if (!open_.empty())
    throw failure{open_.back().made.at, quoted(open_.back().name) + " has no end"};
}

struct helper_name {
  std::string_view name;
  helper which;
};
constexpr helper_name helper_names[] = {
    {"if", helper::if_},
    {"unless", helper::unless},
    {"each", helper::each},
    {"with", helper::with},
    {"ifEquals", helper::if_equals},
    {"unlessEquals", helper::unless_equals},
    {"lookup", helper::lookup},
    {"log", helper::log},
    {"json", helper::json},
    {"role", helper::role},
    {"history", helper::history},
    {"media", helper::media},
    {"section", helper::section},
};

}  // namespace

helper helper_called(std::string_view name) noexcept {
  const auto* found = std::ranges::find(helper_names, name, &helper_name::name);
  return found == std::end(helper_names) ? helper::none : found->which;
}

bool is_block_helper(helper which) noexcept {
  return which >= helper::if_ && which <= helper::unless_equals;
}

bool is_mark_helper(helper which) noexcept { return which >= helper::role; }

void parse(parsed& in) {
  parser(in).run();
  if (in.how == dialect::mustache) settle_indentation(in);
}

}  // namespace ark::prompt::handlebars
