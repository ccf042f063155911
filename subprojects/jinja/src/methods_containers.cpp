#include <algorithm>

#include "methods.hpp"
#include "objects.hpp"

namespace jinja::methods {
namespace {

value view(machine& m, const value& self, dict_view::what w) {
  return value::of(m.memory().make<dict_view>(&self.entries(), w));
}

void merge(machine& m, dict& into, const value& from) {
  if (from.is_undefined()) m.fail_undefined(from);
  if (from.is(kind::dict)) {
    std::uint32_t at = 0;
    while (const auto* e = from.entries().next(at)) into.set(m.memory(), e->key, e->item);
    return;
  }
  m.iterate(from, [&](const value& pair) {
    const list* both = m.to_list(pair);
    if (both->size != 2)
      m.fail(failure_kind::value, "dictionary update sequence element has length " +
                                      std::to_string(both->size) + "; 2 is required");
    require_hashable(m, (*both)[0]);
    into.set(m.memory(), (*both)[0], (*both)[1]);
    return true;
  });
}

std::uint32_t position(machine& m, const value& self, const value& of, std::int64_t from,
                       std::int64_t to, std::string_view what) {
  const auto size = static_cast<std::int64_t>(self.items().size);
  if (from < 0) from = std::max<std::int64_t>(from + size, 0);
  if (to < 0) to += size;
  for (std::int64_t i = from; i < std::min(to, size); ++i) {
    const value& v = self.items()[static_cast<std::uint32_t>(i)];
    if (v.same(of) || m.equals(v, of)) return static_cast<std::uint32_t>(i);
  }
  m.fail(failure_kind::value, std::string(what));
}

}  // namespace

value append(machine& m, const value& self, const arguments& given) {
  const taker t(m, "append", given, {"object"});
  self.items().push(m.memory(), t.required(0));
  return value::none();
}

value clear_list(machine& m, const value& self, const arguments& given) {
  const taker t(m, "clear", given, {});
  self.items().size = 0;
  return value::none();
}

value copy_list(machine& m, const value& self, const arguments& given) {
  const taker t(m, "copy", given, {});
  return value::of(make_list(m.memory(), self.items().span()));
}

value count_list(machine& m, const value& self, const arguments& given) {
  const taker t(m, "count", given, {"value"});
  std::int64_t n = 0;
  for (const value& v : self.items()) n += v.same(t.required(0)) || m.equals(v, t[0]) ? 1 : 0;
  return value::of(n);
}

value extend(machine& m, const value& self, const arguments& given) {
  const taker t(m, "extend", given, {"iterable"});
  const list* more = m.to_list(t.required(0));
  for (const value& v : *more) self.items().push(m.memory(), v);
  return value::none();
}

value index_list(machine& m, const value& self, const arguments& given) {
  const taker t(m, "index", given, {"value", "start", "stop"});
  const std::uint32_t at = position(m, self, t.required(0), t.number(1, 0), t.number(2, INT64_MAX),
                                    self.is(kind::tuple) ? "tuple.index(x): x not in tuple"
                                                         : m.repr_bytes(t[0]) + " is not in list");
  return value::of(static_cast<std::int64_t>(at));
}

value insert(machine& m, const value& self, const arguments& given) {
  const taker t(m, "insert", given, {"index", "object"});
  list& items = self.items();
  std::int64_t at = index_number(m, t.required(0));
  const value what = t.required(1);
  if (at < 0) at += items.size;
  at = std::clamp<std::int64_t>(at, 0, items.size);
  items.push(m.memory(), what);
  std::rotate(items.begin() + at, items.end() - 1, items.end());
  return value::none();
}

value pop_list(machine& m, const value& self, const arguments& given) {
  const taker t(m, "pop", given, {"index"});
  list& items = self.items();
  if (items.size == 0) m.fail(failure_kind::index, "pop from empty list");
  std::int64_t at = t.number(0, -1);
  if (at < 0) at += items.size;
  if (at < 0 || at >= static_cast<std::int64_t>(items.size))
    m.fail(failure_kind::index, "pop index out of range");
  const value out = items[static_cast<std::uint32_t>(at)];
  std::copy(items.begin() + at + 1, items.end(), items.begin() + at);
  --items.size;
  return out;
}

value remove(machine& m, const value& self, const arguments& given) {
  const taker t(m, "remove", given, {"value"});
  const std::uint32_t at =
      position(m, self, t.required(0), 0, INT64_MAX, "list.remove(x): x not in list");
  list& items = self.items();
  std::copy(items.begin() + at + 1, items.end(), items.begin() + at);
  --items.size;
  return value::none();
}

value reverse(machine& m, const value& self, const arguments& given) {
  const taker t(m, "reverse", given, {});
  std::reverse(self.items().begin(), self.items().end());
  return value::none();
}

value sort(machine& m, const value& self, const arguments& given) {
  const taker t(m, "sort", given, {"key", "reverse"});
  std::vector<std::pair<value, value>> keyed;
  for (const value& v : self.items())
    keyed.emplace_back(t.has(0) && !t[0].is_none() ? m.call(t[0], {{&v, 1}, {}}) : v, v);
  const bool down = t.flag(1, false);
  std::stable_sort(keyed.begin(), keyed.end(), [&](const auto& a, const auto& b) {
    return down ? m.less(b.first, a.first) : m.less(a.first, b.first);
  });
  for (std::uint32_t i = 0; i < keyed.size() && i < self.items().size; ++i)
    self.items()[i] = keyed[i].second;
  return value::none();
}

value clear_dict(machine& m, const value& self, const arguments& given) {
  const taker t(m, "clear", given, {});
  self.entries().clear();
  return value::none();
}

value copy_dict(machine& m, const value& self, const arguments& given) {
  const taker t(m, "copy", given, {});
  dict* made = make_dict(m.memory());
  merge(m, *made, self);
  return value::of(made);
}

value get(machine& m, const value& self, const arguments& given) {
  const taker t(m, "get", given, {"key", "default"});
  if (!given.named.empty()) m.fail(failure_kind::type, "dict.get() takes no keyword arguments");
  require_hashable(m, t.required(0));
  const value* found = self.entries().find(t[0]);
  return found != nullptr ? *found : t.has(1) ? t[1] : value::none();
}

value items(machine& m, const value& self, const arguments& given) {
  const taker t(m, "items", given, {});
  return view(m, self, dict_view::what::items);
}
value keys(machine& m, const value& self, const arguments& given) {
  const taker t(m, "keys", given, {});
  return view(m, self, dict_view::what::keys);
}
value values(machine& m, const value& self, const arguments& given) {
  const taker t(m, "values", given, {});
  return view(m, self, dict_view::what::values);
}

value pop_dict(machine& m, const value& self, const arguments& given) {
  const taker t(m, "pop", given, {"key", "default"});
  require_hashable(m, t.required(0));
  const value* found = self.entries().find(t[0]);
  if (found == nullptr) {
    if (t.has(1)) return t[1];
    m.fail(failure_kind::key, m.repr_bytes(t[0]));
  }
  const value out = *found;
  self.entries().remove(t[0]);
  return out;
}

value popitem(machine& m, const value& self, const arguments& given) {
  const taker t(m, "popitem", given, {});
  std::uint32_t at = 0;
  const dict::entry* last = nullptr;
  while (const auto* e = self.entries().next(at)) last = e;
  if (last == nullptr) m.fail(failure_kind::key, "'popitem(): dictionary is empty'");
  const value both[] = {last->key, last->item};
  self.entries().remove(both[0]);
  return value::tuple(make_list(m.memory(), both));
}

value setdefault(machine& m, const value& self, const arguments& given) {
  const taker t(m, "setdefault", given, {"key", "default"});
  require_hashable(m, t.required(0));
  if (const value* found = self.entries().find(t[0])) return *found;
  const value item = t.has(1) ? t[1] : value::none();
  self.entries().set(m.memory(), t[0], item);
  return item;
}

value update(machine& m, const value& self, const arguments& given) {
  if (given.positional.size() > 1)
    m.fail(failure_kind::type,
           "update expected at most 1 argument, got " + std::to_string(given.positional.size()));
  if (!given.positional.empty()) merge(m, self.entries(), given.positional[0]);
  for (const named_argument& each : given.named)
    self.entries().set(m.memory(), value::of(each.name), each.item);
  return value::none();
}

}  // namespace jinja::methods
