#pragma once
#include "dialect/dashscope/dashscope_native.hpp"
#include "dialect_support.hpp"

namespace ark::test::dashscope {

/// A row of the family without quirks.
inline vendor plain_row(std::vector<quirk_item> quirks = {}) {
  vendor v;
  v.name = "dashscope-native";
  v.dialect = "dashscope";
  v.base_url = "https://host.example/api/v1";
  v.quirks = std::move(quirks);
  return v;
}

/// A row whose streams repeat in each chunk all that came before.
inline vendor cumulative_row() {
  return plain_row({quirk::set_default{"incremental_output", "false"}});
}

inline result<dialect::encoded> encode(const call& c, const vendor& v = plain_row(),
                                       bool stream = false,
                                       const std::string& model = "qwen-plus") {
  return adapters::dashscope_native().encode_chat(c, model, v, stream);
}

inline result<reply> decode(const std::string& body, const vendor& v = plain_row(),
                            wire::header_list headers = {}) {
  const wire::http_head head{200, std::move(headers)};
  return adapters::dashscope_native().decode_chat({head, body}, v);
}

inline error decode_error(int status, const std::string& body, const vendor& v = plain_row(),
                          wire::header_list headers = {}) {
  const wire::http_head head{status, std::move(headers)};
  return adapters::dashscope_native().decode_error({head, body}, v);
}

inline const std::string usage_13_5 =
    R"("usage":{"input_tokens":13,"output_tokens":5,"total_tokens":18})";

/// A reply or a chunk with this message.
inline std::string answer_of(const std::string& message, const std::string& finish = "null",
                             const std::string& usage = usage_13_5) {
  return R"({"request_id":"r1","output":{"choices":[{"finish_reason":")" + finish +
         R"(","message":)" + message + "}]}," + usage + "}";
}

/// A chunk as the vendor frames it: an id, a type, a status in a comment.
inline std::string frame(const std::string& data, const std::string& type = "result",
                         int status = 200) {
  return "id:1\nevent:" + type + "\n:HTTP_STATUS/" + std::to_string(status) + "\ndata:" + data +
         "\n\n";
}

inline std::string text(const std::string& words, const std::string& finish = "null") {
  return frame(answer_of(R"({"role":"assistant","content":")" + words + "\"}", finish));
}

inline streamed stream(const std::string& bytes, const vendor& v = plain_row()) {
  return stream_bytes(adapters::dashscope_native(), v, bytes);
}

}  // namespace ark::test::dashscope
