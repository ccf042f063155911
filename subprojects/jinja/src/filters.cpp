#include "filters.hpp"

#include <algorithm>

namespace jinja {
namespace {

constexpr auto by_name = [](const auto& a, const auto& b) { return a.name < b.name; };

const std::vector<filter_entry>& table() {
  namespace f = filters;
  static const std::vector<filter_entry> all = [] {
    std::vector<filter_entry> t = {{"abs", f::absolute},
                                   {"attr", f::attr},
                                   {"batch", f::batch},
                                   {"capitalize", f::capitalize},
                                   {"center", f::center},
                                   {"count", f::length},
                                   {"d", f::or_default},
                                   {"default", f::or_default},
                                   {"dictsort", f::dictsort},
                                   {"e", f::escape},
                                   {"escape", f::escape},
                                   {"filesizeformat", f::filesizeformat},
                                   {"first", f::first},
                                   {"float", f::to_float},
                                   {"forceescape", f::force_escape},
                                   {"format", f::format},
                                   {"groupby", f::groupby},
                                   {"indent", f::indent},
                                   {"int", f::to_int},
                                   {"items", f::items},
                                   {"join", f::join},
                                   {"last", f::last},
                                   {"length", f::length},
                                   {"list", f::to_list},
                                   {"lower", f::lower},
                                   {"map", f::map},
                                   {"max", f::max},
                                   {"min", f::min},
                                   {"pprint", f::pprint},
                                   {"random", f::random},
                                   {"reject", f::reject},
                                   {"rejectattr", f::rejectattr},
                                   {"replace", f::replace},
                                   {"reverse", f::reverse},
                                   {"round", f::round},
                                   {"safe", f::safe},
                                   {"select", f::select},
                                   {"selectattr", f::selectattr},
                                   {"slice", f::slice},
                                   {"sort", f::sort},
                                   {"string", f::string},
                                   {"striptags", f::strip_tags},
                                   {"sum", f::sum},
                                   {"title", f::title},
                                   {"tojson", f::tojson},
                                   {"trim", f::trim},
                                   {"truncate", f::truncate},
                                   {"unique", f::unique},
                                   {"upper", f::upper},
                                   {"urlencode", f::urlencode},
                                   {"urlize", f::urlize},
                                   {"wordcount", f::wordcount},
                                   {"wordwrap", f::wordwrap},
                                   {"xmlattr", f::xmlattr}};
    std::sort(t.begin(), t.end(), by_name);
    return t;
  }();
  return all;
}

}  // namespace

const filter_entry* builtin_filter(std::string_view name) noexcept {
  const auto& all = table();
  const auto at =
      std::lower_bound(all.begin(), all.end(), name,
                       [](const filter_entry& e, std::string_view n) { return e.name < n; });
  return at != all.end() && at->name == name ? &*at : nullptr;
}

}  // namespace jinja
