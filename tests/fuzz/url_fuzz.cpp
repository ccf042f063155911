// Base URLs: what is accepted prints as a URL that means the same, and hides nothing.
#include "tests/fuzz/fuzz.hpp"
#include "wire/address.hpp"
#include "wire/http_check.hpp"
#include "wire/url.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ark;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  (void)wire::parse_proxy_url(text);
  if (const auto url = wire::parse_base_url(text)) {
    const auto again = wire::parse_base_url(url->to_string());
    fuzz::require(again && *again == *url, "a URL reads back the same");
    fuzz::require(wire::is_field_value(url->origin.host), "a host stays one line");
    wire::http_request request{.target = url->path + "/x", .headers = {}, .body = {}};
    fuzz::require(wire::check_request(request).has_value(), "a path is a target");
    (void)wire::classify_host(url->origin.host);
  }
  if (const auto segment = wire::encode_segment(text)) {
    fuzz::require(segment->find_first_of("/?#\\") == std::string::npos, "a segment is one segment");
    wire::http_request request{.target = "/models/" + *segment, .headers = {}, .body = {}};
    wire::append_query(request.target, text, text);
    fuzz::require(wire::check_request(request).has_value(), "an encoded target is a target");
  }
  return 0;
}
