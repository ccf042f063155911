#include <algorithm>

#include "prompt/handlebars_tree.hpp"

namespace ark::prompt::handlebars {
namespace {

constexpr std::string_view blanks = " \t";

std::string_view leading_blanks(std::string_view text) {
  return text.substr(0, std::min(text.find_first_not_of(blanks), text.size()));
}

/// Mustache inheritance: a block that overrides another loses the indentation that it was written
/// with and gets that of the place where it stands instead.
class indentation {
 public:
  explicit indentation(jinja::arena& strings) : strings_(strings) {}
  void settle(std::vector<node>& nodes, bool overrides);

 private:
  void settle_override(node& block, bool overrides);
  void remove(std::vector<node>& nodes, std::string_view what);
  std::string_view without(std::string_view text, std::string_view what, bool at_line_start);

  jinja::arena& strings_;
};

/// `text` with `what` gone from the begin of each line that has it.
std::string_view indentation::without(std::string_view text, std::string_view what,
                                      bool at_line_start) {
  std::string out;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t end = std::min(text.find('\n', from), text.size() - 1) + 1;
    auto line = text.substr(from, end - from);
    if ((at_line_start || from > 0) && line.starts_with(what)) line.remove_prefix(what.size());
    out += line;
    from = end;
  }
  return strings_.copy(out);
}

void indentation::remove(std::vector<node>& nodes, std::string_view what) {
  for (node& n : nodes) {
    if (n.what == node::kind::text) n.text = without(n.text, what, n.at_line_start);
    if (n.indent.starts_with(what)) n.indent.remove_prefix(what.size());
    remove(n.body, what);
  }
}

void indentation::settle_override(node& block, bool overrides) {
  const bool begins_with_text = !block.body.empty() && block.body[0].what == node::kind::text;
  std::string_view own = begins_with_text ? leading_blanks(block.body[0].text) : "";
  if (!begins_with_text && !block.body.empty()) own = block.body[0].indent;
  if (overrides) {
    if (block.is_standalone && !own.empty()) remove(block.body, own);
  } else if (block.is_standalone && !block.body.empty()) {
    block.indent = own;
  }
  settle(block.body, false);
}

void indentation::settle(std::vector<node>& nodes, bool overrides) {
  std::string_view before;
  for (node& n : nodes) {
    if (n.what == node::kind::override_) {
      if (!n.is_standalone) n.indent = before;
      settle_override(n, overrides);
    } else {
      settle(n.body, n.what == node::kind::partial);
    }
    if (n.what == node::kind::partial)
      for (const node& each : n.body) n.overrides.emplace(each.text, &each);
    // What stands before an override that is not alone on its line.
    before = {};
    if (n.what != node::kind::text) continue;
    const auto line = n.text.substr(n.text.rfind('\n') + 1);
    if ((n.at_line_start || line.size() < n.text.size()) && leading_blanks(line) == line)
      before = line;
  }
}

}  // namespace

void settle_indentation(parsed& in) { indentation(in.strings).settle(in.body, false); }

}  // namespace ark::prompt::handlebars
