#pragma once
#include <ark/reply.hpp>

#include <string>

#include "base/json.hpp"

/// Replies in words and as JSON.
namespace ark::cli {

/// {"text", "reasoning", "tool_calls", "finish_reason", "usage", "cost", "model", ...}
std::string reply_json(const reply& r);
std::string embed_json(const embed_reply& r);
std::string rerank_json(const rerank_reply& r);
/// The members that replies without chat have in common, into an object that is open.
void write_facts(json::writer& w, const reply_facts& r);
/// {"status", "currency", "value"}; of an interval "low" and "high".
void write_cost(json::writer& w, const cost& c);
/// "0.000123 USD", "0 to 0.1 USD", "not billed", "cost unknown".
std::string cost_words(const cost& c);
/// "[0.1,-0.2]": each number the shortest text that reads back the same as a float.
std::string vector_json(const std::vector<float>& vector);
std::string route_json(const route& r);

/// "openai/gpt-5-mini, 12 in, 34 out, 0.000123 USD, 1.2 s". What is no token comes behind "out".
std::string summary(const route& r, const usage& u, const cost& c,
                    std::chrono::microseconds latency);

}  // namespace ark::cli
