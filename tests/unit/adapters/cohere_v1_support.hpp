#pragma once
#include "cohere_support.hpp"
#include "dialect/cohere/cohere_v1.hpp"

namespace ark::test::cohere {

/// A built-in row of version 1: "cohere-v1" or "cohere-generate".
inline vendor v1_row(std::string_view name = "cohere-v1") {
  const auto rows = catalog::unpack_vendors(adapters::vendor_rows());
  if (rows)
    for (const vendor& v : *rows)
      if (v.name == name) return v;
  ADD_FAILURE() << "no row " << name;
  return {};
}

inline result<dialect::encoded> encode_v1(const call& c, const vendor& v = v1_row(),
                                          bool stream = false) {
  return adapters::cohere_v1().encode_chat(c, "command", v, stream);
}

inline result<reply> decode_v1(const std::string& body, const vendor& v = v1_row()) {
  const wire::http_head head{200, {{"x-debug-trace-id", "trace"}}};
  return adapters::cohere_v1().decode_chat({head, body}, v);
}

/// Lines of JSON.
inline streamed stream_v1(const std::vector<std::string>& lines, const vendor& v = v1_row()) {
  std::string bytes;
  for (const std::string& line : lines) bytes += line + "\n";
  return stream_bytes(adapters::cohere_v1(), v, bytes);
}

}  // namespace ark::test::cohere
