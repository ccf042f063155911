#include "sim/chat_request.hpp"

#include "sim/tokens.hpp"

#include <algorithm>

namespace ark::testing {

std::int64_t chat_request::prompt_tokens() const noexcept {
  std::int64_t sum = 0;
  for (const auto& s : segments) sum += s.tokens;
  return sum;
}

bool chat_request::has_tool(std::string_view name) const noexcept {
  return std::any_of(tools.begin(), tools.end(), [name](const auto& t) { return t.name == name; });
}

std::string_view text_of(const boost::json::object& object, std::string_view name) noexcept {
  const auto* value = object.if_contains(name);
  const auto* text = value ? value->if_string() : nullptr;
  return text ? std::string_view(*text) : std::string_view{};
}

const boost::json::object* object_of(const boost::json::object& object,
                                     std::string_view name) noexcept {
  const auto* value = object.if_contains(name);
  return value ? value->if_object() : nullptr;
}

const boost::json::array* array_of(const boost::json::object& object,
                                   std::string_view name) noexcept {
  const auto* value = object.if_contains(name);
  return value ? value->if_array() : nullptr;
}

void add_image(chat_request& request, prompt_segment& segment, std::string_view bytes,
               bool low_detail) {
  const auto size = image_dimensions(bytes);
  segment.tokens += request.family == wire_family::openai ? openai_image_tokens(size, low_detail)
                                                          : anthropic_image_tokens(size);
  segment.text += "[image]";
  request.images.push_back(size ? std::to_string(size->width) + "x" + std::to_string(size->height)
                                : "unknown size");
}

}  // namespace ark::testing
