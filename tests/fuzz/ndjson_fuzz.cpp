// Lines of JSON: the same however cut, and no line longer than the limit.
#include "tests/fuzz/fuzz.hpp"
#include "wire/ndjson.hpp"

namespace {

template <class Feed>
std::string read_lines(Feed feed) {
  constexpr std::size_t limit = 200;
  ark::wire::ndjson_reader reader(limit);
  std::string seen;
  const auto each = [&](const ark::wire::sse_event& e) {
    // What is repaired may grow: one bad byte becomes three.
    ark::fuzz::require(e.data.size() <= 3 * limit, "a line is within the limit");
    seen.append(e.data).push_back('\n');
    return e.data != "stop";
  };
  bool good = true;
  feed([&](std::string_view piece) { return good = reader.feed(piece, each).has_value(); });
  good = reader.finish(each).has_value() && good;
  return seen + (good ? "good" : "bad");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ark::fuzz::input in(data, size);
  const auto whole = read_lines([&](auto take) { take(in.bytes()); });
  const auto cut = read_lines([&](auto take) { in.cut(take); });
  ark::fuzz::require(whole == cut, "cutting changes nothing");
  return 0;
}
