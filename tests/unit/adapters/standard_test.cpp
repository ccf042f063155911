#include "adapters/standard.hpp"

#include <gtest/gtest.h>
#include <ark/client.hpp>

using namespace ark;

namespace {

TEST(standard, every_built_in_vendor_has_its_dialect) {
  const auto dialects = adapters::built_in_dialects();
  const auto client = make_client(client_options{});
  ASSERT_TRUE(client) << client.error().message;
  ASSERT_GE(client->vendors().size(), 12u);
  for (const vendor_info& v : client->vendors())
    EXPECT_NE(dialects.find(v.dialect), nullptr) << v.name << " wants " << v.dialect;
  EXPECT_EQ(dialects.find("nonsense"), nullptr);
}

TEST(standard, a_directory_that_cannot_be_read_is_an_error) {
  const auto client = make_client({.vendor_directories = {"/nonexistent/rows"}});
  ASSERT_FALSE(client);
  EXPECT_NE(client.error().message.find("/nonexistent/rows"), std::string::npos);
}

}  // namespace
