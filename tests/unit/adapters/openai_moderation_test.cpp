#include "media_support.hpp"

namespace ark::test::media {
namespace {

result<dialect::encoded> ask(const moderation_call& c, std::string_view vendor = "openai") {
  return family().encode_moderation(c, "m", row(vendor));
}
result<moderation_reply> judge(const std::string& body) {
  const wire::http_head head = head_of();
  return family().decode_moderation({head, body}, row("openai"));
}

TEST(openai_moderation, one_input_several_and_images) {
  expect_json(body_of(ask({.input = {"a"}})), R"({"model":"m","input":"a"})");
  expect_json(body_of(ask({.input = {"a", "b"}})), R"({"model":"m","input":["a","b"]})");
  expect_json(body_of(ask({.input = {"a"}, .images = {image_part{.url = "u"}}})),
              R"({"model":"m","input":[{"type":"text","text":"a"},
                  {"type":"image_url","image_url":{"url":"u"}}]})");
  EXPECT_EQ(ask({.input = {"a"}})->request.target, "/moderations");
  EXPECT_EQ(ask({.images = {image_part{}}}).error().code, errc::invalid_request);
  EXPECT_EQ(ask({.input = {"a"}, .extra = {{"top_k", "1"}}}).error().code, errc::invalid_request);
  EXPECT_EQ(ask({.input = {"a"}}, "groq").error().code, errc::unsupported);
}

TEST(openai_moderation, a_verdict_for_each_input) {
  const auto r = judge(R"({"id":"i","model":"o","results":[
    {"flagged":true,"categories":{"violence":true,"hate":false},
     "category_scores":{"violence":0.75,"hate":0}},
    {"flagged":false,"categories":{"violence":false}}]})");
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->model, "o");
  ASSERT_EQ(r->results.size(), 2u);
  EXPECT_EQ(r->results[0], (moderation_verdict{.flagged = true,
                                               .categories = {{"hate", false}, {"violence", true}},
                                               .scores = {{"hate", 0}, {"violence", 0.75}}}));
  EXPECT_TRUE(r->results[1].scores.empty());
  EXPECT_FALSE(r->usage.reported);
}

TEST(openai_moderation, categories_without_a_word_for_all) {
  const auto r = judge(R"({"results":[{"categories":{"pii":true,"law":false}},
    {"categories":{"pii":false}}],"usage":{"prompt_tokens":12,"completion_tokens":0,
    "total_tokens":73}})");
  ASSERT_TRUE(r);
  EXPECT_TRUE(r->results[0].flagged);
  EXPECT_FALSE(r->results[1].flagged);
  EXPECT_EQ(r->usage.input, 12);
  EXPECT_TRUE(has_note(r->notes, "73"));
}

TEST(openai_moderation, answers_that_are_none) {
  for (const char* body : {"", "[]", "{}", R"({"results":{}})", R"({"results":[]})",
                           R"({"results":[{"flagged":true}]})"})
    EXPECT_EQ(judge(body).error().code, errc::protocol) << body;
  EXPECT_EQ(judge(R"({"error":{"code":"invalid_api_key"}})").error().code, errc::auth);
}

}  // namespace
}  // namespace ark::test::media
