#include "client_side.hpp"
#include "tests/support/scripted_server.hpp"
#include "tests/support/scripted_tls.hpp"

#include <gtest/gtest.h>

namespace ark {
namespace {

using testing::certificate_options;
using testing::client_side;
using testing::http_answer;
using testing::recorder;
using testing::scripted_connection;
using testing::scripted_server;

const testing::test_authority& authority() {
  static const testing::test_authority made;
  return made;
}

network_options trusting() {
  network_options options;
  options.ca_file = authority().file();
  return options;
}

void answer_each(scripted_connection& c) {
  while (!c.read_request().empty()) c.send(http_answer(200, "over tls"));
}

/// One request to a server with this certificate, by a client that trusts the test's authority.
std::unique_ptr<recorder> visit(const certificate_options& certificate) {
  scripted_server server(answer_each, authority().server(certificate));
  client_side client(trusting());
  return client.get(server.port(), true);
}

void expect_refused(const recorder& told, std::string_view sentence) {
  ASSERT_TRUE(told.failure);
  EXPECT_EQ(told.failure->error.code, errc::tls);
  EXPECT_NE(told.failure->error.message.find(sentence), std::string::npos)
      << told.failure->error.message;
  EXPECT_FALSE(told.failure->request_begun);
  EXPECT_EQ(told.trace, "failed");
}

TEST(Tls, AGoodCertificateWorksAndTheConnectionStays) {
  scripted_server server(answer_each, authority().server());
  client_side client(trusting());
  for (int i = 0; i < 5; ++i) {
    const auto told = client.get(server.port(), true);
    ASSERT_FALSE(told->failure) << told->failure->error.message;
    EXPECT_EQ(told->body, "over tls");
    EXPECT_EQ(told->trace, "sending sent head end");
  }
  EXPECT_EQ(server.connections(), 1);
}

TEST(Tls, ANumericHostIsCheckedAgainstTheCertificatesNumbers) {
  scripted_server server(answer_each, authority().server());
  client_side client(trusting());
  auto request = client_side::request(server.port(), true);
  request.origin.host = "127.0.0.1";
  EXPECT_FALSE(client.run(std::move(request))->failure);
}

// T13
TEST(Tls, RefusesAnExpiredCertificate) { expect_refused(*visit({.expired = true}), "has expired"); }

TEST(Tls, RefusesACertificateForAnotherHost) {
  expect_refused(*visit({.host = "other.example"}), "for another host");
}

// T15
TEST(Tls, RefusesASelfSignedCertificate) {
  expect_refused(*visit({.self_signed = true}), "does not know");
}

// T15
TEST(Tls, RefusesAnUnknownAuthorityUntilItIsNamed) {
  scripted_server server(answer_each, authority().server());
  client_side strict;
  expect_refused(*strict.get(server.port(), true), "does not know");
  client_side client(trusting());
  EXPECT_FALSE(client.get(server.port(), true)->failure);
}

// T16
TEST(Tls, RefusesTls11) { expect_refused(*visit({.max_tls_version = 0x0302}), "older than 1.2"); }

TEST(Tls, SpeaksTls12) { EXPECT_FALSE(visit({.max_tls_version = 0x0303})->failure); }

TEST(Tls, SaysThatThePortSpeaksPlainHttp) {
  scripted_server server([](scripted_connection& c) {
    c.read_head();  // ends when the client gives up
  });
  scripted_server answers_first([](scripted_connection& c) {
    c.send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
    c.read_head();
  });
  client_side client(trusting());
  expect_refused(*client.get(answers_first.port(), true), "does not speak TLS on this port");
}

TEST(Tls, ASilentServerEndsInTheHandshakesTimeout) {
  scripted_server server([](scripted_connection& c) { c.read_head(); });
  client_side client(trusting());
  auto request = client_side::request(server.port(), true);
  request.tls_timeout = std::chrono::milliseconds(30);
  const auto told = client.run(std::move(request));
  ASSERT_TRUE(told->failure);
  EXPECT_EQ(told->failure->error.code, errc::timeout);
  EXPECT_EQ(told->failure->error.retry, retry_class::safe);
}

TEST(Tls, AServerThatHangsUpInTheHandshake) {
  scripted_server server([](scripted_connection&) {});
  client_side client(trusting());
  const auto told = client.get(server.port(), true);
  ASSERT_TRUE(told->failure);
  EXPECT_EQ(told->failure->error.code, errc::tls);
  EXPECT_EQ(told->failure->error.retry, retry_class::safe);
}

// T36
TEST(Tls, ALengthlessBodyNeedsTheClosingNotice) {
  const std::string answer = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nall of it";
  for (const bool polite : {true, false}) {
    scripted_server server(
        [&](scripted_connection& c) {
          c.read_request();
          c.send(answer);
          if (!polite) c.cut();
        },
        authority().server());
    client_side client(trusting());
    const auto told = client.get(server.port(), true);
    EXPECT_EQ(told->body, "all of it");
    if (polite) {
      EXPECT_FALSE(told->failure);
    } else {
      ASSERT_TRUE(told->failure);
      EXPECT_EQ(told->failure->error.code, errc::truncated);
    }
  }
}

TEST(Tls, BigBodiesGoBothWays) {
  scripted_server server(
      [](scripted_connection& c) {
        for (std::string r; !(r = c.read_request()).empty();) {
          c.send(http_answer(200, r.substr(r.find("\r\n\r\n") + 4)));
        }
      },
      authority().server());
  client_side client(trusting());
  std::string body;
  for (int i = 0; body.size() < (3u << 20); ++i) body += std::to_string(i);
  for (int i = 0; i < 2; ++i) {
    auto request = client_side::request(server.port(), true);
    request.request.body = body;
    const auto told = client.run(std::move(request));
    ASSERT_FALSE(told->failure) << told->failure->error.message;
    EXPECT_EQ(told->body, body);
  }
  EXPECT_EQ(server.connections(), 1);
}

TEST(Tls, ResumesItsSession) {
  std::atomic<int> resumed{0};
  scripted_server server(
      [&](scripted_connection& c) {
        c.read_request();
        if (c.resumed()) ++resumed;
        c.send(http_answer(200, "x", "Connection: close\r\n"));
      },
      authority().server());
  client_side client(trusting());
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(client.get(server.port(), true)->failure);
  EXPECT_EQ(server.connections(), 3);
  EXPECT_EQ(resumed, 2);
}

TEST(Tls, AFileThatIsNoCertificateIsAConfigurationError) {
  network_options options;
  options.ca_file = "/nonexistent/ca.pem";
  scripted_server server(answer_each, authority().server());
  client_side client(options);
  const auto told = client.get(server.port(), true);
  ASSERT_TRUE(told->failure);
  EXPECT_EQ(told->failure->error.code, errc::config);
}

}  // namespace
}  // namespace ark
