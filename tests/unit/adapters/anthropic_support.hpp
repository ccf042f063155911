#pragma once
#include "../../support/stream_laws.hpp"
#include "dialect/anthropic_messages.hpp"
#include "dialect/frame_driver.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <boost/json.hpp>
#include <string>

namespace ark::test {

inline vendor anthropic_row() {
  vendor v;
  v.name = "anthropic";
  v.dialect = "anthropic_messages";
  v.base_url = "https://api.anthropic.com/v1";
  return v;
}

inline result<dialect::encoded> encode(const call& c, const vendor& v = anthropic_row(),
                                       const std::string& model = "claude-opus-4-7",
                                       bool stream = false) {
  return adapters::anthropic_messages().encode_chat(c, model, v, stream);
}

/// The request's body as a tree; null and a failed test when it is not JSON or refused.
inline boost::json::value body_of(const result<dialect::encoded>& e) {
  if (!e) {
    ADD_FAILURE() << e.error().message;
    return nullptr;
  }
  boost::json::error_code failure;
  auto tree = boost::json::parse(e->request.body, failure);
  EXPECT_FALSE(failure) << e->request.body;
  return tree;
}

/// The same JSON, whatever the order of members.
inline void expect_json(const boost::json::value& got, const char* expected) {
  EXPECT_EQ(got, boost::json::parse(expected)) << boost::json::serialize(got);
}

inline result<reply> decode(const std::string& body, int status = 200,
                            wire::header_list headers = {}) {
  const vendor v = anthropic_row();
  const wire::http_head head{status, std::move(headers)};
  return adapters::anthropic_messages().decode_chat({head, body}, v);
}

inline error decode_error(int status, const std::string& body, wire::header_list headers = {}) {
  const vendor v = anthropic_row();
  const wire::http_head head{status, std::move(headers)};
  return adapters::anthropic_messages().decode_error({head, body}, v);
}

/// A message of the assistant with this content.
inline std::string whole(const std::string& content, const std::string& more = "") {
  return R"({"id":"msg_1","type":"message","role":"assistant","model":"claude-x","content":[)" +
         content + "]" + more + "}";
}

struct streamed {
  std::vector<event> events;
  ark::reply reply;
  std::optional<error> failure;
};

/// Feeds frames given as JSON, each in its own SSE event.
inline streamed stream(const std::vector<std::string>& frames, const vendor& v = anthropic_row()) {
  dialect::frame_driver driver(adapters::anthropic_messages(), v, {});
  result<void> fed;
  for (std::string frame : frames) {
    std::replace(frame.begin(), frame.end(), '\n', ' ');
    if (fed) fed = driver.feed("data: " + frame + "\n\n");
  }
  if (fed) fed = driver.finish();
  streamed out{std::move(driver.events()), std::move(driver.builder().reply()), {}};
  if (!fed) out.failure = fed.error();
  return out;
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

inline void expect_lawful(const streamed& s) {
  EXPECT_EQ(stream_laws::broken(s.events, s.failure.has_value(), &s.reply),
            std::vector<std::string>{});
}

}  // namespace ark::test
