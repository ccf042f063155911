#pragma once
#include <ark/result.hpp>

#include <simdjson.h>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>

namespace ark::json {

/// Parses vendors' JSON with simdjson (DOM: the whole text is validated). It borrows its buffers
/// (20 KB) from a small store of this thread, so that one for each frame is cheap and open streams
/// hold none. Depth at most 256. Lone surrogate escapes, which real vendors
/// send, become U+FFFD instead of an error. Not thread safe; a value read from it is valid until
/// the next `parse`. Use object iteration (last duplicate wins), not at_key.
class reader {
 public:
  reader() noexcept;
  ~reader();
  reader(const reader&) = delete;
  reader& operator=(const reader&) = delete;
  /// errc::protocol with the offset's neighbourhood left out: bytes may quote the prompt.
  result<simdjson::dom::element> parse(std::string_view text);

 private:
  struct buffers;
  struct store;
  void borrow();
  std::string& copy(std::string_view text);
  simdjson::error_code parse_repaired(std::string_view text, simdjson::error_code failure);
  std::unique_ptr<buffers> buffers_;  ///< since the first `parse`
};

/// While it lives, this thread's readers know that all of `bytes` may be read: a text among them
/// with simdjson's padding (64 bytes) behind it is parsed where it stands, without a copy. Guards
/// nest; the innermost counts.
class readable_bytes {
 public:
  explicit readable_bytes(std::string_view bytes) noexcept;
  ~readable_bytes();
  readable_bytes(const readable_bytes&) = delete;
  readable_bytes& operator=(const readable_bytes&) = delete;

 private:
  std::string_view before_;
};

// Lenient access: a missing or mistyped field is the default.
using element = simdjson::dom::element;
inline std::string_view as_text(element e) noexcept {  ///< "" unless a string
  std::string_view text;
  return e.get(text) == simdjson::SUCCESS ? text : std::string_view{};
}
std::int64_t as_integer(element e, std::int64_t otherwise = 0) noexcept;  ///< also whole doubles
/// `each(key, value)` for the members of an object, in their order. A value that is handed on so
/// stays in registers; simdjson's own loop makes a pair of key and value in memory, and a copy of
/// half of it waits for the pair to be written, which is felt in the frames of a stream.
template <class Each>
void for_each_member(simdjson::dom::object o, Each&& each) {
  for (auto at = o.begin(), end = o.end(); at != end; ++at) each(at.key(), at.value());
}
/// `text == name` for a name whose length is known when compiled: without a call, which is felt
/// where each member of each frame is compared with several names.
template <std::size_t Size>
bool is(std::string_view text, const char (&name)[Size]) noexcept {
  return text.size() == Size - 1 && std::memcmp(text.data(), name, Size - 1) == 0;
}
/// The last member called `name`, if `e` is an object and has one.
bool find(element e, std::string_view name, element& out) noexcept;
/// The text of the last member called `name`; "" if there is none, or it is no string.
std::string_view text_at(element e, std::string_view name) noexcept;
/// The integer of the last member called `name`; `otherwise` if there is none, or it is no number.
std::int64_t integer_at(element e, std::string_view name, std::int64_t otherwise = 0) noexcept;
/// "usage.prompt_tokens_details.cached_tokens", "choices.0.usage".
bool find_path(element e, std::string_view dotted, element& out) noexcept;

}  // namespace ark::json
