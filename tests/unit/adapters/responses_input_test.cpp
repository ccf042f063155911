#include "responses_support.hpp"

#include <boost/json.hpp>

namespace ark::test::responses {
namespace {

message assistant_of(std::vector<part> parts) { return {role::assistant, std::move(parts), ""}; }

void expect_input(const call& c, const char* expected, const vendor& v = plain_row()) {
  const auto body = body_of(encode(c, v));
  ASSERT_TRUE(body.is_object());
  expect_json(body.at("input"), expected);
}

TEST(responses_input, roles_and_texts) {
  const call c{.messages = {ark::system("s"), developer("d"), user("u"), assistant("a")}};
  expect_input(c, R"([{"type":"message","role":"system","content":"s"},
    {"type":"message","role":"developer","content":"d"},
    {"type":"message","role":"user","content":"u"},
    {"type":"message","role":"assistant","content":[{"type":"output_text","text":"a"}]}])");
  expect_input({.messages = {developer("d")}},
               R"([{"type":"message","role":"system","content":"d"}])",
               plain_row({quirk::developer_as_system{}}));
  EXPECT_EQ(encode({}).error().code, errc::invalid_request);
}

TEST(responses_input, images) {
  message m = user("see");
  m.parts.emplace_back(image_url("https://a.test/x.png"));
  image_part inline_image = image_bytes("abc", "image/png");
  inline_image.detail = "low";
  m.parts.emplace_back(inline_image);
  expect_input({.messages = {m}}, R"([{"type":"message","role":"user","content":[
    {"type":"input_text","text":"see"},
    {"type":"input_image","image_url":"https://a.test/x.png"},
    {"type":"input_image","detail":"low","image_url":"data:image/png;base64,YWJj"}]}])");
  const auto refused = [](image_part image) {
    return encode({.messages = {{role::user, {image}, ""}}}).error().code;
  };
  EXPECT_EQ(refused({}), errc::invalid_request);
  EXPECT_EQ(refused(image_bytes("a", "")), errc::invalid_request);
  EXPECT_EQ(refused(image_bytes("a", "x\"y")), errc::invalid_request);
  EXPECT_EQ(encode({.messages = {assistant_of({image_url("u")})}}).error().code,
            errc::invalid_request);
}

TEST(responses_input, an_assistants_parts_keep_their_order) {
  const call c{.messages = {user("u"),
                            assistant_of({text_part{"a"}, refusal_part{"no"},
                                          tool_call_part{"t1", "f", R"({"x":1})"},
                                          tool_call_part{"t2", "g", ""}, text_part{"b"}}),
                            tool("t1", "1"), tool_error("t2", "bad")}};
  expect_input(c, R"([{"type":"message","role":"user","content":"u"},
    {"type":"message","role":"assistant","content":[{"type":"output_text","text":"a"},
                                                    {"type":"refusal","refusal":"no"}]},
    {"type":"function_call","call_id":"t1","name":"f","arguments":"{\"x\":1}"},
    {"type":"function_call","call_id":"t2","name":"g","arguments":"{}"},
    {"type":"message","role":"assistant","content":[{"type":"output_text","text":"b"}]},
    {"type":"function_call_output","call_id":"t1","output":"1"},
    {"type":"function_call_output","call_id":"t2","output":"bad"}])");
  EXPECT_TRUE(has_note(encode(c)->notes, "failed tool"));
}

TEST(responses_input, reasoning_goes_back_without_its_id) {
  const std::string item = R"({"id":"rs1","type":"reasoning","status":"completed","summary":[],)"
                           R"("encrypted_content":"gAAAA\/+=="})";
  const call c{
      .messages = {user("u"),
                   assistant_of({reasoning_part{"hm", "", item}, tool_call_part{"t1", "f", "{}"}}),
                   tool("t1", "1")}};
  const auto body = body_of(encode(c));
  expect_json(body.at("input").at(1), R"({"type":"reasoning","summary":[],
    "encrypted_content":"gAAAA/+=="})");
  // Such a model reasons, so the next reasoning is asked for too.
  expect_json(body.at("include"), R"(["reasoning.encrypted_content"])");
}

TEST(responses_input, other_items_go_back_as_they_came) {
  const std::string search =
      R"({"id":"ws1","type":"web_search_call","status":"completed","action":{"type":"search"}})";
  const auto body = body_of(encode(
      {.messages = {user("u"), assistant_of({reasoning_part{"", "", search}, text_part{"a"}})}}));
  expect_json(body.at("input").at(1), search.c_str());
  EXPECT_FALSE(body.as_object().contains("include"));
}

TEST(responses_input, reasoning_of_others_stays_here) {
  const auto with = [](const std::string& opaque) {
    return encode({.messages = {user("u"), assistant_of({reasoning_part{"hm", "sig", opaque},
                                                         text_part{"a"}})}});
  };
  EXPECT_TRUE(with("")->notes.empty());
  for (const char* foreign : {R"({"type":"redacted_thinking","data":"x"})", R"([{"type":"x"}])"}) {
    const auto e = with(foreign);
    EXPECT_TRUE(has_note(e->notes, "no item of this family")) << foreign;
    EXPECT_EQ(body_of(e).at("input").as_array().size(), 2u);
  }
  EXPECT_EQ(with("{").error().code, errc::invalid_request);
}

TEST(responses_input, custom_tools_go_back_as_plain_text) {
  const call c{.messages = {user("u"),
                            assistant_of({tool_call_part{"t1", "math", R"({"input":"4 + 4"})"},
                                          tool_call_part{"t2", "math", "odd"}}),
                            tool("t1", "8")},
               .extra = {{"tools", R"([{"type":"custom","name":"math"}])"}}};
  const auto body = body_of(encode(c));
  expect_json(body.at("input").at(1),
              R"({"type":"custom_tool_call","call_id":"t1","name":"math","input":"4 + 4"})");
  expect_json(body.at("input").at(2),
              R"({"type":"custom_tool_call","call_id":"t2","name":"math","input":"odd"})");
  expect_json(body.at("input").at(3),
              R"({"type":"custom_tool_call_output","call_id":"t1","output":"8"})");
}

TEST(responses_input, what_no_one_can_say) {
  const auto code = [](message m) { return encode({.messages = {std::move(m)}}).error().code; };
  EXPECT_EQ(code({role::user, {}, ""}), errc::invalid_request);
  EXPECT_EQ(code({role::tool, {text_part{"x"}}, ""}), errc::invalid_request);
  EXPECT_EQ(code({role::user, {tool_call_part{"t", "f", "{}"}}, ""}), errc::invalid_request);
  EXPECT_EQ(code(tool("", "x")), errc::invalid_request);
  message named = user("u");
  named.name = "ann";
  EXPECT_TRUE(has_note(encode({.messages = {named}})->notes, "names of speakers"));
}

TEST(responses_input, documents_and_files) {
  const auto content = [](std::vector<part> parts) {
    return body_of(encode({.messages = {message{role::user, std::move(parts)}}}))
        .at_pointer("/input/0/content");
  };
  expect_json(content({document_bytes("abc", "application/pdf", "a.pdf"),
                       document_url("https://h.test/a.pdf"), document_part{.file_id = "f1"},
                       image_part{.file_id = "f2"}}),
              R"([{"type":"input_file","filename":"a.pdf",
                   "file_data":"data:application/pdf;base64,YWJj"},
    {"type":"input_file","file_url":"https://h.test/a.pdf"},
    {"type":"input_file","file_id":"f1"},{"type":"input_image","file_id":"f2"}])");
  const auto code = [](part p) {
    return encode({.messages = {message{role::user, {std::move(p)}}}}).error().code;
  };
  EXPECT_EQ(code(document_bytes("abc", "application/pdf", "")), errc::invalid_request);
  EXPECT_EQ(code(document_part{.file_id = "f", .context = "c"}), errc::unsupported);
  EXPECT_EQ(code(audio_bytes("x", "audio/wav")), errc::unsupported);
  EXPECT_EQ(code(video_url("https://h.test/v")), errc::unsupported);
}

}  // namespace
}  // namespace ark::test::responses
