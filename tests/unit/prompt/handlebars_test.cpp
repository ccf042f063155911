#include "tests/unit/prompt/handlebars_support.hpp"

namespace ark::test::prompting {
namespace {

using names = std::vector<std::string>;

TEST(handlebars, paths) {
  const char* data =
      R"({"a": {"b": "x", "c d": "y", "list": [{"n": 1}, {"n": 2}]}, "12": "twelve"})";
  EXPECT_EQ(rendered("{{a.b}} {{a/b}} {{ a.[c d] }} {{this.a.b}} {{./a.b}}", data), "x x y x x");
  EXPECT_EQ(rendered("{{a.list.[1].n}} {{a.list.0.n}} {{a.list.length}}", data), "2 1 2");
  EXPECT_EQ(rendered("[{{a.list.[2].n}}{{nothing.at.all}}{{../a}}]", data), "[]");
  EXPECT_EQ(rendered("{{12}} {{\"12\"}} {{@root.a.b}}", data), "twelve twelve x");
  EXPECT_EQ(rendered("{{#with a}}{{b}} {{../a.b}} {{@root.[12]}}{{/with}}", data), "x x twelve");
  EXPECT_EQ(rendered("{{#with a}}{{#each list}}{{n}}{{../b}}{{../../12}} {{/each}}{{/with}}", data),
            "1xtwelve 2xtwelve ");
}

// As JavaScript prints: null and undefined are nothing, a list's items have commas between.
TEST(handlebars, printing) {
  EXPECT_EQ(
      rendered("{{a}} {{b}} {{c}} {{d}}|{{e}}", R"({"a": 5.0, "b": 1e21, "c": 1.5e-7, "d": null})"),
      "5 1e+21 1.5e-7 |");
  EXPECT_EQ(rendered("{{a}} {{b}}", R"({"a": true, "b": [1, [2, "x"], null, false]})"),
            "true 1,2,x,,false");
  EXPECT_EQ(rendered("{{a}}", R"({"a": 123456789012345678901234567890})"),
            "123456789012345678901234567890");
  EXPECT_EQ(rendered("{{a}}{{{a}}}{{&a}}", R"({"a": "<&>"})"), "<&><&><&>") << "no HTML escapes";
  EXPECT_EQ(rendered("x\n{{a}}", R"({"a": {}})"),
            "error: t:2:1: a dict cannot be printed: write {{json ..}}, or name what is in it (in: "
            "\"{{a}}\")");
}

TEST(handlebars, conditions) {
  const char* data = R"({"yes": 1, "no": 0, "empty": [], "text": "", "other": "o"})";
  EXPECT_EQ(
      rendered("{{#if yes}}a{{/if}}{{#if no}}b{{/if}}{{#if empty}}c{{/if}}{{#if text}}d{{/if}}",
               data),
      "a");
  EXPECT_EQ(rendered("{{#if no includeZero=true}}zero{{/if}}", data), "zero");
  EXPECT_EQ(
      rendered("{{#unless no}}a{{else}}b{{/unless}}{{#unless yes}}a{{else}}b{{/unless}}", data),
      "ab");
  EXPECT_EQ(rendered("{{#if no}}1{{else if text}}2{{else if other}}3{{else}}4{{/if}}", data), "3");
  EXPECT_EQ(rendered("{{#if no}}1{{else each empty}}2{{else}}4{{/if}}", data), "4");
  EXPECT_EQ(rendered("{{#if no}}1{{^}}2{{/if}}{{^if no}}3{{/if}}", data), "23");
  EXPECT_EQ(
      rendered("{{#ifEquals yes 1}}a{{/ifEquals}}{{#ifEquals yes true}}b{{/ifEquals}}"
               "{{#ifEquals gone gone2}}c{{/ifEquals}}{{#ifEquals gone null}}d{{/ifEquals}}"
               "{{#ifEquals other \"o\"}}e{{/ifEquals}}{{#ifEquals empty empty}}f{{/ifEquals}}",
               data),
      "acef");
}

TEST(handlebars, loops) {
  const char* data = R"({"l": ["a", "b"], "m": {"x": 1, "y": 2}, "n": [[1, 2], [3]], "none": []})";
  EXPECT_EQ(rendered("{{#each l}}{{@index}}{{this}}{{@first}}{{@last}} {{/each}}", data),
            "0atruefalse 1bfalsetrue ");
  EXPECT_EQ(rendered("{{#each m}}{{@key}}={{.}}{{#unless @last}},{{/unless}}{{/each}}", data),
            "x=1,y=2");
  EXPECT_EQ(rendered("{{#each n}}{{#each this}}{{@../index}}.{{@index}} {{/each}}{{/each}}", data),
            "0.0 0.1 1.0 ");
  EXPECT_EQ(
      rendered("{{#each none}}x{{else}}nothing{{/each}}{{#each gone}}x{{else}}!{{/each}}", data),
      "nothing!");
  EXPECT_EQ(
      rendered("{{#each l as |v i|}}{{i}}{{v}}{{#with ../m as |m|}}{{m.x}}{{v}}{{/with}} {{/each}}",
               data),
      "0a1a 1b1b ");
  EXPECT_EQ(
      rendered("{{#l}}{{.}}{{/l}}{{^none}}-{{/none}}{{#m}}{{x}}{{/m}}{{#gone}}x{{else}}y{{/gone}}",
               data),
      "ab-1y");
  EXPECT_EQ(rendered("{{#each l as |json|}}{{json}}{{/each}}", data), "ab")
      << "it hides the helper";
  EXPECT_EQ(
      rendered("{{lookup l 1}}{{lookup m \"y\"}}{{#each l}}{{lookup ../l @index}}{{/each}}", data),
      "b2ab");
}

TEST(handlebars, what_javascript_has) {
  const char* data =
      R"({"text": "a\u00e9\ud83d\ude00", "no": null, "same": {"x": 1}, "l": ["a", "b"]})";
  EXPECT_EQ(rendered("{{text.length}}", data), "4");
  EXPECT_EQ(
      rendered("{{#ifEquals no.x.y null}}null{{/ifEquals}}{{#ifEquals gone.x null}}x{{/ifEquals}}",
               data),
      "null");
  EXPECT_EQ(rendered("{{#with this}}{{#with same}}{{../text.length}}{{/with}}{{/with}}", data),
            "4");
  EXPECT_EQ(rendered("{{#with same}}{{#with this}}{{../text.length}}{{/with}}{{/with}}", data), "4")
      << "a context that is the same again is passed over";
  EXPECT_EQ(rendered("{{> p l x=1}}", data,
                     {.partials = {{"p", "{{#each this}}{{@key}}{{this}} {{/each}}"}}}),
            "0a 1b x1 ");
}

TEST(handlebars, comments_escapes_and_literals) {
  EXPECT_EQ(rendered("a{{! x }}b{{!-- {{x}} -- }} --}}c{{!}}"), "abc");
  EXPECT_EQ(rendered(R"(\{{a}} {{a}} \\{{a}} \{{b}}\{{c}})", R"({"a": 1})"),
            R"({{a}} 1 \1 {{b}}{{c}})");
  EXPECT_EQ(
      rendered(R"({{json "a}}\"b"}} {{json 'it"s'}} {{json -1.5}} {{json true}} {{json null}})"),
      R"("a}}\"b" "it\"s" -1.5 true null)");
}

TEST(handlebars, white_space) {
  EXPECT_EQ(rendered("a  {{~x~}}  b", R"({"x": 1})"), "a1b");
  EXPECT_EQ(rendered("a\n  {{#if x}}  \nb\n\t{{else}}\nc\n{{/if}}\r\nd", R"({"x": 1})"), "a\nb\nd");
  EXPECT_EQ(rendered("a {{#if x}}\nb\n{{/if}} c\n", R"({"x": 1})"), "a \nb\n c\n") << "not alone";
  EXPECT_EQ(rendered("a\n{{! alone }}\nb\n  {{!-- too --}}"), "a\nb\n");
  EXPECT_EQ(rendered("{{#if x}}{{#if x}}\ny\n{{/if}}{{/if}}\n", R"({"x": 1})"), "\ny\n\n");
  EXPECT_EQ(rendered("a\n{{~#if x~}}\n b \n{{~/if~}}\n c", R"({"x": 1})"), "abc");
  EXPECT_EQ(rendered("a {{{~x~}}} b", R"({"x": 1})"),
            "error: t:1:6: a name was expected here (in: "
            "\"a {{{~x~}}} b\")");
  EXPECT_EQ(rendered("a {{~{x}~}} b", R"({"x": 1})"), "a1b");
}

TEST(handlebars, partials) {
  setting with{
      .partials = {{"p", "{{n}}\n{{m}}\n"}, {"q", "{{> p}}!\n"}, {"deep/er.x", "{{@index}}"}}};
  const char* data = R"({"n": "N", "m": "x\ny", "o": {"n": "O"}, "l": [1, 2]})";
  EXPECT_EQ(rendered("{{> p}}", data, with), "N\nx\ny\n");
  EXPECT_EQ(rendered("{{>p o}}|{{> p o m=n}}|{{> p n=\"L\"}}", data, with),
            "O\n\n|O\nN\n|L\nx\ny\n");
  EXPECT_EQ(rendered("a\n  {{> p}}\nb\n  {{> q}}", data, with),
            "a\n  N\n  x\n  y\nb\n  N\n  x\n  y\n  !\n")
      << "Handlebars indents values too";
  EXPECT_EQ(rendered("{{#each l}}{{> deep/er.x}}{{/each}}{{> (lookup @root \"n\")}}", data,
                     {.partials = {{"deep/er.x", "{{@index}}"}, {"N", "dynamic"}}}),
            "01dynamic");
  EXPECT_EQ(rendered("a\n  {{~> p}}", data, with), "aN\nx\ny\n") << "`~` took the indentation";
  EXPECT_EQ(rendered("{{> gone}}"),
            "error: t:1:1: there is no partial \"gone\" (in: \"{{> gone}}\")");
  with.partials["self"] = "{{> self}}";
  EXPECT_EQ(rendered("{{> self}}", data, with),
            "error: self:1:1: partials are more than 100 deep: does one include itself? (in: \"{{> "
            "self}}\")");
}

TEST(handlebars, errors_have_their_place) {
  const auto why = [](std::string_view source) { return rendered(source); };
  EXPECT_EQ(why("é {{foo 1}}"),
            "error: t:1:5: no helper is called \"foo\"; helpers of a program's own "
            "are not supported (in: \"é {{foo 1}}\")");
  EXPECT_EQ(why("a\n{{#if x}}"), "error: t:2:1: \"if\" has no end (in: \"{{#if x}}\")");
  EXPECT_EQ(why("{{#if x}}{{/each}}"),
            "error: t:1:10: \"if\" is open here and must end first (in: \"{{#if x}}{{/each}}\")");
  EXPECT_EQ(why("{{/if}}"), "error: t:1:1: nothing is open that this could end (in: \"{{/if}}\")");
  EXPECT_EQ(why("{{if x}}"),
            "error: t:1:3: \"if\" is a block: write {{#if ..}} (in: \"{{if x}}\")");
  EXPECT_EQ(why("{{#if x y}}{{/if}}"),
            "error: t:1:4: \"if\" takes 1 argument without a name (in: \"{{#if x y}}{{/if}}\")");
  EXPECT_EQ(why("{{json x nope=1}}"),
            "error: t:1:15: \"json\" takes no \"nope\" (in: \"{{json x nope=1}}\")");
  for (const char* bad : {"{{",
                          "{{a",
                          "{{\"a",
                          "{{a b=}}",
                          "{{a.}}",
                          "{{a b}}",
                          "{{{{raw}}}}x{{{{/raw}}}}",
                          "{{#*inline \"x\"}}{{/inline}}",
                          "{{#> p}}{{/p}}",
                          "{{else}}",
                          "{{!-- }}",
                          "{{#if x}}{{else}}{{else}}{{/if}}",
                          "{{(}}",
                          "{{json (foo)}}",
                          "{{@}}",
                          "{{#each x as |}}{{/each}}",
                          "{{#each x as |a b c|}}{{/each}}",
                          "{{> }}",
                          "{{a.this}}",
                          "{{[a}}",
                          "{{}}",
                          "{{json (role \"x\")}}",
                          "{{#json x}}{{/json}}"})
    EXPECT_TRUE(why(bad).starts_with("error: t:1:")) << bad << ' ' << why(bad);
}

TEST(handlebars, limits) {
  setting few{.limits = {.steps = 1000}};
  std::string list = "[1";
  for (int i = 0; i < 999; ++i) list += ",1";
  list += "]";
  EXPECT_NE(rendered("{{#each l}}x{{/each}}", "{\"l\": " + list + "}", few).find("1000 steps"),
            std::string::npos);
  setting small{.limits = {.output_bytes = 10}};
  EXPECT_EQ(rendered("0123456789", "{}", small), "0123456789");
  EXPECT_NE(rendered("0123456789x", "{}", small).find("more than 10 bytes"), std::string::npos);
  std::string nested, end;
  for (int i = 0; i < 101; ++i) {
    nested += "{{#if x}}";
    end += "{{/if}}";
  }
  EXPECT_NE(rendered(nested + end).find("nested too deeply"), std::string::npos);
  EXPECT_NE(rendered("{{json " + std::string(10000, '(') + "}}").find("error"), std::string::npos);
  setting deep;
  const std::string half = nested.substr(0, 450), half_end = end.substr(0, 350);
  deep.partials["p"] = half + "{{> p}}" + half_end;
  EXPECT_NE(rendered("{{> p}}", R"({"x": 1})", deep).find("nested too deeply"), std::string::npos);
  setting memory{.limits = {.memory_bytes = 1 << 16}};
  memory.partials["p"] = "{{#if a}}{{> p b=(json this)}}{{/if}}";
  EXPECT_TRUE(rendered("{{> p a=1}}", "{}", memory).starts_with("error: p:1:"));
}

TEST(handlebars, what_a_body_reads) {
  const auto reads = [](const char* source) {
    return hb::compile(source, "t", hb::dialect::handlebars)->reads();
  };
  const auto r = reads(
      "{{user.name}}{{#each items}}{{price}} {{../currency}}{{@index}}{{/each}}"
      "{{#with a.b as |c|}}{{d}}{{c.e}}{{@root.f}}{{/with}}{{#if g}}{{json h}}{{/if}}"
      "{{> part i j=k}}{{@state.x}}");
  EXPECT_EQ(r.paths, (names{"user.name", "items", "items[].price", "currency", "a.b", "a.b.d",
                            "a.b.e", "f", "g", "h", "i", "k"}));
  EXPECT_EQ(r.names, (names{"user", "items", "currency", "a", "f", "g", "h", "i", "k"}));
  EXPECT_EQ(r.partials, names{"part"});
  EXPECT_EQ(reads("{{#s}}{{x}}{{/s}}{{this}}").paths, (names{"s", "s[].x", "x", ""}));
  EXPECT_EQ(reads("{{#s}}{{x}}{{/s}}").names, names{"s"}) << "x may be of s, or not";
}

}  // namespace
}  // namespace ark::test::prompting
