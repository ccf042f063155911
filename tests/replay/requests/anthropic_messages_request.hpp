#pragma once
#include "read_request.hpp"

namespace ark::test::requests {

/// Reads the body of POST /v1/messages (docs.anthropic.com/en/api/messages).
read_request read_anthropic_messages(const json::object& body);

}  // namespace ark::test::requests
