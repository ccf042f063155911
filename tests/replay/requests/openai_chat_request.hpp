#pragma once
#include "read_request.hpp"

namespace ark::test::requests {

/// Reads the body of POST /chat/completions (platform.openai.com/docs/api-reference/chat, and the
/// documents of the row's vendor for what the row renames). `row`: only its renames and its way to
/// ask for reasoning are looked at, as they say which member means which field of a call.
read_request read_openai_chat(const json::object& body, const vendor& row);

}  // namespace ark::test::requests
