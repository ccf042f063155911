#include "jinja/value.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <functional>
#include <utility>

#include "big_int.hpp"
#include "jinja/object.hpp"

// What is used after its time shall be seen by sanitizers.
#if defined(__SANITIZE_ADDRESS__)
#define JINJA_IS_SANITIZED true
#elif defined(__has_feature)
#define JINJA_IS_SANITIZED __has_feature(address_sanitizer)
#else
#define JINJA_IS_SANITIZED false
#endif

namespace jinja {
namespace {

/// Two words that overlap are all of a text of one to two words.
template <class Word>
bool ends_are_same(const char* a, const char* b, std::size_t size) noexcept {
  const auto word = [](const char* from) {
    Word all = 0;
    std::memcpy(&all, from, sizeof all);
    return all;
  };
  const std::size_t last = size - sizeof(Word);
  return word(a) == word(b) && word(a + last) == word(b + last);
}

/// Keys are short: a call to compare them takes longer than they do.
bool is_same(std::string_view a, std::string_view b) noexcept {
  if (a.size() != b.size()) return false;
  if (a.size() > 16) return a == b;
  if (a.size() >= 8) return ends_are_same<std::uint64_t>(a.data(), b.data(), a.size());
  if (a.size() >= 4) return ends_are_same<std::uint32_t>(a.data(), b.data(), a.size());
  if (a.size() >= 2) return ends_are_same<std::uint16_t>(a.data(), b.data(), a.size());
  return a.empty() || a[0] == b[0];
}

constexpr bool is_sanitized = JINJA_IS_SANITIZED;
constexpr std::size_t first_block_bytes = 16 * 1024, largest_block_bytes = 1024 * 1024;

/// A thread's last blocks, one of each of the smaller sizes: an allocator gives as large ones back
/// to the system each time, which costs a short rendering more than what it does.
class spare_blocks {
 public:
  static std::unique_ptr<char[]> take(std::size_t size) noexcept {
    std::unique_ptr<char[]>* const place = place_of(size);
    return place == nullptr ? nullptr : std::move(*place);
  }
  static void keep(std::unique_ptr<char[]> bytes, std::size_t size) noexcept {
    if (std::unique_ptr<char[]>* const place = place_of(size)) *place = std::move(bytes);
  }

 private:
  static constexpr std::size_t sizes = 4;
  struct store {
    ~store() { is_gone = true; }
    std::array<std::unique_ptr<char[]>, sizes> bytes;
  };
  static std::unique_ptr<char[]>* place_of(std::size_t size) noexcept {
    if constexpr (is_sanitized) return nullptr;
    static thread_local store own;
    const auto which = static_cast<std::size_t>(std::countr_zero(size / first_block_bytes));
    return size < first_block_bytes || which >= sizes || is_gone ? nullptr : &own.bytes[which];
  }
  /// Of objects that outlive the thread's own.
  static thread_local bool is_gone;
};
thread_local bool spare_blocks::is_gone = false;

/// Below it a walk is quicker than a table.
constexpr std::uint32_t entries_without_index = 8;

std::uint64_t mixed(std::uint64_t x) noexcept {
  x ^= x >> 32;
  x *= 0xd6e8feb86659fd93ULL;
  return x ^ x >> 32;
}

std::uint64_t hash_of_text(std::string_view text) noexcept {
  return mixed(std::hash<std::string_view>()(text));
}

std::uint64_t hash_of_double(double d) noexcept {
  if (d == std::trunc(d) && d >= -9223372036854775808.0 && d < 9223372036854775808.0)
    return mixed(static_cast<std::uint64_t>(static_cast<std::int64_t>(d)));
  return mixed(std::bit_cast<std::uint64_t>(d));
}

bool equal_numbers(const value& a, const value& b) noexcept {
  if (a.is(kind::floating) && b.is(kind::floating)) return a.floating() == b.floating();
  if (!a.is(kind::floating) && !b.is(kind::floating)) return integers::compare(a, b) == 0;
  const value& whole = a.is(kind::floating) ? b : a;
  const double d = a.is(kind::floating) ? a.floating() : b.floating();
  if (d != std::trunc(d) || !std::isfinite(d)) return false;
  arena scratch;
  return integers::compare(whole, integers::from_double(scratch, d)) == 0;
}

/// One comparison, or one hash: of parts that may share parts, or hold themselves.
class walk {
 public:
  std::optional<std::uint64_t> hash(const value& v, int depth = 0);
  bool same(const value& a, const value& b, int depth = 0);

 private:
  void count(int depth) {
    constexpr int deepest = 500;
    if (depth > deepest || left_-- == 0) throw too_complex{};
  }
  bool same_dicts(const dict& a, const dict& b, int depth);
  std::uint64_t left_ = 10'000'000;
};

std::optional<std::uint64_t> walk::hash(const value& v, int depth) {
  switch (v.kind()) {
    case kind::none:
      return 1;
    case kind::boolean:
    case kind::integer:
      return mixed(static_cast<std::uint64_t>(v.integer()));
    case kind::big:
      return mixed(integers::hash(v.big()));
    case kind::floating:
      return hash_of_double(v.floating());
    case kind::string:
      return hash_of_text(v.text());
    case kind::tuple: {
      count(depth);
      std::uint64_t all = v.items().size;
      for (const value& item : v.items()) {
        const auto one = hash(item, depth + 1);
        if (!one) return std::nullopt;
        all = mixed(all * 31 + *one);
      }
      return all;
    }
    case kind::object:
      return mixed(reinterpret_cast<std::uintptr_t>(&v.thing()));
    case kind::undefined:
      return 2;
    default:
      return std::nullopt;
  }
}

bool walk::same(const value& a, const value& b, int depth) {
  if (a.is_string() && b.is_string()) return is_same(a.text(), b.text());
  if (a.is_number() && b.is_number()) return equal_numbers(a, b);
  if (a.kind() != b.kind()) {
    if (a.is(kind::object)) return a.thing().equals(b);
    if (b.is(kind::object)) return b.thing().equals(a);
    return false;
  }
  switch (a.kind()) {
    case kind::none:
    case kind::undefined:
      return true;
    case kind::tuple:
    case kind::list:
      count(depth);
      return a.items().size == b.items().size &&
             std::equal(a.items().begin(), a.items().end(), b.items().begin(),
                        [&](const value& x, const value& y) { return same(x, y, depth + 1); });
    case kind::dict:
      count(depth);
      return same_dicts(a.entries(), b.entries(), depth);
    case kind::object:
      return &a.thing() == &b.thing() || a.thing().equals(b);
    default:
      return false;
  }
}

bool walk::same_dicts(const dict& a, const dict& b, int depth) {
  if (a.size != b.size) return false;
  std::uint32_t at = 0;
  while (const auto* e = a.next(at)) {
    const value* other = b.find(e->key);
    if (other == nullptr || !same(e->item, *other, depth + 1)) return false;
  }
  return true;
}

}  // namespace

arena::~arena() {
  for (block& each : blocks_) spare_blocks::keep(std::move(each.bytes), each.size);
}

void* arena::grow(std::size_t bytes, std::size_t align) {
  if (bytes > limit_ || total_ > limit_ - bytes) throw exhausted{};
  const std::size_t wanted = bytes + align;
  if (wanted > largest_block_bytes / 4) {
    // Large things have a block of their own, so the running one is not left.
    blocks_.push_back({std::make_unique_for_overwrite<char[]>(wanted), 0});
    total_ += wanted;
    char* const begin = blocks_.back().bytes.get();
    const auto address = reinterpret_cast<std::uintptr_t>(begin);
    return begin + ((align - address % align) % align);
  }
  size_ = std::clamp(size_ * 2, first_block_bytes, largest_block_bytes);
  auto made = spare_blocks::take(size_);
  if (made == nullptr) made = std::make_unique_for_overwrite<char[]>(size_);
  blocks_.push_back({std::move(made), size_});
  block_ = blocks_.back().bytes.get();
  total_ += size_;
  used_ = 0;
  return allocate(bytes, align);
}

bool value::same(const value& other) const noexcept {
  if (kind_ != other.kind_) return false;
  if (kind_ == kind::none || kind_ == kind::undefined) return true;
  if (kind_ == kind::floating)
    return std::bit_cast<std::uint64_t>(as_.floating) ==
           std::bit_cast<std::uint64_t>(other.as_.floating);
  if (kind_ == kind::string) return text() == other.text();
  return as_.integer == other.as_.integer;
}

list* make_list(arena& in, std::size_t capacity) {
  auto* made = in.make<list>();
  if (capacity > 0) made->data = in.array<value>(capacity);
  made->capacity = static_cast<std::uint32_t>(capacity);
  return made;
}

list* make_list(arena& in, std::span<const value> items) {
  auto* made = make_list(in, items.size());
  std::copy(items.begin(), items.end(), made->data);
  made->size = made->capacity;
  return made;
}

void list::push(arena& in, value item) {
  if (size == capacity) {
    capacity = capacity == 0 ? 4 : capacity * 2;
    auto* const more = in.array<value>(capacity);
    std::copy(data, data + size, more);
    data = more;
  }
  data[size++] = item;
}

dict* make_dict(arena& in) { return in.make<dict>(); }

std::optional<std::uint64_t> hash_of(const value& v) { return walk().hash(v); }

bool equal(const value& a, const value& b) { return walk().same(a, b); }

dict::entry* dict::lookup(std::uint64_t hash, const value& key) const {
  if (index == nullptr) {
    for (std::uint32_t i = 0; i < used; ++i)
      if (!data[i].is_removed && data[i].hash == hash && equal(data[i].key, key)) return &data[i];
    return nullptr;
  }
  for (std::uint32_t at = static_cast<std::uint32_t>(hash) & (index_size - 1); index[at] != 0;
       at = (at + 1) & (index_size - 1)) {
    entry& e = data[index[at] - 1];
    if (!e.is_removed && e.hash == hash && equal(e.key, key)) return &e;
  }
  return nullptr;
}

const value* dict::find(const value& key) const {
  if (key.is_string() && index == nullptr) return find(key.text());
  const auto hash = hash_of(key);
  if (!hash || size == 0) return nullptr;
  const entry* e = lookup(*hash, key);
  return e == nullptr ? nullptr : &e->item;
}

const value* dict::find(std::string_view key) const {
  if (index == nullptr) {
    for (std::uint32_t i = 0; i < used; ++i)
      if (!data[i].is_removed && data[i].key.is_string() && is_same(data[i].key.text(), key))
        return &data[i].item;
    return nullptr;
  }
  const entry* e = size == 0 ? nullptr : lookup(hash_of_text(key), value::of(key));
  return e == nullptr ? nullptr : &e->item;
}

void dict::rehash(arena& in) {
  // Removed entries go, the others keep their order.
  std::uint32_t kept = 0;
  for (std::uint32_t i = 0; i < used; ++i)
    if (!data[i].is_removed) data[kept++] = data[i];
  used = kept;
  if (used * 2 > capacity || capacity == 0) {
    capacity = capacity == 0 ? 4 : capacity * 2;
    auto* const more = in.array<entry>(capacity);
    std::copy(data, data + used, more);
    data = more;
  }
  if (capacity <= entries_without_index) return;
  if (index_size < capacity * 2) {
    index_size = std::bit_ceil(capacity * 2);
    index = in.array<std::uint32_t>(index_size);
  }
  std::fill(index, index + index_size, 0U);
  for (std::uint32_t i = 0; i < used; ++i) {
    auto at = static_cast<std::uint32_t>(data[i].hash) & (index_size - 1);
    while (index[at] != 0) at = (at + 1) & (index_size - 1);
    index[at] = i + 1;
  }
}

void dict::set(arena& in, value key, value item) {
  const std::uint64_t hash = hash_of(key).value_or(0);
  if (entry* e = lookup(hash, key)) {
    e->item = item;
    return;
  }
  if (used == capacity) rehash(in);
  data[used++] = {key, item, hash, false};
  ++size;
  if (index == nullptr) return;
  auto at = static_cast<std::uint32_t>(hash) & (index_size - 1);
  while (index[at] != 0) at = (at + 1) & (index_size - 1);
  index[at] = used;
}

bool dict::remove(const value& key) {
  const auto hash = hash_of(key);
  entry* e = hash ? lookup(*hash, key) : nullptr;
  if (e == nullptr) return false;
  e->is_removed = true;
  --size;
  return true;
}

void dict::clear() noexcept {
  used = size = 0;
  if (index != nullptr) std::fill(index, index + index_size, 0U);
}

}  // namespace jinja
