#pragma once
#include "dialect/tencent/tencent_native.hpp"
#include "dialect_support.hpp"

namespace ark::test::tencent {

/// A row of the family without quirks.
inline vendor plain_row(std::vector<quirk_item> quirks = {}) {
  vendor v;
  v.name = "hunyuan-native";
  v.dialect = "tencent";
  v.base_url = "https://host.example";
  v.quirks = std::move(quirks);
  return v;
}

inline result<dialect::encoded> encode(const call& c, const vendor& v = plain_row(),
                                       bool stream = false) {
  return adapters::tencent_native().encode_chat(c, "hunyuan-pro", v, stream);
}

inline result<reply> decode(const std::string& body, const vendor& v = plain_row(),
                            wire::header_list headers = {}) {
  const wire::http_head head{200, std::move(headers)};
  return adapters::tencent_native().decode_chat({head, body}, v);
}

inline error decode_error(int status, const std::string& body, const vendor& v = plain_row(),
                          wire::header_list headers = {}) {
  const wire::http_head head{status, std::move(headers)};
  return adapters::tencent_native().decode_error({head, body}, v);
}

/// A whole reply with this message.
inline std::string whole(const std::string& message, const std::string& finish = "stop",
                         const std::string& more = "") {
  return R"({"Response":{"RequestId":"q1","Id":"i1","Created":1,"Choices":[{"Index":0,)"
         R"("FinishReason":")" +
         finish + R"(","Message":)" + message + "}]" + more + "}}";
}

/// A chunk of a stream: the same without `Response` around it.
inline std::string chunk(const std::string& delta, const std::string& finish = "",
                         const std::string& more = "") {
  return R"({"Id":"i1","Choices":[{"FinishReason":")" + finish + R"(","Delta":)" + delta + "}]" +
         more + "}";
}

inline streamed stream(const std::vector<std::string>& frames, const vendor& v = plain_row()) {
  return stream_frames(adapters::tencent_native(), v, frames);
}

}  // namespace ark::test::tencent
