// HTTP/1.1 bodies in chunks: the same payload, end and errors however the bytes are cut.
#include "tests/fuzz/fuzz.hpp"
#include "wire/http1_body.hpp"

namespace {

struct outcome {
  std::string payload;
  std::size_t used = 0;
  bool failed = false;
  bool whole = false;
  friend bool operator==(const outcome&, const outcome&) = default;
};

/// Reads one piece into `out`; false when there is nothing more to read.
bool take(ark::wire::http1_body& body, std::string_view piece, outcome& out) {
  std::string_view left = piece;
  while (!left.empty() && !body.done() && !out.failed) {
    const auto payload = body.next(left);
    out.failed = !payload;
    if (!payload) break;
    ark::fuzz::require(
        payload->empty() || (payload->data() >= piece.data() && payload->end() <= piece.end()),
        "the payload is a view of the input");
    out.payload += *payload;
  }
  out.used += piece.size() - left.size();
  return !body.done() && !out.failed;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ark::fuzz::input in(data, size);
  outcome whole, cut;
  auto body = ark::wire::http1_body::with_chunks();
  take(body, in.bytes(), whole);
  whole.whole = body.close().has_value();
  body = ark::wire::http1_body::with_chunks();
  in.cut([&](std::string_view piece) { return take(body, piece, cut); });
  cut.whole = body.close().has_value();
  ark::fuzz::require(whole == cut, "cutting changes nothing");
  ark::fuzz::require(!(whole.whole && whole.failed), "what failed is not whole");
  return 0;
}
