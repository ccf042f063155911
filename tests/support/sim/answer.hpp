#pragma once
#include "sim/generation.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace ark::testing {

/// A server-sent event with its framing, and how much of the answer was made when it left.
struct frame {
  std::string bytes;
  std::int64_t output = 0;
  std::int64_t reasoning = 0;
};

/// An HTTP answer before faults: either `body` or `frames`.
struct answer {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::vector<frame> frames;
  bool streaming = false;
};

/// Which request this is, for the ids in answers. The same seed and number give the same ids.
struct answer_context {
  std::uint64_t seed = 1;
  std::int64_t number = 1;
  std::int64_t created = 0;  ///< Unix time, seconds
  bool no_usage = false;
  bool no_terminal = false;
};

/// The vendor's reply or stream for a generation.
answer openai_chat_answer(const chat_request& request, const generation& made,
                          const answer_context& context);
answer anthropic_messages_answer(const chat_request& request, const generation& made,
                                 const answer_context& context);
/// One frame that carries an error inside a stream.
std::string openai_error_frame();
std::string anthropic_error_frame();
/// The vendor's word for how the answer ended.
std::string_view finish_word(wire_family family, generation::ending end) noexcept;

/// An error as the vendor words it. `code`: its own code or type; "" takes the usual one of the
/// status.
struct vendor_error {
  int status = 500;
  std::string message;
  std::string code;
  std::string param;
};
answer error_answer(wire_family family, const vendor_error& problem, const std::string& request_id);

}  // namespace ark::testing
