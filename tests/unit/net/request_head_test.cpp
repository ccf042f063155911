#include "net/request_head.hpp"

#include <gtest/gtest.h>

namespace ark::net {
namespace {

const wire::origin vendor{true, "api.example", 443};

wire::http_request post() { return {"POST", "/v1/chat?x=1", {{"X-Key", "sk", true}}, "{}"}; }

TEST(RequestHead, HasHostHeadersAndLength) {
  EXPECT_EQ(write_request_head(vendor, post(), {}).value(),
            "POST /v1/chat?x=1 HTTP/1.1\r\nHost: api.example\r\nX-Key: sk\r\n"
            "Accept-Encoding: gzip\r\nContent-Length: 2\r\n\r\n");
}

TEST(RequestHead, NamesThePortThatIsNotTheSchemesOwnAndBracketsIpv6) {
  const auto head = write_request_head({false, "::1", 8080}, post(), {}).value();
  EXPECT_NE(head.find("Host: [::1]:8080\r\n"), std::string::npos);
  const auto plain = write_request_head({false, "h", 80}, post(), {}).value();
  EXPECT_NE(plain.find("Host: h\r\n"), std::string::npos);
}

TEST(RequestHead, AsksForNoCompressionOfStreamsAndKeepsWhatTheCallerAsked) {
  auto request = post();
  request.headers.push_back({"accept", "text/event-stream", false});
  EXPECT_EQ(write_request_head(vendor, request, {}).value().find("Accept-Encoding"),
            std::string::npos);
  request = post();
  request.headers.push_back({"accept-encoding", "identity", false});
  EXPECT_EQ(write_request_head(vendor, request, {}).value().find("gzip"), std::string::npos);
}

TEST(RequestHead, AGetHasNoLengthAndAnEmptyPostHasZero) {
  auto request = post();
  request.body.clear();
  EXPECT_NE(write_request_head(vendor, request, {}).value().find("Content-Length: 0\r\n"),
            std::string::npos);
  request.method = "GET";
  EXPECT_EQ(write_request_head(vendor, request, {}).value().find("Content-Length"),
            std::string::npos);
}

// T20, T21
TEST(RequestHead, RefusesWhatWouldBreakTheHeadAndNeverShowsIt) {
  for (const std::string& bad : {std::string("sk-x\r\nX-Evil: 1"), std::string("a\nb"),
                                 std::string("a\rb"), std::string("a\0b", 3)}) {
    auto request = post();
    request.headers[0].value = bad;
    const auto head = write_request_head(vendor, request, {});
    ASSERT_FALSE(head);
    EXPECT_EQ(head.error().code, errc::invalid_request);
    EXPECT_NE(head.error().message.find("X-Key"), std::string::npos);
    EXPECT_EQ(head.error().message.find("Evil"), std::string::npos);
  }
  auto request = post();
  request.target = "/v1\r\nHost: evil";
  EXPECT_FALSE(write_request_head(vendor, request, {}));
  request = post();
  request.method = "PO ST";
  EXPECT_FALSE(write_request_head(vendor, request, {}));
}

TEST(RequestHead, AbsoluteThroughAProxyAndConnectForTunnels) {
  const auto head = write_request_head({false, "h", 81}, post(), {true, "Basic eA=="}).value();
  EXPECT_TRUE(head.starts_with("POST http://h:81/v1/chat?x=1 HTTP/1.1\r\n"));
  EXPECT_NE(head.find("Proxy-Authorization: Basic eA==\r\n"), std::string::npos);
  EXPECT_EQ(write_connect_head({true, "::1", 443}, ""),
            "CONNECT [::1]:443 HTTP/1.1\r\nHost: [::1]:443\r\n\r\n");
}

}  // namespace
}  // namespace ark::net
