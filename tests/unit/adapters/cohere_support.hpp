#pragma once
#include "catalog/vendor_rows.hpp"
#include "dialect/cohere/cohere_chat.hpp"
#include "dialect_support.hpp"
#include "rows.hpp"

namespace ark::test::cohere {

/// The built-in row.
inline vendor plain_row(std::vector<quirk_item> quirks = {}) {
  const auto rows = catalog::unpack_vendors(adapters::vendor_rows());
  if (rows)
    for (vendor v : *rows)
      if (v.name == "cohere") {
        v.quirks.insert(v.quirks.end(), quirks.begin(), quirks.end());
        return v;
      }
  ADD_FAILURE() << "no row \"cohere\"";
  return {};
}

inline result<dialect::encoded> encode(const call& c, const vendor& v = plain_row(),
                                       bool stream = false) {
  return adapters::cohere_chat().encode_chat(c, "command-x", v, stream);
}

inline result<reply> decode(const std::string& body, const vendor& v = plain_row(),
                            wire::header_list headers = {}) {
  const wire::http_head head{200, std::move(headers)};
  return adapters::cohere_chat().decode_chat({head, body}, v);
}

inline error decode_error(int status, const std::string& body, const vendor& v = plain_row(),
                          wire::header_list headers = {}) {
  const wire::http_head head{status, std::move(headers)};
  return adapters::cohere_chat().decode_error({head, body}, v);
}

/// A whole reply with this message, and more members of its own.
inline std::string whole(const std::string& message, const std::string& more = "") {
  return R"({"id":"r1","message":)" + message + more + "}";
}

inline streamed stream(const std::vector<std::string>& frames, const vendor& v = plain_row()) {
  return stream_frames(adapters::cohere_chat(), v, frames);
}

inline const std::string message_start =
    R"({"type":"message-start","id":"r1","delta":{"message":{"role":"assistant","content":[],)"
    R"("tool_plan":"","tool_calls":[],"citations":[]}}})";

/// A frame about message.`what`.
inline std::string frame(const std::string& type, const std::string& what, const std::string& value,
                         int index = 0) {
  return R"({"type":")" + type + R"(","index":)" + std::to_string(index) +
         R"(,"delta":{"message":{")" + what + "\":" + value + "}}}";
}
inline std::string end_of(const std::string& type, int index = 0) {
  return R"({"type":")" + type + R"(","index":)" + std::to_string(index) + "}";
}
inline std::string message_end(const std::string& word, const std::string& more = "") {
  return R"({"type":"message-end","delta":{"finish_reason":")" + word + "\"" + more + "}}";
}

}  // namespace ark::test::cohere
