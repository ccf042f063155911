// Server-sent events: the same events and errors however the bytes are cut.
#include "base/text.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "wire/sse.hpp"

namespace {

struct outcome {
  std::string events;
  bool failed = false;
  friend bool operator==(const outcome&, const outcome&) = default;
};

template <class Feed>
outcome read(Feed feed) {
  outcome out;
  ark::wire::sse_reader reader(1000);
  const auto each = [&out](const ark::wire::sse_event& e) {
    ark::fuzz::require(ark::text::is_utf8(e.data), "data is UTF-8");
    ark::fuzz::require(e.data.size() <= 3000, "data is bounded (repair may treble it)");
    for (const auto text : {e.type, e.data, e.last_event_id}) {
      out.events += text;
      out.events += '\0';
    }
    return true;
  };
  feed(reader, each);
  if (!reader.finish(each)) out.failed = true;
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ark::fuzz::input in(data, size);
  const auto whole = read([&](auto& reader, auto& each) { (void)reader.feed(in.bytes(), each); });
  const auto cut = read([&](auto& reader, auto& each) {
    in.cut([&](std::string_view piece) { return reader.feed(piece, each).has_value(); });
  });
  ark::fuzz::require(whole == cut, "cutting changes nothing");
  return 0;
}
