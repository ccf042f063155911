#include "telemetry/targets.hpp"

#include "wire/http_check.hpp"
#include "wire/url.hpp"

#include <algorithm>

namespace ark::telemetry {

result<target> target_of(const telemetry_options& options, signal which) {
  const bool traces = which == signal::traces;
  const std::string& own = traces ? options.traces_endpoint : options.metrics_endpoint;
  const auto url = wire::parse_base_url(own.empty() ? options.endpoint : own);
  if (!url) {
    error e = url.error();
    e.message = std::string("telemetry: the ") + (traces ? "traces" : "metrics") + " endpoint is " +
                e.message;
    return e;
  }
  target out{.origin = url->origin, .path = url->path};
  if (own.empty()) out.path += traces ? "/v1/traces" : "/v1/metrics";
  if (out.path.empty()) out.path = "/";
  out.gzip = options.gzip;
  out.timeout = std::max(options.request_timeout, std::chrono::milliseconds(1));
  out.max_attempts = std::max(options.max_attempts, 1);
  for (const auto& [name, value] : options.headers) {
    wire::header_field field{name, std::string(value.reveal_secret()), true};
    if (auto ok = wire::check_header(field); !ok) {
      error e = ok.error();
      e.code = errc::config;
      e.message = "telemetry: " + e.message;
      return e;
    }
    out.headers.push_back(std::move(field));
  }
  return out;
}

}  // namespace ark::telemetry
