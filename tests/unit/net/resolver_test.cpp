#include "net/resolver.hpp"

#include <gtest/gtest.h>

namespace ark::net {
namespace {

std::string first(const std::string& host) {
  const auto found = resolver::literal(host);
  return found ? found->front().to_string() : "";
}

TEST(Resolver, NumbersAndLocalhostNeedNoNameServer) {
  EXPECT_EQ(first("10.1.2.3"), "10.1.2.3");
  EXPECT_EQ(first("::1"), "::1");
  EXPECT_EQ(first("localhost"), "127.0.0.1");
  EXPECT_EQ(first("api.localhost"), "127.0.0.1");
  EXPECT_EQ(resolver::literal("localhost")->size(), 2u);
  EXPECT_EQ(first("api.example"), "");
}

TEST(Resolver, OddSpellingsAreTheAddressTheyMean) {
  EXPECT_EQ(first("2130706433"), "127.0.0.1");
  EXPECT_EQ(first("0x7f.1"), "127.0.0.1");
  EXPECT_EQ(first("127.1"), "127.0.0.1");
  EXPECT_EQ(first("0177.0.0.1"), "127.0.0.1");
}

TEST(Resolver, AnswersLiteralsInsideTheCall) {
  const auto loop = std::dynamic_pointer_cast<asio_loop>(make_loop({}));
  const auto names = std::make_shared<resolver>(loop->core());
  bool answered = false;
  names->resolve("127.0.0.1", [&](result<resolver::addresses> found) {
    answered = true;
    EXPECT_EQ(found->size(), 1u);
  });
  EXPECT_TRUE(answered);
}

}  // namespace
}  // namespace ark::net
