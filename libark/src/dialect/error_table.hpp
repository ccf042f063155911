#pragma once
#include "base/json_reader.hpp"
#include "wire/http_types.hpp"

#include <ark/error.hpp>

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace ark::dialect {

/// What an error means to the caller: our code, and whether the call may be sent again.
struct error_meaning {
  errc code = errc::server;
  retry_class retry = retry_class::never;
};

/// What an HTTP status means where the vendor's own words say nothing more. `safe` only where the
/// status itself says that nothing was done (429, 503, 529).
error_meaning meaning_of_status(int status) noexcept;

/// Of what the vendor's words mean and what the status means, the one that says more: words that
/// only say "failed" say less than a status that is an error of the server's or a rate limit.
error_meaning more_telling(error_meaning words, int status) noexcept;

/// Puts a meaning into `e`: code, retry class, our sentence. Where `e.http_status` is no error the
/// request was accepted, and nothing is `safe`: the vendor may bill what it did before it failed.
/// `status`: the HTTP answer's, or the one that an error inside a 200 names itself.
void set_meaning(error& e, error_meaning meaning, int status);
inline void set_meaning(error& e, error_meaning meaning) { set_meaning(e, meaning, e.http_status); }

/// A 2xx answer that no reply can be read from: errc::protocol, with the beginning of `body`.
/// `what`: what it is not ("not of the DashScope family: check the base URL").
error unreadable(int status, std::string_view body, std::string_view what, std::string request_id);

/// An answer that is not 2xx: what `read` makes of its JSON object. Where it makes nothing of it,
/// or the answer is none (a gateway's page), the beginning of `body` is all there is to say. Then
/// what the headers say: `request_id` where it is one, and when to try again.
error failure_of(const wire::http_head& head, std::string_view body, std::string request_id,
                 const std::function<std::optional<error>(json::element)>& read);

/// Our sentence for `code`: what the caller can do. Never quotes the vendor. `status` 0: not HTTP.
std::string advice(errc code, int status);

/// Reads `retry-after-ms`, `retry-after` (seconds, or a date beside the answer's own `date`) and
/// `x-should-retry` into `e`: `safe` with a time becomes `after`; "false" becomes `never`.
void read_retry_headers(const wire::header_list& headers, error& e);

}  // namespace ark::dialect
