#include "client/media_tokens.hpp"

#include <string_view>
#include <variant>

namespace ark {
namespace {

constexpr std::int64_t context_window = 1'048'576;

template <class Media>
std::int64_t bytes_of(const Media& m) noexcept {
  if (!m.bytes.empty()) return static_cast<std::int64_t>((m.bytes.size() + 2) / 3 * 4);
  return m.url.starts_with("data:") ? static_cast<std::int64_t>(m.url.size()) : 0;
}

}  // namespace

std::int64_t inline_bytes(const part& p) noexcept {
  if (const auto* i = std::get_if<image_part>(&p)) return bytes_of(*i);
  if (const auto* a = std::get_if<audio_part>(&p)) return bytes_of(*a);
  if (const auto* d = std::get_if<document_part>(&p)) return bytes_of(*d);
  if (const auto* v = std::get_if<video_part>(&p)) return bytes_of(*v);
  return 0;
}

std::int64_t most_media_tokens(const part& p) noexcept {
  if (std::holds_alternative<image_part>(p)) return most_image_tokens;
  const auto* document = std::get_if<document_part>(&p);
  if (document == nullptr && !std::holds_alternative<audio_part>(p) &&
      !std::holds_alternative<video_part>(p))
    return 0;
  const std::int64_t bytes = inline_bytes(p);
  if (bytes == 0) return context_window;
  const bool has_pages = document != nullptr && !document->media_type.starts_with("text/");
  return bytes + (has_pages ? most_image_tokens : 0);
}

}  // namespace ark
