#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "jinja/arena.hpp"

namespace jinja {

class big_int;
class object;
class value;
struct dict;
struct list;
struct rich_text;
struct undefined_info;

enum class kind : std::uint8_t {
  missing,  ///< no value at all: a variable that was not set. Templates never see it.
  undefined,
  none,
  boolean,
  integer,
  big,  ///< an integer beyond 64 bits
  floating,
  string,
  tuple,
  list,
  dict,
  object,
};

/// A Python value as templates see it: 16 bytes that are copied freely. It owns nothing: text and
/// containers lie in an arena, or are the caller's, and must live as long as the value is used.
class value {
 public:
  constexpr value() noexcept = default;  ///< missing
  static value none() noexcept { return value(kind::none); }
  static value of(bool truth) noexcept {
    value v(kind::boolean);
    v.as_.integer = truth ? 1 : 0;
    return v;
  }
  static value of(std::int64_t number) noexcept {
    value v(kind::integer);
    v.as_.integer = number;
    return v;
  }
  static value of(double number) noexcept {
    value v(kind::floating);
    v.as_.floating = number;
    return v;
  }
  /// Borrowed UTF-8; 4 GB at most.
  static value of(std::string_view text) noexcept {
    value v(kind::string);
    v.size_ = static_cast<std::uint32_t>(text.size());
    v.as_.text = text.data();
    return v;
  }
  static value of(const char* text) noexcept { return of(std::string_view(text)); }
  static value of(const big_int* number) noexcept {
    value v(kind::big);
    v.as_.big = number;
    return v;
  }
  static value of(jinja::list* items) noexcept {
    value v(kind::list);
    v.as_.items = items;
    return v;
  }
  static value tuple(jinja::list* items) noexcept {
    value v(kind::tuple);
    v.as_.items = items;
    return v;
  }
  static value of(jinja::dict* entries) noexcept {
    value v(kind::dict);
    v.as_.entries = entries;
    return v;
  }
  static value of(const object* thing) noexcept {
    value v(kind::object);
    v.as_.thing = thing;
    return v;
  }
  static value undefined(const undefined_info* why) noexcept {
    value v(kind::undefined);
    v.as_.why = why;
    return v;
  }
  /// Text of which some came from outside; see rich_text.
  static value rich(const rich_text* text, std::uint32_t size) noexcept {
    value v(kind::string);
    v.flags_ = is_rich_flag;
    v.size_ = size;
    v.as_.rich = text;
    return v;
  }

  jinja::kind kind() const noexcept { return kind_; }
  bool is(jinja::kind k) const noexcept { return kind_ == k; }
  bool is_missing() const noexcept { return kind_ == jinja::kind::missing; }
  bool is_undefined() const noexcept { return kind_ == jinja::kind::undefined; }
  bool is_none() const noexcept { return kind_ == jinja::kind::none; }
  bool is_string() const noexcept { return kind_ == jinja::kind::string; }
  /// A whole number of any size, as Python sees it: booleans too.
  bool is_integral() const noexcept {
    return kind_ == jinja::kind::integer || kind_ == jinja::kind::boolean ||
           kind_ == jinja::kind::big;
  }
  bool is_number() const noexcept { return is_integral() || kind_ == jinja::kind::floating; }
  bool is_sequence() const noexcept {
    return kind_ == jinja::kind::list || kind_ == jinja::kind::tuple;
  }

  // Only for a value of that kind.
  bool boolean() const noexcept { return as_.integer != 0; }
  std::int64_t integer() const noexcept { return as_.integer; }  ///< of a boolean too
  double floating() const noexcept { return as_.floating; }
  const big_int& big() const noexcept { return *as_.big; }
  std::string_view text() const noexcept;
  std::uint32_t bytes() const noexcept { return size_; }
  jinja::list& items() const noexcept { return *as_.items; }
  jinja::dict& entries() const noexcept { return *as_.entries; }
  const object& thing() const noexcept { return *as_.thing; }
  const undefined_info& why() const noexcept { return *as_.why; }
  const rich_text* rich() const noexcept { return is_rich() ? as_.rich : nullptr; }
  bool is_rich() const noexcept { return (flags_ & is_rich_flag) != 0; }

  /// Text that is HTML already (Markup).
  bool is_safe() const noexcept { return (flags_ & is_safe_flag) != 0; }
  value safe(bool yes = true) const noexcept {
    value v = *this;
    v.flags_ = static_cast<std::uint8_t>(yes ? v.flags_ | is_safe_flag : v.flags_ & ~is_safe_flag);
    return v;
  }
  /// The same object, as Python's `is` would say.
  bool same(const value& other) const noexcept;

 private:
  static constexpr std::uint8_t is_rich_flag = 1, is_safe_flag = 2;
  constexpr explicit value(jinja::kind k) noexcept : kind_(k) {}

  jinja::kind kind_ = jinja::kind::missing;
  std::uint8_t flags_ = 0;
  std::uint32_t size_ = 0;
  union {
    std::int64_t integer;
    double floating;
    const char* text;
    const rich_text* rich;
    const big_int* big;
    jinja::list* items;
    jinja::dict* entries;
    const object* thing;
    const undefined_info* why;
  } as_{0};
};
static_assert(sizeof(value) == 16);

/// Where bytes of a text came from: 0 is the template itself; others are the caller's numbers.
struct text_part {
  std::uint32_t end = 0;  ///< behind the last byte
  std::uint32_t origin = 0;
};
struct rich_text {
  const char* data = nullptr;
  std::span<const text_part> parts;  ///< in order, without gaps; the last ends at the text's end
};

inline std::string_view value::text() const noexcept {
  return {is_rich() ? as_.rich->data : as_.text, size_};
}

/// A list or a tuple.
struct list {
  value* data = nullptr;
  std::uint32_t size = 0, capacity = 0;

  value* begin() const noexcept { return data; }
  value* end() const noexcept { return data + size; }
  value& operator[](std::size_t i) const noexcept { return data[i]; }
  std::span<value> span() const noexcept { return {data, size}; }
  void push(arena& in, value item);
};
list* make_list(arena& in, std::size_t capacity = 0);
list* make_list(arena& in, std::span<const value> items);

/// Keys in the order of their coming; equal keys as in Python: 1, 1.0 and True are one.
struct dict {
  struct entry {
    value key, item;
    std::uint64_t hash = 0;
    bool is_removed = false;
  };
  entry* data = nullptr;
  std::uint32_t used = 0, capacity = 0;  ///< of `data`, with removed ones
  std::uint32_t size = 0;
  std::uint32_t* index = nullptr;  ///< above a few entries: open addressing, 0 is free
  std::uint32_t index_size = 0;

  const value* find(const value& key) const;  ///< null if it is not there
  const value* find(std::string_view key) const;
  void set(arena& in, value key, value item);
  bool remove(const value& key);
  void clear() noexcept;
  /// The next entry from position `at` on, which it moves; null at the end.
  const entry* next(std::uint32_t& at) const noexcept {
    while (at < used)
      if (const entry& e = data[at++]; !e.is_removed) return &e;
    return nullptr;
  }

 private:
  entry* lookup(std::uint64_t hash, const value& key) const;
  void rehash(arena& in);
};
dict* make_dict(arena& in);

/// Python's hash of what can be a key; nothing for what cannot (a list).
std::optional<std::uint64_t> hash_of(const value& v);
/// Python's ==.
bool equal(const value& a, const value& b);
/// Thrown by these, inside of this library only, where values are nested without end or would take
/// for ever.
struct too_complex {};

/// JSON to values, and back as Python's json module writes it.
class json_failure;
std::optional<value> read_json(arena& in, std::string_view text, std::string* problem = nullptr);

}  // namespace jinja
