#pragma once
#include "media/media_wire.hpp"

#include <functional>

/// The pieces of the openai_media family. Pure.
namespace ark::adapters::openai_media_family {

result<media::encoded> encode_image(const image_call& c, std::string_view model, const vendor& v);
result<image_reply> decode_image(const media::answer& a, const vendor& v);
result<media::encoded> encode_speech(const speech_call& c, std::string_view model, const vendor& v);
result<speech_reply> decode_speech(const media::answer& a, const vendor& v);
result<media::encoded> encode_transcription(const transcription_call& c, std::string_view model,
                                            const vendor& v);
result<transcription_reply> decode_transcription(const media::answer& a, const vendor& v);
result<media::encoded> encode_moderation(const moderation_call& c, std::string_view model,
                                         const vendor& v);
result<moderation_reply> decode_moderation(const media::answer& a, const vendor& v);

/// Parses an answer that must be an object, and reads what all have in common into `out`, then
/// `read`. The error if it is one; errc::protocol if it is no object, or if `read` gives false.
result<void> read_object(const media::answer& a, const vendor& v, reply_facts& out,
                         const std::function<bool(json::element)>& read);

}  // namespace ark::adapters::openai_media_family
