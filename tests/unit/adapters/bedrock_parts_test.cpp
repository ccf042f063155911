#include "bedrock_support.hpp"

namespace ark::test::bedrock {
namespace {

boost::json::value content_of(std::vector<part> parts) {
  return body_of(encode({.messages = {message{role::user, std::move(parts)}}}))
      .at_pointer("/messages/0/content");
}

errc refusal_of(part p) { return refusal({.messages = {message{role::user, {std::move(p)}}}}); }

TEST(bedrock_parts, documents_sound_and_videos) {
  document_part cited = document_bytes("plain", "text/plain", "a_b  c.txt");
  cited.citations = true;
  cited.context = "k";
  expect_json(content_of({document_bytes("abc", "application/pdf", ""), cited,
                          audio_bytes("abc", "audio/mpeg"), video_bytes("abc", "video/quicktime"),
                          video_part{.url = "s3://b/v.mp4", .media_type = "video/mp4"}}),
              R"([
    {"document":{"format":"pdf","name":"document 1","source":{"bytes":"YWJj"}}},
    {"document":{"format":"txt","name":"a-b c","source":{"text":"plain"},"context":"k",
                 "citations":{"enabled":true}}},
    {"audio":{"format":"mp3","source":{"bytes":"YWJj"}}},
    {"video":{"format":"mov","source":{"bytes":"YWJj"}}},
    {"video":{"format":"mp4","source":{"s3Location":{"uri":"s3://b/v.mp4"}}}}])");
}

TEST(bedrock_parts, what_cannot_be_said) {
  EXPECT_EQ(refusal_of(document_url("https://h.test/a.pdf")), errc::unsupported);
  EXPECT_EQ(refusal_of(document_part{.file_id = "f"}), errc::unsupported);
  EXPECT_EQ(refusal_of(document_bytes("x", "application/zip", "a")), errc::invalid_request);
  EXPECT_EQ(refusal_of(video_bytes("x", "")), errc::invalid_request);
  EXPECT_EQ(refusal({.messages = {user("u")}, .top_logprobs = 1}), errc::unsupported);
}

TEST(bedrock_parts, cache_marks_are_blocks) {
  message prompt = system("s"), asked = user("u");
  prompt.cache = cache_mark::five_minutes;
  asked.cache = cache_mark::one_hour;
  const auto tree = body_of(encode(
      {.messages = {prompt, asked}, .tools = {{.name = "f", .cache = cache_mark::five_minutes}}}));
  expect_json(tree.at("system"), R"([{"text":"s"},{"cachePoint":{"type":"default"}}])");
  expect_json(tree.at_pointer("/messages/0/content"),
              R"([{"text":"u"},{"cachePoint":{"type":"default","ttl":"1h"}}])");
  expect_json(tree.at_pointer("/toolConfig/tools/1"), R"({"cachePoint":{"type":"default"}})");
}

TEST(bedrock_parts, nested_vendor_fields_pass_as_they_are) {
  call c{.messages = {user("u")}};
  c.extra["guardrailConfig"] = R"({"guardrailIdentifier":"g","nested":{"a":[1]}})";
  expect_json(body_of(encode(c)).at("guardrailConfig"),
              R"({"guardrailIdentifier":"g","nested":{"a":[1]}})");
}

}  // namespace
}  // namespace ark::test::bedrock
