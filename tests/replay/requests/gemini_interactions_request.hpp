#pragma once
#include "read_request.hpp"

namespace ark::test::requests {

/// Reads the body of POST /interactions (ai.google.dev/gemini-api/docs/interactions). `spelled`:
/// `input` as a list of steps, where it is a text, contents, or results inside a user's step; the
/// vendor takes all of these (recorded).
read_request read_gemini_interactions(const json::object& body);

}  // namespace ark::test::requests
