#include <gtest/gtest.h>

#include "jinja/environment.hpp"

namespace jinja {
namespace {

/// What was rendered, with what came from `x` (origin 7) and `y` (origin 9) in brackets.
std::string marked(std::string_view source, options how = {}) {
  const environment env(how);
  arena memory;
  const auto context = read_json(memory, R"({"x": "ab cd", "y": "<|im_end|>", "n": 3})").value();
  dict* given = make_dict(memory);
  given->set(memory, value::of("x"), mark(memory, *context.entries().find("x"), 7));
  given->set(memory, value::of("y"), mark(memory, *context.entries().find("y"), 9));
  given->set(memory, value::of("n"), *context.entries().find("n"));
  const value items[] = {*given->find("x"), *given->find("y")};
  given->set(memory, value::of("l"), value::of(make_list(memory, items)));
  const auto made = env.compile(source);
  if (!made) return made.error().to_string();
  std::string out, flat;
  const auto done = made->render(value::of(given), [&](const segment& s) {
    out += s.origin == 0 ? std::string(s.text)
                         : "[" + std::to_string(s.origin) + ":" + std::string(s.text) + "]";
    flat += s.text;
  });
  if (!done) return done.error().to_string();
  EXPECT_EQ(*made->render(value::of(given)), flat) << "the pieces are the whole";
  return out;
}

TEST(segments, values_are_told_from_literals) {
  EXPECT_EQ(marked("<|im_start|>user\n{{ x }}<|im_end|>"), "<|im_start|>user\n[7:ab cd]<|im_end|>");
  EXPECT_EQ(marked("{{ '<|a|>' + x + '<|b|>' }}"), "<|a|>[7:ab cd]<|b|>");
  EXPECT_EQ(marked("{{ '<' ~ x ~ y ~ '>' }}"), "<[7:ab cd][9:<|im_end|>]>");
}

TEST(segments, the_origin_goes_with_the_bytes) {
  EXPECT_EQ(marked("{{ x[1:4] }}|{{ ('-' ~ x)[0:2] }}"), "[7:b c]|-[7:a]");
  EXPECT_EQ(marked("{{ x.split(' ')|join('+') }}"), "[7:ab]+[7:cd]");
  EXPECT_EQ(marked("{{ x.replace('b', '_') }}"), "[7:a]_[7: cd]");
  EXPECT_EQ(marked("{{ (' ' ~ x ~ ' ')|trim }}"), "[7:ab cd]");
  EXPECT_EQ(marked("{{ x|upper }}{{ y|lower }}"), "[7:AB CD][9:<|im_end|>]");
  EXPECT_EQ(marked("{{ l|join(', ') }}"), "[7:ab cd], [9:<|im_end|>]");
  EXPECT_EQ(marked("{{ '%s: %s' % ('k', x) }}{{ '{}/{}'.format(y, 1) }}"),
            "k: [7:ab cd][9:<|im_end|>]/1");
  EXPECT_EQ(marked("{{ {'k': x}|tojson }}"), "{\"k\": \"[7:ab cd]\"}");
  EXPECT_EQ(marked("{{ [x] }}"), "['[7:ab cd]']");
  EXPECT_EQ(marked("{{ x|indent }}{{ y|e }}"), "[7:ab cd][9:&lt;|im_end|&gt;]");
}

TEST(segments, through_macros_blocks_and_sets) {
  EXPECT_EQ(marked("{% macro f(a) %}<{{ a }}>{% endmacro %}{{ f(x) }}{% set q %}({{ y }}){% endset "
                   "%}{{ q }}{{ q|upper }}"),
            "<[7:ab cd]>([9:<|im_end|>])[9:(<|IM_END|>)]");
  EXPECT_EQ(marked("{% filter upper %}k {{ x }}{% endfilter %}"), "[7:K AB CD]")
      << "what loses its places counts as from outside";
}

TEST(segments, a_literal_that_looks_like_a_value_stays_a_literal) {
  EXPECT_EQ(marked("{{ 'ab cd' if x == 'ab cd' }}"), "ab cd");
}

TEST(segments, a_printed_number_is_no_literal) {
  EXPECT_EQ(marked("{{ n }}{{ x }}"), "[4294967295:3][7:ab cd]");
  EXPECT_EQ(marked("a {{ n }}, {{ true }}."), "a [4294967295:3], [4294967295:True].");
  EXPECT_EQ(marked("{{ n }}"), "[4294967295:3]");
  EXPECT_EQ(marked("{{ x }}{{ n }}{{ x }}"), "[7:ab cd][4294967295:3][7:ab cd]");
  EXPECT_EQ(marked("{% set s %}{{ n }}{% endset %}<{{ s }}>"), "<[4294967295:3]>");
}

/// A mark that knows what its tag was given.
class turn final : public object {
 public:
  explicit turn(std::string_view of) : of_(of) {}
  std::string_view type_name() const noexcept override { return "turn"; }
  bool is_mark() const noexcept override { return true; }
  std::string_view of() const noexcept { return of_; }

 private:
  std::string_view of_;
};

/// Text with `turn` tags as "(who)" and "(/)".
std::string turns(std::string_view source) {
  options how;
  how.loop_controls = true;
  how.tags = {{"turn", true}, {"pause", false}};
  environment env(how);
  const auto mark = [](rendering& r, const arguments& given) {
    if (given.positional.empty()) return value::of(r.memory().make<turn>(std::string_view{"/"}));
    return value::of(r.memory().make<turn>(given.positional[0].text()));
  };
  env.add_tag("turn", mark, mark);
  env.add_tag("pause", mark);
  env.load_with([](std::string_view) { return "{% turn 'inner' %}i{% endturn %}"; });
  const auto made = env.compile(source);
  if (!made) return made.error().to_string();
  EXPECT_EQ(made->undeclared(), std::vector<std::string>()) << "functions of tags are no inputs";
  std::string out;
  const auto done = made->render(value(), [&](const segment& s) {
    out += s.text;
    if (s.mark != nullptr) out += "(" + std::string(static_cast<const turn*>(s.mark)->of()) + ")";
  });
  return done ? out : done.error().to_string();
}

TEST(segments, tags_of_ones_own_tell_where_they_stand) {
  EXPECT_EQ(turns("{% turn 'a' %}x{% endturn %}y{% pause %}"), "(a)x(/)y(/)");
  EXPECT_EQ(turns("{% turn 'a' %}{% endturn %}{% pause 'b', x=1 %}{% pause 'c' x=1 y=2 %}"),
            "(a)(/)(b)(c)");
  EXPECT_EQ(turns("-{% for i in range(2) %}{% turn 'n' ~ i %}{{ i }}{% endturn %}{% endfor %}-"),
            "-(n0)0(/)(n1)1(/)-");
  EXPECT_EQ(turns("{% include 'other' %}{% block b %}{% turn 'b' %}{% endturn %}{% endblock %}"),
            "(inner)i(/)(b)(/)");
}

TEST(segments, a_mark_cannot_become_a_part_of_a_value) {
  const std::string why = "this tag must stand where its text goes to the output";
  for (const std::string_view each :
       {"{% macro m() %}{% pause %}{% endmacro %}{{ m() }}", "{% set s %}{% pause %}{% endset %}",
        "{% filter upper %}{% pause %}{% endfilter %}"})
    EXPECT_NE(turns(each).find(why), std::string::npos) << each << ": " << turns(each);
  EXPECT_NE(turns("{% turn 'a' %}").find("endturn"), std::string::npos);
  EXPECT_NE(turns("{% for i in range(2) %}{% turn 'a' %}{% break %}{% endturn %}{% endfor %}")
                .find("outside of a loop"),
            std::string::npos)
      << "an end is never left out";
}

TEST(segments, what_the_environment_has_is_not_undeclared) {
  const environment env;
  const auto made = env.compile("{{ range(n) }}{{ dict(a=b) }}{% set c = namespace() %}{{ c.d }}");
  EXPECT_EQ(made->undeclared(), (std::vector<std::string>{"b", "n"}));
}

}  // namespace
}  // namespace jinja
