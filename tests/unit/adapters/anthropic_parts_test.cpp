#include "anthropic_support.hpp"

#include "wire/http_types.hpp"

namespace ark::test::anthropic {
namespace {

boost::json::value content_of(std::vector<part> parts) {
  return body_of(encode({.messages = {message{role::user, std::move(parts)}}, .max_tokens = 1}))
      .at_pointer("/messages/0/content");
}

errc refusal_of(const call& c) {
  const auto e = encode(c);
  return e ? errc::internal : e.error().code;
}

TEST(anthropic_parts, documents) {
  document_part cited = document_bytes("plain", "text/plain", "t.txt");
  cited.context = "c";
  cited.citations = true;
  expect_json(content_of({document_bytes("abc", "application/pdf", ""), cited,
                          document_url("https://h.test/a.pdf"), document_part{.file_id = "f1"},
                          image_part{.file_id = "f2"}}),
              R"([
    {"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"YWJj"}},
    {"type":"document","source":{"type":"text","media_type":"text/plain","data":"plain"},
     "title":"t.txt","context":"c","citations":{"enabled":true}},
    {"type":"document","source":{"type":"url","url":"https://h.test/a.pdf"}},
    {"type":"document","source":{"type":"file","file_id":"f1"}},
    {"type":"image","source":{"type":"file","file_id":"f2"}}])");
}

TEST(anthropic_parts, files_by_id_are_a_beta) {
  const auto e = encode({.messages = {message{role::user, {document_part{.file_id = "f1"}}}}});
  ASSERT_TRUE(e);
  EXPECT_EQ(wire::find_header(e->request.headers, "anthropic-beta"), "files-api-2025-04-14");
  const auto plain = encode({.messages = {user("u")}});
  EXPECT_EQ(wire::find_header(plain->request.headers, "anthropic-beta"), "");
}

TEST(anthropic_parts, sound_and_video_are_not_taken) {
  EXPECT_EQ(refusal_of({.messages = {message{role::user, {audio_bytes("x", "audio/wav")}}}}),
            errc::unsupported);
  EXPECT_EQ(refusal_of({.messages = {message{role::user, {video_url("https://h.test/v")}}}}),
            errc::unsupported);
  EXPECT_EQ(refusal_of({.messages = {user("u")}, .top_logprobs = 0}), errc::unsupported);
  EXPECT_EQ(refusal_of({.messages = {message{role::assistant, {document_url("u")}}}}),
            errc::invalid_request);
}

TEST(anthropic_parts, cache_marks_stand_on_last_blocks) {
  message prompt = system("s"), asked = user("a");
  prompt.cache = cache_mark::one_hour;
  asked.parts.emplace_back(text_part{"b"});
  asked.cache = cache_mark::five_minutes;
  const auto tree = body_of(encode({.messages = {prompt, system("more"), asked},
                                    .max_tokens = 1,
                                    .tools = {{.name = "f", .cache = cache_mark::five_minutes}}}));
  expect_json(tree.at("system"), R"([
    {"type":"text","text":"s","cache_control":{"type":"ephemeral","ttl":"1h"}},
    {"type":"text","text":"more"}])");
  expect_json(tree.at_pointer("/messages/0/content"), R"([{"type":"text","text":"a"},
    {"type":"text","text":"b","cache_control":{"type":"ephemeral"}}])");
  expect_json(tree.at_pointer("/tools/0/cache_control"), R"({"type":"ephemeral"})");
}

TEST(anthropic_parts, at_most_four_cache_marks) {
  call c;
  for (int i = 0; i < 4; ++i) {
    c.messages.push_back(user("u"));
    c.messages.back().cache = cache_mark::five_minutes;
  }
  EXPECT_TRUE(encode(c));
  c.messages.push_back(c.messages.back());
  EXPECT_EQ(refusal_of(c), errc::invalid_request);
}

TEST(anthropic_parts, the_vendors_own_tools_stand_behind_the_calls) {
  call c{.messages = {user("u")}, .max_tokens = 1, .tools = {{.name = "f"}}};
  c.extra["tools"] = R"([{"type":"web_search_20250305","name":"web_search","max_uses":{"n":1}}])";
  const auto tools = body_of(encode(c)).at("tools").as_array();
  ASSERT_EQ(tools.size(), 2u);
  expect_json(tools[1], R"({"type":"web_search_20250305","name":"web_search","max_uses":{"n":1}})");
  c.tools.clear();
  c.tool_choice.mode = tool_choice_mode::required;
  EXPECT_EQ(body_of(encode(c)).at_pointer("/tool_choice/type"), "any");
  c.extra["tools"] = "1";
  EXPECT_EQ(refusal_of(c), errc::invalid_request);
}

}  // namespace
}  // namespace ark::test::anthropic
