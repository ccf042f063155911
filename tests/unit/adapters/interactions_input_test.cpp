#include "interactions_support.hpp"

namespace ark::test::interactions {
namespace {

void expect_input(const std::vector<message>& messages, const char* input) {
  const auto e = encode({.messages = messages});
  ASSERT_TRUE(e) << e.error().message;
  expect_json(body_of(e).at("input"), input);
}

TEST(interactions_input, turns_are_steps) {
  expect_input({user("a"), assistant("b"), user("c")},
               R"([{"type":"user_input","content":[{"type":"text","text":"a"}]},
                   {"type":"model_output","content":[{"type":"text","text":"b"}]},
                   {"type":"user_input","content":[{"type":"text","text":"c"}]}])");
}

TEST(interactions_input, system_messages_are_one_instruction) {
  const auto e =
      encode({.messages = {system("a"), developer("b"), user("c"), system("d"), user("e")}});
  EXPECT_EQ(body_of(e).at("system_instruction"), "a\n\nb\n\nd");
  EXPECT_TRUE(has_note(e->notes, "moved to the front"));
  EXPECT_TRUE(encode({.messages = {system("a"), user("b")}})->notes.empty());
  EXPECT_EQ(encode({.messages = {system("a")}}).error().code, errc::invalid_request);
  EXPECT_EQ(encode({}).error().code, errc::invalid_request);
}

TEST(interactions_input, calls_and_results) {
  message calls = assistant("");
  calls.parts = {tool_call_part{"c1", "f", R"({"x":1})"}, tool_call_part{"c2", "g", ""}};
  expect_input({user("a"), calls, tool("c1", R"({"sum":18})"), tool_error("c2", "broken")},
               R"([{"type":"user_input","content":[{"type":"text","text":"a"}]},
                   {"type":"function_call","id":"c1","name":"f","arguments":{"x":1}},
                   {"type":"function_call","id":"c2","name":"g","arguments":{}},
                   {"type":"function_result","call_id":"c1","name":"f","result":{"sum":18}},
                   {"type":"function_result","call_id":"c2","name":"g","result":"broken",
                    "is_error":true}])");
  // The call may be in the interaction before.
  expect_input({tool("c9", "[1]")},
               R"([{"type":"function_result","call_id":"c9","result":"[1]"}])");
}

TEST(interactions_input, images) {
  image_part low = image_bytes("abc", "image/png"), any = image_url("https://i.test/a.png");
  low.detail = "low";
  any.detail = "auto";
  message m = user("see");
  m.parts.insert(m.parts.end(), {low, any, image_url("data:image/gif;base64,QUJD")});
  expect_input({m},
               R"([{"type":"user_input","content":[{"type":"text","text":"see"},
                   {"type":"image","data":"YWJj","mime_type":"image/png","resolution":"low"},
                   {"type":"image","uri":"https://i.test/a.png"},
                   {"type":"image","data":"QUJD","mime_type":"image/gif"}]}])");
}

TEST(interactions_input, thoughts_go_back_with_their_signature) {
  message m = assistant("b");
  m.parts.insert(m.parts.begin(), {reasoning_part{.text = "why", .signature = "s1"},
                                   reasoning_part{.signature = "s2"}});
  expect_input({user("a"), m},
               R"([{"type":"user_input","content":[{"type":"text","text":"a"}]},
                   {"type":"thought","signature":"s1","summary":[{"type":"text","text":"why"}]},
                   {"type":"thought","signature":"s2"},
                   {"type":"model_output","content":[{"type":"text","text":"b"}]}])");
}

TEST(interactions_input, reasoning_of_others_is_left_out_and_noted) {
  message m = assistant("");
  m.parts = {reasoning_part{.text = "why"},
             reasoning_part{.opaque = R"({"type":"file_search_call","status":"completed"})"},
             reasoning_part{.opaque = R"({"type":"redacted_thinking"})"}};
  const auto e = encode({.messages = {user("a"), m, user("b")}});
  ASSERT_TRUE(e) << e.error().message;
  EXPECT_EQ(body_of(e).at("input").as_array().size(), 2u);
  EXPECT_TRUE(has_note(e->notes, "without a signature"));
  EXPECT_TRUE(has_note(e->notes, "another vendor"));
}

TEST(interactions_input, a_reply_goes_back_as_its_steps) {
  const std::string steps =
      R"({"type":"thought","signature":"s1"},)"
      R"({"type":"function_call","id":"c","name":"f","arguments":{"a":1},"signature":"s2"},)"
      R"({"type":"google_search_call","id":"q","arguments":{"queries":["a"]}},)"
      R"({"type":"google_search_result","call_id":"q","result":[{}],"is_error":false},)"
      R"({"type":"model_output","content":[{"type":"text","text":"hi"}]},)"
      R"({"type":"model_output","content":[{"type":"image","data":"AAAA"}]})";
  const auto r = decode(interaction(steps));
  ASSERT_TRUE(r);
  const auto e = encode({.messages = {r->message}});
  expect_json(body_of(e).at("input"), ("[" + steps + "]").c_str());
}

TEST(interactions_input, what_cannot_be_said) {
  message blank = user(""), picture = assistant("a"), call = assistant("");
  picture.parts = {image_url("https://i.test/a.png")};
  call.parts = {tool_call_part{"c", "f", "[1]"}};
  message no_id = assistant("");
  no_id.parts = {tool_call_part{"", "f", "{}"}};
  message broken = assistant("a");
  broken.parts = {reasoning_part{.opaque = "{"}};
  for (const message& m : {blank, picture, call, no_id, broken, tool("", "x")}) {
    const auto e = encode({.messages = {m}});
    ASSERT_FALSE(e);
    EXPECT_EQ(e.error().code, errc::invalid_request);
  }
}

}  // namespace
}  // namespace ark::test::interactions
