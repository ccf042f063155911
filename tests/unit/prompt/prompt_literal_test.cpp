#include <gtest/gtest.h>
#include <ark/prompt_literal.hpp>

namespace ark {
namespace {

using greeting = literal_prompt<"Dear {{ name }}, {your} order {{order}} is here, {{ name }}.">;

template <class Prompt, class... Inputs>
concept can_fill = requires(Inputs... given) { Prompt::fill(given...); };

static_assert(can_fill<greeting, input<"name">, input<"order">>);
static_assert(can_fill<greeting, input<"order">, input<"name">>);
static_assert(!can_fill<greeting, input<"name">>, "a missing input does not compile");
static_assert(!can_fill<greeting, input<"name">, input<"order">, input<"more">>, "an unknown one");
static_assert(!can_fill<greeting, input<"name">, input<"ordr">>, "a mistyped one");
static_assert(!can_fill<greeting, input<"name">, input<"order">, input<"name">>, "one given twice");
static_assert(can_fill<literal_prompt<"no inputs {">>);

TEST(prompt_literal, values_are_put_in_and_never_looked_at) {
  EXPECT_EQ(greeting::fill(input<"name">("{{order}}"), input<"order">("A-17")),
            "Dear {{order}}, {your} order A-17 is here, {{order}}.");
  EXPECT_EQ(literal_prompt<"{{a}}{{b}}">::fill(input<"b">("2"), input<"a">("1")), "12");
  EXPECT_EQ(literal_prompt<"">::fill(), "");
}

}  // namespace
}  // namespace ark
