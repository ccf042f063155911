#pragma once
#include "catalog/vendor_rows.hpp"
#include "dialect/openai_responses/openai_responses.hpp"
#include "dialect_support.hpp"
#include "rows.hpp"

namespace ark::test::responses {

/// A row of the family without quirks.
inline vendor plain_row(std::vector<quirk_item> quirks = {}) {
  vendor v;
  v.name = "plain";
  v.dialect = "openai_responses";
  v.base_url = "https://host.example/v1";
  v.quirks = std::move(quirks);
  return v;
}

/// A built-in row.
inline vendor own_row(const std::string& name = "openai-responses") {
  const auto rows = catalog::unpack_vendors(adapters::vendor_rows());
  if (rows)
    for (const vendor& v : *rows)
      if (v.name == name) return v;
  ADD_FAILURE() << "no row " << name;
  return {};
}

inline result<dialect::encoded> encode(const call& c, const vendor& v = plain_row(),
                                       bool stream = false) {
  return adapters::openai_responses().encode_chat(c, "m", v, stream);
}

inline result<reply> decode(const std::string& body, const vendor& v = plain_row(),
                            wire::header_list headers = {}) {
  const wire::http_head head{200, std::move(headers)};
  return adapters::openai_responses().decode_chat({head, body}, v);
}

inline error decode_error(int status, const std::string& body, const vendor& v = plain_row()) {
  const wire::http_head head{status, {}};
  return adapters::openai_responses().decode_error({head, body}, v);
}

inline streamed stream(const std::vector<std::string>& frames, const vendor& v = plain_row()) {
  return stream_frames(adapters::openai_responses(), v, frames);
}

/// A response object with these items, and more members.
inline std::string response(const std::string& items,
                            const std::string& more = R"(,"status":"completed")") {
  return R"({"id":"r1","object":"response","model":"m1","output":[)" + items + "]" + more + "}";
}

/// A frame of this type with more members.
inline std::string frame(const std::string& type, const std::string& more) {
  return R"({"type":"response.)" + type + "\"," + more + "}";
}

inline std::string ended(const std::string& items = "",
                         const std::string& more = R"(,"status":"completed")") {
  return frame("completed", "\"response\":" + response(items, more));
}

inline std::string added(int index, const std::string& item) {
  return frame("output_item.added",
               "\"output_index\":" + std::to_string(index) + ",\"item\":" + item);
}

inline std::string done(int index, const std::string& item) {
  return frame("output_item.done",
               "\"output_index\":" + std::to_string(index) + ",\"item\":" + item);
}

inline std::string delta(const std::string& what, int index, const std::string& text,
                         int part = 0) {
  return frame(what + ".delta", "\"output_index\":" + std::to_string(index) +
                                    ",\"content_index\":" + std::to_string(part) +
                                    ",\"summary_index\":" + std::to_string(part) + ",\"delta\":\"" +
                                    text + "\"");
}

/// A message item that says this.
inline std::string saying(const std::string& text, const std::string& more = "") {
  return R"({"type":"message","id":"msg1","role":"assistant","content":[{"type":"output_text",)"
         R"("text":")" +
         text + "\",\"annotations\":[]}]" + more + "}";
}

}  // namespace ark::test::responses
