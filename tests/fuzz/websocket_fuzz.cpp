// A server's frames: the same however cut, texts are UTF-8, and nothing is longer than the limits.
#include "base/text.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "wire/websocket.hpp"

namespace {

using ark::wire::websocket_opcode;

template <class Feed>
std::string read_frames(Feed feed) {
  constexpr ark::wire::websocket_reader::limits limits{.message_bytes = 200, .all_bytes = 1000};
  ark::wire::websocket_reader reader(limits);
  std::string seen;
  bool good = true;
  feed([&](std::string_view piece) {
    for (;;) {
      const auto event = reader.next(piece);
      good = event.has_value();
      if (!good || !*event) return good;
      const auto& e = **event;
      ark::fuzz::require(e.kind != websocket_opcode::continuation, "fragments are joined");
      ark::fuzz::require(e.payload.size() <= limits.message_bytes, "within the limit");
      ark::fuzz::require(e.kind != websocket_opcode::text || ark::text::is_utf8(e.payload),
                         "a text is UTF-8");
      seen += std::to_string(static_cast<int>(e.kind)) + std::to_string(e.close_code) + ' ';
      seen.append(e.payload).append(e.close_reason).push_back('\n');
    }
  });
  return seen + (good ? "good" : "bad");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ark::fuzz::input in(data, size);
  const auto whole = read_frames([&](auto take) { take(in.bytes()); });
  const auto cut = read_frames([&](auto take) { in.cut(take); });
  ark::fuzz::require(whole == cut, "cutting changes nothing");
  return 0;
}
