#pragma once
#include "dialect/dialect.hpp"

#include <ark/media.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace ark::dialect {

/// What to ask next about something that a vendor makes in the background: a task.
struct task_step {
  std::string id;              ///< as `ask_task` takes it; "": ask the same again
  wire::http_request request;  ///< below the base URL, or its target is a URL of the vendor's
  bool at_once = false;        ///< it is made, and this fetches it; else: ask in a while
};

/// A wire family of what is not chat: images, videos, speech, transcription, moderation. Pure
/// functions of a call or of bytes and the vendor's row; thread safe; the instances live as long as
/// the process. What a family does not have is errc::unsupported. A vendor's row names its
/// families.
///
/// Images and videos may be made in the background. Then the answer to a call is a task, and so are
/// the answers to questions about it until it has ended: `next_step` says what to ask. The answer
/// that it has no question for is decoded: what was made, or why it was not.
class media_dialect {
 public:
  virtual ~media_dialect() = default;
  virtual std::string_view name() const = 0;

  virtual result<encoded> encode_image(const image_call& c, std::string_view model,
                                       const vendor& v) const;
  virtual result<image_reply> decode_image(const answer& a, const vendor& v) const;
  virtual result<encoded> encode_speech(const speech_call& c, std::string_view model,
                                        const vendor& v) const;
  virtual result<speech_reply> decode_speech(const answer& a, const vendor& v) const;
  virtual result<encoded> encode_transcription(const transcription_call& c, std::string_view model,
                                               const vendor& v) const;
  virtual result<transcription_reply> decode_transcription(const answer& a, const vendor& v) const;
  virtual result<encoded> encode_moderation(const moderation_call& c, std::string_view model,
                                            const vendor& v) const;
  virtual result<moderation_reply> decode_moderation(const answer& a, const vendor& v) const;
  virtual result<encoded> encode_video(const video_call& c, std::string_view model,
                                       const vendor& v) const;
  virtual result<video_reply> decode_video(const answer& a, const vendor& v) const;

  /// A 2xx answer to a call for images or videos, or to a question about a task. Nothing: it is to
  /// be decoded. errc::protocol for an answer that is neither.
  virtual result<std::optional<task_step>> next_step(const answer& a, const vendor& v) const;
  /// The question about a task that an earlier call began.
  virtual result<task_step> ask_task(std::string_view id, const vendor& v) const;
};

}  // namespace ark::dialect
