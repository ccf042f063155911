#pragma once
#include "dialect/dialect.hpp"

#include <ark/media.hpp>

#include <string_view>

namespace ark::dialect {

/// A wire family of what is not chat: images, speech, transcription, moderation. Pure functions of
/// a call or of bytes and the vendor's row; thread safe; the instances live as long as the process.
/// What a family does not have is errc::unsupported. A vendor's row names its family.
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
};

}  // namespace ark::dialect
