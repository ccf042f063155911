#pragma once
#include "net/inflater.hpp"
#include "wire/http1_body.hpp"

#include <ark/result.hpp>

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace ark::net {

/// From the bytes after a head to the body's content: framing, decompression, size limit. Pure.
class body_reader {
 public:
  /// errc::protocol for a framing or a content coding that cannot be undone.
  static result<body_reader> of(const wire::http_head& head, std::string_view method,
                                std::size_t max_bytes);

  /// Takes bytes off the front of `raw`. The payload is gathered at its beginning, in place, so
  /// that one read is one piece however many chunks it came in. What stays in `raw` is not the
  /// body's.
  result<std::string_view> unframe(std::span<char>& raw);
  /// Gives `payload` on as content, a piece at a time: `each(view) -> bool`. False stops, and what
  /// is left of `payload` is kept for `drain`.
  result<void> decode(std::string_view payload, const std::function<bool(std::string_view)>& each);
  /// Gives on what `decode` kept.
  result<void> drain(const std::function<bool(std::string_view)>& each);
  bool holds_rest() const noexcept { return more_ || !rest_.empty(); }

  /// The framing says that all is here.
  bool framing_done() const noexcept { return framing_.done(); }
  /// The connection cannot serve again after this body.
  bool ends_connection() const noexcept { return framing_.ends_connection(); }
  /// The peer closed: errc::truncated if that was too early.
  result<void> close() { return framing_.close(); }
  /// The content is whole; errc::truncated if the compressed stream is not.
  result<void> check_whole() const;

 private:
  body_reader(wire::http1_body framing, std::size_t max_bytes)
      : framing_(framing), max_bytes_(max_bytes) {}
  result<void> count(std::size_t bytes);

  wire::http1_body framing_;
  std::optional<inflater> inflater_;
  std::string rest_;   ///< compressed bytes kept back
  bool more_ = false;  ///< the inflater may have more output without more input
  std::size_t max_bytes_;
  std::size_t given_ = 0;
};

}  // namespace ark::net
