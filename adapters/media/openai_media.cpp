#include "media/openai_media.hpp"

#include "dialect/openai_wire.hpp"
#include "media/openai_media_wire.hpp"

namespace ark::adapters {
namespace openai_media_family {

result<void> read_object(const media::answer& a, const vendor& v, reply_facts& out,
                         const std::function<bool(json::element)>& read) {
  const media::media_row row(v);
  json::reader reader;
  const auto root = reader.parse(a.body);
  if (!root || !root->is_object()) return media::not_ours(a);
  if (openai::is_error(*root, row.quirks())) return openai::decode_failure(a, v);
  media::read_facts(*root, a, row.quirks(), out);
  if (!read(*root)) return media::not_ours(a);
  return {};
}

namespace {

using ark::dialect::answer;
using ark::dialect::encoded;

class family final : public ark::dialect::media_dialect {
 public:
  std::string_view name() const override { return "openai_media"; }
  result<encoded> encode_image(const image_call& c, std::string_view model,
                               const vendor& v) const override {
    return openai_media_family::encode_image(c, model, v);
  }
  result<image_reply> decode_image(const answer& a, const vendor& v) const override {
    return openai_media_family::decode_image(a, v);
  }
  result<encoded> encode_speech(const speech_call& c, std::string_view model,
                                const vendor& v) const override {
    return openai_media_family::encode_speech(c, model, v);
  }
  result<speech_reply> decode_speech(const answer& a, const vendor& v) const override {
    return openai_media_family::decode_speech(a, v);
  }
  result<encoded> encode_transcription(const transcription_call& c, std::string_view model,
                                       const vendor& v) const override {
    return openai_media_family::encode_transcription(c, model, v);
  }
  result<transcription_reply> decode_transcription(const answer& a,
                                                   const vendor& v) const override {
    return openai_media_family::decode_transcription(a, v);
  }
  result<encoded> encode_moderation(const moderation_call& c, std::string_view model,
                                    const vendor& v) const override {
    return openai_media_family::encode_moderation(c, model, v);
  }
  result<moderation_reply> decode_moderation(const answer& a, const vendor& v) const override {
    return openai_media_family::decode_moderation(a, v);
  }
};

}  // namespace
}  // namespace openai_media_family

const ark::dialect::media_dialect& openai_media() {
  static const openai_media_family::family instance;
  return instance;
}

}  // namespace ark::adapters
