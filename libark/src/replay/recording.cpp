#include "base/json_reader.hpp"
#include "replay/replay.hpp"
#include "wire/base64.hpp"

namespace ark::replay {
namespace {

using json::element;

std::string text_of(element root, std::string_view name) {
  element found;
  return json::find(root, name, found) ? std::string(json::as_text(found)) : std::string{};
}

error wrong(const std::string& file, const std::string& what) {
  return {.code = errc::config, .message = file + ": " + what};
}

/// `name` as text, or `name`_base64 decoded.
result<std::string> body_of(element root, const std::string& name, const std::string& file) {
  element found;
  const std::string encoded = name + "_base64";
  if (!json::find(root, encoded, found)) return text_of(root, name);
  auto bytes = wire::base64_decode(json::as_text(found));
  if (!bytes) return wrong(file, "member \"" + encoded + "\": " + bytes.error().message);
  return bytes;
}

void read_headers(element root, wire::header_list& out) {
  element found;
  simdjson::dom::object members;
  if (!json::find(root, "response_headers", found) || found.get(members)) return;
  for (const auto field : members) {
    simdjson::dom::array values;
    if (field.value.get(values)) {
      out.push_back({std::string(field.key), std::string(json::as_text(field.value))});
      continue;
    }
    for (const element value : values)
      out.push_back({std::string(field.key), std::string(json::as_text(value))});
  }
}

}  // namespace

result<recording> read_recording(std::string_view json, std::string file) {
  json::reader reader;
  const auto root = reader.parse(json);
  if (!root) return wrong(file, root.error().message);
  if (!root->is_object()) return wrong(file, "a recording is a JSON object");
  recording r{.file = std::move(file),
              .provider = text_of(*root, "provider"),
              .op = text_of(*root, "op"),
              .method = text_of(*root, "method"),
              .url = text_of(*root, "url")};
  element found;
  if (!json::find(*root, "status", found) || json::as_integer(found) < 100 ||
      json::as_integer(found) > 999)
    return wrong(r.file, "member \"status\" must be an HTTP status");
  r.head.status = static_cast<int>(json::as_integer(found));
  if (r.provider.empty()) return wrong(r.file, "member \"provider\" is missing");
  if (r.url.empty()) return wrong(r.file, "member \"url\" is missing");
  read_headers(*root, r.head.headers);
  simdjson::dom::array lengths;
  if (json::find(*root, "chunk_lengths", found) && !found.get(lengths))
    for (const element length : lengths)
      r.chunk_lengths.push_back(static_cast<std::size_t>(json::as_integer(length)));
  auto request = body_of(*root, "request_body", r.file);
  if (!request) return request.error();
  auto response = body_of(*root, "response_body", r.file);
  if (!response) return response.error();
  r.request_body = std::move(*request);
  r.body = std::move(*response);
  return r;
}

}  // namespace ark::replay
