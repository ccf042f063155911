// Answers with images, speech, transcriptions and verdicts, of all families of media.
#include "media/imagen_images.hpp"
#include "media/openai_media.hpp"
#include "media/skywork_images.hpp"
#include "media/stability_images.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace {

/// Each reader takes any bytes, under each type that an answer may have.
void read_all(const ark::dialect::media_dialect& d, const ark::vendor& v, std::string_view bytes) {
  for (const char* type : {"application/json", "text/plain", "image/png", ""}) {
    const ark::wire::http_head head{200, {{"content-type", type}}};
    const ark::dialect::answer answer{head, bytes};
    if (const auto made = d.decode_image(answer, v)) {
      ark::fuzz::require(!made->images.empty(), "a reply has an image");
      for (const auto& image : made->images)
        ark::fuzz::require(!image.bytes.empty() || !image.url.empty(), "an image is somewhere");
    }
    if (const auto made = d.decode_speech(answer, v))
      ark::fuzz::require(!made->bytes.empty(), "speech has bytes");
    (void)d.decode_transcription(answer, v);
    if (const auto made = d.decode_moderation(answer, v))
      ark::fuzz::require(!made->results.empty(), "a reply has a verdict");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const ark::vendor row = [] {
    ark::vendor v;
    v.name = "xai";
    v.base_url = "https://a.test";
    v.quirks = {ark::quirk::vendor_cost{"cost_in_usd_ticks", "USD", 10'000'000'000}};
    return v;
  }();
  const ark::fuzz::input in(data, size);
  read_all(ark::adapters::openai_media(), row, in.bytes());
  read_all(ark::adapters::stability_images(), row, in.bytes());
  read_all(ark::adapters::imagen_images(), row, in.bytes());
  read_all(ark::adapters::skywork_images(), row, in.bytes());
  return 0;
}
