#include "wire/websocket.hpp"

#include <gtest/gtest.h>
#include <vector>

namespace ark::wire::websocket_test {
namespace {

using namespace std::string_literals;
using enum websocket_opcode;

constexpr std::array<unsigned char, 4> rfc_mask = {0x37, 0xfa, 0x21, 0x3d};
constexpr std::string_view rfc_key = "dGhlIHNhbXBsZSBub25jZQ==";

/// A frame as a server sends it: not masked.
std::string served(int first_byte, const std::string& payload) {
  std::string out(1, static_cast<char>(first_byte));
  if (payload.size() < 126) {
    out += static_cast<char>(payload.size());
  } else {
    out += '\x7e';
    out += static_cast<char>(payload.size() >> 8);
    out += static_cast<char>(payload.size() & 0xff);
  }
  return out + payload;
}

struct seen {
  std::vector<std::string> events;
  std::optional<error> failure;
};

constexpr websocket_reader::limits usual{.message_bytes = 70'000, .all_bytes = 200'000};

seen read(std::string_view bytes, std::size_t piece, websocket_reader::limits l = usual) {
  seen out;
  websocket_reader reader(l);
  for (std::size_t at = 0; at < bytes.size() && !out.failure; at += piece) {
    // Memory of its own, so that a view into an earlier piece is seen.
    const std::string copy(bytes.substr(at, piece));
    std::string_view rest = copy;
    for (;;) {
      const auto event = reader.next(rest);
      if (!event) {
        out.failure = event.error();
        break;
      }
      if (!*event) break;
      out.events.push_back(std::to_string(static_cast<int>((*event)->kind)) + ":" +
                           std::string((*event)->payload));
    }
    EXPECT_TRUE(out.failure || rest.empty());
  }
  return out;
}

errc refused(std::string_view bytes) {
  const auto whole = read(bytes, bytes.size());
  const auto cut = read(bytes, 1);
  EXPECT_EQ(whole.events, cut.events);
  EXPECT_EQ(whole.failure.has_value(), cut.failure.has_value());
  return whole.failure ? whole.failure->code : errc::internal;
}

http_head upgraded(header_list more = {}) {
  http_head head{101,
                 {{"Upgrade", "WebSocket", false},
                  {"connection", "keep-alive, Upgrade", false},
                  {"sec-websocket-accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", false}}};
  head.headers.insert(head.headers.end(), more.begin(), more.end());
  return head;
}

TEST(websocket, the_handshake_of_the_rfc) {
  EXPECT_EQ(websocket_accept(rfc_key), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  EXPECT_TRUE(check_websocket_answer(upgraded(), rfc_key));
  header_list headers;
  add_websocket_headers(headers, rfc_key);
  EXPECT_EQ(find_header(headers, "upgrade"), "websocket");
  EXPECT_EQ(find_header(headers, "connection"), "Upgrade");
  EXPECT_EQ(find_header(headers, "sec-websocket-version"), "13");
  EXPECT_EQ(find_header(headers, "sec-websocket-key"), rfc_key);
  EXPECT_EQ(websocket_key({0x0706050403020100, 0x0f0e0d0c0b0a0908}), "AAECAwQFBgcICQoLDA0ODw==");
}

TEST(websocket, an_answer_that_is_no_upgrade) {
  const auto code = [](http_head head) {
    const auto ok = check_websocket_answer(head, rfc_key);
    return ok ? errc::internal : ok.error().code;
  };
  EXPECT_EQ(code({200, upgraded().headers}), errc::protocol);
  for (const std::size_t missing : {0U, 1U, 2U}) {
    http_head head = upgraded();
    head.headers.erase(head.headers.begin() + static_cast<std::ptrdiff_t>(missing));
    EXPECT_EQ(code(head), errc::protocol) << missing;
  }
  EXPECT_FALSE(check_websocket_answer(upgraded(), "AAECAwQFBgcICQoLDA0ODw=="));
  EXPECT_EQ(code(upgraded({{"Sec-WebSocket-Extensions", "permessage-deflate", false}})),
            errc::protocol);
  EXPECT_EQ(code(upgraded({{"Sec-WebSocket-Protocol", "chat", false}})), errc::protocol);
}

TEST(websocket, frames_of_a_client_are_masked) {
  // RFC 6455, 5.7.
  EXPECT_EQ(websocket_frame(text, "Hello", rfc_mask),
            "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58"s);
  EXPECT_EQ(websocket_frame(pong, "", {0, 0, 0, 0}), "\x8a\x80\0\0\0\0"s);
  const auto head = [](std::size_t size) {
    const auto frame = websocket_frame(text, std::string(size, 'x'), {0, 0, 0, 0});
    return frame.substr(0, frame.size() - size);
  };
  EXPECT_EQ(head(125), "\x81\xfd\0\0\0\0"s);
  EXPECT_EQ(head(126), "\x81\xfe\0\x7e\0\0\0\0"s);
  EXPECT_EQ(head(65535), "\x81\xfe\xff\xff\0\0\0\0"s);
  EXPECT_EQ(head(65536), "\x81\xff\0\0\0\0\0\x01\0\0\0\0\0\0"s);
  // No control frame is longer.
  EXPECT_EQ(websocket_frame(pong, std::string(200, 'x'), rfc_mask).size(), 125u + 6);
}

TEST(websocket, messages_however_they_are_cut) {
  // RFC 6455, 5.7: a message, one in two fragments with a ping between them, a longer one.
  const std::string longer(256, 'y');
  const std::string bytes = "\x81\x05Hello"s + "\x01\x03Hel"s + "\x89\x05Hello"s + "\x80\x02lo"s +
                            served(0x82, longer) + "\x81\0"s +
                            served(0x88,
                                   "\x03\xe8"
                                   "bye");
  const std::vector<std::string> expected = {"1:Hello",
                                             "9:Hello",
                                             "1:Hello",
                                             "2:" + longer,
                                             "1:",
                                             "8:\x03\xe8"
                                             "bye"};
  for (std::size_t piece = 1; piece <= bytes.size(); ++piece) {
    const auto got = read(bytes, piece);
    EXPECT_FALSE(got.failure) << piece;
    EXPECT_EQ(got.events, expected) << piece;
  }
}

TEST(websocket, a_length_of_eight_bytes) {
  const std::string payload(65'536, 'z');
  const auto got = read("\x81\x7f\0\0\0\0\0\x01\0\0"s + payload, 1000);
  ASSERT_EQ(got.events.size(), 1u);
  EXPECT_EQ(got.events[0], "1:" + payload);
}

TEST(websocket, a_close_frame_ends_it) {
  const auto closed = [](std::string_view bytes) {
    websocket_reader reader(usual);
    const auto event = reader.next(bytes);
    EXPECT_TRUE(event && *event);
    const websocket_event out = **event;
    // Nothing behind it counts.
    std::string_view more = "\x81\x01x";
    EXPECT_FALSE(reader.next(more).value());
    EXPECT_TRUE(more.empty());
    return std::pair(out.close_code, std::string(out.close_reason));
  };
  EXPECT_EQ(closed("\x88\0"s), std::pair(websocket_no_status, ""s));
  EXPECT_EQ(closed(served(0x88, "\x03\xe8")), std::pair(websocket_normal_close, ""s));
  EXPECT_EQ(closed(served(0x88,
                          "\x03\xf3"
                          "why")),
            std::pair(1011, "why"s));
  EXPECT_EQ(refused(served(0x88, "\x03")), errc::protocol);
  EXPECT_EQ(refused(served(0x88, "\x03\xed")), errc::protocol) << "1005 is never sent";
  EXPECT_EQ(refused(served(0x88, "\x03\xe7")), errc::protocol) << "999";
  EXPECT_EQ(refused(served(0x88, "\x03\xe8\xff")), errc::protocol) << "not UTF-8";
}

TEST(websocket, what_breaks_the_protocol) {
  EXPECT_EQ(refused("\xc1\x01x"), errc::protocol) << "a reserved bit";
  EXPECT_EQ(refused("\x83\x01x"), errc::protocol) << "an unknown kind";
  EXPECT_EQ(refused("\x8b\x01x"), errc::protocol) << "an unknown control frame";
  EXPECT_EQ(refused(websocket_frame(text, "x", rfc_mask)), errc::protocol) << "masked";
  EXPECT_EQ(refused("\x80\x01x"), errc::protocol) << "continues nothing";
  EXPECT_EQ(refused("\x01\x01x\x81\x01y"), errc::protocol) << "a message in a message";
  EXPECT_EQ(refused("\x09\x01x"), errc::protocol) << "a ping in pieces";
  EXPECT_EQ(refused("\x89\x7e"s + "\0\x7e"s + std::string(126, 'x')), errc::protocol) << "long";
  EXPECT_EQ(refused("\x81\x02\xc3\x28"), errc::protocol) << "not UTF-8";
  EXPECT_EQ(refused("\x01\x01\xc3\x80\x01\xa9"), errc::internal) << "UTF-8 across fragments is";
}

TEST(websocket, limits) {
  const websocket_reader::limits tight{.message_bytes = 4, .all_bytes = 8};
  const auto code = [&](const std::string& bytes) {
    const auto got = read(bytes, 3, tight);
    return got.failure ? got.failure->code : errc::internal;
  };
  EXPECT_EQ(code("\x81\x04"
                 "abcd"),
            errc::internal);
  EXPECT_EQ(code("\x81\x05"
                 "abcde"),
            errc::too_large);
  EXPECT_EQ(code("\x81\x7f\xff\xff\xff\xff\xff\xff\xff\xff"), errc::too_large);
  EXPECT_EQ(code("\x01\x03"
                 "abc\x80\x02"
                 "de"),
            errc::too_large)
      << "fragments count together";
  EXPECT_EQ(code("\x81\x04"
                 "abcd\x81\x04"
                 "abcd"),
            errc::internal);
  EXPECT_EQ(code("\x81\x04"
                 "abcd\x81\x04"
                 "abcd\x81\x01"
                 "x"),
            errc::too_large)
      << "all of them";
}

TEST(websocket, errors_are_final) {
  websocket_reader reader(usual);
  std::string_view bad = "\x83\x01x", good = "\x81\x01x";
  EXPECT_FALSE(reader.next(bad));
  EXPECT_FALSE(reader.next(good));
}

TEST(message_reader, a_piece_is_a_message) {
  std::vector<std::string> got;
  message_reader reader(5);
  const auto each = [&](const sse_event& e) {
    got.emplace_back(std::string(e.type) + " " + std::string(e.data));
    return e.data != "stop";
  };
  EXPECT_TRUE(reader.feed("a\n\nb", each));
  EXPECT_TRUE(reader.feed("stop", each));
  EXPECT_TRUE(reader.feed("more", each));
  EXPECT_TRUE(reader.finish(each));
  EXPECT_EQ(got, (std::vector<std::string>{"message a\n\nb", "message stop"}));
  message_reader tight(5);
  EXPECT_EQ(tight.feed("123456", each).error().code, errc::too_large);
  EXPECT_FALSE(tight.feed("1", each));
  EXPECT_FALSE(tight.finish(each));
}

}  // namespace
}  // namespace ark::wire::websocket_test
