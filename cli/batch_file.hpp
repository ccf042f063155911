#pragma once
#include <ark/jobs.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace ark::cli {

/// A file of calls for a batch: a JSON object to a line. Three forms, which may stand side by side:
///
///   {"custom_id": "a", "prompt": "Why is the sky blue?"}
///   {"custom_id": "b", "messages": [{"role": "user", "content": "..."}], "max_tokens": 100}
///   {"custom_id": "c", "method": "POST", "url": "/v1/chat/completions", "body": {"messages": ...}}
///
/// The third is OpenAI's own. Members are chat/completions': messages (texts, image_url parts, tool
/// calls and results), max_tokens or max_completion_tokens, temperature, top_p, stop, seed, tools,
/// tool_choice, parallel_tool_calls, response_format, reasoning_effort, service_tier, user; vendor
/// parameters go into "extra". Without a custom_id it is the line's number.
struct batch_lines_file {
  std::vector<batch_item> items;
  std::string model;  ///< what the lines say; "" if they say nothing
};

/// errc::config names file, line and member; unknown members and models that differ are errors.
result<batch_lines_file> read_batch_file(std::string_view text, const std::string& file);

}  // namespace ark::cli
