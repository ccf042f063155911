#include "base/json_reader.hpp"

#include "base/limits.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstring>
#include <memory>
#include <string>
#include <utility>

namespace ark::json {
namespace {

int hex4(const char* p) {
  int value = 0;
  for (int i = 0; i < 4; ++i) {
    const char c = p[i];
    const int digit = c >= '0' && c <= '9'   ? c - '0'
                      : c >= 'a' && c <= 'f' ? c - 'a' + 10
                      : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                             : -1;
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

/// Rewrites each \uD800..\uDFFF escape without its partner as \ufffd, in place (same length).
bool replace_lone_surrogates(std::string& text, std::size_t size) {
  bool changed = false;
  for (std::size_t i = 0; i + 1 < size; ++i) {
    if (text[i] != '\\') continue;
    if (text[i + 1] != 'u' || i + 6 > size) {
      ++i;
      continue;
    }
    const int unit = hex4(text.data() + i + 2);
    const bool high = unit >= 0xD800 && unit <= 0xDBFF;
    const bool low = unit >= 0xDC00 && unit <= 0xDFFF;
    if (high && i + 12 <= size && text[i + 6] == '\\' && text[i + 7] == 'u') {
      const int next = hex4(text.data() + i + 8);
      if (next >= 0xDC00 && next <= 0xDFFF) {
        i += 11;
        continue;
      }
    }
    if (high || low) {
      std::memcpy(text.data() + i + 2, "fffd", 4);
      changed = true;
    }
    i += 5;
  }
  return changed;
}

/// Integers that 64 bits cannot hold are legal JSON, and one in a field that nobody reads must not
/// cost the answer: "99999999999999999999" becomes "999999999999999999e2", a double. In place.
bool shorten_integers(std::string& text, std::size_t size) {
  bool changed = false, quoted = false;
  for (std::size_t i = 0; i < size; ++i) {
    if (text[i] == '"') quoted = !quoted;
    if (quoted && text[i] == '\\') ++i;
    if (quoted || text[i] < '0' || text[i] > '9') continue;
    const std::size_t begin = i;
    while (i < size && text[i] >= '0' && text[i] <= '9') ++i;
    const char before = begin == 0 ? ' ' : text[begin - 1];
    const bool integer = before != '.' && before != 'e' && before != 'E' && before != '+' &&
                         (i == size || (text[i] != '.' && text[i] != 'e' && text[i] != 'E'));
    // "1e-99999999999999999999": the sign of an exponent looks like the sign of a number.
    const bool exponent = before == '-' && begin >= 2 && (text[begin - 2] | 0x20) == 'e';
    const std::size_t too_many = before == '-' ? 19 : 20;  // digits of -2^63 and 2^64 - 1
    if (integer && !exponent && i - begin >= too_many && text[begin] != '0') {
      text[i - 2] = 'e';
      text[i - 1] = '2';
      changed = true;
    }
    --i;
  }
  return changed;
}

}  // namespace

struct reader::buffers {
  simdjson::dom::parser parser;
  std::string padded;
};

/// What this thread's readers gave back: a cache and nothing else.
struct reader::store {
  static constexpr std::size_t largest = 256u << 10;

  std::array<std::unique_ptr<buffers>, 4> free;  // readers nest, but not deeper
  std::size_t count = 0;
  ~store() { gone = true; }
  /// Set when the thread ends: readers with static storage outlive its store.
  static thread_local bool gone;
  static store& of_this_thread() {
    static thread_local store s;
    return s;
  }
};
thread_local bool reader::store::gone = false;

reader::reader() noexcept = default;

void reader::borrow() {
  if (!store::gone)
    if (store& mine = store::of_this_thread(); mine.count > 0)
      buffers_ = std::move(mine.free[--mine.count]);
  if (!buffers_) buffers_ = std::make_unique<buffers>();
}

/// What simdjson refuses and we do not, in a copy that is changed.
simdjson::error_code reader::parse_repaired(std::string_view text, simdjson::error_code failure) {
  std::string& changed = copy(text);
  const auto again = [&] {
    return buffers_->parser.parse(changed.data(), text.size(), false).error();
  };
  if (failure == simdjson::STRING_ERROR && replace_lone_surrogates(changed, text.size()))
    failure = again();
  if (failure == simdjson::NUMBER_ERROR && shorten_integers(changed, text.size())) {
    failure = again();
    if (failure == simdjson::STRING_ERROR && replace_lone_surrogates(changed, text.size()))
      failure = again();
  }
  return failure;
}

reader::~reader() {
  if (!buffers_ || store::gone || buffers_->parser.capacity() > store::largest) return;
  store& mine = store::of_this_thread();
  if (mine.count < mine.free.size()) mine.free[mine.count++] = std::move(buffers_);
}

namespace {

thread_local std::string_view readable;  // what `readable_bytes` said last

/// May simdjson read its padding behind `text`, which it never looks at?
bool has_padding(std::string_view text) noexcept {
  const auto begin = reinterpret_cast<std::uintptr_t>(text.data());
  const auto all = reinterpret_cast<std::uintptr_t>(readable.data());
  return begin >= all && begin + text.size() + simdjson::SIMDJSON_PADDING <= all + readable.size();
}

}  // namespace

readable_bytes::readable_bytes(std::string_view bytes) noexcept
    : before_(std::exchange(readable, bytes)) {}
readable_bytes::~readable_bytes() { readable = before_; }

/// A copy that may be changed, with padding behind it.
std::string& reader::copy(std::string_view text) {
  constexpr std::size_t padding = simdjson::SIMDJSON_PADDING;
  std::string& padded = buffers_->padded;
  if (padded.size() < text.size() + padding) padded.resize(text.size() * 2 + padding);
  if (!text.empty()) std::memcpy(padded.data(), text.data(), text.size());  // null may be empty
  return padded;
}

result<element> reader::parse(std::string_view text) {
  if (!buffers_) borrow();
  simdjson::dom::parser& parser = buffers_->parser;
  if (parser.max_depth() != limits::json_depth || parser.capacity() < text.size()) {
    const std::size_t capacity = std::max<std::size_t>(text.size() * 2, 4096);
    if (parser.allocate(capacity, limits::json_depth) != simdjson::SUCCESS)
      return error{.code = errc::too_large, .message = "a JSON text is too large to be read"};
  }
  const char* const json = has_padding(text) ? text.data() : copy(text).data();
  auto failure = parser.parse(json, text.size(), false).error();
  if (failure != simdjson::SUCCESS) failure = parse_repaired(text, failure);
  if (failure == simdjson::SUCCESS) return parser.doc.root();
  return error{.code = failure == simdjson::DEPTH_ERROR ? errc::too_large : errc::protocol,
               .message = std::string("not JSON: ") + simdjson::error_message(failure)};
}

std::int64_t as_integer(element e, std::int64_t otherwise) noexcept {
  std::int64_t whole = 0;
  if (e.get(whole) == simdjson::SUCCESS) return whole;
  double real = 0;
  if (e.get(real) == simdjson::SUCCESS && std::abs(real) < 9e15 && real == std::floor(real))
    return static_cast<std::int64_t>(real);
  return otherwise;
}

bool find(element e, std::string_view name, element& out) noexcept {
  simdjson::dom::object object;
  if (e.get(object) != simdjson::SUCCESS) return false;
  bool found = false;
  for (auto at = object.begin(), end = object.end(); at != end; ++at) {
    if (at.key_equals(name)) {
      out = at.value();
      found = true;
    }
  }
  return found;
}

std::string_view text_at(element e, std::string_view name) noexcept {
  element found;
  return find(e, name, found) ? as_text(found) : std::string_view{};
}

std::int64_t integer_at(element e, std::string_view name, std::int64_t otherwise) noexcept {
  element found;
  return find(e, name, found) ? as_integer(found, otherwise) : otherwise;
}

bool find_path(element e, std::string_view dotted, element& out) noexcept {
  element here = e;
  while (!dotted.empty()) {
    const auto dot = dotted.find('.');
    const auto name = dotted.substr(0, dot);
    dotted = dot == std::string_view::npos ? std::string_view{} : dotted.substr(dot + 1);
    simdjson::dom::array array;
    if (here.get(array) == simdjson::SUCCESS) {
      std::size_t index = 0;
      if (std::from_chars(name.data(), name.data() + name.size(), index).ec != std::errc{})
        return false;
      if (array.at(index).get(here) != simdjson::SUCCESS) return false;
    } else if (!find(here, name, here)) {
      return false;
    }
  }
  out = here;
  return true;
}

}  // namespace ark::json
