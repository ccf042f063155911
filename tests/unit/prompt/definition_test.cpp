#include "prompt/definition.hpp"

#include <gtest/gtest.h>

namespace ark::prompt {
namespace {

TEST(definition, front_matter_is_split_from_the_body) {
  const auto parts = split("---\nmodel: m\n---\nbody\nmore\n", "a.prompt").value();
  EXPECT_EQ(parts.yaml, "\nmodel: m\n");
  EXPECT_EQ(parts.body, "body\nmore\n");
  EXPECT_EQ(parts.body_line, 4);
  const auto none = split("just text\n---\n", "a.prompt").value();
  EXPECT_FALSE(none.has_front_matter);
  EXPECT_EQ(none.body, "just text\n---\n");
  const auto windows = split("\xEF\xBB\xBF---\r\nmodel: m\r\n---\r\nx", "a.prompt").value();
  EXPECT_EQ(windows.body, "x");
  const auto commented = split("# licence\n---\nmodel: m\n---\nx", "a.prompt").value();
  EXPECT_EQ(commented.body, "x");
  EXPECT_EQ(commented.body_line, 5);
  EXPECT_EQ(split("---\n---\nx", "a.prompt").value().body, "x");
  EXPECT_EQ(split("", "a.prompt").value().body, "");
}

TEST(definition, front_matter_that_does_not_end_is_an_error) {
  const auto open = split("---\nmodel: m\n", "a.prompt");
  ASSERT_FALSE(open);
  EXPECT_NE(open.error().message.find("a.prompt:1: the front matter does not end"),
            std::string::npos);
}

TEST(definition, the_form_is_told_by_name_fields_or_body) {
  const auto form = [](std::string_view text, const std::string& path) {
    return read_definition(text, path).value();
  };
  EXPECT_EQ(form("hi {{ x }}", "a.prompt").form, file_form::native);
  EXPECT_EQ(form("---\ninput: {schema: {x: string}}\n---\n{{x}}", "a.prompt").form,
            file_form::dotprompt);
  EXPECT_EQ(form("---\nmy.ext: 1\n---\n{{x}}", "a.prompt").form, file_form::dotprompt);
  EXPECT_EQ(form("system:\nhi", "a.prompty").form, file_form::prompty);
  EXPECT_EQ(form("{{role \"system\"}}hi", "a.prompt").engine, engine::handlebars);
  EXPECT_EQ(form("{{#if x}}hi{{/if}}", "a.prompt").engine, engine::handlebars);
  EXPECT_EQ(form("{% if x %}{{ x }}{% endif %}", "a.prompt").engine, engine::jinja);
  EXPECT_EQ(form("---\nengine: mustache\n---\n{{#x}}y{{/x}}", "a.prompt").engine, engine::mustache);
}

TEST(definition, unknown_fields_have_their_line) {
  const auto made =
      read_definition("---\nmodel: m\nparameters:\n  temprature: 1\n---\nx", "a.prompt");
  ASSERT_FALSE(made);
  EXPECT_NE(made.error().message.find("a.prompt:4"), std::string::npos) << made.error().message;
  EXPECT_NE(made.error().message.find("temperature"), std::string::npos) << made.error().message;
}

}  // namespace
}  // namespace ark::prompt
