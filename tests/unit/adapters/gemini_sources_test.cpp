#include "gemini_support.hpp"

namespace ark::test::gemini {
namespace {

const std::string grounding =
    R"(,"finishReason":"STOP","groundingMetadata":{"groundingChunks":[)"
    R"({"web":{"uri":"https://a.test","title":"A"}},)"
    R"({"retrievedContext":{"uri":"u","title":"B","text":"w"}},{"web":{"uri":"https://c.test"}}],)"
    R"("groundingSupports":[{"segment":{"endIndex":3,"text":"\u00e9b"},)"
    R"("groundingChunkIndices":[0,1,7]},)"
    R"({"segment":{"startIndex":90,"endIndex":91,"text":"d"},"groundingChunkIndices":[0]},)"
    R"({"segment":{"startIndex":90,"endIndex":92,"text":"zz"},"groundingChunkIndices":[0]}]})";

std::vector<citation> grounded() {
  return {{.url = "https://a.test", .title = "A", .start = 0, .end = 3},
          {.url = "u", .title = "B", .text = "w", .start = 0, .end = 3},
          {.url = "https://a.test", .title = "A", .start = 4, .end = 5},
          {.url = "https://a.test", .title = "A"},
          {.url = "https://c.test"}};
}

TEST(gemini_sources, grounding_says_which_bytes_of_the_text_are_meant) {
  EXPECT_EQ(decode(answer(R"({"text":"\u00e9bcd"})", grounding))->citations, grounded());
  const auto s =
      stream({answer(R"({"text":"\u00e9b"})", grounding), answer(R"({"text":"cd"})", grounding)});
  EXPECT_EQ(s.reply.citations, grounded()) << "the last one counts";
}

TEST(gemini_sources, recitations) {
  const auto r = decode(answer(R"({"text":"abc"})",
                               R"(,"finishReason":"STOP","citationMetadata":{"citationSources":[)"
                               R"({"startIndex":1,"endIndex":3,"uri":"u"},{"uri":"v"}]})"));
  EXPECT_EQ(r->citations,
            (std::vector<citation>{{.url = "u", .start = 1, .end = 3}, {.url = "v"}}));
}

TEST(gemini_sources, log_probabilities) {
  const std::string said =
      R"(,"finishReason":"STOP","logprobsResult":{"chosenCandidates":[)"
      R"({"token":"a","tokenId":1,"logProbability":-0.5}],"topCandidates":[{"candidates":[)"
      R"({"token":"b","logProbability":-1.5}]}]})";
  const std::vector<token_logprob> expected{
      {.chosen = {.token = "a", .logprob = -0.5}, .top = {{.token = "b", .logprob = -1.5}}}};
  EXPECT_EQ(decode(answer(R"({"text":"a"})", said))->logprobs, expected);
  EXPECT_EQ(stream({answer(R"({"text":"a"})", said)}).reply.logprobs, expected);
  const auto tree = body_of(encode({.messages = {user("u")}, .top_logprobs = 3}));
  EXPECT_EQ(tree.at_pointer("/generationConfig/responseLogprobs"), true);
  EXPECT_EQ(tree.at_pointer("/generationConfig/logprobs"), 3);
}

TEST(gemini_sources, media_are_data_with_a_type) {
  message m{role::user,
            {audio_bytes("abc", "audio/wav"), document_bytes("abc", "application/pdf", "a.pdf"),
             video_url("https://youtu.be/x"),
             document_part{.media_type = "text/plain", .file_id = "https://g.test/files/1"}}};
  const auto e = encode({.messages = {m}});
  expect_json(body_of(e).at_pointer("/contents/0/parts"), R"([
    {"inlineData":{"mimeType":"audio/wav","data":"YWJj"}},
    {"inlineData":{"mimeType":"application/pdf","data":"YWJj"}},
    {"fileData":{"fileUri":"https://youtu.be/x"}},
    {"fileData":{"fileUri":"https://g.test/files/1","mimeType":"text/plain"}}])");
  EXPECT_TRUE(has_note(e->notes, "names of documents"));
}

TEST(gemini_sources, nested_vendor_fields_pass_as_they_are) {
  call c{.messages = {user("u")}};
  c.extra["speechConfig"] = R"({"voiceConfig":{"prebuiltVoiceConfig":{"voiceName":"Kore"}}})";
  expect_json(body_of(encode(c)).at_pointer("/generationConfig/speechConfig"),
              R"({"voiceConfig":{"prebuiltVoiceConfig":{"voiceName":"Kore"}}})");
}

}  // namespace
}  // namespace ark::test::gemini
