#include "net/dialer.hpp"
#include "client_side.hpp"
#include "tests/support/scripted_server.hpp"

#include <gtest/gtest.h>

// Connections: addresses, proxies, limits of time. (connector.cpp, connection.cpp and dialer.cpp.)
namespace ark {
namespace {

using testing::client_side;
using testing::http_answer;
using testing::scripted_connection;
using testing::scripted_server;

network_options through(const std::string& user, std::uint16_t port) {
  network_options options;
  options.proxy = "http://" + user + "127.0.0.1:" + std::to_string(port);
  return options;
}

TEST(Dialer, LocalhostTriesBothFamilies) {
  scripted_server server([](scripted_connection& c) {
    c.read_request();
    c.send(http_answer(200, "ok"));
  });
  client_side client;
  auto request = client_side::request(server.port());
  request.origin.host = "localhost";
  EXPECT_EQ(client.run(std::move(request))->body, "ok");
}

TEST(Dialer, AnAddressThatDoesNotAnswerEndsInATimeout) {
  client_side client;
  auto request = client_side::request(testing::full_port());
  request.connect_timeout = std::chrono::milliseconds(50);
  const auto told = client.run(std::move(request));
  ASSERT_TRUE(told->failure);
  EXPECT_EQ(told->failure->error.code, errc::timeout);
  EXPECT_EQ(told->failure->error.retry, retry_class::safe);
  EXPECT_NE(told->failure->error.message.find("50 ms"), std::string::npos);
}

// T08, T09, T11
TEST(Dialer, PrivateAddressesAreRefusedUnlessAllowed) {
  scripted_server server([](scripted_connection&) {});
  client_side client;
  for (const char* host : {"127.0.0.1", "localhost", "2130706433", "127.1", "::1",
                           "::ffff:127.0.0.1", "10.0.0.1", "169.254.169.254", "0.0.0.0"}) {
    auto request = client_side::request(server.port());
    request.origin.host = host;
    request.allow_private = false;
    const auto told = client.run(std::move(request));
    ASSERT_TRUE(told->failure) << host;
    EXPECT_EQ(told->failure->error.code, errc::invalid_request) << host;
    EXPECT_NE(told->failure->error.message.find("private"), std::string::npos);
  }
  EXPECT_EQ(server.connections(), 0);
}

/// A name server that gives its answers in turn.
struct scripted_names final : net::resolver {
  using net::resolver::resolver;
  void ask_system(const std::string&, handler done) override { done(answers.at(asked++)); }
  std::vector<addresses> answers;
  std::size_t asked = 0;
};

struct named_host {
  named_host() { shared->names = names; }
  /// Dials "api.example" and waits.
  result<std::unique_ptr<net::connection>> dial(std::uint16_t port, bool allow_private) {
    std::optional<result<std::unique_ptr<net::connection>>> got;
    const auto dialer = std::make_shared<net::dialer>(
        shared, net::dialer::target{.origin = {false, "api.example", port},
                                    .allow_private = allow_private,
                                    .connect_timeout = std::chrono::seconds(5)});
    dialer->start([&](result<std::unique_ptr<net::connection>> r) { got = std::move(r); });
    loop->run_until([&] { return got.has_value(); });
    return std::move(*got);
  }
  std::shared_ptr<net::asio_loop> loop =
      std::dynamic_pointer_cast<net::asio_loop>(net::make_loop({}));
  std::shared_ptr<net::network> shared =
      std::make_shared<net::network>(loop->core(), network_options{});
  std::shared_ptr<scripted_names> names = std::make_shared<scripted_names>(loop->core());
};

// T09
TEST(Dialer, ANameOfAPrivateAddressIsRefusedUnlessAllowed) {
  scripted_server server([](scripted_connection&) {});
  for (const char* address : {"10.0.0.1", "127.0.0.1", "169.254.169.254", "::1", "fd00::1",
                              "::ffff:127.0.0.1", "64:ff9b::a9fe:a9fe"}) {
    named_host host;
    host.names->answers = {{boost::asio::ip::make_address(address)}};
    const auto refused = host.dial(server.port(), false);
    ASSERT_FALSE(refused) << address;
    EXPECT_EQ(refused.error().code, errc::invalid_request) << address;
    EXPECT_EQ(refused.error().retry, retry_class::never);
  }
  EXPECT_EQ(server.connections(), 0);
}

// T10
TEST(Dialer, TheAddressThatWasCheckedIsTheOneThatIsConnected) {
  scripted_server server([](scripted_connection& c) { c.read_head(); });
  const auto here = boost::asio::ip::make_address("127.0.0.1");
  named_host host;
  host.names->answers = {{here}, {boost::asio::ip::make_address("127.0.0.2")}};
  EXPECT_TRUE(host.dial(server.port(), true)) << "nobody listens at the second answer";
  EXPECT_EQ(host.names->asked, 1U) << "one question for each connection";
  const auto refused = host.dial(server.port(), false);
  ASSERT_FALSE(refused) << "what was allowed before does not count";
  EXPECT_EQ(refused.error().code, errc::invalid_request);
}

TEST(Dialer, ANameThatDoesNotExistIsANetworkError) {
  client_side client;
  auto request = client_side::request(80);
  request.origin.host = "no-such-host.invalid";
  const auto told = client.run(std::move(request));
  ASSERT_TRUE(told->failure);
  EXPECT_EQ(told->failure->error.code, errc::network);
  EXPECT_NE(told->failure->error.message.find("no-such-host.invalid"), std::string::npos);
}

TEST(Dialer, PlainRequestsGoToTheProxyWithAnAbsoluteTarget) {
  std::string seen;
  scripted_server proxy([&](scripted_connection& c) {
    seen = c.read_request();
    c.send(http_answer(200, "from the proxy"));
  });
  client_side client(through("me:pass%20word@", proxy.port()));
  auto request = client_side::request(8080);
  request.origin.host = "api.invalid";
  EXPECT_EQ(client.run(std::move(request))->body, "from the proxy");
  EXPECT_TRUE(seen.starts_with("POST http://api.invalid:8080/v1/chat HTTP/1.1\r\n")) << seen;
  EXPECT_NE(seen.find("Proxy-Authorization: Basic bWU6cGFzcyB3b3Jk\r\n"), std::string::npos);
  EXPECT_NE(seen.find("Host: api.invalid:8080\r\n"), std::string::npos);
}

TEST(Dialer, HostsOfNoProxyAreReachedDirectly) {
  scripted_server server([](scripted_connection& c) {
    c.read_request();
    c.send(http_answer(200, "direct"));
  });
  network_options options = through("", 1);
  options.no_proxy = "elsewhere,127.0.0.1";
  client_side client(options);
  EXPECT_EQ(client.get(server.port())->body, "direct");
}

void expect_proxy_failure(const testing::recorder& told, std::string_view part) {
  ASSERT_TRUE(told.failure);
  const error& e = told.failure->error;
  EXPECT_EQ(e.code, errc::network);
  EXPECT_NE(e.message.find("proxy http://127.0.0.1"), std::string::npos) << e.message;
  EXPECT_NE(e.message.find(part), std::string::npos) << e.message;
  EXPECT_EQ(e.message.find("hidden"), std::string::npos);
}

// T18
TEST(Dialer, AProxyThatFailsIsNamedWithoutItsCredentials) {
  client_side refused(through("me:hidden@", testing::closed_port()));
  expect_proxy_failure(*refused.get(80), "refused");
  for (const bool tls : {false, true}) {
    scripted_server proxy([&](scripted_connection& c) {
      c.read_head();
      c.send(http_answer(407, "no"));
    });
    client_side client(through("me:hidden@", proxy.port()));
    expect_proxy_failure(*client.get(443, tls), "407");
  }
  scripted_server bad_gateway([&](scripted_connection& c) {
    c.read_head();
    c.send(http_answer(502, "no"));
  });
  client_side client(through("me:hidden@", bad_gateway.port()));
  expect_proxy_failure(*client.get(443, true), "502");
  scripted_server no_proxy([&](scripted_connection& c) {
    c.read_head();
    c.send("220 mail.example ESMTP\r\n\r\n");
  });
  client_side mail(through("", no_proxy.port()));
  expect_proxy_failure(*mail.get(443, true), "not an HTTP proxy");
}

TEST(Dialer, AProxyUrlThatCannotBeReadIsAConfigurationErrorThatDoesNotShowIt) {
  network_options options;
  options.proxy = "socks5://me:hidden@host:1";
  client_side client(options);
  const auto told = client.get(80);
  ASSERT_TRUE(told->failure);
  EXPECT_EQ(told->failure->error.code, errc::config);
  EXPECT_EQ(told->failure->error.message.find("hidden"), std::string::npos);
}

}  // namespace
}  // namespace ark
