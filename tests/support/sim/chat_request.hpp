#pragma once
#include <ark/result.hpp>

#include <boost/json.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ark::testing {

enum class wire_family : std::uint8_t { openai, anthropic };

/// A stretch of the prompt, in the order in which vendors cache it. `mark`: a cache breakpoint
/// stands at its end.
struct prompt_segment {
  enum class cache_mark : std::uint8_t { none, five_minutes, one_hour };
  std::string text;
  std::int64_t tokens = 0;
  cache_mark mark = cache_mark::none;
};

struct tool_spec {
  std::string name;
  boost::json::object schema;
};

/// What both families ask for, read out of their bodies.
struct chat_request {
  wire_family family = wire_family::openai;
  std::string model;
  std::vector<prompt_segment> segments;
  std::string last_user;                  ///< text of the last user message
  std::string system;                     ///< text of all system messages
  std::vector<std::string> tool_results;  ///< those after the last assistant message
  std::vector<std::string> images;        ///< "640x480", "unknown size"
  std::vector<tool_spec> tools;
  enum class tool_mode : std::uint8_t { automatic, none, required, named };
  tool_mode choice = tool_mode::automatic;
  std::string chosen_tool;
  bool parallel_tools = true;
  bool json_object = false;
  bool has_schema = false;
  boost::json::object schema;
  std::vector<std::string> stops;
  std::int64_t max_tokens = -1;  ///< -1: no limit
  bool stream = false;
  bool include_usage = true;
  bool think = false;             ///< reasoning tokens are made
  bool visible_thinking = false;  ///< and shown

  std::int64_t prompt_tokens() const noexcept;
  bool has_tool(std::string_view name) const noexcept;
};

/// Reads a body of POST .../chat/completions or .../v1/messages. An error's message is what the
/// vendor would say; its `vendor_code` is the offending parameter, its `vendor_message` the
/// vendor's code, "" for the usual one.
result<chat_request> read_openai_chat(const boost::json::object& body);
result<chat_request> read_anthropic_messages(const boost::json::object& body);

/// A member's text, "" if it is absent or no string.
std::string_view text_of(const boost::json::object& object, std::string_view name) noexcept;
/// A member that is an object or an array, or null.
const boost::json::object* object_of(const boost::json::object& object,
                                     std::string_view name) noexcept;
const boost::json::array* array_of(const boost::json::object& object,
                                   std::string_view name) noexcept;
/// Counts an image into the segment and notes its size. `data_url` or plain bytes.
void add_image(chat_request& request, prompt_segment& segment, std::string_view bytes,
               bool low_detail);

}  // namespace ark::testing
