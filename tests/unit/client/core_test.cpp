#include "client/core.hpp"
#include "toy.hpp"

#include <gtest/gtest.h>

namespace ark::testing {
namespace {

// T12
TEST(core, a_key_of_the_source_goes_to_the_rows_origin_only) {
  const toy_client t;
  const vendor& row = t.book->row;
  auto where = t.parts->make_endpoint(row);
  ASSERT_TRUE(where);
  EXPECT_EQ(t.parts->key_for(row, *where)->reveal_secret(), "toy-key-1234567890");

  t.parts->options.vendors["toy"].base_url = "https://elsewhere.example/v1";
  where = t.parts->make_endpoint(row);
  ASSERT_TRUE(where);
  EXPECT_FALSE(where->own_origin);
  const auto refused = t.parts->key_for(row, *where);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::auth);
  EXPECT_NE(refused.error().message.find("elsewhere.example"), std::string::npos);

  t.parts->options.vendors["toy"].key = secret("its-own");
  EXPECT_EQ(t.parts->key_for(row, *where)->reveal_secret(), "its-own");
}

// T02
TEST(core, another_port_is_another_origin) {
  const toy_client t;
  t.parts->options.vendors["toy"].base_url = "https://toy.example:8443/v1";
  EXPECT_FALSE(t.parts->make_endpoint(t.book->row)->own_origin);
  t.parts->options.vendors["toy"].base_url = "https://toy.example/other";
  EXPECT_TRUE(t.parts->make_endpoint(t.book->row)->own_origin) << "another path is the same origin";
}

// T08, T11
TEST(core, private_addresses_need_leave_but_this_machine_does_not) {
  const toy_client t;
  auto& changed = t.parts->options.vendors["toy"];
  changed.base_url = "http://10.0.0.7/v1";
  EXPECT_FALSE(t.parts->make_endpoint(t.book->row)->allow_private);
  changed.allow_private_networks = true;
  EXPECT_TRUE(t.parts->make_endpoint(t.book->row)->allow_private);
  changed = {.base_url = "http://127.0.0.1:8080/v1"};
  EXPECT_TRUE(t.parts->make_endpoint(t.book->row)->allow_private);
  changed.base_url = "http://2130706433:8080/v1";
  EXPECT_FALSE(t.parts->make_endpoint(t.book->row)->allow_private) << "a disguise";
  changed.base_url = "HTTP://LocalHost:8080/v1";
  EXPECT_TRUE(t.parts->make_endpoint(t.book->row)->allow_private);
  changed.base_url = "https://user:password@toy.example/v1";
  const auto refused = t.parts->make_endpoint(t.book->row);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message.find("password@"), std::string::npos);
}

TEST(core, says_how_to_give_a_key) {
  const toy_client t;
  t.parts->options.keys = nullptr;
  const auto where = t.parts->make_endpoint(t.book->row);
  const auto key = t.parts->key_for(t.book->row, *where);
  ASSERT_FALSE(key);
  EXPECT_NE(key.error().message.find("TOY_KEY"), std::string::npos);
  EXPECT_FALSE(t.parts->has_key(t.book->row));
}

TEST(core, a_source_that_cannot_tell_is_an_error_with_its_reason) {
  const toy_client t;
  t.parts->options.keys = [](std::string_view, std::string_view) -> result<std::optional<secret>> {
    return error{.code = errc::config, .message = "the key file is readable by others"};
  };
  const auto where = t.parts->make_endpoint(t.book->row);
  const auto key = t.parts->key_for(t.book->row, *where);
  ASSERT_FALSE(key);
  EXPECT_EQ(key.error().code, errc::auth);
  EXPECT_NE(key.error().message.find("readable by others"), std::string::npos);
}

}  // namespace
}  // namespace ark::testing
