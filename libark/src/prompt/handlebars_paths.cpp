#include <algorithm>
#include <set>

#include "prompt/handlebars_tree.hpp"

namespace ark::prompt::handlebars {
namespace {

/// Walks a body without values. A context is the path that it came from; nothing: not known.
class reader {
 public:
  explicit reader(dialect how) : how_(how) {}
  reads run(const std::vector<node>& body) {
    contexts_.push_back({.paths = {""}});
    walk(body);
    return std::move(out_);
  }

 private:
  struct scope {
    std::vector<std::string> paths{};  ///< what a name may be looked up in: none, one or two
  };
  void walk(const std::vector<node>& nodes);
  void walk(const node& n);
  void walk_branch(const node::branch& b);
  void enter(scope inside, const std::vector<node>& body);
  /// The paths that an expression may be, told as read.
  std::vector<std::string> read(const expression& e, bool is_whole = true);
  std::vector<std::string> paths_of(const expression& e) const;
  void tell(const std::string& path);

  dialect how_;
  std::vector<scope> contexts_;
  std::vector<std::pair<std::string_view, std::vector<std::string>>> parameters_;
  std::set<std::string, std::less<>> told_, told_names_, told_partials_;
  reads out_;
};

constexpr std::size_t most_segments = 64, most_path = 512;

std::string joined(std::string path, const std::vector<std::string_view>& names, std::size_t from) {
  for (; from < names.size() && from < most_segments && path.size() < most_path; ++from) {
    if (!path.empty()) path += '.';
    path += names[from];
  }
  return path;
}

void reader::tell(const std::string& path) {
  if (told_.insert(path).second) out_.paths.push_back(path);
}

std::vector<std::string> reader::paths_of(const expression& e) const {
  if (e.is_data && e.segments[0] == "root") return {joined("", e.segments, 1)};
  if (e.is_data || e.what != expression::kind::path) return {};
  std::vector<std::string> out;
  if (e.is_parameter) {
    for (std::size_t i = parameters_.size(); i > 0; --i) {
      if (parameters_[i - 1].first != e.segments[0]) continue;
      for (const auto& path : parameters_[i - 1].second) out.push_back(joined(path, e.segments, 1));
      return out;
    }
  }
  if (e.up >= contexts_.size()) return {};
  for (const auto& path : contexts_[contexts_.size() - 1 - e.up].paths)
    out.push_back(joined(path, e.segments, 0));
  return out;
}

std::vector<std::string> reader::read(const expression& e, bool is_whole) {
  for (const auto& each : e.parameters) read(each);
  for (const auto& [name, each] : e.named) read(each);
  auto paths = paths_of(e);
  const bool is_sure = paths.size() == 1;
  for (const auto& path : paths) {
    if (is_whole || !path.empty()) tell(path);
    const std::string name = path.substr(0, path.find_first_of(".["));
    if (is_sure && !name.empty() && told_names_.insert(name).second) out_.names.push_back(name);
  }
  return paths;
}

void reader::enter(scope inside, const std::vector<node>& body) {
  contexts_.push_back(std::move(inside));
  walk(body);
  contexts_.pop_back();
}

std::vector<std::string> items_of(std::vector<std::string> paths) {
  for (auto& path : paths) path += "[]";
  return paths;
}

/// In a section that may be a list, a dict or just true: its items, or what is around it.
std::vector<std::string> either(std::vector<std::string> inside,
                                const std::vector<std::string>& around) {
  constexpr std::size_t most = 2;
  for (const auto& path : around)
    if (inside.size() < most && std::ranges::find(inside, path) == inside.end())
      inside.push_back(path);
  return inside;
}

void reader::walk_branch(const node::branch& b) {
  const expression& head = b.head;
  const auto parameters = parameters_.size();
  const auto name = [&](std::size_t i, std::vector<std::string> paths) {
    if (b.parameters.size() > i) parameters_.emplace_back(b.parameters[i], std::move(paths));
  };
  if (head.what != expression::kind::call) {
    auto items = items_of(read(head));
    name(0, items);
    name(1, {});
    enter({either(std::move(items), contexts_.back().paths)}, b.body);
  } else if (head.run == helper::each || head.run == helper::with) {
    auto paths = read(head.parameters[0], false);
    if (head.run == helper::each) paths = items_of(std::move(paths));
    name(0, paths);
    name(1, {});
    enter({std::move(paths)}, b.body);
  } else {
    read(head);
    walk(b.body);
  }
  parameters_.resize(parameters);
}

void reader::walk(const std::vector<node>& nodes) {
  for (const node& each : nodes) walk(each);
}

void reader::walk(const node& n) {
  switch (n.what) {
    case node::kind::text:
      return;
    case node::kind::print:
      read(n.head);
      return;
    case node::kind::block:
      for (const auto& each : n.branches) walk_branch(each);
      return walk(n.otherwise);
    case node::kind::section: {
      auto items = items_of(read(n.head, false));
      if (n.is_inverted) return walk(n.body);
      return enter({either(std::move(items), contexts_.back().paths)}, n.body);
    }
    case node::kind::partial:
      for (const auto& each : n.dynamic_name) read(each);
      for (const auto& each : n.head.parameters) read(each);
      for (const auto& [name, each] : n.head.named) read(each);
      if (n.dynamic_name.empty() && told_partials_.emplace(n.text).second)
        out_.partials.emplace_back(n.text);
      return walk(n.body);
    case node::kind::override_:
      return walk(n.body);
  }
}

}  // namespace

reads program::reads() const {
  if (made_ == nullptr) return {};
  return reader(made_->how).run(made_->body);
}

}  // namespace ark::prompt::handlebars
