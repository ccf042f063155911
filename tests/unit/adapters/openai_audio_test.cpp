#include "media_support.hpp"

namespace ark::test::media {
namespace {

result<dialect::encoded> speak(const speech_call& c, std::string_view vendor = "openai") {
  return family().encode_speech(c, "m", row(vendor));
}
result<dialect::encoded> write_down(const transcription_call& c,
                                    std::string_view vendor = "openai") {
  return family().encode_transcription(c, "m", row(vendor));
}
result<speech_reply> hear(const std::string& body, std::string type) {
  const wire::http_head head = head_of(std::move(type));
  return family().decode_speech({head, body}, row("mistral"));
}

TEST(openai_audio, a_text_to_speak) {
  const auto e = speak({.input = "hi",
                        .voice = "v",
                        .instructions = "slowly",
                        .output_format = "wav",
                        .speed = 1.5});
  expect_json(body_of(e), R"({"model":"m","input":"hi","voice":"v","instructions":"slowly",
                              "response_format":"wav","speed":1.5})");
  EXPECT_EQ(e->request.target, "/audio/speech");
  expect_json(body_of(speak({.input = "hi", .voice = "v"}, "mistral")),
              R"({"model":"m","input":"hi","voice":"v"})");
  EXPECT_EQ(speak({.input = "hi", .extra = {{"stream_format", "\"sse\""}}}).error().code,
            errc::invalid_request);
  EXPECT_EQ(speak({.input = "hi"}, "cohere").error().code, errc::unsupported);
}

TEST(openai_audio, what_is_spoken) {
  const auto plain = hear("RIFF", "audio/wav; rate=24000");
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->bytes, "RIFF");
  EXPECT_EQ(plain->media_type, "audio/wav");
  const auto packed = hear(R"({"audio_data":"SUQz"})", "application/json");
  ASSERT_TRUE(packed);
  EXPECT_EQ(packed->bytes, "ID3");
  EXPECT_EQ(packed->media_type, "");
  EXPECT_EQ(hear("", "audio/wav").error().code, errc::protocol);
  EXPECT_EQ(hear("{}", "application/json").error().code, errc::protocol);
  EXPECT_EQ(hear(R"({"error":{"code":"model_not_found"}})", "application/json").error().code,
            errc::not_found);
}

TEST(openai_audio, a_file_to_write_down) {
  const auto e = write_down({.audio = "RIFF",
                             .file_name = "a.wav",
                             .media_type = "audio/wav",
                             .language = "en",
                             .prompt = "Ruby",
                             .temperature = 0.5,
                             .extra = {{"include", R"(["logprobs"])"}}});
  ASSERT_TRUE(e) << e.error().message;
  EXPECT_EQ(e->request.target, "/audio/transcriptions");
  EXPECT_TRUE(has_field(e, "model", "m"));
  EXPECT_TRUE(has_field(e, "language", "en"));
  EXPECT_TRUE(has_field(e, "prompt", "Ruby"));
  EXPECT_TRUE(has_field(e, "temperature", "0.5"));
  EXPECT_TRUE(has_field(e, "include[]", "logprobs"));
  EXPECT_TRUE(has_file(e, "file", "a.wav", "audio/wav", "RIFF"));
}

TEST(openai_audio, into_english) {
  const auto e = write_down({.audio = "A", .translate = true, .timestamps = true});
  ASSERT_TRUE(e) << e.error().message;
  EXPECT_EQ(e->request.target, "/audio/translations");
  EXPECT_TRUE(has_field(e, "response_format", "verbose_json"));
  EXPECT_FALSE(has_field(e, "timestamp_granularities[]", "segment"));
  EXPECT_EQ(write_down({.audio = "A", .language = "de", .translate = true}).error().code,
            errc::invalid_request);
  EXPECT_EQ(write_down({.audio = "A", .translate = true}, "mistral").error().code,
            errc::unsupported);
}

TEST(openai_audio, segments_as_each_vendor_is_asked_for_them) {
  const auto openai = write_down({.audio = "A", .timestamps = true});
  EXPECT_TRUE(has_field(openai, "response_format", "verbose_json"));
  EXPECT_TRUE(has_field(openai, "timestamp_granularities[]", "segment"));
  const auto diarized = write_down(
      {.audio = "A", .timestamps = true, .extra = {{"response_format", "\"diarized_json\""}}});
  EXPECT_TRUE(has_field(diarized, "response_format", "diarized_json"));
  const auto mistral = write_down({.audio = "A", .timestamps = true}, "mistral");
  EXPECT_FALSE(has_field(mistral, "response_format", "verbose_json"));
  EXPECT_TRUE(has_field(mistral, "timestamp_granularities[]", "segment"));
  const auto xai = write_down({.audio = "A", .timestamps = true}, "xai");
  ASSERT_TRUE(xai) << xai.error().message;
  EXPECT_EQ(xai->request.target, "/stt");
  EXPECT_TRUE(has_note(xai->notes, "timestamp_granularities"));
  EXPECT_EQ(write_down({.audio = "A", .timestamps = true}, "cohere").error().code,
            errc::invalid_request);
}

TEST(openai_audio, tokens_of_audio) {
  const auto r = read_words(R"({"text":"hello","usage":{"type":"tokens","total_tokens":27,
    "input_tokens":17,"input_token_details":{"text_tokens":3,"audio_tokens":14},
    "output_tokens":10}})");
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->text, "hello");
  EXPECT_EQ(r->usage.input, 3);
  EXPECT_EQ(r->usage.input_audio, 14);
  EXPECT_EQ(r->usage.output, 10);
  EXPECT_TRUE(r->notes.empty());
}

TEST(openai_audio, audio_beside_the_prompts_tokens) {
  const auto r = read_words(R"({"model":"v","text":"t","language":null,"segments":[],"usage":{
    "prompt_audio_seconds":3,"prompt_tokens":5,"total_tokens":391,"completion_tokens":11,
    "prompt_tokens_details":{"cached_tokens":0,"audio_tokens":375}}})",
                            "mistral");
  ASSERT_TRUE(r);
  EXPECT_EQ(r->usage.input, 5);
  EXPECT_EQ(r->usage.input_audio, 375);
  EXPECT_EQ(r->usage.output, 11);
  EXPECT_EQ(r->duration_s, 3.0);
  EXPECT_EQ(r->language, "");
  EXPECT_TRUE(r->notes.empty());
}

TEST(openai_audio, seconds) {
  const auto r = read_words(R"({"text":"t","duration":3.7,"language":"english","segments":[
    {"id":0,"start":0.5,"end":3,"text":" t"}],"usage":{"type":"duration","seconds":4}})");
  ASSERT_TRUE(r);
  EXPECT_EQ(r->usage.units.at("input_audio_seconds"), 4);
  EXPECT_TRUE(r->usage.reported);
  EXPECT_EQ(r->duration_s, 3.7);
  EXPECT_EQ(r->language, "english");
  ASSERT_EQ(r->segments.size(), 1u);
  EXPECT_EQ(r->segments[0],
            (transcription_segment{.start_s = 0.5, .end_s = 3, .text = " t", .speaker = ""}));
  EXPECT_FALSE(read_words(R"({"text":"t"})")->usage.reported);
}

TEST(openai_audio, speakers_and_words) {
  const auto openai = read_words(R"({"text":"t","segments":[{"speaker":"A","text":"t"}]})");
  EXPECT_EQ(openai->segments.at(0).speaker, "A");
  const auto mistral = read_words(R"({"text":"t","segments":[{"speaker_id":"s1","text":"t"}]})");
  EXPECT_EQ(mistral->segments.at(0).speaker, "s1");
  const auto xai = read_words(R"({"text":"t u","words":[{"text":"t","start":0,"end":1},
                                                        {"word":"u","start":1,"end":2}]})",
                              "xai");
  ASSERT_EQ(xai->segments.size(), 2u);
  EXPECT_EQ(xai->segments[1].text, "u");
}

TEST(openai_audio, answers_that_are_text) {
  const auto srt =
      read_words("1\n00:00:00,000 --> 00:00:01,000\n{hi}\n", "openai", "text/plain; charset=utf-8");
  ASSERT_TRUE(srt);
  EXPECT_EQ(srt->text, "1\n00:00:00,000 --> 00:00:01,000\n{hi}\n");
  EXPECT_EQ(srt->request_id, "r1");
  EXPECT_EQ(read_words("no JSON").error().code, errc::protocol);
  EXPECT_EQ(read_words("{}").error().code, errc::protocol);
  EXPECT_EQ(read_words(R"({"text":1})").error().code, errc::protocol);
  EXPECT_EQ(read_words(R"({"error":{"type":"server_error"}})").error().code, errc::server);
}

}  // namespace
}  // namespace ark::test::media
