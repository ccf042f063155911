#pragma once
#include "catalog/vendor_rows.hpp"
#include "dialect/openai_chat.hpp"
#include "dialect_support.hpp"
#include "rows.hpp"

namespace ark::test::openai {

/// A row of the family without quirks.
inline vendor plain_row(std::vector<quirk_item> quirks = {}) {
  vendor v;
  v.name = "plain";
  v.dialect = "openai_chat";
  v.base_url = "https://host.example/v1";
  v.quirks = std::move(quirks);
  return v;
}

/// A built-in row.
inline vendor row(std::string_view name) {
  const auto rows = catalog::unpack_vendors(adapters::vendor_rows());
  if (rows)
    for (const vendor& v : *rows)
      if (v.name == name) return v;
  ADD_FAILURE() << "no row " << name;
  return {};
}

inline result<dialect::encoded> encode(const call& c, const vendor& v = plain_row(),
                                       bool stream = false) {
  return adapters::openai_chat().encode_chat(c, "m", v, stream);
}

inline result<reply> decode(const std::string& body, const vendor& v = plain_row(),
                            wire::header_list headers = {}) {
  const wire::http_head head{200, std::move(headers)};
  return adapters::openai_chat().decode_chat({head, body}, v);
}

/// A whole completion with this message, and more members of its choice and of itself.
inline std::string whole(const std::string& message, const std::string& choice = "",
                         const std::string& more = "") {
  return R"({"id":"c1","model":"m1","choices":[{"index":0,"message":)" + message + choice + "}]" +
         more + "}";
}

inline error decode_error(int status, const std::string& body, const vendor& v = plain_row(),
                          wire::header_list headers = {}) {
  const wire::http_head head{status, std::move(headers)};
  return adapters::openai_chat().decode_error({head, body}, v);
}

inline streamed stream(const std::vector<std::string>& frames, const vendor& v = plain_row()) {
  return stream_frames(adapters::openai_chat(), v, frames);
}

/// A chunk with this delta.
inline std::string chunk(const std::string& delta, const std::string& choice = "",
                         const std::string& more = "") {
  return R"({"id":"c1","model":"m1","choices":[{"index":0,"delta":)" + delta + choice + "}]" +
         more + "}";
}

}  // namespace ark::test::openai
