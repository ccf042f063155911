#include "gemini_support.hpp"

#include <boost/json.hpp>

namespace ark::test::gemini {
namespace {

boost::json::value contents_of(const call& c) { return body_of(encode(c)).at("contents"); }

TEST(gemini_contents, roles_and_the_system_instruction) {
  const auto e = encode({.messages = {system("s"), user("u"), assistant("a"), developer("d")}});
  expect_json(body_of(e), R"({"systemInstruction":{"parts":[{"text":"s"},{"text":"d"}]},
    "contents":[{"role":"user","parts":[{"text":"u"}]},{"role":"model","parts":[{"text":"a"}]}]})");
  EXPECT_TRUE(has_note(e->notes, "moved to the front"));
}

TEST(gemini_contents, images_by_bytes_by_data_url_and_by_url) {
  message m = user("u");
  m.parts.push_back(image_bytes("\x01\x02", "image/png"));
  m.parts.push_back(image_url("data:image/gif;base64,AAAA"));
  m.parts.push_back(image_url("https://h.test/a.jpg"));
  image_part typed = image_url("gs://b/a.jpg");
  typed.media_type = "image/jpeg";
  typed.detail = "low";
  m.parts.push_back(typed);
  const auto e = encode({.messages = {m}});
  expect_json(body_of(e).at("contents"), R"([{"role":"user","parts":[{"text":"u"},
    {"inlineData":{"mimeType":"image/png","data":"AQI="}},
    {"inlineData":{"mimeType":"image/gif","data":"AAAA"}},
    {"fileData":{"fileUri":"https://h.test/a.jpg"}},
    {"fileData":{"fileUri":"gs://b/a.jpg","mimeType":"image/jpeg"}}]}])");
  EXPECT_TRUE(has_note(e->notes, "image detail"));
}

TEST(gemini_contents, calls_and_their_results) {
  message a = assistant("");
  a.parts = {tool_call_part{"arkcall-r1-0", "f", R"({"x":1})"}, tool_call_part{"v1", "g", ""}};
  const call c{.messages = {user("u"), a, tool("arkcall-r1-0", R"({"t":21})"), tool("v1", "plain"),
                            tool_error("v1", "broken"), tool_error("v1", R"({"why":1})")}};
  expect_json(contents_of(c), R"([{"role":"user","parts":[{"text":"u"}]},
    {"role":"model","parts":[{"functionCall":{"name":"f","args":{"x":1}}},
                             {"functionCall":{"id":"v1","name":"g","args":{}}}]},
    {"role":"user","parts":[
      {"functionResponse":{"name":"f","response":{"t":21}}},
      {"functionResponse":{"id":"v1","name":"g","response":{"output":"plain"}}},
      {"functionResponse":{"id":"v1","name":"g","response":{"error":"broken"}}},
      {"functionResponse":{"id":"v1","name":"g","response":{"error":{"why":1}}}}]}])");
}

TEST(gemini_contents, a_result_is_of_the_last_call_with_its_id) {
  message first = assistant(""), second = assistant("");
  first.parts = {tool_call_part{"c", "f", "{}"}};
  second.parts = {tool_call_part{"c", "g", "{}"}};
  call c{.messages = {user("u"), first, tool("c", "1"), second, tool("c", "2")}};
  const auto made = contents_of(c);
  const auto name = [&](std::size_t at) {
    return made.at(at).at("parts").at(0).at("functionResponse").at("name").as_string();
  };
  EXPECT_EQ(name(2), "f");
  EXPECT_EQ(name(4), "g");
  c.messages.push_back(tool("nobody", "x"));
  EXPECT_EQ(encode(c).error().code, errc::invalid_request);
  std::get<tool_result_part>(c.messages.back().parts[0]).name = "h";
  EXPECT_TRUE(encode(c));
}

TEST(gemini_contents, signatures_go_back_where_they_came_from) {
  const std::string parts =
      R"({"text":"hm","thought":true},{"text":"a","thoughtSignature":"s1=="},{"text":"b"},)"
      R"({"functionCall":{"name":"f","args":{"x":1}},"thoughtSignature":"s2"},)"
      R"({"functionCall":{"name":"g","args":{}}},)"
      R"({"text":"t","thought":true,"thoughtSignature":"s3"},)"
      R"({"executableCode":{"code":"1"},"thoughtSignature":"s4"},)"
      R"({"text":"","thoughtSignature":"s5"})";
  const auto r = decode(answer(parts));
  ASSERT_TRUE(r);
  const auto e = encode({.messages = {user("u"), r->message, user("v")}});
  ASSERT_TRUE(e) << e.error().message;
  EXPECT_NE(e->request.body.find(R"({"role":"model","parts":[)" + parts + "]}"), std::string::npos)
      << e->request.body;
  EXPECT_TRUE(e->notes.empty());
}

TEST(gemini_contents, a_signature_whose_part_is_gone_is_not_lost) {
  message a = assistant("");
  a.parts = {reasoning_part{"", "s1", ""}, reasoning_part{"", "s2", ""}, text_part{"a"},
             reasoning_part{"", "s3", ""}};
  expect_json(contents_of({.messages = {user("u"), a}}).at(1).at("parts"),
              R"([{"text":"","thoughtSignature":"s1"},{"text":"a","thoughtSignature":"s2"},
                  {"text":"","thoughtSignature":"s3"}])");
}

TEST(gemini_contents, what_another_vendor_encoded_is_left_out_and_noted) {
  message a = assistant("a");
  a.parts.push_back(reasoning_part{"", "", R"({"type":"redacted_thinking","data":"zz"})"});
  const auto e = encode({.messages = {user("u"), a}});
  ASSERT_TRUE(e);
  EXPECT_EQ(e->request.body.find("redacted"), std::string::npos);
  EXPECT_TRUE(has_note(e->notes, "another vendor encoded"));
  a.parts = {reasoning_part{"", "", "{broken"}};
  EXPECT_EQ(encode({.messages = {user("u"), a}}).error().code, errc::invalid_request);
}

TEST(gemini_contents, what_cannot_be_said) {
  message system_image = system("s");
  system_image.parts.push_back(image_url("https://h.test/a"));
  message bad_call = assistant(""), list_call = assistant(""), wrong_role = assistant("a");
  bad_call.parts = {tool_call_part{"c", "f", "{\"a\":"}};
  list_call.parts = {tool_call_part{"c", "f", "[1]"}};
  wrong_role.parts.push_back(image_url("https://h.test/a"));
  message no_type = user("u"), odd_url = user("u");
  no_type.parts.push_back(image_bytes("x", ""));
  odd_url.parts.push_back(image_url("data:text/plain,x"));
  for (const message& m :
       {system_image, bad_call, list_call, wrong_role, no_type, odd_url, user("")}) {
    const auto e = encode({.messages = {user("u"), m}});
    ASSERT_FALSE(e);
    EXPECT_EQ(e.error().code, errc::invalid_request);
    EXPECT_NE(e.error().message.find("message 2"), std::string::npos) << e.error().message;
  }
}

}  // namespace
}  // namespace ark::test::gemini
