// Answers with images, videos, speech, transcriptions and verdicts, and about tasks, of all
// families of media.
#include "media/bfl_images.hpp"
#include "media/dashscope_media.hpp"
#include "media/gemini_videos.hpp"
#include "media/imagen_images.hpp"
#include "media/minimax_media.hpp"
#include "media/modelark_videos.hpp"
#include "media/openai_media.hpp"
#include "media/openai_videos.hpp"
#include "media/replicate_images.hpp"
#include "media/siliconflow_videos.hpp"
#include "media/skywork_images.hpp"
#include "media/stability_images.hpp"
#include "media/zhipu_videos.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace {

/// Each reader takes any bytes, under each type that an answer may have.
void read_all(const ark::dialect::media_dialect& d, const ark::vendor& v, std::string_view bytes) {
  for (const char* type : {"application/json", "text/plain", "image/png", "video/mp4", ""}) {
    const ark::wire::http_head head{200, {{"content-type", type}}};
    const ark::dialect::answer answer{head, bytes};
    if (const auto made = d.decode_image(answer, v)) {
      ark::fuzz::require(!made->images.empty(), "a reply has an image");
      for (const auto& image : made->images)
        ark::fuzz::require(!image.bytes.empty() || !image.url.empty(), "an image is somewhere");
    }
    if (const auto made = d.decode_video(answer, v)) {
      ark::fuzz::require(!made->videos.empty(), "a reply has a video");
      for (const auto& video : made->videos)
        ark::fuzz::require(!video.bytes.empty() || !video.url.empty(), "a video is somewhere");
    }
    if (const auto next = d.next_step(answer, v); next && *next)
      ark::fuzz::require((*next)->id.empty() || !(*next)->request.target.empty(),
                         "a task with a name is asked for somewhere");
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
  using namespace ark::adapters;
  for (const auto* family :
       {&openai_media(), &stability_images(), &imagen_images(), &skywork_images(), &bfl_images(),
        &dashscope_media(), &gemini_videos(), &minimax_media(), &modelark_videos(),
        &openai_videos(), &replicate_images(), &siliconflow_videos(), &zhipu_videos()})
    read_all(*family, row, in.bytes());
  return 0;
}
