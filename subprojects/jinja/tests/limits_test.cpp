#include <gtest/gtest.h>

#include <string>

#include "jinja/environment.hpp"

namespace jinja {
namespace {

std::string repeated(const std::string& what, int times) {
  std::string out;
  for (; times > 0; --times) out += what;
  return out;
}

failure_kind failed(const std::string& source, limits most = {}) {
  options how;
  how.limits = most;
  how.mutation = mutation::safe;
  how.do_statement = true;
  const environment env(how);
  const auto made = env.compile(source);
  if (!made) return made.error().kind;
  const auto out = made->render(value::none());
  if (out) ADD_FAILURE() << source.substr(0, 80) << " rendered " << out->size() << " bytes";
  return out ? failure_kind::runtime : out.error().kind;
}

TEST(limits, nesting_of_the_text) {
  EXPECT_EQ(failed(repeated("{% for x in y %}", 10'000)), failure_kind::recursion);
  EXPECT_EQ(failed("{{ " + repeated("(", 10'000) + " }}"), failure_kind::syntax);
  EXPECT_EQ(failed("{{ " + repeated("not ", 10'000) + "1 }}"), failure_kind::recursion);
  EXPECT_EQ(failed("{{ " + repeated("-", 10'000) + "1 }}"), failure_kind::recursion);
  EXPECT_EQ(failed("{{ " + repeated("1 if 1 else ", 10'000) + "1 }}"), failure_kind::recursion);
}

TEST(limits, steps_output_and_memory) {
  EXPECT_EQ(
      failed("{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"),
      failure_kind::limit);
  EXPECT_EQ(failed("{% for a in range(99999) %}{{ 'x' * 200000 }}{% endfor %}"),
            failure_kind::limit);
  EXPECT_EQ(failed("{{ 'x' * 10000000000 }}"), failure_kind::limit);
  EXPECT_EQ(failed("{{ [0] * 10000000000 }}"), failure_kind::limit);
  EXPECT_EQ(failed("{% set ns = namespace(s='x') %}{% for i in range(64) %}{% set ns.s = ns.s ~ "
                   "ns.s %}{% endfor %}"),
            failure_kind::limit);
  EXPECT_EQ(failed("{% set l = [] %}{% for i in range(99999) %}{% for j in range(9999) %}{% do "
                   "l.append(j) %}{% endfor %}{% endfor %}"),
            failure_kind::limit);
  EXPECT_EQ(failed("{{ 10 ** 9999999999 }}"), failure_kind::limit);
  EXPECT_EQ(failed("{{ 2 ** 1100000 }}"), failure_kind::limit);
  EXPECT_EQ(failed("{{ 3 ** 300000 ** 9 }}"), failure_kind::limit);
  EXPECT_EQ(failed("{{ '%999999999d' % 1 }}"), failure_kind::limit);
  EXPECT_EQ(failed("{{ '{:9999999999}'.format(1) }}"), failure_kind::limit);
  EXPECT_EQ(failed("{{ 'x'.center(99999999999) }}"), failure_kind::limit);
}

TEST(limits, ranges_and_recursion) {
  EXPECT_EQ(failed("{{ range(100001) }}"), failure_kind::overflow);
  EXPECT_EQ(failed("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}"), failure_kind::recursion);
  EXPECT_EQ(failed("{% set l = [] %}{% do l.append(l) %}{{ l }}"), failure_kind::recursion);
  EXPECT_EQ(failed("{% set l = [] %}{% do l.append(l) %}{{ l|tojson }}"), failure_kind::recursion);
}

TEST(limits, chains_without_brackets) {
  // Each is a tree as deep as it is long, whose walks need a stack as deep.
  for (const char* link :
       {".b", "[0]", "()", "|e", " or a", " and a", " if a", "+1", "*1", "**1", " < 1 if a"})
    EXPECT_EQ(failed("{{ a" + repeated(link, 100'000) + " }}"), failure_kind::recursion) << link;
  const environment env;
  const auto many = env.compile("{% if a %}" + repeated("{% elif a %}", 5'000) + "{% endif %}");
  ASSERT_TRUE(many) << "branches are no tree";
  EXPECT_EQ(*many->render(value::none()), "");
}

TEST(limits, the_stack_of_macros_in_deep_expressions) {
  EXPECT_EQ(failed("{% macro f() %}{{ " + repeated("not ", 190) + "f() }}{% endmacro %}{{ f() }}"),
            failure_kind::recursion);
}

TEST(limits, values_that_hold_themselves_or_share_their_parts) {
  EXPECT_EQ(
      failed(
          "{% set l = [] %}{% set m = [] %}{% do l.append(l) %}{% do m.append(m) %}{{ l == m }}"),
      failure_kind::recursion);
  const std::string grow =
      "{% set a = namespace(v=()) %}{% set b = namespace(v=()) %}{% for i in range(N) %}"
      "{% set a.v = (a.v, P) %}{% set b.v = (b.v, Q) %}{% endfor %}";
  const auto grown = [&](const char* times, bool doubled) {
    std::string text = grow;
    const auto put = [&](const char* name, const std::string& with) {
      text.replace(text.find(name), 1, with);
    };
    put("N", times);
    put("P", doubled ? "a.v" : "1");
    put("Q", doubled ? "b.v" : "1");
    return text;
  };
  for (const bool doubled : {false, true}) {
    const std::string text = grown(doubled ? "60" : "90000", doubled);
    EXPECT_EQ(failed(text + "{{ a.v == b.v }}"), failure_kind::recursion);
    EXPECT_EQ(failed(text + "{{ {a.v: 1} }}"), failure_kind::recursion);
    EXPECT_EQ(failed(text + "{{ a.v|string|length }}", {.memory_bytes = 1 << 24}),
              doubled ? failure_kind::limit : failure_kind::recursion);
  }
}

TEST(limits, texts_that_are_built_count_as_memory) {
  const limits small = {.memory_bytes = 1 << 24};
  EXPECT_EQ(failed("{{ (['x' * 100000] * 10000)|join|length }}", small), failure_kind::limit);
  EXPECT_EQ(failed("{{ ('a' * 10000)|replace('a', 'b' * 100000)|length }}", small),
            failure_kind::limit);
  EXPECT_EQ(failed("{{ (['x' * 100000] * 10000)|tojson|length }}", small), failure_kind::limit);
  EXPECT_EQ(failed("{{ ('%s' * 5000) % (('x' * 100000,) * 5000) }}", small), failure_kind::limit);
}

TEST(limits, work_that_grows_with_a_text_is_counted) {
  const limits few = {.steps = 1'000'000};
  EXPECT_EQ(failed("{% set s = 'é' * 1000000 %}{% for i in range(99999) %}{% if s[i] %}{% endif "
                   "%}{% endfor %}",
                   few),
            failure_kind::limit);
  EXPECT_EQ(failed("{% set s = 'a' * 1000000 %}{% for i in range(99999) %}{% if 'b' in s %}{% "
                   "endif %}{% endfor %}",
                   few),
            failure_kind::limit);
  EXPECT_EQ(failed("{{ ('a' * 1000000).rfind('a' * 500000 ~ 'b') }}"), failure_kind::limit);
  EXPECT_EQ(failed("{{ ('x' * 1000000)|wordwrap(1)|length }}"), failure_kind::limit);
  EXPECT_EQ(failed("{% set n = namespace(v=7 ** 99) %}{% for i in range(40) %}{% set n.v = n.v * "
                   "n.v %}{% endfor %}"),
            failure_kind::limit);
  EXPECT_EQ(failed("{{ " + repeated("1", 5'000) + " }}"), failure_kind::syntax);
  arena memory;
  EXPECT_FALSE(read_json(memory, repeated("1", 5'000)));
}

TEST(limits, what_once_took_the_square_of_its_length) {
  // Each is done at once; the square of a million would be minutes.
  for (const char* source :
       {"{{ ('a' * 500000 ~ 'b') in 'a' * 1000000 }}", "{{ ('<' * 1000000)|striptags|length }}",
        "{{ ('<!--' * 300000)|striptags|length }}", "{{ ('Σ' * 300000)|lower|length }}"}) {
    const environment env;
    EXPECT_TRUE(env.compile(source)->render(value::none())) << source;
  }
}

TEST(limits, includes_that_go_round) {
  environment env;
  env.load_with([](std::string_view name) {
    return std::optional<std::string>(name == "a" ? "{% include 'b' %}" : "{% include 'a' %}");
  });
  EXPECT_EQ(env.compile("{% include 'a' %}")->render(value::none()).error().kind,
            failure_kind::recursion);
  environment loop;
  loop.load_with([](std::string_view) { return std::optional<std::string>("{% extends 'a' %}"); });
  EXPECT_EQ(loop.compile("{% extends 'a' %}")->render(value::none()).error().kind,
            failure_kind::recursion);
}

}  // namespace
}  // namespace jinja
