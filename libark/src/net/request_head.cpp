#include "net/request_head.hpp"

#include "wire/http_check.hpp"

#include <fmt/format.h>
#include <iterator>

namespace ark::net {
namespace {

/// Host, with brackets for IPv6, and the port where it is not the scheme's own (RFC 9110, 7.2).
std::string authority(const wire::origin& origin) {
  const bool v6 = origin.host.find(':') != std::string::npos;
  std::string text = v6 ? "[" + origin.host + "]" : origin.host;
  if (origin.port != (origin.tls ? 443 : 80)) text += fmt::format(":{}", origin.port);
  return text;
}

bool has_body_method(std::string_view method) {
  return method == "POST" || method == "PUT" || method == "PATCH";
}

}  // namespace

result<std::string> write_request_head(const wire::origin& origin,
                                       const wire::http_request& request,
                                       const request_form& form) {
  if (auto ok = wire::check_request(request); !ok) return ok.error();
  std::string head;
  head.reserve(512);
  auto line = [&head](std::string_view name, std::string_view value) {
    head.append(name).append(": ").append(value).append("\r\n");
  };
  head.append(request.method).append(" ");
  if (form.absolute) head.append("http://").append(authority(origin));
  head.append(request.target).append(" HTTP/1.1\r\n");
  if (!wire::has_header(request.headers, "Host")) line("Host", authority(origin));
  for (const wire::header_field& field : request.headers) line(field.name, field.value);
  const std::string_view accept = wire::find_header(request.headers, "Accept");
  const bool streams = accept.find("text/event-stream") != std::string_view::npos;
  if (!streams && !wire::has_header(request.headers, "Accept-Encoding"))
    line("Accept-Encoding", "gzip");
  if (!form.proxy_authorization.empty()) line("Proxy-Authorization", form.proxy_authorization);
  if (!request.body.empty() || has_body_method(request.method)) {
    fmt::format_to(std::back_inserter(head), "Content-Length: {}\r\n", request.body.size());
  }
  head.append("\r\n");
  return head;
}

std::string write_connect_head(const wire::origin& origin, std::string_view proxy_authorization) {
  const bool v6 = origin.host.find(':') != std::string::npos;
  const std::string target =
      fmt::format(fmt::runtime(v6 ? "[{}]:{}" : "{}:{}"), origin.host, origin.port);
  std::string head = fmt::format("CONNECT {0} HTTP/1.1\r\nHost: {0}\r\n", target);
  if (!proxy_authorization.empty()) {
    head.append("Proxy-Authorization: ").append(proxy_authorization).append("\r\n");
  }
  head.append("\r\n");
  return head;
}

}  // namespace ark::net
