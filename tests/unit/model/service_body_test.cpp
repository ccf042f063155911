#include "model/service_body.hpp"

#include <gtest/gtest.h>

namespace ark {
namespace {

std::string filled(std::string_view body) {
  const auto out =
      fill_service_body(body, [](std::string_view name, bool in_string) -> result<std::string> {
        if (name == "bad") return error{.code = errc::invalid_request, .message = "no bad"};
        return std::string(name) + (in_string ? "!" : "?");
      });
  return out ? *out : out.error().message;
}

TEST(service_body, placeholders_in_and_outside_of_strings) {
  EXPECT_EQ(filled(R"({"a":"x {{one}} {{ two }}","b":{{three-3}},"c":[{{d_4}}]})"),
            R"({"a":"x one! two!","b":three-3?,"c":[d_4?]})");
  EXPECT_EQ(filled(R"({"quoted \" {{in}}":{{out}}, "back\\":{{out}}})"),
            R"({"quoted \" in!":out?, "back\\":out?})");
  EXPECT_EQ(filled(R"({"a":{"b":{"c":1}}})"), R"({"a":{"b":{"c":1}}})");
  EXPECT_EQ(filled(""), "");
}

TEST(service_body, what_is_no_placeholder_is_told) {
  for (const char* body : {R"({"a":"{{open"})", "{{}}", "{{a b}}", "{{"})
    EXPECT_NE(filled(body).find("begins no placeholder"), std::string::npos) << body;
  EXPECT_EQ(filled(R"({"a":{{bad}}})"), "no bad");
}

TEST(service_body, a_body_must_be_json_whatever_is_filled_in) {
  EXPECT_TRUE(check_service_body(R"({"text":"{{prompt}}","n":{{max_tokens}}})"));
  for (const char* body : {"", R"({"text":{{prompt}})", R"({"text":"{{prompt}})", "{{a}}{{b}}"})
    EXPECT_FALSE(check_service_body(body)) << body;
}

}  // namespace
}  // namespace ark
