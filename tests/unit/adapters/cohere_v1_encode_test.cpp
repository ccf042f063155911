#include "cohere_v1_support.hpp"

namespace ark::test::cohere {
namespace {

TEST(cohere_v1_encode, the_last_message_stands_alone) {
  call c{.messages = {system("s"), user("a"), assistant("b"), developer("d"), user("c")},
         .max_tokens = 5,
         .top_p = 0.5,
         .stop = {"x"},
         .seed = 7,
         .extra = {{"connectors", R"([{"id":"web-search"}])"}, {"k", "3"}}};
  const auto e = encode_v1(c, v1_row(), true);
  expect_json(body_of(e), R"({"model":"command","message":"c","chat_history":[
      {"role":"SYSTEM","message":"s"},{"role":"USER","message":"a"},
      {"role":"CHATBOT","message":"b"},{"role":"SYSTEM","message":"d"}],
      "max_tokens":5,"p":0.5,"stop_sequences":["x"],"seed":7,
      "connectors":[{"id":"web-search"}],"k":3,"stream":true})");
  EXPECT_EQ(e->request.target, "/v1/chat");
  EXPECT_EQ(e->max_output_tokens, 5);
  EXPECT_TRUE(e->notes.empty());
  expect_json(body_of(encode_v1({.messages = {user("a")}})),
              R"({"model":"command","message":"a","stream":false})");
}

TEST(cohere_v1_encode, a_text_to_complete) {
  const vendor v = v1_row("cohere-generate");
  call c{.messages = {user("a")}, .max_tokens = 5, .extra = {{"num_generations", "2"}}};
  c.end_user = "u";
  const auto e = encode_v1(c, v);
  expect_json(body_of(e), R"({"model":"command","prompt":"a","max_tokens":5,"num_generations":2,
      "stream":false})");
  EXPECT_EQ(e->request.target, "/v1/generate");
  EXPECT_EQ(e->max_output_tokens, 10);  // all of them are billed
  EXPECT_TRUE(has_note(e->notes, "end user"));
  EXPECT_EQ(encode_v1({.messages = {user("a"), user("b")}}, v).error().code, errc::unsupported);
  EXPECT_EQ(encode_v1({.messages = {user("a")}, .extra = {{"connectors", "[]"}}}, v).error().code,
            errc::invalid_request);
}

TEST(cohere_v1_encode, what_it_cannot_say) {
  const message picture{.parts = {text_part{"a"}, image_url("https://a.test/x")}};
  for (const auto& messages : std::vector<std::vector<message>>{
           {user("a"), assistant("b")}, {system("a")}, {tool("id", "r"), user("a")}, {picture}})
    EXPECT_EQ(encode_v1({.messages = messages}).error().code, errc::unsupported);
  EXPECT_EQ(encode_v1({.messages = {user("a")}, .tools = {{.name = "f"}}}).error().code,
            errc::unsupported);
  EXPECT_EQ(encode_v1({}).error().code, errc::invalid_request);
  EXPECT_EQ(encode_v1({.messages = {message{}, user("a")}}).error().code, errc::invalid_request);
  EXPECT_EQ(encode_v1({.messages = {user("a")}, .extra = {{"chat_history", "[]"}}}).error().code,
            errc::invalid_request);
  const message named{.parts = {text_part{"a"}}, .name = "eve"};
  EXPECT_TRUE(has_note(encode_v1({.messages = {named}})->notes, "names"));
}

}  // namespace
}  // namespace ark::test::cohere
