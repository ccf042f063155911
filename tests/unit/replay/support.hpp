#pragma once
#include "dialect/anthropic_messages.hpp"
#include "replay/replay.hpp"

#include <string>

namespace ark::test {

inline vendor acme() {
  vendor v;
  v.name = "acme";
  v.dialect = "anthropic_messages";
  v.base_url = "https://acme.test/v1";
  return v;
}

/// A recording of the messages family, made up.
inline replay::recording acme_recording(std::string body, std::string type = "application/json") {
  replay::recording r{.file = "a/b.json",
                      .provider = "acme",
                      .op = "chat",
                      .method = "POST",
                      .url = "https://acme.test/v1/messages?beta=true"};
  r.head.status = 200;
  r.head.headers.push_back({"content-type", std::move(type)});
  r.body = std::move(body);
  return r;
}

inline replay::replay_result run_acme(const replay::recording& r, replay::feeding how = {}) {
  const vendor v = acme();
  const dialect::dialect_list dialects({&adapters::anthropic_messages()});
  return replay::run(r, dialects, {&v}, how);
}

inline const std::string acme_stream =
    "event: message_start\n"
    R"(data: {"type":"message_start","message":{"id":"m1","model":"a-1","content":[],)"
    R"("usage":{"input_tokens":3,"output_tokens":1}}})"
    "\n\nevent: content_block_start\n"
    R"(data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}})"
    "\n\nevent: ping\ndata: {\"type\":\"ping\"}\n\nevent: content_block_delta\n"
    R"(data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"hé"}})"
    "\n\nevent: content_block_stop\n"
    R"(data: {"type":"content_block_stop","index":0})"
    "\n\nevent: message_delta\n"
    R"(data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},)"
    R"("usage":{"output_tokens":2}})"
    "\n\nevent: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";

}  // namespace ark::test
