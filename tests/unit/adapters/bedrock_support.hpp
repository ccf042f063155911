#pragma once
#include "dialect/bedrock/bedrock_converse.hpp"
#include "dialect/bedrock_invoke/bedrock_invoke.hpp"
#include "tests/unit/adapters/dialect_support.hpp"
#include "wire/base64.hpp"

#include <zlib.h>
#include <utility>

namespace ark::test::bedrock {

inline vendor plain_row() {
  vendor v;
  v.name = "bedrock";
  v.dialect = "bedrock_converse";
  v.base_url = "https://bedrock-runtime.us-east-1.amazonaws.com";
  v.parameters = {"*"};
  return v;
}

inline result<dialect::encoded> encode(const call& c, const std::string& model = "amazon.nova",
                                       const vendor& v = plain_row(), bool stream = false) {
  return adapters::bedrock_converse().encode_chat(c, model, v, stream);
}

inline errc refusal(const call& c, const std::string& model = "amazon.nova") {
  const auto e = encode(c, model);
  return e ? errc::internal : e.error().code;
}

inline result<reply> decode(const std::string& body, int status = 200,
                            wire::header_list headers = {}) {
  const vendor v = plain_row();
  const wire::http_head head{status, std::move(headers)};
  return adapters::bedrock_converse().decode_chat({head, body}, v);
}

inline error decode_error(int status, const std::string& body, wire::header_list headers = {},
                          const vendor& v = plain_row()) {
  const wire::http_head head{status, std::move(headers)};
  return adapters::bedrock_converse().decode_error({head, body}, v);
}

/// A whole answer with these content blocks.
inline std::string whole(const std::string& content, const std::string& stop = "end_turn",
                         const std::string& usage = R"({"inputTokens":3,"outputTokens":2,)"
                                                    R"("totalTokens":5})") {
  return R"({"output":{"message":{"role":"assistant","content":[)" + content +
         R"(]}},"stopReason":")" + stop + R"(","usage":)" + usage +
         R"(,"metrics":{"latencyMs":9}})";
}

inline std::string big_endian(std::size_t value, int size) {
  std::string out;
  for (int shift = 8 * (size - 1); shift >= 0; shift -= 8)
    out += static_cast<char>(value >> shift & 0xff);
  return out;
}

inline std::string with_checksum(const std::string& bytes) {
  const auto sum = ::crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size());
  return bytes + big_endian(sum, 4);
}

inline std::string text_header(const std::string& name, const std::string& value) {
  return static_cast<char>(name.size()) + name + '\x07' + big_endian(value.size(), 2) + value;
}

/// A binary message. `kind` is "event", "exception" or "error".
inline std::string frame(const std::string& type, const std::string& payload,
                         const std::string& kind = "event") {
  std::string headers = text_header(":message-type", kind);
  if (kind == "error")
    headers += text_header(":error-code", type) + text_header(":error-message", payload);
  else
    headers += text_header(':' + kind + "-type", type);
  const std::string body = kind == "error" ? "" : payload;
  const auto total = 16 + headers.size() + body.size();
  return with_checksum(with_checksum(big_endian(total, 4) + big_endian(headers.size(), 4)) +
                       headers + body);
}

/// A stream of these binary messages.
inline streamed stream(const std::vector<std::string>& frames, const vendor& v = plain_row()) {
  std::string bytes;
  for (const std::string& each : frames) bytes += each;
  return stream_bytes(adapters::bedrock_converse(), v, bytes);
}

inline const std::string message_start = frame("messageStart", R"({"role":"assistant","p":"ab"})");
inline const std::string metadata = frame(
    "metadata",
    R"({"usage":{"inputTokens":3,"outputTokens":2,"totalTokens":5},"metrics":{"latencyMs":9}})");

inline std::string start(int index, const std::string& what) {
  return frame("contentBlockStart",
               R"({"contentBlockIndex":)" + std::to_string(index) + R"(,"start":)" + what + "}");
}
inline std::string delta(int index, const std::string& change) {
  return frame("contentBlockDelta", R"({"contentBlockIndex":)" + std::to_string(index) +
                                        R"(,"delta":)" + change + R"(,"p":"abc"})");
}
inline std::string end(int index) {
  return frame("contentBlockStop", R"({"contentBlockIndex":)" + std::to_string(index) + "}");
}
inline std::string stop(const std::string& word = "end_turn") {
  return frame("messageStop", R"({"stopReason":")" + word + R"("})");
}

// --- InvokeModel

inline vendor invoke_row() {
  vendor v = plain_row();
  v.name = "bedrock-invoke";
  v.dialect = "bedrock_invoke";
  v.parameters = {};
  return v;
}

inline result<dialect::encoded> encode_invoke(const call& c, const std::string& model,
                                              bool stream = false) {
  return adapters::bedrock_invoke().encode_chat(c, model, invoke_row(), stream);
}

/// With these headers and a request's id, "r1".
inline result<reply> decode_invoke(const std::string& body, wire::header_list headers = {}) {
  const vendor v = invoke_row();
  headers.push_back({"x-amzn-requestid", "r1"});
  const wire::http_head head{200, std::move(headers)};
  return adapters::bedrock_invoke().decode_chat({head, body}, v);
}

/// A binary message with a maker's own event.
inline std::string chunk(const std::string& event) {
  return frame("chunk", R"({"bytes":")" + wire::base64_encode(event) + R"(","p":"abc"})");
}

inline streamed stream_chunks(const std::vector<std::string>& frames) {
  std::string bytes;
  for (const std::string& each : frames) bytes += each;
  return stream_bytes(adapters::bedrock_invoke(), invoke_row(), bytes);
}

}  // namespace ark::test::bedrock
