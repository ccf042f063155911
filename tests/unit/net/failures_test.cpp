#include "net/failures.hpp"

#include <gtest/gtest.h>
#include <cerrno>

namespace ark::net {
namespace {

TEST(Failures, SayWhatTheSystemSaid) {
  const error e = not_connected("Connecting to http://h failed", ECONNREFUSED);
  EXPECT_EQ(e.code, errc::network);
  EXPECT_EQ(e.retry, retry_class::safe);
  EXPECT_EQ(
      e.message,
      "Connecting to http://h failed (Connection refused); check the address and the network.");
  EXPECT_EQ(connection_lost("Reading failed", ECONNRESET).retry, retry_class::maybe_billed);
}

TEST(Failures, AProxyThatWantsCredentialsIsNotTriedAgain) {
  EXPECT_EQ(proxy_refusal("the proxy http://p", 407).retry, retry_class::never);
  const error e = proxy_refusal("the proxy http://p", 502);
  EXPECT_EQ(e.retry, retry_class::safe);
  EXPECT_NE(e.message.find("502"), std::string::npos);
}

TEST(Failures, ARefusedAddressNamesTheSettingThatAllowsIt) {
  const error e = private_address("http://10.0.0.7", "custom");
  EXPECT_EQ(e.code, errc::invalid_request);
  EXPECT_EQ(e.retry, retry_class::never);
  EXPECT_EQ(e.message,
            "http://10.0.0.7 is at a private, loopback or link-local address: set "
            "vendors.custom.allow_private_networks (ark config set "
            "vendors.custom.allow_private_networks true) if that is meant.");
}

}  // namespace
}  // namespace ark::net
