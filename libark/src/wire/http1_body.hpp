#pragma once
#include "wire/http_types.hpp"

#include <ark/result.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ark::wire {

/// Where the body of an HTTP/1.1 answer is in the bytes that follow its head (RFC 9112, 6.3 and
/// 7.1): a length, chunks, or all until the connection closes. Fed the read buffer as it fills;
/// gives views of the payload in it, so nothing is copied and nothing allocated. Pure.
class http1_body {
 public:
  /// How the answer `head` to a request with `method` is framed. errc::protocol for a length that
  /// is not a number, for two different ones, and for a transfer coding that is not "chunked".
  static result<http1_body> of(const http_head& head, std::string_view method);
  static http1_body with_length(std::uint64_t bytes) noexcept;
  static http1_body with_chunks() noexcept;
  static http1_body until_close() noexcept;

  /// Takes framing and the next piece of payload off the front of `input`; the piece is a view
  /// into it. Empty: `input` is used up, or the body is over (`done`), and what is left in `input`
  /// is not the body's. An error (errc::protocol, errc::too_large) is final.
  result<std::string_view> next(std::string_view& input);
  /// The connection closed. Fine for `until_close` and when done, else errc::truncated.
  result<void> close();

  bool done() const noexcept { return step_ == step::done; }
  /// The end of the body is the end of the connection, so that it cannot serve again. Also when the
  /// head says both a length and chunks, which may be an attack (RFC 9112, 6.1).
  bool ends_connection() const noexcept { return ends_connection_; }
  /// Bytes of the piece that are still to come, as far as is known: 0 if nothing is.
  std::uint64_t remaining() const noexcept { return remaining_; }

 private:
  enum class step : std::uint8_t {
    until_close,
    length,
    size_first,  ///< the first digit of a chunk's size
    size,        ///< further digits
    extension,   ///< after the size, until CR
    size_lf,
    chunk,
    chunk_cr,
    chunk_lf,
    trailer,  ///< the beginning of a trailer line, or of the line that ends it all
    trailer_line,
    trailer_lf,
    last_lf,
    done,
    failed,
  };

  struct failure;
  /// Each takes one byte of framing; null: it was right.
  const failure* take_framing(char c);
  const failure* take_size(char c);
  const failure* take_trailer(char c);
  error fail(const failure& why);

  step step_ = step::until_close;
  bool ends_connection_ = false;
  std::uint8_t digits_ = 0;
  std::uint32_t overhead_ = 0;  ///< bytes of the extension or of the trailers so far
  std::uint64_t remaining_ = 0;
  const failure* failure_ = nullptr;  ///< static
};

}  // namespace ark::wire
