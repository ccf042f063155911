#pragma once
#include "catalog/vendor_rows.hpp"
#include "dialect/gemini/gemini_content.hpp"
#include "dialect_support.hpp"
#include "rows.hpp"

namespace ark::test::gemini {

/// A built-in row: "gemini" or "vertex".
inline vendor row(std::string_view name = "gemini") {
  const auto rows = catalog::unpack_vendors(adapters::vendor_rows());
  if (rows)
    for (const vendor& v : *rows)
      if (v.name == name) return v;
  ADD_FAILURE() << "no row " << name;
  return {};
}

inline result<dialect::encoded> encode(const call& c, const vendor& v = row(),
                                       const std::string& model = "gemini-2.5-flash",
                                       bool stream = false) {
  return adapters::gemini_content().encode_chat(c, model, v, stream);
}

inline result<reply> decode(const std::string& body, const vendor& v = row(), int status = 200) {
  const wire::http_head head{status, {}};
  return adapters::gemini_content().decode_chat({head, body}, v);
}

inline error decode_error(int status, const std::string& body, wire::header_list headers = {},
                          const vendor& v = row()) {
  const wire::http_head head{status, std::move(headers)};
  return adapters::gemini_content().decode_error({head, body}, v);
}

inline streamed stream(const std::vector<std::string>& frames, const vendor& v = row()) {
  return stream_frames(adapters::gemini_content(), v, frames);
}

/// An answer with these parts, and more members of the candidate and of itself.
inline std::string answer(const std::string& parts,
                          const std::string& candidate = R"(,"finishReason":"STOP")",
                          const std::string& more = "") {
  return R"({"candidates":[{"content":{"parts":[)" + parts + R"(],"role":"model"})" + candidate +
         R"(}],"modelVersion":"gemini-x","responseId":"r1")" + more + "}";
}

inline std::string with_usage(const std::string& usage) {
  return answer(R"({"text":"a"})", R"(,"finishReason":"STOP")",
                R"(,"usageMetadata":{)" + usage + "}");
}

}  // namespace ark::test::gemini
