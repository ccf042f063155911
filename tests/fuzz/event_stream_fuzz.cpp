// Binary messages: the same however cut. The fuzzer cannot guess checksums, so the input is also
// read as the headers and payload of a message whose checksums are right.
#include "tests/fuzz/fuzz.hpp"
#include "wire/event_stream.hpp"

#include <zlib.h>

namespace {

template <class Feed>
std::string read_messages(Feed feed) {
  ark::wire::event_stream_reader reader(4000);
  std::string seen;
  const auto each = [&](const ark::wire::sse_event& e) {
    seen.append(e.type).append(" ").append(e.data).push_back('\n');
    return true;
  };
  std::string problem;
  const auto keep = [&](const ark::result<void>& r) {
    if (!r) problem = r.error().message;
    return r.has_value();
  };
  feed([&](std::string_view piece) { return keep(reader.feed(piece, each)); });
  keep(reader.finish(each));
  return seen + problem;
}

void add_number(std::string& out, std::size_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift & 0xff);
}

void add_checksum(std::string& out) {
  add_number(out, ::crc32_z(0, reinterpret_cast<const Bytef*>(out.data()), out.size()));
}

std::string message_of(std::string_view body) {
  const std::size_t headers = body.empty() ? 0 : static_cast<unsigned char>(body[0]) % body.size();
  std::string out;
  add_number(out, body.size() + 16);
  add_number(out, headers);
  add_checksum(out);
  out += body;
  add_checksum(out);
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ark::fuzz::input in(data, size);
  const auto whole = read_messages([&](auto take) { take(in.bytes()); });
  const auto cut = read_messages([&](auto take) { in.cut(take); });
  ark::fuzz::require(whole == cut, "cutting changes nothing");
  const std::string message = message_of(in.bytes());
  const auto parsed = ark::wire::parse_event_message(message);
  const auto read = read_messages([&](auto take) { take(message); });
  ark::fuzz::require(parsed || !read.empty(), "a bad message is an error");
  return 0;
}
