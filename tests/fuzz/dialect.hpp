#pragma once
#include "dialect/frame_driver.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/support/stream_laws.hpp"

#include <algorithm>

namespace ark::fuzz {

/// What a caller sees of a stream.
struct stream_seen {
  std::vector<event> events;
  bool failed = false;
};

inline bool same_event(const event& a, const event& b) {
  return a.kind == b.kind && a.index == b.index && a.id == b.id && a.name == b.name &&
         a.text == b.text;
}

template <class Feed>
stream_seen read_stream(const dialect::dialect& family, const vendor& row, Feed feed) {
  dialect::frame_driver driver(family, row, {.frame_bytes = 4096, .reply = {}});
  feed(driver);
  stream_seen seen;
  seen.failed = !driver.finish();
  seen.events = driver.events();
  const auto broken =
      test::stream_laws::broken(seen.events, seen.failed, &driver.builder().reply());
  require(broken.empty(), broken.empty() ? "" : broken.front().c_str());
  return seen;
}

/// A family's stream, whole and cut: the laws hold and both give the same. Then the same bytes as
/// a whole answer and as an error, which must only not crash.
inline void feed_dialect(const dialect::dialect& family, const vendor& row, const input& in) {
  const auto whole = read_stream(family, row, [&](auto& driver) { (void)driver.feed(in.bytes()); });
  const auto cut = read_stream(family, row, [&](auto& driver) {
    in.cut([&](std::string_view piece) { return driver.feed(piece).has_value(); });
  });
  require(whole.failed == cut.failed, "cutting changes no outcome");
  require(std::equal(whole.events.begin(), whole.events.end(), cut.events.begin(), cut.events.end(),
                     same_event),
          "cutting changes no event");
  for (const int status : {200, 400, 429, 500}) {
    const wire::http_head head{status, {{"content-type", "application/json"}}};
    const dialect::answer answer{head, in.bytes()};
    if (status == 200) {
      (void)family.decode_chat(answer, row);
      (void)family.decode_embed(answer, row);
    } else {
      (void)family.decode_error(answer, row);
    }
  }
}

}  // namespace ark::fuzz
