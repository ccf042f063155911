#include "tests/unit/prompt/handlebars_support.hpp"

namespace ark::test::prompting {
namespace {

std::string mustache(std::string_view source, std::string_view json = "{}",
                     partial_sources partials = {}) {
  return rendered(source, json, {.how = hb::dialect::mustache, .partials = std::move(partials)});
}

TEST(mustache, names_and_sections) {
  EXPECT_EQ(mustache("{{a.b}} {{&t}} {{t}} {{{t}}}", R"({"a": {"b": 1}, "t": "<\">"})"),
            "1 <\"> &lt;&quot;&gt; <\">");
  EXPECT_EQ(mustache("{{#l}}{{x}}{{y}} {{/l}}{{^l}}none{{/l}}",
                     R"({"l": [{"x": 1}, {"x": 2, "y": 4}], "y": 3})"),
            "13 24 ");
  EXPECT_EQ(mustache("{{#a}}x{{/a}}{{#b}}x{{/b}}{{#c}}x{{/c}}{{#d}}{{.}}{{/d}}{{#e}}{{d}}{{/e}}",
                     R"({"a": "", "b": 0, "c": {}, "d": "D", "e": true})"),
            "xDD");
  EXPECT_EQ(mustache("{{=<% %>=}}<%a%> {{a}} <%={{ }}=%>{{a}}", R"({"a": 1})"), "1 {{a}} 1");
  EXPECT_EQ(mustache("{{role \"system\"}}{{history}}", R"({"history": "h"})"), "h") << "no helpers";
}

TEST(mustache, partials) {
  EXPECT_EQ(mustache("a\n {{>p}}\nb\n", R"({"v": "1\n2"})", {{"p", "x\n\n{{{v}}}\n"}}),
            "a\n x\n\n 1\n2\nb\n");
  EXPECT_EQ(mustache("{{>gone}}{{>*n}}{{>*gone}}", R"({"n": "p"})", {{"p", "P"}}), "P");
  EXPECT_EQ(mustache("  {{>p}}\n", "{}", {{"p", "1\n\t{{>q}}\n"}, {"q", "2\n3"}}),
            "  1\n  \t2\n  \t3");
}

// Of inheritance, beside the specification's cases: what stands alone on its lines.
TEST(mustache, inheritance) {
  EXPECT_EQ(
      mustache("{{<p}}{{$b}}\none\ntwo{{/b}}\n{{/p}}\n", "{}", {{"p", "Hi,\n  {{$b}}{{/b}}\n"}}),
      "Hi,\n  one\n  two\n");
  EXPECT_EQ(mustache("{{<p}}{{$b}}\n    one\n    two\n{{/b}}{{/p}}\n", "{}",
                     {{"p", "Hi,\n  {{$b}}\n  {{/b}}\n"}}),
            "Hi,\n  one\n  two\n");
  EXPECT_EQ(mustache("{{<p}}{{$b}}\none\ntwo\n{{/b}}{{/p}}\n", "{}",
                     {{"p", "Hi,\n{{$b}}\n  default\n{{/b}}\n"}}),
            "Hi,\n  one\n  two\n");
  EXPECT_EQ(
      mustache("{{<p}}{{$a}}{{$a}}x{{/a}}{{/a}}{{/p}}", "{}", {{"p", "{{$a}}{{/a}}"}}).substr(0, 6),
      "error:");
}

TEST(mustache, errors_and_reads) {
  for (const char* bad :
       {"{{a", "{{#a}}", "{{/a}}", "{{#a}}{{/b}}", "{{=x=}}", "{{= a b c =}}", "{{}}", "{{{a}}"})
    EXPECT_TRUE(mustache(bad).starts_with("error: t:1:")) << bad;
  const auto r = hb::compile("{{a.b}}{{#l}}{{x}}{{.}}{{/l}}{{^n}}{{y}}{{/n}}{{>p}}", "t",
                             hb::dialect::mustache)
                     ->reads();
  EXPECT_EQ(r.paths, (std::vector<std::string>{"a.b", "l", "l[].x", "x", "l[]", "", "n", "y"}));
  EXPECT_EQ(r.names, (std::vector<std::string>{"a", "l", "n", "y"}));
  EXPECT_EQ(r.partials, std::vector<std::string>{"p"});
}

}  // namespace
}  // namespace ark::test::prompting
