#include "base/json_reader.hpp"
#include "support.hpp"

#include <gtest/gtest.h>

using namespace ark;
using ark::test::run_acme;

namespace {

std::string at(const std::string& line, std::string_view path) {
  json::reader reader;
  const auto root = reader.parse(line);
  json::element found;
  if (!root || !json::find_path(*root, path, found)) return "absent";
  return simdjson::minify(found);
}

TEST(replay_json, a_reply) {
  const std::string line = replay::to_json(run_acme(test::acme_recording(
      R"({"id":"m","model":"a-1","stop_reason":"tool_use","usage":{"input_tokens":5,
          "cache_creation_input_tokens":4,"cache_creation":{"ephemeral_1h_input_tokens":4},
          "output_tokens":9,"output_tokens_details":{"thinking_tokens":2},
          "server_tool_use":{"web_search_requests":1}},
          "content":[{"type":"tool_use","id":"t","name":"f","input":{"a":[1]}}]})")));
  EXPECT_EQ(line.find('\n'), std::string::npos);
  EXPECT_EQ(at(line, "file"), "\"a/b.json\"");
  EXPECT_EQ(at(line, "outcome"), "\"reply\"");
  EXPECT_EQ(at(line, "finish_reason"), "\"tool_calls\"");
  EXPECT_EQ(at(line, "tool_calls"), R"([{"id":"t","name":"f","arguments":"{\"a\":[1]}"}])");
  EXPECT_EQ(at(line, "usage"),
            R"({"input":5,"cache_read":0,"cache_write":0,"cache_write_1h":4,"output":7,)"
            R"("reasoning":2,"total":18,"units":{"web_search":1}})");
  EXPECT_EQ(at(line, "error"), "null");
}

TEST(replay_json, an_error_has_both_our_words_and_the_vendors) {
  auto recording = test::acme_recording(
      R"({"type":"error","error":{"type":"rate_limit_error","message":"slow \"down\""}})");
  recording.head.status = 429;
  const std::string line = replay::to_json(run_acme(recording));
  EXPECT_EQ(at(line, "outcome"), "\"error\"");
  EXPECT_EQ(at(line, "error.code"), "\"rate_limit\"");
  EXPECT_EQ(at(line, "error.retry_class"), "\"safe\"");
  EXPECT_EQ(at(line, "error.http_status"), "429");
  EXPECT_EQ(at(line, "error.vendor_code"), "\"rate_limit_error\"");
  EXPECT_NE(at(line, "error.message").find(R"(slow \"down\")"), std::string::npos);
  EXPECT_EQ(at(line, "usage"), "{}");
  EXPECT_EQ(at(line, "finish_reason"), "\"\"");
}

TEST(replay_json, unsupported_says_why) {
  auto recording = test::acme_recording("");
  recording.provider = "nobody";
  const std::string line = replay::to_json(run_acme(recording));
  EXPECT_EQ(at(line, "outcome"), "\"unsupported\"");
  EXPECT_NE(at(line, "notes.0").find("nobody"), std::string::npos);
}

}  // namespace
