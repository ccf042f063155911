#include "openai_support.hpp"

namespace ark::test::openai {
namespace {

boost::json::value content_of(std::vector<part> parts, const vendor& v = plain_row(),
                              cache_mark mark = cache_mark::none) {
  return body_of(encode({.messages = {message{role::user, std::move(parts), {}, mark}}}, v))
      .at("messages")
      .at(0)
      .at("content");
}

errc refusal_of(part p, const vendor& v = plain_row()) {
  const auto e = encode({.messages = {message{role::user, {std::move(p)}}}}, v);
  return e ? errc::internal : e.error().code;
}

TEST(openai_parts, sound_documents_and_videos) {
  expect_json(
      content_of({text_part{"u"}, audio_bytes("abc", "audio/mpeg"),
                  document_bytes("abc", "application/pdf", "a.pdf"), document_part{.file_id = "f1"},
                  video_url("https://h.test/a.mp4"), video_bytes("abc", "video/mp4")}),
      R"([{"type":"text","text":"u"},
    {"type":"input_audio","input_audio":{"data":"YWJj","format":"mp3"}},
    {"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,YWJj"}},
    {"type":"file","file":{"file_id":"f1"}},
    {"type":"video_url","video_url":{"url":"https://h.test/a.mp4"}},
    {"type":"video_url","video_url":{"url":"data:video/mp4;base64,YWJj"}}])");
}

TEST(openai_parts, plain_media_are_texts) {
  document_part titled = document_bytes("abc", "application/pdf", "a.pdf");
  expect_json(content_of({audio_bytes("abc", "audio/wav"), audio_part{.url = "https://h.test/a"},
                          document_url("https://h.test/a.pdf"), titled},
                         plain_row({quirk::plain_media{}})),
              R"([{"type":"input_audio","input_audio":"YWJj"},
    {"type":"input_audio","input_audio":"https://h.test/a"},
    {"type":"document_url","document_url":"https://h.test/a.pdf"},
    {"type":"document_url","document_url":"data:application/pdf;base64,YWJj",
     "document_name":"a.pdf"}])");
}

TEST(openai_parts, what_the_family_cannot_say) {
  EXPECT_EQ(refusal_of(document_url("https://h.test/a.pdf")), errc::unsupported);
  EXPECT_EQ(refusal_of(audio_part{.url = "https://h.test/a"}), errc::unsupported);
  EXPECT_EQ(refusal_of(image_part{.file_id = "f1"}), errc::unsupported);
  EXPECT_EQ(refusal_of(video_part{.file_id = "f1"}), errc::unsupported);
  EXPECT_EQ(refusal_of(document_part{.file_id = "f1", .context = "c"}), errc::unsupported);
  EXPECT_EQ(refusal_of(document_bytes("abc", "application/pdf", "")), errc::invalid_request);
  EXPECT_EQ(refusal_of(audio_part{}), errc::invalid_request);
}

TEST(openai_parts, cache_marks_only_where_the_row_takes_them) {
  const vendor marking = plain_row({quirk::cache_marks{}});
  expect_json(content_of({text_part{"a"}, text_part{"b"}}, marking, cache_mark::one_hour),
              R"([{"type":"text","text":"a"},{"type":"text","text":"b",
                  "cache_control":{"type":"ephemeral","ttl":"1h"}}])");
  expect_json(content_of({text_part{"a"}}, plain_row(), cache_mark::five_minutes), R"("a")");
  call c{.messages = {user("u")}, .tools = {{.name = "f", .cache = cache_mark::five_minutes}}};
  expect_json(body_of(encode(c, marking)).at("tools").at(0).at("cache_control"),
              R"({"type":"ephemeral"})");
  EXPECT_FALSE(body_of(encode(c)).at("tools").at(0).as_object().contains("cache_control"));
}

TEST(openai_parts, log_probabilities_are_asked_for_and_read) {
  call c{.messages = {user("u")}, .top_logprobs = 2};
  EXPECT_EQ(body_of(encode(c)).at("top_logprobs"), 2);
  EXPECT_EQ(body_of(encode(c)).at("logprobs"), true);
  EXPECT_EQ(body_of(encode(c, plain_row({quirk::logprobs_count{}}))).at("logprobs"), 2);
  c.top_logprobs = 0;
  EXPECT_FALSE(body_of(encode(c)).as_object().contains("top_logprobs"));
  c.top_logprobs = -1;
  EXPECT_EQ(encode(c).error().code, errc::invalid_request);
  const std::string said =
      R"(,"logprobs":{"content":[{"token":"a","logprob":-0.5,"bytes":[97],)"
      R"("top_logprobs":[{"token":"b","logprob":-1.5}]}],"refusal":null},"finish_reason":"stop")";
  const std::vector<token_logprob> expected{
      {.chosen = {.token = "a", .logprob = -0.5, .bytes = "a"},
       .top = {{.token = "b", .logprob = -1.5}}}};
  EXPECT_EQ(decode(whole(R"({"content":"a"})", said))->logprobs, expected);
  EXPECT_EQ(stream({chunk(R"({"content":"a"})", said), "[DONE]"}).reply.logprobs, expected);
}

TEST(openai_parts, log_probabilities_as_lists_beside_each_other) {
  const auto r =
      decode(whole(R"({"content":"ab"})",
                   R"(,"logprobs":{"tokens":["a","b"],"token_logprobs":[-0.5,null],)"
                   R"("top_logprobs":[[{"token":"c","logprob":-1}]]},"finish_reason":"stop")"));
  EXPECT_EQ(r->logprobs, (std::vector<token_logprob>{{.chosen = {.token = "a", .logprob = -0.5},
                                                      .top = {{.token = "c", .logprob = -1}}},
                                                     {.chosen = {.token = "b"}}}));
  EXPECT_TRUE(
      decode(whole(R"({"content":"a"})", R"(,"logprobs":{"tokens":null})"))->logprobs.empty());
}

TEST(openai_parts, annotations_have_places_in_the_text) {
  const std::string list =
      R"("annotations":[{"type":"url_citation","url_citation":{"url":"u","title":"t",)"
      R"("start_index":1,"end_index":3}},{"type":"url_citation","url":"v","start_index":0,)"
      R"("end_index":0}])";
  const std::vector<citation> expected{{.url = "u", .title = "t", .start = 2, .end = 4},
                                       {.url = "v"}};
  EXPECT_EQ(decode(whole(R"({"content":"\u00e9bcd",)" + list + "}"))->citations, expected);
  const auto s =
      stream({chunk(R"({"content":"\u00e9b",)" + list + "}"),
              chunk(R"({"content":"cd",)" + list + "}", R"(,"finish_reason":"stop")"), "[DONE]"});
  EXPECT_EQ(s.reply.citations, expected) << "said again in a later frame";
}

TEST(openai_parts, sources_of_the_whole_reply) {
  const std::string more = R"(,"citations":["https://a.test","https://b.test"],"search_results":[)"
                           R"({"title":"B","url":"https://b.test","snippet":"s"}])";
  const std::vector<citation> expected{{.url = "https://a.test"},
                                       {.url = "https://b.test", .title = "B", .text = "s"}};
  EXPECT_EQ(decode(whole(R"({"content":"x [1][2]"})", "", more))->citations, expected);
  const auto s = stream({chunk(R"({"content":"x"})", "", more),
                         chunk(R"({})", R"(,"finish_reason":"stop")", more), "[DONE]"});
  EXPECT_EQ(s.reply.citations, expected);
}

TEST(openai_parts, the_vendors_own_tools_stand_behind_the_calls) {
  call c{.messages = {user("u")}, .tools = {{.name = "f"}}};
  c.extra["tools"] = R"([{"type":"web_search"}])";
  const auto tools = body_of(encode(c)).at("tools").as_array();
  ASSERT_EQ(tools.size(), 2u);
  expect_json(tools[1], R"({"type":"web_search"})");
  c.extra["tools"] = "{}";
  EXPECT_EQ(encode(c).error().code, errc::invalid_request);
}

TEST(openai_parts, nested_vendor_fields_pass_as_they_are) {
  call c{.messages = {user("u")}};
  c.extra["provider"] = R"({"order":["a"],"only":{"x":[1,null]}})";
  expect_json(body_of(encode(c, row("openrouter"))).at("provider"),
              R"({"order":["a"],"only":{"x":[1,null]}})");
}

}  // namespace
}  // namespace ark::test::openai
