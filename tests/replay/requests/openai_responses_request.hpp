#pragma once
#include "read_request.hpp"

namespace ark::test::requests {

/// Reads the body of POST /responses (platform.openai.com/docs/api-reference/responses/create).
/// `spelled`: the input as a list, each message with its type, one text of others as a text and
/// one of the assistant's as a part; the vendor takes all of these.
read_request read_openai_responses(const json::object& body);

}  // namespace ark::test::requests
