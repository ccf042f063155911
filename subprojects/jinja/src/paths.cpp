// What a template reads of its context, found without rendering it.
#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "jinja/environment.hpp"
#include "program.hpp"

namespace jinja {
namespace {

class path_finder {
 public:
  explicit path_finder(const std::set<std::string_view>& undeclared) : undeclared_(undeclared) {}

  std::set<std::string> found;

  void walk(body all) {
    for (const stmt* one : all) walk(*one);
  }

 private:
  /// The path of an expression, noted; "" if it is none.
  std::string walk(const expr* e) {
    if (e == nullptr) return {};
    switch (e->kind) {
      case expr_kind::name:
        return note(path_of(e->name));
      case expr_kind::attribute:
        return note(joined(walk(e->a), "." + std::string(e->name)));
      case expr_kind::item: {
        const std::string of = walk(e->a);
        if (e->b->kind == expr_kind::constant && e->b->constant.is_string())
          return note(joined(of, "." + std::string(e->b->constant.text())));
        walk(e->b);
        return note(joined(of, "[]"));
      }
      default:
        break;
    }
    for (const expr* each : {e->a, e->b, e->c}) walk(each);
    for (const expr* each : e->items) walk(each);
    for (const comparison& each : e->comparisons) walk(each.with);
    if (e->more == nullptr) return {};
    for (const named_expr& each : e->more->named) walk(each.item);
    walk(e->more->rest);
    walk(e->more->named_rest);
    return {};
  }

  void walk(const stmt& s) {
    const std::string of = walk(s.a);
    for (const expr* each : s.items) walk(each);
    for (const branch& each : s.branches) {
      walk(each.test);
      walk(each.body);
    }
    for (const expr* each : s.values) walk(each);
    const auto before = aliases_;
    if (s.kind == stmt_kind::loop && !s.to.name.empty())
      aliases_[s.to.name] = of.empty() ? std::string() : of + "[]";
    walk(s.test);
    walk(s.body);
    if (s.own != nullptr && s.own->body.data() != s.body.data()) {
      for (const parameter& p : s.own->parameters) {
        walk(p.fallback);
        aliases_[p.name] = {};
      }
      walk(s.own->body);
    }
    aliases_ = before;
    if (s.kind == stmt_kind::set && !s.to.name.empty() && s.to.attribute.empty())
      aliases_[s.to.name] = of;
    walk(s.otherwise);
  }

  std::string path_of(std::string_view name) const {
    if (const auto known = aliases_.find(name); known != aliases_.end()) return known->second;
    return undeclared_.contains(name) ? std::string(name) : std::string();
  }
  static std::string joined(const std::string& of, const std::string& more) {
    return of.empty() ? of : of + more;
  }
  std::string note(std::string path) {
    if (!path.empty()) found.insert(path);
    return path;
  }

  const std::set<std::string_view>& undeclared_;
  std::map<std::string_view, std::string> aliases_;  ///< names that stand for a path; "" for none
};

/// Which templates are named.
class template_finder {
 public:
  compiled::named_templates found;

  void walk(body all) {
    for (const stmt* one : all) walk(*one);
  }

 private:
  void walk(const stmt& s) {
    switch (s.kind) {
      case stmt_kind::include:
      case stmt_kind::import:
      case stmt_kind::from_import:
      case stmt_kind::extends:
        take(*s.a);
        break;
      default:
        break;
    }
    for (const branch& each : s.branches) walk(each.body);
    walk(s.body);
    if (s.own != nullptr && s.own->body.data() != s.body.data()) walk(s.own->body);
    walk(s.otherwise);
  }
  void take(const expr& name) {
    if (name.kind == expr_kind::list || name.kind == expr_kind::tuple) {
      for (const expr* each : name.items) take(*each);
      return;
    }
    if (name.kind != expr_kind::constant || !name.constant.is_string()) {
      found.all_known = false;
      return;
    }
    const std::string_view text = name.constant.text();
    if (std::find(found.names.begin(), found.names.end(), text) == found.names.end())
      found.names.emplace_back(text);
  }
};

}  // namespace

compiled::named_templates compiled::templates() const {
  template_finder finder;
  finder.walk(made_->root->body);
  for (const stmt* block : made_->blocks) finder.walk(block->body);
  return std::move(finder.found);
}

std::vector<std::string> compiled::paths() const {
  path_finder finder(made_->undeclared);
  finder.walk(made_->root->body);
  for (const stmt* block : made_->blocks) finder.walk(block->body);
  return {finder.found.begin(), finder.found.end()};
}

}  // namespace jinja
