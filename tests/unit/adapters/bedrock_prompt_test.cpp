#include "bedrock_support.hpp"

#include <boost/json.hpp>

namespace ark::test::bedrock {
namespace {

call limited() {
  return {
      .messages = {user("hi")}, .max_tokens = 5, .temperature = 0.5, .top_p = 0.25, .stop = {"x"}};
}

TEST(bedrock_prompt, every_maker_calls_things_otherwise) {
  struct {
    const char *model, *body;
  } const cases[] = {
      {"amazon.titan-text-lite-v1",
       R"({"inputText":"hi","textGenerationConfig":{"maxTokenCount":5,"temperature":0.5,
           "topP":0.25,"stopSequences":["x"]}})"},
      {"mistral.mistral-7b-instruct-v0:2",
       R"({"prompt":"hi","max_tokens":5,"temperature":0.5,"top_p":0.25,"stop":["x"]})"},
      {"cohere.command-text-v14",
       R"({"prompt":"hi","max_tokens":5,"temperature":0.5,"p":0.25,"stop_sequences":["x"]})"},
      {"cohere.command-r-v1:0",
       R"({"message":"hi","max_tokens":5,"temperature":0.5,"p":0.25,"stop_sequences":["x"]})"},
      {"ai21.j2-mid-v1",
       R"({"prompt":"hi","maxTokens":5,"temperature":0.5,"topP":0.25,"stopSequences":["x"]})"},
  };
  for (const auto& each : cases) {
    const auto e = encode_invoke(limited(), each.model);
    ASSERT_TRUE(e) << each.model << ": " << e.error().message;
    expect_json(body_of(e), each.body);
    EXPECT_EQ(e->max_output_tokens, 5) << each.model;
    EXPECT_TRUE(e->request.target.ends_with("/invoke")) << each.model;
  }
  call c = limited();
  c.stop.clear();
  expect_json(body_of(encode_invoke(c, "us.meta.llama3-1-70b-instruct-v1:0")),
              R"({"prompt":"hi","max_gen_len":5,"temperature":0.5,"top_p":0.25})");
}

TEST(bedrock_prompt, the_model_may_stand_in_an_arn) {
  const auto e =
      encode_invoke({.messages = {user("hi")}},
                    "arn:aws:bedrock:us-east-1::foundation-model/amazon.titan-tg1-large");
  expect_json(body_of(e), R"({"inputText":"hi","textGenerationConfig":{}})");
  EXPECT_EQ(e->request.target,
            "/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A%3Afoundation-model%2F"
            "amazon.titan-tg1-large/invoke");
}

TEST(bedrock_prompt, streams) {
  const call c{.messages = {user("hi")}};
  const auto command = encode_invoke(c, "cohere.command-light-text-v14", true);
  expect_json(body_of(command), R"({"prompt":"hi","stream":true})");
  EXPECT_EQ(wire::find_header(command->request.headers, "accept"),
            "application/vnd.amazon.eventstream");
  EXPECT_TRUE(command->request.target.ends_with("/invoke-with-response-stream"));
  expect_json(body_of(encode_invoke(c, "meta.llama2-13b-chat-v1", true)), R"({"prompt":"hi"})");
  EXPECT_EQ(encode_invoke(c, "ai21.j2-mid-v1", true).error().code, errc::unsupported);
}

TEST(bedrock_prompt, no_template_is_applied_and_that_is_said) {
  const call c{.messages = {user("hi")}};
  EXPECT_TRUE(has_note(encode_invoke(c, "meta.llama2-13b-chat-v1")->notes, "no template"));
  EXPECT_TRUE(encode_invoke(c, "cohere.command-r-v1:0")->notes.empty());
}

TEST(bedrock_prompt, what_a_prompt_cannot_say_is_said_by_converse) {
  std::vector<call> calls(9, call{.messages = {user("hi")}});
  calls[0].messages.push_back(user("again"));
  calls[1].messages = {system("s")};
  calls[2].messages[0].parts.emplace_back(image_url("https://a.test/i.png"));
  calls[3].tools = {{.name = "f"}};
  calls[4].response_format.kind = response_format_kind::json_object;
  calls[5].reasoning = reasoning_effort::low;
  calls[6].seed = 1;
  calls[7].service_tier = "flex";
  calls[8].stop = {"x"};
  for (const call& c : calls) {
    const auto e = encode_invoke(c, "meta.llama2-13b-chat-v1");
    ASSERT_FALSE(e);
    EXPECT_EQ(e.error().code, errc::unsupported);
    EXPECT_NE(e.error().message.find("Converse"), std::string::npos) << e.error().message;
  }
}

TEST(bedrock_prompt, parameters_of_the_makers) {
  call c{.messages = {user("hi")}, .end_user = "u", .extra = {{"k", "7"}}};
  const auto e = encode_invoke(c, "cohere.command-text-v14");
  expect_json(body_of(e), R"({"prompt":"hi","k":7})");
  EXPECT_TRUE(has_note(e->notes, "end_user"));
  c.extra = {{"prompt", "\"p\""}};
  EXPECT_EQ(encode_invoke(c, "cohere.command-text-v14").error().code, errc::invalid_request);
  c.extra = {{"num_generations", "2"}};
  EXPECT_EQ(encode_invoke(c, "cohere.command-text-v14").error().code, errc::invalid_request);
}

}  // namespace
}  // namespace ark::test::bedrock
