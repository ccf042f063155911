// Prompty's vectors of stage `load`: a front matter each, and what is known of it.
#include <gtest/gtest.h>
#include <ark/prompt.hpp>
#include <boost/json.hpp>

#include <algorithm>
#include <fstream>

#include "tests/support/corpus.hpp"

namespace ark {
namespace {

namespace bj = boost::json;

const bj::object* object_at(const bj::object& in, std::string_view name) {
  const auto* found = in.if_contains(name);
  return found == nullptr ? nullptr : found->if_object();
}

/// JSON is YAML: the vector's front matter as it is.
result<prompt_template> load(const bj::object& input) {
  const std::string text =
      "---\n" + bj::serialize(input.at("frontmatter")) + "\n---\nsystem:\nHello.\n";
  return prompt_template::parse(text, "vector.prompty");
}

void compare_inputs(const prompt_template& made, const bj::array& expected) {
  for (const auto& each : expected) {
    const auto& one = each.as_object();
    const auto all = made.inputs();
    const auto found = std::find_if(all.begin(), all.end(), [&](const prompt_input& i) {
      return i.name == one.at("name").as_string();
    });
    ASSERT_NE(found, all.end());
    if (const auto* kind = one.if_contains("kind")) {
      EXPECT_EQ(found->type, kind->as_string());
    }
    if (const auto* value = one.if_contains("default")) {
      EXPECT_EQ(found->default_json, bj::serialize(*value));
    }
  }
}

void compare(const std::string& name, const bj::object& input, const bj::object& expected) {
  SCOPED_TRACE(name);
  auto made = load(input);
  if (const auto* why = expected.if_contains("error")) {
    // The error may come with the file or with its inputs.
    const auto rendered = made ? made->render(bj::serialize(*object_at(input, "inputs")))
                               : result<rendered_prompt>(made.error());
    ASSERT_FALSE(rendered) << *why;
    if (const auto* field = expected.if_contains("error_field")) {
      EXPECT_NE(rendered.error().message.find(std::string(field->as_string())), std::string::npos);
    }
    return;
  }
  ASSERT_TRUE(made) << made.error().message;
  if (const auto* own = expected.if_contains("name")) {
    EXPECT_EQ(made->name(), own->as_string());
  }
  const auto* model = object_at(expected, "model");
  if (model != nullptr && model->contains("id")) {
    EXPECT_EQ(made->model(), model->at("id").as_string());
  }
  if (const auto* list = expected.if_contains("inputs")) compare_inputs(*made, list->as_array());
  if (const auto* filled = object_at(expected, "validated_inputs")) {
    ASSERT_TRUE(made->render("{}"));
    std::size_t with_default = 0;
    for (const auto& each : made->inputs()) with_default += each.default_json.empty() ? 0 : 1;
    EXPECT_EQ(with_default, filled->size()) << "an example is no default";
  }
  // Tools that are no functions are told, not dropped.
  if (const auto* tools = expected.if_contains("tools")) {
    EXPECT_GE(made->notes().size(), tools->as_array().size());
  }
}

TEST(prompty_load, vectors) {
  ARK_SHARED_OR_SKIP(path, "jinja/prompt_cases/prompty.dev.jsonl");
  std::ifstream in(path);
  int compared = 0;
  for (std::string line; std::getline(in, line);) {
    const auto vector = bj::parse(line).as_object().at("vector").as_object();
    const auto* input = object_at(vector, "input");
    if (vector.at("stage") != "load" || input == nullptr || !input->contains("frontmatter"))
      continue;
    const std::string name(vector.at("name").as_string());
    // A prompt does not read the environment: what would is not carried over, and told.
    if (name.starts_with("env_")) {
      EXPECT_FALSE(load(*input).value().notes().empty()) << name;
      continue;
    }
    compare(name, *input, vector.at("expected").as_object());
    ++compared;
  }
  EXPECT_GE(compared, 8);
}

}  // namespace
}  // namespace ark
