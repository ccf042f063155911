#include <algorithm>
#include <numeric>

#include "filters.hpp"
#include "objects.hpp"
#include "unicode.hpp"

namespace jinja::filters {
namespace {

/// "a.b.0": the parts of it, numbers as numbers.
list* parts_of(machine& m, const value& path) {
  list* parts = make_list(m.memory());
  if (!path.is_string()) {
    parts->push(m.memory(), path);
    return parts;
  }
  std::string_view rest = path.text();
  while (true) {
    const auto dot = rest.find('.');
    const std::string_view part = rest.substr(0, dot);
    const bool digits = !part.empty() && std::all_of(part.begin(), part.end(),
                                                     [](char c) { return c >= '0' && c <= '9'; });
    parts->push(m.memory(),
                digits ? integers::parse(m.memory(), part, 10, false) : value::of(part));
    if (dot == std::string_view::npos) return parts;
    rest.remove_prefix(dot + 1);
  }
}

value walked(machine& m, value v, const list& parts, const value& otherwise) {
  for (const value& part : parts) {
    v = m.item(v, part);
    if (v.is_undefined() && !otherwise.is_missing() && !otherwise.is_none()) v = otherwise;
  }
  return v;
}

list* all_of(machine& m, const value& v) { return m.to_list(v); }

/// Stable, by keys that may refuse to be compared.
void sort_by(machine& m, std::vector<std::pair<value, value>>& keyed, bool reverse) {
  m.step(keyed.size());
  std::stable_sort(keyed.begin(), keyed.end(), [&](const auto& a, const auto& b) {
    return reverse ? m.less(b.first, a.first) : m.less(a.first, b.first);
  });
}

value list_of(machine& m, const std::vector<std::pair<value, value>>& keyed) {
  list* made = make_list(m.memory(), keyed.size());
  for (const auto& each : keyed) made->push(m.memory(), each.second);
  return value::of(made);
}

value extreme(machine& m, const call_of& c, std::string_view name, bool largest) {
  const taker t(m, name, c, {"case_sensitive", "attribute"});
  const bool cased = t.flag(0, false);
  value best, best_key;
  m.iterate(c.subject, [&](const value& v) {
    value key = t.has(1) && !t[1].is_none() ? path_of(m, v, t[1]) : v;
    key = folded(m, key, cased);
    if (best.is_missing() || (largest ? m.less(best_key, key, ">") : m.less(key, best_key))) {
      best = v;
      best_key = key;
    }
    return true;
  });
  return best.is_missing()
             ? m.undefined(undefined_reason::empty, "No aggregated item, sequence was empty.")
             : best;
}

/// What `select`, `map` and their like do with each item, kept for as long as they are iterated.
struct applied {
  const filter_entry* filter = nullptr;
  const test_entry* test = nullptr;
  list* path = nullptr;  ///< of the attribute that is looked at
  value otherwise;
  bool wanted = true;
  list* positional = nullptr;
  std::span<named_argument> named;
};

applied* kept(machine& m, std::span<const value> positional,
              std::span<const named_argument> named) {
  auto* a = m.memory().make<applied>();
  a->positional = make_list(m.memory(), positional);
  auto* const to = m.memory().array<named_argument>(named.size());
  std::copy(named.begin(), named.end(), to);
  a->named = {to, named.size()};
  return a;
}

bool map_step(machine& m, const void* with, value& item) {
  const auto& a = *static_cast<const applied*>(with);
  m.step();
  item = a.filter != nullptr ? m.apply_filter(*a.filter, {item, a.positional->span(), a.named})
                             : walked(m, item, *a.path, a.otherwise);
  return true;
}

bool select_step(machine& m, const void* with, value& item) {
  const auto& a = *static_cast<const applied*>(with);
  m.step();
  const value looked_at = a.path != nullptr ? walked(m, item, *a.path, {}) : item;
  const bool yes = a.test != nullptr
                       ? m.apply_test(*a.test, {looked_at, a.positional->span(), a.named})
                       : m.truth(looked_at);
  return yes == a.wanted;
}

/// The arguments are looked at when the first item is asked for, as in a generator.
class deferred final : public iterator {
 public:
  using start = const iterator* (*)(machine&, const deferred&);
  deferred(value over, start begin, const applied* given, bool by_attribute)
      : over(over), given(given), by_attribute(by_attribute), begin_(begin) {}
  bool next(rendering& r, value& out) const override {
    auto& m = static_cast<machine&>(r);
    if (from_ == nullptr) from_ = begin_(m, *this);
    return from_->next(r, out);
  }
  value over;
  const applied* given;
  bool by_attribute;

 private:
  start begin_;
  mutable const iterator* from_ = nullptr;
};

const iterator* nothing(machine& m) {
  return m.memory().make<list_iterator>(make_list(m.memory()));
}

const iterator* begin_map(machine& m, const deferred& d) {
  if (!m.truth(d.over)) return nothing(m);
  auto* a = m.memory().make<applied>(*d.given);
  const auto named = [&](std::string_view name) -> const named_argument* {
    for (const named_argument& each : a->named)
      if (each.name == name) return &each;
    return nullptr;
  };
  if (a->positional->size == 0 && named("attribute") != nullptr) {
    a->path = parts_of(m, named("attribute")->item);
    if (const auto* o = named("default")) a->otherwise = o->item;
    for (const named_argument& each : a->named)
      if (each.name != "attribute" && each.name != "default")
        m.fail(failure_kind::argument,
               "unexpected keyword argument '" + std::string(each.name) + "'");
  } else {
    if (a->positional->size == 0) m.fail(failure_kind::argument, "map requires a filter argument");
    a->filter = m.filter_named(m.str((*a->positional)[0]).text());
    a->positional = make_list(m.memory(), a->positional->span().subspan(1));
  }
  return m.memory().make<lazy_iterator>(m.iterator_of(d.over), map_step,
                                        static_cast<const void*>(a));
}

const iterator* begin_select(machine& m, const deferred& d) {
  if (!m.truth(d.over)) return nothing(m);
  auto* a = m.memory().make<applied>(*d.given);
  std::size_t off = 0;
  if (d.by_attribute) {
    if (a->positional->size == 0)
      m.fail(failure_kind::argument, "Missing parameter for attribute name");
    a->path = parts_of(m, (*a->positional)[off++]);
  }
  if (a->positional->size > off) {
    const std::string_view name = m.str((*a->positional)[static_cast<std::uint32_t>(off++)]).text();
    a->test = builtin_test(name);
    if (a->test == nullptr)
      m.fail(failure_kind::runtime, "there is no test '" + std::string(name) + "'");
  }
  a->positional = make_list(
      m.memory(), a->positional->span().subspan(std::min<std::size_t>(off, a->positional->size)));
  return m.memory().make<lazy_iterator>(m.iterator_of(d.over), select_step,
                                        static_cast<const void*>(a));
}

value selecting(machine& m, const call_of& c, bool wanted, bool by_attribute) {
  applied* a = kept(m, c.positional, c.named);
  a->wanted = wanted;
  return value::of(m.memory().make<deferred>(c.subject, begin_select, a, by_attribute));
}

/// A group of `groupby`: a pair whose parts have names.
class group final : public object {
 public:
  group(value key, list* items) : key_(key), items_(items) {}
  std::string_view type_name() const noexcept override { return "_GroupTuple"; }
  value attribute(rendering&, std::string_view name) const override {
    if (name == "grouper") return key_;
    return name == "list" ? value::of(items_) : value();
  }
  value item(rendering&, const value& k) const override {
    if (!k.is(kind::integer)) return {};
    const std::int64_t i = k.integer() < 0 ? k.integer() + 2 : k.integer();
    return i == 0 ? key_ : i == 1 ? value::of(items_) : value();
  }
  std::optional<std::size_t> length(rendering&) const override { return 2; }
  bool is_sequence() const noexcept override { return true; }
  const iterator* iterate(rendering& r) const override {
    const value both[] = {key_, value::of(items_)};
    return r.memory().make<list_iterator>(make_list(r.memory(), both),
                                          std::string_view("tuple_iterator"));
  }
  std::string repr(rendering& r) const override {
    auto& m = static_cast<machine&>(r);
    return "(" + m.repr_bytes(key_) + ", " + m.repr_bytes(value::of(items_)) + ")";
  }

 private:
  value key_;
  list* items_;
};

}  // namespace

value path_of(machine& m, const value& v, const value& path, const value& otherwise) {
  return walked(m, v, *parts_of(m, path), otherwise);
}

value folded(machine& m, const value& v, bool case_sensitive) {
  if (case_sensitive || !v.is_string()) return v;
  return m.text_of(unicode::lower(v.text()));
}

value batch(machine& m, const call_of& c) {
  const taker t(m, "batch", c, {"linecount", "fill_with"});
  const std::int64_t size = index_number(m, t.required(0));
  list* made = make_list(m.memory());
  list* row = make_list(m.memory());
  m.iterate(c.subject, [&](const value& v) {
    if (static_cast<std::int64_t>(row->size) == size) {
      made->push(m.memory(), value::of(row));
      row = make_list(m.memory());
    }
    row->push(m.memory(), v);
    return true;
  });
  if (row->size != 0) {
    if (t.has(1) && !t[1].is_none())
      while (static_cast<std::int64_t>(row->size) < size) {
        m.step();
        row->push(m.memory(), t[1]);
      }
    made->push(m.memory(), value::of(row));
  }
  return value::of(m.memory().make<list_iterator>(made));
}

value slice(machine& m, const call_of& c) {
  const taker t(m, "slice", c, {"slices", "fill_with"});
  const std::int64_t slices = index_number(m, t.required(0));
  const list* all = all_of(m, c.subject);
  list* made = make_list(m.memory());
  if (slices == 0) m.fail(failure_kind::zero_division, "integer division or modulo by zero");
  const auto size = static_cast<std::int64_t>(all->size);
  const std::int64_t each = size / std::max<std::int64_t>(slices, 1),
                     longer = size % std::max<std::int64_t>(slices, 1);
  std::int64_t offset = 0;
  for (std::int64_t i = 0; i < slices; ++i) {
    m.step();
    const std::int64_t start = offset + i * each;
    if (i < longer) ++offset;
    const std::int64_t end = offset + (i + 1) * each;
    list* row = make_list(m.memory(), all->span().subspan(static_cast<std::size_t>(start),
                                                          static_cast<std::size_t>(end - start)));
    if (t.has(1) && !t[1].is_none() && i >= longer) row->push(m.memory(), t[1]);
    made->push(m.memory(), value::of(row));
  }
  return value::of(m.memory().make<list_iterator>(made));
}

value dictsort(machine& m, const call_of& c) {
  const taker t(m, "dictsort", c, {"case_sensitive", "by", "reverse"});
  const std::string by = t.has(1) ? m.str_bytes(t[1]) : "key";
  if (by != "key" && by != "value")
    m.fail(failure_kind::argument, "You can only sort by either \"key\" or \"value\"");
  if (c.subject.is_undefined()) m.fail_undefined(c.subject);
  if (!c.subject.is(kind::dict))
    m.fail(failure_kind::attribute,
           "'" + std::string(m.type_name(c.subject)) + "' object has no attribute 'items'");
  std::vector<std::pair<value, value>> keyed;
  std::uint32_t at = 0;
  while (const auto* e = c.subject.entries().next(at)) {
    const value both[] = {e->key, e->item};
    keyed.emplace_back(folded(m, by == "key" ? e->key : e->item, t.flag(0, false)),
                       value::tuple(make_list(m.memory(), both)));
  }
  sort_by(m, keyed, t.number(2, 0) != 0);
  return list_of(m, keyed);
}

value first(machine& m, const call_of& c) {
  const taker t(m, "first", c, {});
  value found;
  m.iterate(c.subject, [&](const value& v) {
    found = v;
    return false;
  });
  return found.is_missing()
             ? m.undefined(undefined_reason::empty, "No first item, sequence was empty.")
             : found;
}

value last(machine& m, const call_of& c) {
  const taker t(m, "last", c, {});
  const value& s = c.subject;
  if (s.is(kind::object) && (s.thing().is_iterator() || !s.thing().length(m)))
    m.fail(failure_kind::type, "'" + std::string(m.type_name(s)) + "' object is not reversible");
  const list* all = s.is_sequence() ? &s.items() : all_of(m, s);
  return all->size == 0 ? m.undefined(undefined_reason::empty, "No last item, sequence was empty.")
                        : (*all)[all->size - 1];
}

value groupby(machine& m, const call_of& c) {
  const taker t(m, "groupby", c, {"attribute", "default", "case_sensitive"});
  const list* path = parts_of(m, t.required(0));
  const bool cased = t.flag(2, false);
  std::vector<std::pair<value, value>> keyed;
  m.iterate(c.subject, [&](const value& v) {
    keyed.emplace_back(folded(m, walked(m, v, *path, t[1]), cased), v);
    return true;
  });
  sort_by(m, keyed, false);
  list* made = make_list(m.memory());
  for (std::size_t i = 0; i < keyed.size();) {
    list* items = make_list(m.memory());
    const std::size_t begin = i;
    for (; i < keyed.size() && (i == begin || m.equals(keyed[i].first, keyed[begin].first)); ++i)
      items->push(m.memory(), keyed[i].second);
    const value key = cased ? keyed[begin].first : walked(m, keyed[begin].second, *path, t[1]);
    made->push(m.memory(), value::of(m.memory().make<group>(key, items)));
  }
  return value::of(made);
}

value items(machine& m, const call_of& c) {
  const taker t(m, "items", c, {});
  if (c.subject.is_undefined())
    return value::of(m.memory().make<list_iterator>(make_list(m.memory())));
  if (!c.subject.is(kind::dict))
    m.fail(failure_kind::type, "Can only get item pairs from a mapping.");
  auto* view = m.memory().make<dict_view>(&c.subject.entries(), dict_view::what::items);
  return value::of(m.memory().make<list_iterator>(m.to_list(value::of(view))));
}

value join(machine& m, const call_of& c) {
  const taker t(m, "join", c, {"d", "attribute"});
  value between = t.has(0) ? t[0] : value::of("");
  // Where texts are escaped Python looks at the items before it prints what stands between them.
  if (!m.escapes()) between = m.str(between);
  const bool by_attribute = t.has(1) && !t[1].is_none();
  const list* path = by_attribute ? parts_of(m, t[1]) : nullptr;
  list* all = make_list(m.memory());
  bool safe = between.is_string() && between.is_safe();
  m.iterate(c.subject, [&](const value& v) {
    all->push(m.memory(), by_attribute ? walked(m, v, *path, {}) : v);
    const value& kept = (*all)[all->size - 1];
    safe = safe || (kept.is_string() && kept.is_safe());
    return true;
  });
  between = m.str(between);
  safe = safe && m.escapes();
  text_builder& text = m.borrow();
  for (std::uint32_t i = 0; i < all->size; ++i) {
    if (i > 0) text.append(safe ? m.escaped(between) : between);
    if (safe)
      text.append(m.escaped((*all)[i]));
    else
      m.print(text, (*all)[i]);
  }
  const value made = text.finish(m.memory());
  m.give_back();
  return made.safe(safe);
}

value length(machine& m, const call_of& c) {
  const taker t(m, "len", c, {});
  return value::of(static_cast<std::int64_t>(m.length(c.subject)));
}

value to_list(machine& m, const call_of& c) {
  const taker t(m, "list", c, {});
  return value::of(all_of(m, c.subject));
}

value map(machine& m, const call_of& c) {
  return value::of(m.memory().make<deferred>(
      c.subject, begin_map, static_cast<const applied*>(kept(m, c.positional, c.named)), false));
}

value max(machine& m, const call_of& c) { return extreme(m, c, "max", true); }
value min(machine& m, const call_of& c) { return extreme(m, c, "min", false); }

value random(machine& m, const call_of& c) {
  const taker t(m, "random", c, {});
  // Rendering is pure: the same template and context give the same text.
  const list* all = all_of(m, c.subject);
  if (all->size == 0)
    return m.undefined(undefined_reason::empty, "No random item, sequence was empty.");
  return (*all)[0];
}

value reject(machine& m, const call_of& c) { return selecting(m, c, false, false); }
value rejectattr(machine& m, const call_of& c) { return selecting(m, c, false, true); }
value select(machine& m, const call_of& c) { return selecting(m, c, true, false); }
value selectattr(machine& m, const call_of& c) { return selecting(m, c, true, true); }

value reverse(machine& m, const call_of& c) {
  const taker t(m, "reverse", c, {});
  if (c.subject.is_string())
    return m.sliced(c.subject, value::none(), value::none(), value::of(std::int64_t{-1}));
  if (!c.subject.is_undefined() && !c.subject.is_sequence() && !c.subject.is(kind::dict) &&
      (!c.subject.is(kind::object) || c.subject.thing().iterate(m) == nullptr))
    m.fail(failure_kind::argument, "argument must be iterable");
  list* all = all_of(m, c.subject);
  std::reverse(all->begin(), all->end());
  const bool lazy = !c.subject.is(kind::object) || !c.subject.thing().is_iterator();
  return lazy ? value::of(
                    m.memory().make<list_iterator>(all, std::string_view("list_reverseiterator")))
              : value::of(all);
}

value sort(machine& m, const call_of& c) {
  const taker t(m, "sort", c, {"reverse", "case_sensitive", "attribute"});
  std::vector<list*> paths;
  if (t.has(2) && t[2].is_string()) {
    std::string_view rest = t[2].text();
    for (bool more = true; more;) {
      const auto comma = rest.find(',');
      paths.push_back(parts_of(m, value::of(rest.substr(0, comma))));
      more = comma != std::string_view::npos;
      if (more) rest.remove_prefix(comma + 1);
    }
  } else if (t.has(2) && !t[2].is_none()) {
    paths.push_back(parts_of(m, t[2]));
  }
  const bool cased = t.flag(1, false);
  std::vector<std::pair<value, value>> keyed;
  m.iterate(c.subject, [&](const value& v) {
    list* key = make_list(m.memory());
    for (const list* path : paths) key->push(m.memory(), folded(m, walked(m, v, *path, {}), cased));
    // A list even of one: the same thing is never compared with itself.
    if (paths.empty()) key->push(m.memory(), folded(m, v, cased));
    keyed.emplace_back(value::of(key), v);
    return true;
  });
  sort_by(m, keyed, t.number(0, 0) != 0);
  return list_of(m, keyed);
}

value sum(machine& m, const call_of& c) {
  const taker t(m, "sum", c, {"attribute", "start"});
  const list* path = t.has(0) && !t[0].is_none() ? parts_of(m, t[0]) : nullptr;
  value total = t.has(1) ? t[1] : value::of(std::int64_t{0});
  if (total.is_string())
    m.fail(failure_kind::type, "sum() can't sum strings [use ''.join(seq) instead]");
  m.iterate(c.subject, [&](const value& v) {
    total = m.binary(binary_op::add, total, path != nullptr ? walked(m, v, *path, {}) : v);
    return true;
  });
  return total;
}

value unique(machine& m, const call_of& c) {
  const taker t(m, "unique", c, {"case_sensitive", "attribute"});
  const list* path = t.has(1) && !t[1].is_none() ? parts_of(m, t[1]) : nullptr;
  dict* seen = make_dict(m.memory());
  list* made = make_list(m.memory());
  m.iterate(c.subject, [&](const value& v) {
    const value key = folded(m, path != nullptr ? walked(m, v, *path, {}) : v, t.flag(0, false));
    require_hashable(m, key);
    if (seen->find(key) == nullptr) {
      seen->set(m.memory(), key, value::none());
      made->push(m.memory(), v);
    }
    return true;
  });
  return value::of(m.memory().make<list_iterator>(made));
}

}  // namespace jinja::filters
