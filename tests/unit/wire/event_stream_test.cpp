#include "wire/event_stream.hpp"

#include "base/json_reader.hpp"
#include "tests/support/corpus.hpp"
#include "wire/base64.hpp"

#include <gtest/gtest.h>
#include <zlib.h>
#include <map>

namespace ark::wire {
namespace {

std::string big_endian_bytes(std::uint64_t value, int size) {
  std::string out;
  for (int shift = 8 * (size - 1); shift >= 0; shift -= 8)
    out += static_cast<char>(value >> shift & 0xff);
  return out;
}

std::string with_checksum(std::string bytes) {
  const auto sum =
      ::crc32(0, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size()));
  return bytes + big_endian_bytes(sum, 4);
}

std::string text_header(const std::string& name, const std::string& value) {
  return static_cast<char>(name.size()) + name + '\x07' + big_endian_bytes(value.size(), 2) + value;
}

/// A message with these bytes as headers; `lie` is added to the length of the headers.
std::string message_of(const std::string& headers, const std::string& payload, int lie = 0) {
  const auto total = 16 + headers.size() + payload.size();
  const auto said = static_cast<std::uint64_t>(static_cast<int>(headers.size()) + lie);
  return with_checksum(with_checksum(big_endian_bytes(total, 4) + big_endian_bytes(said, 4)) +
                       headers + payload);
}

std::string event_of(const std::string& type, const std::string& payload) {
  return message_of(text_header(":message-type", "event") + text_header(":event-type", type),
                    payload);
}

struct events_seen {
  std::vector<std::pair<std::string, std::string>> events;
  std::string error;
  friend bool operator==(const events_seen&, const events_seen&) = default;
};

events_seen read_events(std::string_view bytes, std::size_t piece, std::size_t limit = 1 << 20) {
  events_seen out;
  event_stream_reader reader(limit);
  const auto each = [&](const sse_event& e) {
    out.events.emplace_back(e.type, e.data);
    return e.type != "last";
  };
  const auto keep = [&](const result<void>& r) {
    if (!r) out.error = r.error().message;
  };
  for (std::size_t at = 0; at < bytes.size(); at += piece)
    keep(reader.feed(bytes.substr(at, piece), each));
  keep(reader.finish(each));
  return out;
}

TEST(event_stream, messages_however_they_are_cut) {
  const std::string bytes =
      event_of("one", "{}") +
      message_of(
          text_header(":message-type", "exception") + text_header(":exception-type", "throttled"),
          R"({"message":"m"})") +
      message_of(text_header(":message-type", "error") + text_header(":error-code", "500") +
                     text_header(":error-message", "bad"),
                 "") +
      event_of("last", "\xff") + event_of("never", "{}");
  const events_seen expected = {{{"one", "{}"},
                                 {"exception:throttled", R"({"message":"m"})"},
                                 {"error:500", "bad"},
                                 {"last", "\xEF\xBF\xBD"}},
                                ""};
  for (std::size_t piece = 1; piece <= bytes.size(); ++piece)
    EXPECT_EQ(read_events(bytes, piece), expected) << piece;
}

TEST(event_stream, errors_name_the_message_however_it_is_cut) {
  const std::string good = event_of("one", "{}");
  std::string prelude = event_of("two", "{}"), payload = prelude;
  prelude[3] ^= 1;
  payload[payload.size() - 6] ^= 1;
  for (std::size_t piece = 1; piece <= good.size() * 2; ++piece) {
    auto seen = read_events(good + prelude, piece);
    EXPECT_EQ(seen.error, "message 2 of the event stream is bad: the prelude's checksum is wrong");
    EXPECT_EQ(seen.events.size(), 1u);
    seen = read_events(good + payload + good, piece);
    EXPECT_EQ(seen.error, "message 2 of the event stream is bad: the checksum is wrong");
    EXPECT_EQ(seen.events.size(), 1u);
  }
}

TEST(event_stream, half_a_message_at_the_end_is_not_passed_on) {
  const std::string one = event_of("one", "{}");
  for (std::size_t keep = 0; keep < one.size(); ++keep)
    EXPECT_EQ(read_events(one + one.substr(0, keep), 7).events.size(), 1u);
}

TEST(event_stream, sizes_are_bounded_before_the_bytes_come) {
  const auto prelude = [](std::uint64_t total, std::uint64_t headers) {
    return with_checksum(big_endian_bytes(total, 4) + big_endian_bytes(headers, 4));
  };
  EXPECT_EQ(event_message_size(prelude(16, 0)).value(), 16u);
  EXPECT_EQ(event_message_size(prelude(15, 0)).error().code, errc::protocol);
  EXPECT_EQ(event_message_size(prelude(20, 5)).error().code, errc::protocol);
  EXPECT_EQ(event_message_size(prelude(0xffffffff, 0)).error().code, errc::too_large);
  EXPECT_EQ(event_message_size(prelude(1 << 20, (128 << 10) + 1)).error().code, errc::too_large);
  EXPECT_EQ(event_message_size("short").error().code, errc::protocol);
  EXPECT_EQ(read_events(prelude(2000, 0), 5, 1000).error,
            "message 1 of the event stream is bad: it is longer than the limit of 1000 bytes");
}

TEST(event_stream, bad_headers) {
  const auto problem = [](const std::string& bytes) {
    const auto parsed = parse_event_message(bytes);
    return parsed ? std::string{} : parsed.error().message;
  };
  EXPECT_EQ(problem(message_of("", "{}")), "");
  EXPECT_EQ(problem(message_of(std::string("\x00\x00", 2), "{}")), "a header has no name");
  EXPECT_EQ(problem(message_of("\x01n\x0a", "{}")), "a header has the unknown type 10");
  EXPECT_EQ(problem(message_of("\x05n", "{}")), "a header is cut short");
  EXPECT_EQ(problem(message_of("\x01n\x09"
                               "short",
                               "{}")),
            "a header is cut short");
  EXPECT_EQ(problem(message_of(text_header("n", "value"), "{}", -1)), "a header is cut short");
  EXPECT_EQ(problem(event_of("x", "{}") + "more"), "the length is not that of the bytes");
}

// ---- vectors of two implementations, in the shared corpus

std::string header_text(const event_header& h) {
  using enum event_value;
  if (h.type == boolean_true || h.type == boolean_false) return h.number != 0 ? "true" : "false";
  if (h.type == bytes || h.type == text || h.type == uuid) return base64_encode(h.bytes);
  return std::to_string(h.number);
}

TEST(event_stream, vectors_that_are_good) {
  ARK_SHARED_OR_SKIP(folder, "vectors/eventstream_vectors/aws-sdk-go");
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder / "encoded/positive")) {
    ++count;
    const std::string bytes = test::read_file(entry.path());
    const auto parsed = parse_event_message(bytes);
    ASSERT_TRUE(parsed) << entry.path() << parsed.error().message;
    json::reader reader;
    const std::string json = test::read_file(folder / "decoded/positive" / entry.path().filename());
    const auto want = reader.parse(json);
    ASSERT_TRUE(want) << entry.path();
    EXPECT_EQ(base64_encode(parsed->payload), json::text_at(*want, "payload")) << entry.path();
    json::element headers;
    ASSERT_TRUE(json::find(*want, "headers", headers)) << entry.path();
    simdjson::dom::array list;
    std::size_t at = 0;
    if (!headers.get(list)) {
      for (const json::element h : list) {
        ASSERT_LT(at, parsed->headers.size());
        EXPECT_EQ(parsed->headers[at].name, json::text_at(h, "name"));
        json::element value;
        ASSERT_TRUE(json::find(h, "value", value));
        const std::string text =
            value.is_string() ? std::string(json::as_text(value)) : simdjson::minify(value);
        EXPECT_EQ(header_text(parsed->headers[at]), text) << parsed->headers[at].name;
        ++at;
      }
    }
    EXPECT_EQ(at, parsed->headers.size());
  }
  EXPECT_EQ(count, 5);
}

TEST(event_stream, vectors_that_are_bad) {
  ARK_SHARED_OR_SKIP(folder, "vectors/eventstream_vectors");
  int bad = 0, good = 0;
  for (const char* part : {"aws-sdk-go/encoded/negative", "smithy-rs"}) {
    for (const auto& entry : std::filesystem::directory_iterator(folder / part)) {
      const bool valid = entry.path().filename().string().starts_with("valid_");
      const std::string bytes = test::read_file(entry.path());
      EXPECT_EQ(parse_event_message(bytes).has_value(), valid) << entry.path();
      for (std::size_t piece : {std::size_t{1}, std::size_t{5}, bytes.size()})
        EXPECT_EQ(read_events(bytes, piece).events.size(), valid ? 1u : 0u) << entry.path();
      ++(valid ? good : bad);
    }
  }
  EXPECT_EQ(bad, 12);
  EXPECT_EQ(good, 3);
}

TEST(event_stream, vectors_of_the_npm_package) {
  ARK_SHARED_OR_SKIP(file, "vectors/eventstream_vectors.json");
  json::reader reader;
  const std::string json = test::read_file(file);
  const auto root = reader.parse(json);
  ASSERT_TRUE(root);
  json::element vectors, encoded;
  ASSERT_TRUE(json::find(*root, "vectors", vectors));
  int count = 0;
  simdjson::dom::object members;
  ASSERT_FALSE(vectors.get(members));
  for (const auto member : members) {
    ASSERT_TRUE(json::find(member.value, "encoded", encoded));
    const auto bytes = base64_decode(json::text_at(encoded, "b64"));
    ASSERT_TRUE(bytes);
    const bool good = json::text_at(member.value, "expectation") == "success";
    EXPECT_EQ(parse_event_message(*bytes).has_value(), good) << member.key;
    ++count;
  }
  EXPECT_EQ(count, 9);
}

}  // namespace
}  // namespace ark::wire
