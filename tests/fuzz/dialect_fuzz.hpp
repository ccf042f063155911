#pragma once
#include "base/json.hpp"
#include "dialect/dialect.hpp"
#include "dialect/frame_driver.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/support/stream_laws.hpp"

namespace ark::fuzz {

/// All that a caller sees of a stream, in one text.
struct stream_seen {
  std::string text;
  std::vector<event> events;
  ark::reply reply;
  bool failed = false;
};

template <class Feed>
stream_seen read_stream(const dialect::dialect& d, const vendor& v, Feed feed) {
  // Small limits, so that the fuzzer meets them.
  dialect::frame_driver driver(
      d, v,
      {.frame_bytes = 4000,
       .reply = {.text_bytes = 2000, .arguments_bytes = 500, .tool_calls = 8}});
  result<void> fed;
  feed([&](std::string_view piece) {
    fed = driver.feed(piece);
    return fed.has_value();
  });
  if (fed) fed = driver.finish();
  stream_seen out{{}, std::move(driver.events()), std::move(driver.builder().reply()), !fed};
  for (const event& e : out.events) {
    out.text += to_string(e.kind);
    for (const std::string* field : {&e.text, &e.id, &e.name}) out.text += ' ' + *field;
    out.text += std::to_string(e.index) + '\n';
  }
  if (!fed) out.text += to_string(fed.error()) + fed.error().vendor_message;
  return out;
}

/// A reply that was read can be sent back: what is encoded is JSON, whatever the vendor said.
inline void require_encodable(const dialect::dialect& d, const vendor& v, const ark::reply& r) {
  call c;
  c.messages = {user("u"), r.message, user("v")};
  if (const auto e = d.encode_chat(c, "m", v, false))
    require(json::is_valid(e->request.body), "a request is JSON");
}

/// The input to a stream. Of a WebSocket each piece is a message: its lines.
template <class Take>
void feed_whole(const dialect::dialect& d, std::string_view bytes, Take take) {
  if (d.stream_framing() != dialect::framing::messages) {
    take(bytes);
    return;
  }
  for (;;) {
    const auto end = bytes.find('\n');
    if (!take(bytes.substr(0, end)) || end == bytes.npos) return;
    bytes.remove_prefix(end + 1);
  }
}

/// One input through all of a family's readers.
inline void run_dialect(const dialect::dialect& d, const vendor& v, const std::uint8_t* data,
                        std::size_t size) {
  const input in(data, size);
  const auto whole = read_stream(d, v, [&](auto take) { feed_whole(d, in.bytes(), take); });
  const auto cut = read_stream(d, v, [&](auto take) { in.cut(take); });
  if (d.stream_framing() != dialect::framing::messages)
    require(whole.text == cut.text, "cutting changes nothing");
  for (const std::string& law :
       test::stream_laws::broken(whole.events, whole.failed, &whole.reply)) {
    std::fprintf(stderr, "%s\n", law.c_str());
    require(false, "the laws of streams");
  }
  require_encodable(d, v, whole.reply);

  const wire::http_head good{200, {}}, bad{429, {{"retry-after", "1"}}};
  if (const auto decoded = d.decode_chat({good, in.bytes()}, v)) require_encodable(d, v, *decoded);
  (void)d.decode_embed({good, in.bytes()}, v);
  (void)d.decode_rerank({good, in.bytes()}, v, 3);
  const error e = d.decode_error({bad, in.bytes()}, v);
  require(!e.message.empty(), "an error has a message");
}

}  // namespace ark::fuzz
