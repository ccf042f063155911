#include "sim/answer.hpp"

namespace ark::testing {

namespace {

namespace bj = boost::json;

struct usual {
  int status;
  std::string_view openai_type, openai_code, anthropic_type, message;
};

/// What each vendor calls a status, as its documents and its recorded answers show.
constexpr usual table[] = {
    {400, "invalid_request_error", "", "invalid_request_error", "Invalid request."},
    {401, "invalid_request_error", "invalid_api_key", "authentication_error", "invalid x-api-key"},
    {402, "insufficient_quota", "insufficient_quota", "billing_error",
     "Your credit balance is too low."},
    {403, "invalid_request_error", "unsupported_country_region_territory", "permission_error",
     "Your API key does not have permission to use the specified resource."},
    {404, "invalid_request_error", "model_not_found", "not_found_error", "Not found."},
    {408, "timeout", "", "timeout_error", "Request timed out."},
    {413, "invalid_request_error", "", "request_too_large", "Request exceeds the maximum size."},
    {422, "invalid_request_error", "", "invalid_request_error", "Unprocessable request."},
    {429, "requests", "rate_limit_exceeded", "rate_limit_error",
     "Rate limit reached. Please try again later."},
    {500, "server_error", "", "api_error",
     "The server had an error while processing your request."},
    {502, "server_error", "", "api_error", "Bad gateway."},
    {503, "server_error", "", "overloaded_error", "The server is overloaded or not ready yet."},
    {504, "server_error", "", "timeout_error", "Gateway timeout."},
    {529, "server_error", "overloaded", "overloaded_error", "Overloaded"},
};

usual usual_of(int status) {
  for (const auto& row : table)
    if (row.status == status) return row;
  return status < 500 ? table[0] : usual{status, "server_error", "", "api_error", "Server error."};
}

bj::value text_or_null(std::string_view text) {
  return text.empty() ? bj::value(nullptr) : bj::value(text);
}

}  // namespace

answer error_answer(wire_family family, const vendor_error& problem,
                    const std::string& request_id) {
  const usual row = usual_of(problem.status);
  const std::string message = problem.message.empty() ? std::string(row.message) : problem.message;
  answer out;
  out.status = problem.status;
  out.headers.emplace_back("content-type", "application/json");
  const std::string_view code = problem.code;
  if (family == wire_family::openai) {
    const auto type = code == "insufficient_quota" ? code : row.openai_type;
    bj::object inner{{"message", message},
                     {"type", type},
                     {"param", text_or_null(problem.param)},
                     {"code", text_or_null(code.empty() ? row.openai_code : code)}};
    out.body = bj::serialize(bj::object{{"error", std::move(inner)}});
    return out;
  }
  if (problem.status < 500 && problem.status != 429)
    out.headers.emplace_back("x-should-retry", "false");
  bj::object inner{{"type", code.empty() ? row.anthropic_type : code}, {"message", message}};
  out.body = bj::serialize(
      bj::object{{"type", "error"}, {"error", std::move(inner)}, {"request_id", request_id}});
  return out;
}

std::string_view finish_word(wire_family family, generation::ending end) noexcept {
  const bool openai = family == wire_family::openai;
  switch (end) {
    case generation::ending::stop:
      return openai ? "stop" : "end_turn";
    case generation::ending::stop_sequence:
      return openai ? "stop" : "stop_sequence";
    case generation::ending::length:
      return openai ? "length" : "max_tokens";
    case generation::ending::tool_calls:
      return openai ? "tool_calls" : "tool_use";
    case generation::ending::refusal:
      return openai ? "stop" : "refusal";
  }
  return "stop";
}

}  // namespace ark::testing
