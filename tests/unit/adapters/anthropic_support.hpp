#pragma once
#include "dialect/anthropic_messages.hpp"
#include "dialect_support.hpp"

namespace ark::test::anthropic {

inline vendor plain_row() {
  vendor v;
  v.name = "anthropic";
  v.dialect = "anthropic_messages";
  v.base_url = "https://api.anthropic.com/v1";
  return v;
}

inline result<dialect::encoded> encode(const call& c, const vendor& v = plain_row(),
                                       const std::string& model = "claude-opus-4-7",
                                       bool stream = false) {
  return adapters::anthropic_messages().encode_chat(c, model, v, stream);
}

inline result<reply> decode(const std::string& body, int status = 200,
                            wire::header_list headers = {}) {
  const vendor v = plain_row();
  const wire::http_head head{status, std::move(headers)};
  return adapters::anthropic_messages().decode_chat({head, body}, v);
}

inline error decode_error(int status, const std::string& body, wire::header_list headers = {}) {
  const vendor v = plain_row();
  const wire::http_head head{status, std::move(headers)};
  return adapters::anthropic_messages().decode_error({head, body}, v);
}

/// A message of the assistant with this content.
inline std::string whole(const std::string& content, const std::string& more = "") {
  return R"({"id":"msg_1","type":"message","role":"assistant","model":"claude-x","content":[)" +
         content + "]" + more + "}";
}

inline streamed stream(const std::vector<std::string>& frames, const vendor& v = plain_row()) {
  return stream_frames(adapters::anthropic_messages(), v, frames);
}

inline const std::string message_start =
    R"({"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant",)"
    R"("model":"claude-x","content":[],"usage":{"input_tokens":10,"output_tokens":1}}})";
inline const std::string message_stop = R"({"type":"message_stop"})";

inline std::string begin(int index, const std::string& block) {
  return R"({"type":"content_block_start","index":)" + std::to_string(index) +
         R"(,"content_block":)" + block + "}";
}
inline std::string delta(int index, const std::string& change) {
  return R"({"type":"content_block_delta","index":)" + std::to_string(index) + R"(,"delta":)" +
         change + "}";
}
inline std::string end(int index) {
  return R"({"type":"content_block_stop","index":)" + std::to_string(index) + "}";
}
inline std::string stop(const std::string& word,
                        const std::string& usage = R"({"output_tokens":5})") {
  return R"({"type":"message_delta","delta":{"stop_reason":")" + word +
         R"(","stop_sequence":null},"usage":)" + usage + "}";
}

}  // namespace ark::test::anthropic
