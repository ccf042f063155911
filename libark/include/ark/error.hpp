#pragma once
#include <ark/config.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ark {

/// What went wrong, in the library's own terms. The names are stable; new ones may be added.
/// libark/doc/errors.md says for each what a caller can do.
enum class errc : std::uint8_t {
  invalid_request,  ///< the call cannot be made, or the vendor says it is malformed
  auth,             ///< no key, a wrong key, a key bound to another origin
  permission,       ///< the key is known and may not do this
  not_found,        ///< unknown model, vendor, endpoint or object
  context_length,   ///< the prompt (or prompt + answer) is longer than the model takes
  content_filter,   ///< the vendor refused the prompt by policy
  rate_limit,       ///< too many requests; try later
  quota,            ///< the account has no money or quota left: never retried
  overloaded,       ///< the vendor says it is overloaded or down for now
  server,           ///< the vendor failed
  timeout,          ///< a deadline of the call passed (the message names which)
  cancelled,        ///< the caller cancelled
  network,          ///< resolve, connect, send or receive failed
  tls,              ///< the handshake or the certificate was refused
  truncated,        ///< the answer ended before its end
  protocol,         ///< bytes that are not the protocol: HTTP, SSE, JSON or the vendor's shapes
  too_large,        ///< a limit of the library was reached (the message names it)
  no_candidate,     ///< `auto` found no model that fits (the message says why)
  budget,           ///< a budget or the call's own ceiling refused it
  ledger,           ///< the ledger could not record the attempt, so nothing was sent
  config,           ///< a file that a person wrote is wrong (file, line, field)
  unsupported,      ///< this version or this vendor cannot do it
  internal,         ///< a defect of the library
  circuit_open,     ///< the model has failed too often: it is left alone for a while
};

/// The stable name of `code`, as in `ark --json` and in the ledger. Static storage.
ARK_API std::string_view to_string(errc code) noexcept;

/// May the same call be sent again?
enum class retry_class : std::uint8_t {
  never,         ///< it would fail again
  safe,          ///< provably not billed: nothing was accepted
  maybe_billed,  ///< it may work, and the failed attempt may have been billed
  after,         ///< as `safe`, not before `error::retry_after`
};
ARK_API std::string_view to_string(retry_class value) noexcept;

/// A failure as a value. Copyable; owns its strings. Never holds a key or another secret.
struct error {
  errc code = errc::internal;
  retry_class retry = retry_class::never;
  int http_status = 0;    ///< 0: no HTTP answer
  std::string message{};  ///< ours: one sentence that says what to do; safe to print and to log
  std::string vendor_message{};  ///< the vendor's words: untrusted text, may quote the prompt
  std::string vendor_code{};     ///< the vendor's own code or type, as on the wire
  std::string request_id{};      ///< the vendor's id of the request, for its support
  std::optional<std::chrono::milliseconds> retry_after{};  ///< as the vendor asked, if it did
  int attempt = 0;  ///< which attempt failed, from 1; 0: none was made

  friend bool operator==(const error&, const error&) = default;
};

/// One line for a log: code, our message, status, vendor code, request id. Without the vendor's
/// words.
ARK_API std::string to_string(const error& value);

/// Thrown by `result<T>::value()` only.
[[noreturn]] ARK_API void throw_error(const error& value);

}  // namespace ark
