#include "dialect/repeated_frame.hpp"

#include <algorithm>

namespace ark::dialect {
namespace {

/// Learned in vain so often, frames of this stream do not repeat, and learning has its cost.
constexpr int most_misses = 24;

struct place {
  std::size_t begin = std::string_view::npos, end = 0;  ///< of a string's inside
  bool found() const noexcept { return begin != std::string_view::npos; }
};

/// Where the string's inside ends: at its quote, a backslash, a control character or the frame's
/// end.
std::size_t plain_end(std::string_view frame, std::size_t at) noexcept {
  while (at < frame.size() && frame[at] != '"' && frame[at] != '\\' &&
         static_cast<unsigned char>(frame[at]) >= 0x20)
    ++at;
  return at;
}

/// The string of the member `name`. Quotes inside of strings are escaped, so what looks like a
/// quoted name is one, or a string that says the same; then it stands there twice, or has no colon.
place find_string(std::string_view frame, std::string_view name) {
  std::size_t at = 0;
  place found;
  while ((at = frame.find(name, at)) != std::string_view::npos) {
    const std::size_t behind = at + name.size();
    const bool quoted =
        at > 0 && frame[at - 1] == '"' && behind < frame.size() && frame[behind] == '"';
    at = behind;
    if (!quoted) continue;
    if (found.found()) return {};
    std::size_t value = frame.find_first_not_of(' ', behind + 1);
    if (value == std::string_view::npos || frame[value] != ':') return {};
    value = frame.find_first_not_of(' ', value + 1);
    if (value == std::string_view::npos || frame[value] != '"') return {};
    found = {value + 1, plain_end(frame, value + 1)};
    while (found.end < frame.size() && frame[found.end] == '\\')
      found.end = plain_end(frame, std::min(found.end + 2, frame.size()));
    if (found.end == frame.size() || frame[found.end] != '"') return {};
  }
  return found;
}

}  // namespace

void repeated_frame::learn(std::string_view frame, std::string_view member,
                           std::span<const std::string_view> padding) {
  pieces_ = 0;
  if (misses_ >= most_misses) return;
  ++misses_;
  place text = find_string(frame, member), other;
  if (!text.found()) return;
  for (const std::string_view name : padding)
    if (!other.found()) other = find_string(frame, name);
  told_ = other.found() && other.begin < text.begin ? 1 : 0;
  if (told_ == 1) std::swap(text, other);
  bytes_.assign(frame, 0, text.begin);
  ends_[pieces_++] = bytes_.size();
  if (other.found()) {
    bytes_.append(frame, text.end, other.begin - text.end);
    ends_[pieces_++] = bytes_.size();
    text = other;
  }
  bytes_.append(frame, text.end);
  ends_[pieces_++] = bytes_.size();
  member_ = member;
  if (bytes_.find('\\') != std::string::npos) pieces_ = 0;
}

std::optional<std::string_view> repeated_frame::text_of(std::string_view frame) {
  std::string_view told;
  std::size_t at = 0, from = 0;
  for (std::size_t i = 0; i < pieces_; ++i) {
    const std::string_view piece(bytes_.data() + from, ends_[i] - from);
    if (frame.compare(at, piece.size(), piece) != 0) return std::nullopt;
    at += piece.size();
    from = ends_[i];
    if (i + 1 == pieces_) break;
    const std::size_t end = plain_end(frame, at);
    if (i == told_) told = frame.substr(at, end - at);
    at = end;
  }
  if (at != frame.size() || told.empty()) return std::nullopt;
  misses_ = 0;
  return told;
}

}  // namespace ark::dialect
