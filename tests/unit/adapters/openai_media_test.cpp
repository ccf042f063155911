// Every row that names a family of media: what it says that it can do is what can be encoded.
#include "adapters/standard.hpp"
#include "catalog/catalog.hpp"
#include "catalog/price.hpp"
#include "media_support.hpp"

#include <algorithm>

namespace ark::test::media {
namespace {

result<dialect::encoded> encode_one(const dialect::media_dialect& d, std::string_view what,
                                    const vendor& v) {
  image_call image{.prompt = "p"};
  transcription_call audio{.audio = "A", .file_name = "a.wav"};
  audio.translate = what == "translation";
  if (what == "image_edit") image.images.push_back(image_bytes("PNG", "image/png"));
  if (what.starts_with("image")) return d.encode_image(image, "sd3.5-large", v);
  if (what == "speech") return d.encode_speech({.input = "t", .voice = "v"}, "m", v);
  if (what == "moderation") return d.encode_moderation({.input = {"t"}}, "m", v);
  return d.encode_transcription(audio, "m", v);
}

TEST(openai_media, rows_do_what_they_say) {
  const auto rows = catalog::unpack_vendors(adapters::vendor_rows());
  ASSERT_TRUE(rows);
  const auto dialects = adapters::built_in_dialects();
  std::size_t with_media = 0;
  for (const vendor& v : *rows) {
    const auto* d = dialects.find_media(v.media_dialect);
    ASSERT_EQ(d == nullptr, v.media_dialect.empty()) << v.name;
    std::size_t able = 0;
    for (const char* what :
         {"image", "image_edit", "speech", "transcription", "translation", "moderation"}) {
      const bool can =
          std::find(v.capabilities.begin(), v.capabilities.end(), what) != v.capabilities.end();
      EXPECT_FALSE(can && d == nullptr) << v.name << ' ' << what;
      if (d == nullptr) continue;
      const auto made = encode_one(*d, what, v);
      EXPECT_EQ(made.has_value(), can) << v.name << ' ' << what;
      if (made) {
        EXPECT_EQ(made->request.target.front(), '/') << v.name;
      } else {
        EXPECT_EQ(made.error().code, errc::unsupported) << v.name << ' ' << what;
      }
      able += can ? 1 : 0;
    }
    EXPECT_EQ(able > 0, d != nullptr) << v.name;
    with_media += d != nullptr ? 1 : 0;
  }
  EXPECT_GE(with_media, 18u);
}

TEST(openai_media, paths_with_the_model_in_them) {
  const auto e = family().encode_speech({.input = "t", .voice = "v"}, "my tts", row("azure"));
  ASSERT_TRUE(e) << e.error().message;
  EXPECT_EQ(e->request.target, "/openai/deployments/my%20tts/audio/speech?api-version=2024-10-21");
}

/// What a usage costs at the built-in prices, in units of the currency; "" and why not.
std::string cost_of(std::string_view vendor, std::string_view model, const usage& u) {
  const auto book = catalog::load_book({adapters::vendor_rows(), adapters::model_rows()}, {}, {});
  const auto* known = book ? (*book)->find_model(vendor, model) : nullptr;
  if (known == nullptr) return "no such model";
  const auto priced = catalog::price_usage(
      *known, u, {.at = std::chrono::system_clock::time_point(std::chrono::hours(24 * 365 * 56))});
  return priced.reason.empty() ? priced.cost.value.to_string() : priced.reason;
}

TEST(openai_media, the_units_are_those_of_the_price_rows) {
  const auto two = read_images(R"({"data":[{"url":"u"},{"url":"v"}]})", "byteplus-modelark");
  const auto one = read_images(R"({"data":[{"url":"u"}]})", "byteplus-modelark");
  const std::string price = cost_of("byteplus-modelark", "seedream-4-0", one->usage);
  EXPECT_EQ(price.substr(0, 2), "0.") << price;
  EXPECT_NE(cost_of("byteplus-modelark", "seedream-4-0", two->usage), price);
  const auto tokens = read_images(R"({"data":[{"url":"u"}],"usage":{"input_tokens":1000,
    "input_tokens_details":{"image_tokens":500,"text_tokens":500},"output_tokens":1000}})");
  EXPECT_EQ(cost_of("openai", "gpt-image-1-mini", tokens->usage).substr(0, 2), "0.");
  const auto words = read_words(R"({"text":"t","usage":{"type":"duration","seconds":60}})");
  EXPECT_EQ(cost_of("openai", "whisper-1", words->usage), "0.006");
}

TEST(openai_media, the_same_call_is_the_same_bytes) {
  const transcription_call c{.audio = "A", .file_name = "a.wav", .language = "en"};
  EXPECT_EQ(family().encode_transcription(c, "m", row("openai"))->request.body,
            family().encode_transcription(c, "m", row("openai"))->request.body);
}

}  // namespace
}  // namespace ark::test::media
