#pragma once
#include "read_request.hpp"

namespace ark::test::requests {

/// Reads the body of models/M:generateContent (ai.google.dev/api/generate-content). Model and
/// streaming stand in the URL. `spelled`: names in camelCase, a list where one item stands alone,
/// schema types in small letters; the vendor takes all of these.
read_request read_gemini_content(const json::object& body);

}  // namespace ark::test::requests
