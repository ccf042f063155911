#pragma once
#include <ark/config.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace ark {

/// What a stream tells, piece by piece. Laws: exactly one `done`, last; nothing after an error;
/// `tool_call_begin` before its `tool_call_arguments`, `tool_call_end` after them, and the
/// arguments are valid JSON then. libark/doc/streaming.md.
enum class event_kind : std::uint8_t {
  started,              ///< `id`: the vendor's reply id; `name`: its model
  text,                 ///< `text`: more of the answer
  reasoning,            ///< `text`: more of the reasoning
  refusal,              ///< `text`: more of the model's refusal
  tool_call_begin,      ///< `index`, `id`, `name`
  tool_call_arguments,  ///< `index`, `text`: more of the arguments' JSON
  tool_call_end,        ///< `index`
  usage,                ///< the usage so far changed: ask the stream
  unknown,              ///< a frame this version does not know; `name`: its type
  done,                 ///< the reply is whole: ask the stream for it
};
ARK_API std::string_view to_string(event_kind value) noexcept;

/// One event of a stream. A value type that owns its strings.
struct event {
  event_kind kind = event_kind::unknown;
  int index = 0;  ///< which tool call, from 0
  std::string text{};
  std::string id{};
  std::string name{};
};

}  // namespace ark
