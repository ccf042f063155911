#include <gtest/gtest.h>

#include <map>
#include <thread>

#include "jinja/cases.hpp"
#include "jinja/environment.hpp"

namespace jinja {
namespace {

/// A template with a context in JSON: what it prints, or "CLASS at LINE:COLUMN: LINE'S TEXT".
std::string rendered(std::string_view source, std::string_view json = "{}", options how = {},
                     const std::map<std::string, std::string>& others = {}) {
  environment env(how);
  env.load_with([&](std::string_view name) -> std::optional<std::string> {
    const auto known = others.find(std::string(name));
    return known == others.end() ? std::nullopt : std::optional(known->second);
  });
  arena memory;
  const auto context = read_json(memory, json);
  const auto failed = [](const error& e) {
    return std::string(class_name(e.kind)) + " at " + std::to_string(e.line) + ":" +
           std::to_string(e.column) + ": " + e.source_line;
  };
  const auto made = env.compile(source);
  if (!made) return failed(made.error());
  const auto out = made->render(context.value());
  return out ? *out : failed(out.error());
}

TEST(engine, values_print_as_python_prints_them) {
  EXPECT_EQ(rendered("{{ [1, 2.0, 1e20, true, none, 'it\\'s', ('a',), {'k': \"v\"}] }}"),
            "[1, 2.0, 1e+20, True, None, \"it's\", ('a',), {'k': 'v'}]");
  EXPECT_EQ(rendered("{{ 2 ** 70 }} {{ 7 // -2 }} {{ -7 % 3 }} {{ 1 / 3 }}"),
            "1180591620717411303424 -4 2 0.3333333333333333");
}

TEST(engine, errors_have_their_place_and_its_text) {
  EXPECT_EQ(rendered("one\ntwo {{ x + 'a' }}", R"({"x": 1})"),
            "TypeError at 2:8: two {{ x + 'a' }}");
  EXPECT_EQ(rendered("é {{ nothing.more }}"), "UndefinedError at 1:14: é {{ nothing.more }}");
  EXPECT_EQ(rendered("{% if x %}\n{{ }"), "TemplateSyntaxError at 2:4: {{ }");
  EXPECT_EQ(rendered("{% for x in y %}"), "TemplateSyntaxError at 1:17: {% for x in y %}");
  EXPECT_EQ(rendered("{{ x|nofilter }}"), "TemplateAssertionError at 1:6: {{ x|nofilter }}");
}

TEST(engine, an_error_in_an_included_template_names_that_one) {
  environment env;
  env.load_with([](std::string_view) { return std::optional<std::string>("a\n{{ 1/0 }}"); });
  const auto out = env.compile("{% include 'part.txt' %}", "page.txt")->render(value::none());
  ASSERT_FALSE(out);
  EXPECT_EQ(out.error().name, "part.txt");
  EXPECT_EQ(out.error().line, 2U);
  EXPECT_EQ(out.error().to_string(),
            "part.txt:2:4: ZeroDivisionError: division by zero\n  {{ 1/0 }}");
}

TEST(engine, scopes_are_jinjas) {
  EXPECT_EQ(
      rendered(
          "{% set x = 1 %}{% for i in [2, 3] %}{{ x }}{% set x = i %}{{ x }}{% endfor %}{{ x }}"),
      "12131");
  EXPECT_EQ(rendered("{% set ns = namespace(n=0) %}{% for i in range(4) %}{% set ns.n = ns.n + i "
                     "%}{% endfor %}{{ ns.n }}"),
            "6");
  EXPECT_EQ(rendered("{% macro f(a, b=a) %}{{ a }}{{ b }}{{ c }}{% endmacro %}{% set c = 3 %}{{ "
                     "f(1) }}{{ f(1, 2) }}"),
            "113123");
  EXPECT_EQ(rendered("{% if no %}{% set x = 2 %}{% endif %}{{ x }}", R"({"x": 1})"), "1");
  EXPECT_EQ(rendered("{% for x in [1, 2] recursive %}{{ x }}{% if x == 1 %}{{ loop([2, 3]) }}{% "
                     "endif %}{{ x }}{% endfor %}"),
            "12233122");
}

TEST(engine, templates_extend_include_and_import_others) {
  const std::map<std::string, std::string> others = {
      {"base", "<{% block a %}A{% endblock %}|{% block b %}B{% endblock %}>"},
      {"middle", "{% extends 'base' %}{% block a %}[{{ super() }}]{% endblock %}"},
      {"macros", "{% macro hi(x) %}hi {{ x }}{% endmacro %}{% set version = 2 %}"}};
  EXPECT_EQ(rendered("{% extends 'middle' %}{% block a %}({{ super() }}){% endblock %}", "{}", {},
                     others),
            "<([A])|B>");
  EXPECT_EQ(rendered("{% import 'macros' as m %}{{ m.hi('x') }} {{ m.version }}{% from 'macros' "
                     "import hi %}{{ hi(1) }}",
                     "{}", {}, others),
            "hi x 2hi 1");
  EXPECT_EQ(rendered("{% include 'gone' ignore missing %}ok{% include ['gone', 'base'] %}", "{}",
                     {}, others),
            "ok<A|B>");
  EXPECT_EQ(rendered("{% include 'gone' %}", "{}", {}, others),
            "TemplateNotFound at 1:13: {% include 'gone' %}");
}

TEST(engine, what_comes_from_data_has_no_attributes_but_its_keys) {
  for (const char* source :
       {"{{ x.__class__ }}", "{{ x['__class__'] }}", "{{ x|attr('__init__') }}"})
    EXPECT_EQ(rendered(source, R"({"x": {}})"), "") << source;
  for (const char* source : {"{{ ''.__class__.__mro__ }}", "{{ x.__class__() }}",
                             "{{ x['__class__']['__base__'] }}", "{{ (x|attr('__init__')).a }}"})
    EXPECT_EQ(rendered(source, R"({"x": {}})").find("SecurityError"), 0U) << source;
  EXPECT_EQ(rendered("{{ x.append(1) }}", R"({"x": []})"),
            "SecurityError at 1:12: {{ x.append(1) }}");
}

TEST(engine, a_callers_data_is_never_changed) {
  options how;
  how.mutation = mutation::everything;
  how.do_statement = true;
  environment env(how);
  arena memory;
  const auto context = read_json(memory, R"({"l": [1]})").value();
  const auto made = env.compile("{% do l.append(2) %}{{ l }}");
  for (int i = 0; i < 2; ++i) EXPECT_EQ(*made->render(context), "[1, 2]");
}

TEST(engine, threads_share_a_template) {
  environment env;
  const auto made = env.compile(
      "{% macro f(n) %}{{ n * 2 }}{% endmacro %}{% for i in l %}{{ f(i) }},{% endfor %}");
  arena memory;
  const auto context = read_json(memory, R"({"l": [1, 2, 3]})").value();
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 500; ++i) EXPECT_EQ(*made->render(context), "2,4,6,");
    });
  for (auto& t : threads) t.join();
}

TEST(engine, tells_what_it_reads_of_its_context) {
  environment env;
  const auto made = env.compile(
      "{% set t = user.name %}{% for m in messages if m.role %}{{ m['content'] }}{{ t.first }}{% "
      "endfor %}{{ x[0].y }}");
  EXPECT_EQ(made->undeclared(), (std::vector<std::string>{"messages", "user", "x"}));
  EXPECT_EQ(made->paths(), (std::vector<std::string>{"messages", "messages[]", "messages[].content",
                                                     "messages[].role", "user", "user.name",
                                                     "user.name.first", "x", "x[]", "x[].y"}));
}

TEST(engine, a_strict_undefined_is_no_sequence_and_cannot_be_asked_more) {
  const options strict{.undefined = undefined_policy::strict};
  EXPECT_EQ(rendered("{{ u is sequence }} {{ u is mapping }} {{ u is escaped }}", "{}", strict),
            "False False False");
  EXPECT_EQ(rendered("{{ u is iterable }}", "{}", strict),
            "UndefinedError at 1:6: {{ u is iterable }}");
  EXPECT_EQ(rendered("{{ u is sequence }} {{ u is iterable }}"), "True True");
  EXPECT_EQ(rendered("{{ u is escaped }}", "{}", {.undefined = undefined_policy::chainable}),
            "True");
  EXPECT_EQ(rendered("{{ u == v }} {{ u == (1 if v) }}", "{}",
                     {.undefined = undefined_policy::chainable}),
            "True False");
}

TEST(engine, characters_of_markup_are_plain) {
  const options escapes{.autoescape = true};
  EXPECT_EQ(rendered("{% for c in s|safe %}{{ c }}{% endfor %}", R"({"s": "<b>"})", escapes),
            "&lt;b&gt;");
  EXPECT_EQ(rendered("{{ s|safe|list }}", R"({"s": "<"})"), "['<']");
  EXPECT_EQ(rendered("{{ (s|safe).removeprefix('x') }}", R"({"s": "<b>"})", escapes), "&lt;b&gt;");
}

TEST(engine, join_looks_at_its_items_first_where_texts_are_escaped) {
  options how{.undefined = undefined_policy::strict};
  EXPECT_EQ(rendered("{{ 7|join(u) }}", "{}", how), "UndefinedError at 1:6: {{ 7|join(u) }}");
  how.autoescape = true;
  EXPECT_EQ(rendered("{{ 7|join(u) }}", "{}", how), "TypeError at 1:6: {{ 7|join(u) }}");
  EXPECT_EQ(rendered("{{ l|join(1) }}", R"({"l": ["<", 2]})", how), "&lt;12");
}

TEST(engine, literals_that_follow_each_other_are_added_as_one) {
  EXPECT_EQ(rendered("{{ 'a' + 'b' + x + 'c' + 'd' + x }}", R"({"x": "-"})"), "ab-cd-");
  EXPECT_EQ(rendered("{{ x + 'a' + 'b' }}", R"({"x": 1})"),
            "TypeError at 1:4: {{ x + 'a' + 'b' }}");
  EXPECT_EQ(rendered("{{ (x|safe) + '<' + '>' }}", R"({"x": "<b>"})"), "<b>&lt;&gt;");
  EXPECT_EQ(rendered("{{ 'a' + 'b' * 2 + 'c' }}"), "abbc");
  std::string many = "{{ 'a'";
  for (int i = 1; i < 3000; ++i) many += " + 'a'";
  EXPECT_EQ(rendered(many + " }}"), std::string(3000, 'a'));
}

TEST(engine, arguments_of_the_wrong_type_are_errors_as_in_python) {
  const auto kind_of = [](std::string_view source) {
    const std::string said = rendered(source, R"({"l": [2, 1], "d": {"a": 1}, "s": "a b"})");
    return said.substr(0, said.find(" at "));
  };
  EXPECT_EQ(kind_of("{{ l|sort('name') }}"), "TypeError");
  EXPECT_EQ(kind_of("{{ d|dictsort(false, 'key', 'x') }}"), "TypeError");
  EXPECT_EQ(kind_of("{{ l|sort(1) }}"), "[2, 1]");
  EXPECT_EQ(kind_of("{{ s|attr(1) }}"), "TypeError");
  EXPECT_EQ(kind_of("{{ s.splitlines('x') }}"), "TypeError");
  EXPECT_EQ(kind_of("{{ u|replace('a') }}"), "TypeError");
  for (const char* each :
       {"{{ s|indent(u) }}", "{{ s|truncate(u) }}", "{{ s|wordwrap(u) }}", "{{ l|tojson(u) }}"})
    EXPECT_EQ(kind_of(each), "UndefinedError") << each;
  EXPECT_EQ(kind_of("{{ s|tojson(u) }}"), "\"a b\"");
  EXPECT_EQ(kind_of("{{ ''|wordwrap(0) }}"), "");
}

TEST(engine, own_functions_and_filters) {
  environment env;
  env.add_function("twice", [](rendering& r, const arguments& a) {
    if (a.positional.size() != 1 || !a.positional[0].is_string())
      r.fail(failure_kind::type, "twice() takes a text");
    const std::string text(a.positional[0].text());
    return value::of(r.memory().copy(text + text));
  });
  env.add_filter("shout", [](rendering& r, const value& v, const arguments&) {
    return value::of(r.memory().copy(std::string(v.text()) + "!"));
  });
  EXPECT_EQ(*env.compile("{{ twice('ab')|shout }}")->render(value::none()), "abab!");
  EXPECT_EQ(env.compile("{{ twice(1) }}")->render(value::none()).error().message,
            "twice() takes a text");
}

TEST(engine, cases_are_json_in_and_out) {
  EXPECT_EQ(run_case(R"({"id": "a", "template": "{{ x }}", "context": {"x": "q\"\n"}})"),
            "{\"id\":\"a\",\"output\":\"q\\\"\\u000a\"}");
  EXPECT_EQ(
      run_case(
          R"({"id": "b", "template": "{{ strftime_now('%d %b %Y') }}", "env": {"profile": "hf"}})"),
      "{\"id\":\"b\",\"output\":\"14 Mar 2026\"}");
  EXPECT_NE(run_case(R"({"id": "c", "template": "{% if"})")
                .find(R"("phase":"parse","class":"TemplateSyntaxError","line":1)"),
            std::string::npos);
  EXPECT_NE(run_case("no json").find("\"phase\":\"read\""), std::string::npos);
}

TEST(engine, the_templates_that_one_names_are_known_without_rendering) {
  const environment env;
  const auto named = [&](std::string_view source) {
    const auto all = env.compile(source)->templates();
    std::string out;
    for (const auto& each : all.names) out += each + " ";
    return out + (all.all_known ? "all" : "some");
  };
  EXPECT_EQ(named("x"), "all");
  EXPECT_EQ(named("{% extends 'base' %}{% block b %}{% include 'a' %}{% endblock %}"),
            "base a all");
  EXPECT_EQ(named("{% if x %}{% for i in l %}{% include ['p', 'q'] %}{% endfor %}{% else %}{% from "
                  "'m' import f %}{% import 'm' as n %}{% endif %}"),
            "p q m all");
  EXPECT_EQ(named("{% macro f() %}{% include 'in' %}{% endmacro %}{% include x %}"), "in some");
}

}  // namespace
}  // namespace jinja
