#pragma once
#include "dialect/ollama/ollama_chat.hpp"
#include "dialect_support.hpp"

#include <boost/json.hpp>

namespace ark::test::ollama {

inline vendor plain_row(std::vector<quirk_item> quirks = {}) {
  vendor v;
  v.name = "ollama";
  v.dialect = "ollama_chat";
  v.base_url = "http://localhost:11434";
  v.quirks = std::move(quirks);
  return v;
}

inline result<dialect::encoded> encode(const call& c, const vendor& v = plain_row(),
                                       const std::string& model = "m", bool stream = false) {
  return adapters::ollama_chat().encode_chat(c, model, v, stream);
}

/// One member of the request for "hi" with what `c` has else; null if there is none.
inline boost::json::value member(call c, const char* name, const vendor& v = plain_row(),
                                 const std::string& model = "m") {
  if (c.messages.empty()) c.messages = {user("hi")};
  const auto body = body_of(encode(c, v, model));
  const auto* object = body.if_object();
  const auto* found = object == nullptr ? nullptr : object->if_contains(name);
  return found == nullptr ? boost::json::value() : *found;
}

inline result<reply> decode(const std::string& body, const vendor& v = plain_row()) {
  const wire::http_head head{200, {{"x-request-id", "r1"}}};
  return adapters::ollama_chat().decode_chat({head, body}, v);
}

inline error decode_error(int status, const std::string& body, wire::header_list headers = {}) {
  const vendor v = plain_row();
  const wire::http_head head{status, std::move(headers)};
  return adapters::ollama_chat().decode_error({head, body}, v);
}

/// A line that says this message, and one that ends the stream.
inline std::string line(const std::string& message) {
  return R"({"model":"m1","created_at":"2025-01-01T00:00:00Z","message":)" + message +
         R"(,"done":false})" + "\n";
}
inline std::string last_line(
    const std::string& reason = "stop",
    const std::string& counts = R"("prompt_eval_count":7,"eval_count":3)") {
  return R"({"model":"m1","created_at":"2025-01-01T00:00:01Z","message":{"role":"assistant",)"
         R"("content":""},"done":true,"done_reason":")" +
         reason + "\"," + counts + "}\n";
}

inline streamed stream(const std::string& bytes, const vendor& v = plain_row()) {
  return stream_bytes(adapters::ollama_chat(), v, bytes);
}

}  // namespace ark::test::ollama
