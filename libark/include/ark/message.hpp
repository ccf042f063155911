#pragma once
#include <ark/config.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace ark {

/// Who speaks. `developer` is sent as `system` to vendors that do not know it.
enum class role : std::uint8_t { system, developer, user, assistant, tool };
ARK_API std::string_view to_string(role value) noexcept;

/// All strings in messages are UTF-8.
struct text_part {
  std::string text{};
  friend bool operator==(const text_part&, const text_part&) = default;
};

/// An image: one of `url`, `bytes` (raw, not base64) with `media_type` ("image/png"), and
/// `file_id`.
struct image_part {
  std::string url{};
  std::string bytes{};
  std::string media_type{};
  std::string detail{};   ///< "low", "high", "auto" or "" (vendor's default)
  std::string file_id{};  ///< of a file that was uploaded to the vendor
  friend bool operator==(const image_part&, const image_part&) = default;
};

/// Sound, given as an image is; `media_type` as in "audio/wav".
struct audio_part {
  std::string url{};
  std::string bytes{};
  std::string media_type{};
  std::string file_id{};
  friend bool operator==(const audio_part&, const audio_part&) = default;
};

/// A document, given as an image is; `media_type` as in "application/pdf" or "text/plain".
struct document_part {
  std::string url{};
  std::string bytes{};
  std::string media_type{};
  std::string name{};  ///< its title or file name; some vendors want one
  std::string file_id{};
  std::string context{};   ///< what the model is told about it, and does not cite
  bool citations = false;  ///< ask for citations of it, where the vendor wants to be asked
  friend bool operator==(const document_part&, const document_part&) = default;
};

/// A video, given as an image is; `media_type` as in "video/mp4".
struct video_part {
  std::string url{};
  std::string bytes{};
  std::string media_type{};
  std::string file_id{};
  friend bool operator==(const video_part&, const video_part&) = default;
};

/// The model's reasoning. Send it back unchanged where the vendor wants it (the dialect decides).
struct reasoning_part {
  std::string text{};
  std::string signature{};  ///< opaque proof that some vendors want back
  std::string opaque;       ///< vendor JSON (encrypted or redacted reasoning), kept byte for byte
  friend bool operator==(const reasoning_part&, const reasoning_part&) = default;
};

/// The model asks for a tool. `arguments` is JSON text, "{}" when the vendor sent none.
struct tool_call_part {
  std::string id{};
  std::string name{};
  std::string arguments{};
  friend bool operator==(const tool_call_part&, const tool_call_part&) = default;
};

/// The caller's answer to a tool call.
struct tool_result_part {
  std::string tool_call_id{};
  std::string name{};  ///< optional; some vendors want it
  std::string text{};
  bool is_error = false;
  friend bool operator==(const tool_result_part&, const tool_result_part&) = default;
};

/// The model declined, in its own words.
struct refusal_part {
  std::string text{};
  friend bool operator==(const refusal_part&, const refusal_part&) = default;
};

using part = std::variant<text_part, image_part, reasoning_part, tool_call_part, tool_result_part,
                          refusal_part, audio_part, document_part, video_part>;

/// The vendor may keep the prompt up to here, for the least time. Vendors that keep prompts by
/// themselves, or not at all, are told nothing.
enum class cache_mark : std::uint8_t { none, five_minutes, one_hour };

/// One message: a role and its parts, in order. A value type.
struct message {
  ark::role role = ark::role::user;
  std::vector<part> parts{};
  std::string name{};                   ///< optional name of the speaker
  cache_mark cache = cache_mark::none;  ///< at the message's end

  /// Concatenation of the text parts.
  ARK_API std::string text() const;
  /// Concatenation of the reasoning parts' text.
  ARK_API std::string reasoning() const;
  ARK_API std::vector<tool_call_part> tool_calls() const;
  friend bool operator==(const message&, const message&) = default;
};

ARK_API message system(std::string text);  ///< a message of one text part
ARK_API message developer(std::string text);
ARK_API message user(std::string text);
ARK_API message assistant(std::string text);
/// `tool("call_1", "{\"temp\":21}")`.
ARK_API message tool(std::string tool_call_id, std::string text);
ARK_API message tool_error(std::string tool_call_id, std::string text);
/// A part for `message::parts`.
ARK_API image_part image_url(std::string url);
ARK_API image_part image_bytes(std::string bytes, std::string media_type);
ARK_API audio_part audio_bytes(std::string bytes, std::string media_type);
ARK_API document_part document_url(std::string url);
/// `name`: its file name, as "report.pdf".
ARK_API document_part document_bytes(std::string bytes, std::string media_type, std::string name);
ARK_API video_part video_url(std::string url);
ARK_API video_part video_bytes(std::string bytes, std::string media_type);

}  // namespace ark
