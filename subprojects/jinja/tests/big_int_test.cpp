#include "big_int.hpp"

#include <gtest/gtest.h>

#include <random>

namespace jinja {
namespace {

value read(arena& in, std::string_view digits) {
  const bool negative = digits.starts_with('-');
  return integers::parse(in, digits.substr(negative ? 1 : 0), 10, negative);
}

TEST(big_int, quotients_and_remainders_are_pythons) {
  // From Python 3.11.
  struct one {
    const char *a, *b, *quotient, *rest;
  };
  const one all[] = {{"100000000000000000000", "7", "14285714285714285714", "2"},
                     {"-100000000000000000000", "7", "-14285714285714285715", "5"},
                     {"100000000000000000000", "-7", "-14285714285714285715", "-5"},
                     {"340282366920938463463374607431768211456", "18446744073709551616",
                      "18446744073709551616", "0"},
                     {"340282366920938463463374607431768211455", "18446744073709551615",
                      "18446744073709551617", "0"},
                     {"-9223372036854775808", "-1", "9223372036854775808", "0"},
                     {"5", "100000000000000000000", "0", "5"},
                     {"-5", "100000000000000000000", "-1", "99999999999999999995"}};
  for (const one& each : all) {
    arena in;
    const value a = read(in, each.a), b = read(in, each.b);
    EXPECT_EQ(integers::to_string(integers::floor_divide(in, a, b)), each.quotient) << each.a;
    EXPECT_EQ(integers::to_string(integers::modulo(in, a, b)), each.rest) << each.a;
  }
}

TEST(big_int, division_undoes_multiplication) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 2000; ++i) {
    arena in;
    const auto make = [&] {
      std::string digits;
      for (std::uint64_t n = random() % 60 + 1; n > 0; --n)
        digits += static_cast<char>('0' + random() % 10);
      return integers::parse(in, digits, 10, random() % 2 == 0);
    };
    const value a = make(), b = make(), rest = make();
    if (integers::sign(b) == 0) continue;
    const value n = integers::add(in, integers::multiply(in, a, b), integers::modulo(in, rest, b));
    EXPECT_EQ(integers::compare(integers::floor_divide(in, n, b), a), 0);
    EXPECT_EQ(integers::compare(integers::modulo(in, n, b), integers::modulo(in, rest, b)), 0);
  }
}

TEST(big_int, a_float_of_it_is_rounded_once) {
  arena in;
  EXPECT_EQ(integers::to_double(read(in, "9007199254740993")), 9007199254740992.0);
  EXPECT_EQ(integers::to_double(read(in, "36893488147419107329")), 36893488147419111424.0);
  EXPECT_EQ(integers::true_divide(read(in, "10000000000000000000000"), read(in, "3")),
            3.3333333333333333e21);
  EXPECT_EQ(integers::to_string(integers::from_double(in, 1e22)), "10000000000000000000000");
  EXPECT_EQ(integers::to_string(integers::power(in, value::of(std::int64_t{2}), 100)),
            "1267650600228229401496703205376");
}

}  // namespace
}  // namespace jinja
