#include "bench.hpp"

#include <charconv>
#include <ctime>

namespace ark::bench {

std::int64_t now_ns() {
  timespec t{};
  ::clock_gettime(CLOCK_MONOTONIC, &t);
  return static_cast<std::int64_t>(t.tv_sec) * 1'000'000'000 + t.tv_nsec;
}

double delay_us(std::string_view text) {
  const auto begin = text.find('@');
  const auto end = text.find('@', begin + 1);
  if (begin == std::string_view::npos || end == std::string_view::npos) return -1;
  std::int64_t stamp = 0;
  std::from_chars(text.data() + begin + 1, text.data() + end, stamp);
  return static_cast<double>(now_ns() - stamp) / 1000;
}

std::string request_body(bool stream) {
  std::string body =
      R"({"model":"gpt-4o-mini","messages":[{"role":"user","content":"Write a haiku about rain."}])";
  if (stream) body += R"(,"stream":true,"stream_options":{"include_usage":true})";
  return body + "}";
}

std::string request_bytes(const workload& w) {
  const std::string body = request_body(w.stream);
  return "POST " + w.path +
         " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
         "Authorization: Bearer sk-bench\r\nUser-Agent: bench\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::string chat_reply() {
  return R"({
  "id": "chatcmpl-BenchBenchBenchBenchBenchBe",
  "object": "chat.completion",
  "created": 1760000000,
  "model": "gpt-4o-mini-2024-07-18",
  "choices": [
    {
      "index": 0,
      "message": {
        "role": "assistant",
        "content": "Soft rain taps the pane,\nwhispers stories to the roof,\nearth drinks and is still.",
        "refusal": null,
        "annotations": []
      },
      "logprobs": null,
      "finish_reason": "stop"
    }
  ],
  "usage": {
    "prompt_tokens": 14,
    "completion_tokens": 20,
    "total_tokens": 34,
    "prompt_tokens_details": { "cached_tokens": 0, "audio_tokens": 0 },
    "completion_tokens_details": { "reasoning_tokens": 0, "audio_tokens": 0 }
  },
  "service_tier": "default"
}
)";
}

namespace {

std::string chunk_json(std::string_view delta, std::string_view finish, std::string_view usage,
                       bool choice = true) {
  std::string text =
      R"(data: {"id":"chatcmpl-BenchBenchBenchBenchBenchBe","object":"chat.completion.chunk",)"
      R"("created":1760000000,"model":"gpt-4o-mini-2024-07-18","service_tier":"default",)"
      R"("system_fingerprint":"fp_0123456789","choices":[)";
  if (choice) {
    text.append(R"({"index":0,"delta":)").append(delta);
    text.append(R"(,"logprobs":null,"finish_reason":)").append(finish).append("}");
  }
  return text.append(R"(],"usage":)").append(usage).append("}\n\n");
}

}  // namespace

std::string event_with(std::string_view text) {
  return chunk_json(R"({"content":")" + std::string(text) + R"("})", "null", "null");
}

std::vector<std::string> stream_events() {
  static constexpr std::string_view words[] = {" rain", " falls", " on",
                                               " the",  " quiet", " roof,"};
  std::vector<std::string> events;
  events.push_back(
      chunk_json(R"({"role":"assistant","content":"","refusal":null})", "null", "null"));
  for (std::size_t i = 0; i < 312; ++i) events.push_back(event_with(words[i % std::size(words)]));
  events.push_back(chunk_json("{}", R"("stop")", "null"));
  events.push_back(chunk_json(
      "", "", R"({"prompt_tokens":14,"completion_tokens":312,"total_tokens":326})", false));
  events.push_back("data: [DONE]\n\n");
  return events;
}

}  // namespace ark::bench
