#include <algorithm>

#include "big_int.hpp"
#include "machine.hpp"
#include "objects.hpp"
#include "unicode.hpp"

namespace jinja {
namespace {

/// A Markup's characters are plain texts, as Python's are.
class text_iterator final : public iterator {
 public:
  explicit text_iterator(value text) : text_(text.safe(false)) {}
  std::string_view type_name() const noexcept override { return "str_iterator"; }
  bool next(rendering& r, value& out) const override {
    if (at_ >= text_.bytes()) return false;
    const std::size_t begin = at_;
    unicode::decode(text_.text(), at_);
    out = substring(r.memory(), text_, begin, at_);
    return true;
  }

 private:
  value text_;
  mutable std::size_t at_ = 0;
};

class nothing_iterator final : public iterator {
 public:
  bool next(rendering&, value&) const override { return false; }
};

/// Python's slice.indices().
struct bounds {
  std::int64_t from = 0, to = 0, by = 1, count = 0;
};

std::int64_t index_of(machine& m, const value& v, std::int64_t otherwise) {
  if (v.is_none()) return otherwise;
  if (!v.is_integral())
    m.fail(failure_kind::type,
           "slice indices must be integers or None or have an __index__ method");
  const auto n = integers::to_int64(v);
  return n ? *n : integers::sign(v) < 0 ? INT64_MIN / 2 : INT64_MAX / 2;
}

bounds bounds_of(machine& m, std::int64_t size, const value& from, const value& to,
                 const value& by) {
  bounds b;
  b.by = index_of(m, by, 1);
  if (b.by == 0) m.fail(failure_kind::value, "slice step cannot be zero");
  const std::int64_t low = b.by < 0 ? -1 : 0, high = b.by < 0 ? size - 1 : size;
  const auto fit = [&](std::int64_t i) {
    if (i < 0) i += size;
    return std::clamp(i, low, high);
  };
  b.from = from.is_none() ? (b.by < 0 ? high : low) : fit(index_of(m, from, 0));
  b.to = to.is_none() ? (b.by < 0 ? low : high) : fit(index_of(m, to, 0));
  if (b.by > 0 && b.from < b.to) b.count = (b.to - b.from - 1) / b.by + 1;
  if (b.by < 0 && b.from > b.to) b.count = (b.from - b.to - 1) / -b.by + 1;
  return b;
}

value sliced_text(machine& m, const value& of, const bounds& b) {
  const std::string_view text = of.text();
  const bool ascii = unicode::is_ascii(text);
  const auto offset = [&](std::int64_t i) {
    return ascii ? static_cast<std::size_t>(i)
                 : unicode::offset_of(text, static_cast<std::size_t>(i));
  };
  if (b.count == 0) return value::of("").safe(of.is_safe());
  if (b.by == 1) {
    const std::size_t begin = offset(b.from);
    const std::size_t end =
        ascii ? static_cast<std::size_t>(b.to)
              : begin +
                    unicode::offset_of(text.substr(begin), static_cast<std::size_t>(b.to - b.from));
    return substring(m.memory(), of, begin, end);
  }
  std::vector<std::size_t> starts;
  for (std::size_t at = 0; at < text.size();) {
    starts.push_back(at);
    unicode::decode(text, at);
  }
  starts.push_back(text.size());
  text_builder& out = m.borrow();
  for (std::int64_t i = 0, at = b.from; i < b.count; ++i, at += b.by)
    out.append(of, starts[static_cast<std::size_t>(at)], starts[static_cast<std::size_t>(at) + 1]);
  const value made = out.finish(m.memory());
  m.give_back();
  return made.safe(of.is_safe());
}

value number_attribute(const value& of, std::string_view name) {
  const bool whole = of.is_integral();
  if (name == "real") return of.is(kind::boolean) ? value::of(of.integer()) : of;
  if (name == "imag") return whole ? value::of(std::int64_t{0}) : value::of(0.0);
  if (whole && name == "numerator") return of.is(kind::boolean) ? value::of(of.integer()) : of;
  if (whole && name == "denominator") return value::of(std::int64_t{1});
  return {};
}

}  // namespace

bool machine::truth(const value& v) {
  switch (v.kind()) {
    case kind::missing:
    case kind::none:
      return false;
    case kind::undefined:
      if (is_strict(v)) fail_undefined(v);
      return false;
    case kind::boolean:
    case kind::integer:
      return v.integer() != 0;
    case kind::big:
      return true;
    case kind::floating:
      return v.floating() != 0;
    case kind::string:
      return v.bytes() != 0;
    case kind::tuple:
    case kind::list:
      return v.items().size != 0;
    case kind::dict:
      return v.entries().size != 0;
    case kind::object:
      return v.thing().truth(*this);
  }
  return false;
}

std::string_view machine::type_name(const value& v) const {
  switch (v.kind()) {
    case kind::missing:
    case kind::none:
      return "NoneType";
    case kind::undefined:
      return "Undefined";
    case kind::boolean:
      return "bool";
    case kind::integer:
    case kind::big:
      return "int";
    case kind::floating:
      return "float";
    case kind::string:
      return v.is_safe() ? "Markup" : "str";
    case kind::tuple:
      return "tuple";
    case kind::list:
      return "list";
    case kind::dict:
      return "dict";
    case kind::object:
      return v.thing().type_name();
  }
  return "object";
}

value machine::undefined(undefined_reason why, std::string_view name, value subject, value key) {
  auto* info = memory_.make<undefined_info>();
  info->reason = why;
  info->name = name;
  info->subject = subject;
  info->key = key;
  return value::undefined(info);
}

std::string machine::undefined_message(const value& v) {
  const undefined_info& why = v.why();
  const std::string name(why.name);
  const auto of = [&] { return std::string(type_name(why.subject)); };
  switch (why.reason) {
    case undefined_reason::variable:
      return "'" + name + "' is undefined";
    case undefined_reason::attribute:
      return "'" + of() + " object' has no attribute '" + name + "'";
    case undefined_reason::item:
      return of() + " object has no element " + repr_bytes(why.key);
    case undefined_reason::parameter:
      return "parameter '" + name + "' was not provided";
    case undefined_reason::condition:
      return "the inline if-expression evaluated to false and no else section was defined";
    case undefined_reason::empty:
      return name;
    case undefined_reason::unsafe:
      return "access to attribute '" + name + "' of '" + of() + "' object is unsafe";
    case undefined_reason::parent:
      return "there is no parent block called '" + name + "'";
  }
  return name;
}

void machine::fail_undefined(const value& v) {
  const bool unsafe = v.why().reason == undefined_reason::unsafe;
  fail(unsafe ? failure_kind::security : failure_kind::undefined, undefined_message(v));
}

value machine::attribute(const value& of, std::string_view name, const method_set* known) {
  if (of.is_undefined()) {
    if (is_chainable(of)) return of;
    fail_undefined(of);
  }
  if (known != nullptr && method_of(*known, of) != nullptr)
    return value::of(memory_.make<bound_method>(*known, of));
  if (of.is(kind::dict)) {
    if (const value* v = of.entries().find(name)) return *v;
  } else if (of.is(kind::object)) {
    value v = name.starts_with('_') ? value() : of.thing().attribute(*this, name);
    if (v.is_missing()) v = of.thing().item(*this, value::of(name));
    if (!v.is_missing()) return v;
  } else if (of.is_number()) {
    if (const value v = number_attribute(of, name); !v.is_missing()) return v;
  }
  const bool internal = name.starts_with("__") && name.ends_with("__") && name.size() > 4;
  return undefined(internal ? undefined_reason::unsafe : undefined_reason::attribute, name, of);
}

value machine::item(const value& of, const value& key) {
  switch (of.kind()) {
    case kind::undefined:
      if (is_chainable(of)) return of;
      fail_undefined(of);
    case kind::dict:
      if (const value* v = of.entries().find(key)) return *v;
      break;
    case kind::list:
    case kind::tuple:
      if (key.is_integral()) {
        const auto i = integers::to_int64(key);
        const auto n = static_cast<std::int64_t>(of.items().size);
        if (i && *i < n && *i >= -n)
          return of.items()[static_cast<std::uint32_t>(*i < 0 ? *i + n : *i)];
      }
      break;
    case kind::string:
      if (key.is_integral()) {
        step_over(of.bytes());
        const auto i = integers::to_int64(key);
        const auto n = static_cast<std::int64_t>(unicode::length(of.text()));
        if (i && *i < n && *i >= -n) {
          const std::size_t begin =
              unicode::offset_of(of.text(), static_cast<std::size_t>(*i < 0 ? *i + n : *i));
          std::size_t end = begin;
          unicode::decode(of.text(), end);
          return substring(memory_, of, begin, end);
        }
      }
      break;
    case kind::object:
      if (const value v = of.thing().item(*this, key); !v.is_missing()) return v;
      break;
    default:
      break;
  }
  if (!key.is_string()) return undefined(undefined_reason::item, {}, of, key);
  return attribute(of, key.text(), methods_named(key.text()));
}

value machine::sliced(const value& of, const value& from, const value& to, const value& by) {
  if (of.is_undefined()) {
    if (is_chainable(of)) return of;
    fail_undefined(of);
  }
  if (of.is_string()) step_over(of.bytes());
  if (of.is_string())
    return sliced_text(
        *this, of,
        bounds_of(*this, static_cast<std::int64_t>(unicode::length(of.text())), from, to, by));
  if (of.is_sequence()) {
    const bounds b = bounds_of(*this, of.items().size, from, to, by);
    list* made = make_list(memory_, static_cast<std::size_t>(b.count));
    for (std::int64_t i = 0, at = b.from; i < b.count; ++i, at += b.by)
      made->push(memory_, of.items()[static_cast<std::uint32_t>(at)]);
    return of.is(kind::tuple) ? value::tuple(made) : value::of(made);
  }
  if (of.is(kind::object))
    if (const auto* r = dynamic_cast<const range*>(&of.thing())) {
      const bounds b = bounds_of(*this, r->size(), from, to, by);
      return value::of(r->slice(*this, b.from, b.to, b.by));
    }
  fail(failure_kind::type,
       of.is(kind::dict) ? std::string("unhashable type: 'slice'")
                         : "'" + std::string(type_name(of)) + "' object is not subscriptable");
}

std::size_t machine::length(const value& v) {
  switch (v.kind()) {
    case kind::string:
      step_over(v.bytes());
      return unicode::length(v.text());
    case kind::list:
    case kind::tuple:
      return v.items().size;
    case kind::dict:
      return v.entries().size;
    case kind::undefined:
      if (is_strict(v)) fail_undefined(v);
      return 0;
    case kind::object:
      if (const auto n = v.thing().length(*this)) return *n;
      break;
    default:
      break;
  }
  fail(failure_kind::type, "object of type '" + std::string(type_name(v)) + "' has no len()");
}

const iterator* machine::iterator_of(const value& v) {
  switch (v.kind()) {
    case kind::string:
      return memory_.make<text_iterator>(v);
    case kind::list:
    case kind::tuple:
      return memory_.make<list_iterator>(&v.items(), "list_iterator");
    case kind::dict:
      return memory_.make<list_iterator>(to_list(v), "dict_keyiterator");
    case kind::undefined:
      if (is_strict(v)) fail_undefined(v);
      return memory_.make<nothing_iterator>();
    case kind::object:
      if (const iterator* i = v.thing().iterate(*this)) return i;
      break;
    default:
      break;
  }
  fail(failure_kind::type, "'" + std::string(type_name(v)) + "' object is not iterable");
}

list* machine::to_list(const value& v) {
  if (v.is_sequence()) return make_list(memory_, v.items().span());
  list* made = make_list(memory_);
  iterate(v, [&](const value& item) {
    step();
    made->push(memory_, item);
    return true;
  });
  return made;
}

bool machine::is_callable(const value& v) const {
  return v.is_undefined() || (v.is(kind::object) && v.thing().is_callable());
}

value machine::call(const value& callee, const arguments& given) {
  if (callee.is_undefined()) fail_undefined(callee);
  if (callee.is(kind::object) && callee.thing().is_callable())
    return callee.thing().call(*this, given);
  fail(failure_kind::type, "'" + std::string(type_name(callee)) + "' object is not callable");
}

}  // namespace jinja
