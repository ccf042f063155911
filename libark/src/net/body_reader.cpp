#include "net/body_reader.hpp"

#include "net/failures.hpp"

#include <fmt/format.h>
#include <strings.h>
#include <array>
#include <cstring>

namespace ark::net {
namespace {

bool same(std::string_view text, std::string_view lower_case) {
  return text.size() == lower_case.size() &&
         ::strncasecmp(text.data(), lower_case.data(), text.size()) == 0;
}

}  // namespace

result<body_reader> body_reader::of(const wire::http_head& head, std::string_view method,
                                    std::size_t max_bytes) {
  auto framing = wire::http1_body::of(head, method);
  if (!framing) return framing.error();
  body_reader body(*framing, max_bytes);
  const std::string_view coding = wire::find_header(head.headers, "Content-Encoding");
  if (coding.empty() || same(coding, "identity") || framing->done()) return body;
  if (same(coding, "gzip") || same(coding, "x-gzip")) {
    body.inflater_.emplace(inflater::coding::gzip);
  } else if (same(coding, "deflate")) {
    body.inflater_.emplace(inflater::coding::deflate);
  } else {
    return failure(errc::protocol, retry_class::maybe_billed,
                   "The answer has a content coding that was not asked for (not gzip or deflate).");
  }
  return body;
}

result<std::string_view> body_reader::unframe(std::span<char>& raw) {
  std::string_view input(raw.data(), raw.size());
  char* const begin = raw.data();
  std::size_t size = 0;
  while (!input.empty() && !framing_.done()) {
    const auto piece = framing_.next(input);
    if (!piece) return piece.error();
    // With one piece at the front nothing moves; an empty piece is nowhere.
    if (!piece->empty() && piece->data() != begin + size)
      std::memmove(begin + size, piece->data(), piece->size());
    size += piece->size();
  }
  raw = raw.last(input.size());
  return std::string_view(begin, size);
}

result<void> body_reader::count(std::size_t bytes) {
  given_ += bytes;
  if (given_ <= max_bytes_) return {};
  return failure(errc::too_large, retry_class::maybe_billed,
                 fmt::format("The answer is longer than the limit of {} bytes: ask for less, or "
                             "raise max_reply_bytes in the program (no setting does).",
                             max_bytes_));
}

result<void> body_reader::decode(std::string_view payload,
                                 const std::function<bool(std::string_view)>& each) {
  if (!inflater_) {
    if (payload.empty()) return {};
    if (auto ok = count(payload.size()); !ok) return ok;
    each(payload);
    return {};
  }
  if (holds_rest()) {  // still stopped: keep the order
    rest_.append(payload);
    return {};
  }
  // A part of this may be kept, so it must not be read from `rest_` itself.
  std::array<char, 16384> out;
  for (;;) {
    const auto made = inflater_->step(payload, out);
    if (!made) return made.error();
    more_ = *made == out.size();
    if (*made == 0 && payload.empty()) return {};
    if (auto ok = count(*made); !ok) return ok;
    if (*made > 0 && !each({out.data(), *made})) {
      rest_.assign(payload);
      return {};
    }
    if (!more_ && payload.empty()) return {};
  }
}

result<void> body_reader::drain(const std::function<bool(std::string_view)>& each) {
  if (!holds_rest()) return {};
  const std::string rest = std::exchange(rest_, {});
  more_ = false;
  return decode(rest, each);
}

result<void> body_reader::check_whole() const {
  if (!inflater_ || inflater_->complete()) return {};
  return failure(errc::truncated, retry_class::maybe_billed,
                 "The answer's compressed body ended before its end.");
}

}  // namespace ark::net
