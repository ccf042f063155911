#include "eval/suite.hpp"

#include <gtest/gtest.h>
#include <fstream>

#include "temporary_directory.hpp"

namespace ark::eval {
namespace {
constexpr const char* good = R"(name: demo
prompts:
  - id: ask
    messages:
      - {role: system, content: Be brief.}
      - {role: user, content: "{{question}}"}
models: [auto, openai/gpt-x]
vars: {question: default}
expect:
  - {type: not-equals, value: ""}
cases:
  - id: one
    vars: {question: "What is 6*7?"}
    expect: [{type: equals, value: "42"}]
  - id: two
case_files: [more.csv]
settings: {max_tokens: 50, temperature: 0.5, concurrency: 3}
)";

class suites : public ::testing::Test {
 protected:
  result<suite> load(const std::string& text) {
    std::ofstream(folder_.file("more.csv")) << "id,question\nthree,from csv\n";
    std::ofstream(folder_.file("s.yaml")) << text;
    return load_suite(folder_.file("s.yaml"));
  }
  static std::string replaced(std::string text, const std::string& a, const std::string& b) {
    return text.replace(text.find(a), a.size(), b);
  }
  testing::temporary_directory folder_;
};

TEST_F(suites, every_model_is_asked_every_case) {
  const suite s = load(good).value();
  const auto q = s.questions("").value();
  ASSERT_EQ(q.size(), 6u);
  EXPECT_EQ(q[0].model, "auto");
  EXPECT_EQ(q[1].model, "openai/gpt-x");
  EXPECT_EQ(q[0].call.messages.at(1).text(), "What is 6*7?");
  EXPECT_EQ(q[2].call.messages.at(1).text(), "default");
  EXPECT_EQ(q[4].call.messages.at(1).text(), "from csv");
  EXPECT_EQ(q[0].assertions.size(), 2u);
  EXPECT_EQ(q[0].call.max_tokens, 50);
  EXPECT_EQ(q[0].call.task, "demo");
  EXPECT_EQ(s.questions("three").value().size(), 2u);
}

TEST_F(suites, a_prompt_may_be_a_file) {
  const std::string with_file = replaced(
      good,
      "    messages:\n      - {role: system, content: Be brief.}\n      - {role: user, content: "
      "\"{{question}}\"}\n",
      "    file: ask.prompt\n");
  const auto write = [&](const std::string& text) {
    std::ofstream(folder_.file("ask.prompt")) << text;
  };
  write(
      "---\nparameters: {top_p: 0.5, max_tokens: 7}\ninputs: {question: string}\n---\n{{ question "
      "}}");
  const auto s = load(with_file);
  ASSERT_TRUE(s) << s.error().message;
  const auto q = s->questions("one").value();
  EXPECT_EQ(q[0].call.messages.at(0).text(), "What is 6*7?");
  EXPECT_EQ(q[0].call.top_p, 0.5);
  EXPECT_EQ(q[0].call.max_tokens, 50) << "the suite's setting is nearer";
  EXPECT_EQ(q[0].call.prompt_id, "ask");
  EXPECT_EQ(q[0].call.prompt_version.size(), 64U);
  EXPECT_EQ(q[0].call.tags.at("case"), "one");
  write("---\ninputs: {question: string}\n---\n{{ question }}!");
  EXPECT_NE(load(with_file)->hash, s->hash) << "rows of a changed prompt are not mixed";
  write("{{ other }}");
  const auto bad = load(with_file);
  ASSERT_FALSE(bad);
  EXPECT_NE(bad.error().message.find("\"other\" is missing"), std::string::npos)
      << bad.error().message;
}

TEST_F(suites, a_value_of_a_case_is_never_a_template) {
  const auto q = load(replaced(good, "What is 6*7?", "{{ 7*7 }} {{question}}"))
                     .value()
                     .questions("one")
                     .value();
  EXPECT_EQ(q[0].call.messages.at(1).text(), "{{ 7*7 }} {{question}}");
}

TEST_F(suites, the_hash_covers_case_files) {
  const std::string first = load(good).value().hash;
  EXPECT_EQ(first, load(good).value().hash);
  EXPECT_NE(first, load(std::string(good) + "description: x\n").value().hash);
  std::ofstream(folder_.file("more.csv")) << "id,question\nthree,changed\n";
  EXPECT_NE(first, load_suite(folder_.file("s.yaml")).value().hash);
}

TEST_F(suites, mistakes_have_file_line_and_field) {
  const auto expect_error = [&](const std::string& text, const std::string& part) {
    const auto r = load(text);
    ASSERT_FALSE(r) << text;
    EXPECT_EQ(r.error().code, errc::config) << r.error().message;
    EXPECT_NE(r.error().message.find(part), std::string::npos) << r.error().message;
    EXPECT_NE(r.error().message.find("s.yaml"), std::string::npos) << r.error().message;
  };
  expect_error(replaced(good, "models:", "modles:"), ":7:");
  expect_error(replaced(good, "role: system", "role: boss"), ":5: prompts[0].messages[0].role");
  expect_error(replaced(good, "type: equals", "type: eqals"), ":14: cases[0].expect[0]");
  expect_error(replaced(good, "id: two", "id: one"), "comes twice");
  expect_error(replaced(good, "[auto, openai/gpt-x]", "[]"), "models");
  expect_error(replaced(good, "concurrency: 3", "concurrency: 0"), "settings.concurrency");
  expect_error(replaced(good, "{{question}}", "{{qestion}}"), "qestion");
  EXPECT_EQ(load_suite(folder_.file("absent.yaml")).error().code, errc::not_found);
}

TEST_F(suites, structured_output_and_images) {
  std::ofstream(folder_.file("a.png")) << "\x89PNG";
  const suite s = load(R"(prompts:
  - messages: [{content: look, images: [a.png, "https://example.com/b.jpg"]}]
    schema: {type: object}
models: [auto]
cases: [{}]
)")
                      .value();
  const auto q = s.questions("").value();
  EXPECT_EQ(q.at(0).call.response_format.kind, response_format_kind::json_schema);
  EXPECT_EQ(q.at(0).call.messages.at(0).parts.size(), 3u);
  EXPECT_EQ(q.at(0).prompt_id, "prompt-1");
  EXPECT_FALSE(load(
      "prompts: [{messages: [{content: x}], schema: {if: 1}}]\nmodels: [auto]\ncases: [{}]\n"));
}

TEST_F(suites, models_that_nobody_has_are_told_with_their_place) {
  const suite s = load(good).value();
  std::vector<std::string> asked;
  const auto ok = s.check_models([&](const std::string& model) -> result<void> {
    asked.push_back(model);
    return {};
  });
  EXPECT_TRUE(ok);
  EXPECT_EQ(asked, std::vector<std::string>{"openai/gpt-x"}) << "auto is no model";
  const auto bad = s.check_models(
      [](const std::string&) -> result<void> { return error{.message = "no such model"}; });
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().code, errc::config);
  EXPECT_EQ(bad.error().message, folder_.file("s.yaml") + ":7: models[1]: no such model");
}

}  // namespace
}  // namespace ark::eval
