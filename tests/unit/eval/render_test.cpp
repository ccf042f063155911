#include "eval/render.hpp"

#include <gtest/gtest.h>

namespace ark::eval {

// P23
TEST(render, values_go_in_once) {
  const variables v{{"a", "{{b}}"}, {"b", "secret"}, {"x-1.y", "!"}};
  EXPECT_EQ(render("{{a}}", v).value(), "{{b}}") << "what a value brings in is not looked at";
  EXPECT_EQ(render("{{ b }} and {{b}}{{x-1.y}}", v).value(), "secret and secret!");
}

TEST(render, other_braces_stay) {
  const variables v{{"a", "1"}};
  for (const auto* text : {"{a}", "{{", "}}", "{{}}", "{{a b}}", "{{a", "json {\"k\": {\"x\": 1}}"})
    EXPECT_EQ(render(text, v).value(), text);
  EXPECT_EQ(render("{{{a}}}", v).value(), "{1}");
}

TEST(render, an_unknown_name_is_told) {
  const auto r = render("{{nmae}}", {{"name", ""}});
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code, errc::config);
  EXPECT_NE(r.error().message.find("\"nmae\""), std::string::npos);
}

}  // namespace ark::eval
