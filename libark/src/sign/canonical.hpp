#pragma once
#include "sign/signable.hpp"

#include <cstdint>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// A request in the one form that both sides hash. The signers of this module share most of it.
namespace ark::sign {

// UTC, whole seconds.
std::string compact_time(wire::wall_time at);  ///< "20150830T123600Z"
std::string compact_date(wire::wall_time at);  ///< "20150830"
std::string dashed_date(wire::wall_time at);   ///< "2015-08-30"
std::string rfc3339_time(wire::wall_time at);  ///< "2015-08-30T12:36:00Z"
std::string http_date(wire::wall_time at);     ///< "Sun, 30 Aug 2015 12:36:00 GMT"
std::int64_t unix_seconds(wire::wall_time at);

/// Everything but RFC 3986's unreserved characters as %XX, upper case.
std::string encode(std::string_view text);
/// As `encode`, slashes kept.
std::string encode_path(std::string_view path);
/// errc::invalid_request for a "%" without two hexadecimal digits. "+" stays as it is: a space is
/// "%20" in what this library sends.
result<std::string> decode(std::string_view text);

std::string_view path_of(const wire::http_request& request);   ///< "/" if there is none
std::string_view query_of(const wire::http_request& request);  ///< without "?"
/// Without "." and ".." segments and without empty ones (RFC 3986, 5.2.4, and slashes merged).
std::string normalise_path(std::string_view path);

using parameter = std::pair<std::string, std::string>;
/// In the order of the query, decoded; "a" is "a=".
result<std::vector<parameter>> parameters_of(std::string_view query);
/// Encoded, sorted by name and then by value, joined with "&".
std::string canonical_query(const std::vector<parameter>& decoded);

/// The value of the request's Host header.
std::string host_of(const signable& what);
/// A header's values without white space at the ends, runs of it as one space.
std::string collapse(std::string_view value);

/// Signed headers: lower-case names, sorted; equal ones joined with "," in their order.
class signed_headers {
 public:
  void add(std::string_view name, std::string_view value);

  std::string lines() const;  ///< "name:value\n" each
  std::string names() const;  ///< "host;x-date"

 private:
  std::map<std::string, std::string, std::less<>> values_;
};

/// True for headers that proxies and transports write or change: never signed.
bool is_changed_on_the_way(std::string_view name);
/// errc::invalid_request if the request has one of the headers that a signer is about to add.
result<void> check_unsigned(const wire::http_request& request,
                            std::initializer_list<std::string_view> added);

/// The same for the parameters of its query.
result<void> check_unsigned(const std::vector<parameter>& decoded,
                            std::initializer_list<std::string_view> added);

/// "METHOD\npath\nquery\nheaders\n\nnames\nhash", the form that four of the algorithms share.
std::string canonical_request(std::string_view method, std::string_view path,
                              std::string_view query, const signed_headers& headers,
                              std::string_view body_hash);

}  // namespace ark::sign
