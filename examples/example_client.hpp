#pragma once
// What the examples share: a client set up from the environment. With ARK_OPENAI_BASE_URL and the
// like they talk to another server, say `ark sim`; without, to the vendors, with their usual keys
// (OPENAI_API_KEY, ...). The library itself reads no environment.
#include <ark/ark.hpp>
#include <cstdlib>
#include <iostream>
#include <string>

namespace example {

inline std::string variable(const char* name, std::string otherwise = "") {
  const char* value = std::getenv(name);
  return value && *value ? value : std::move(otherwise);
}

inline ark::client_options options() {
  ark::client_options out{.keys = ark::keys_from_environment()};
  const auto point = [&](const char* vendor, const char* url, const char* key) {
    // A key goes only to the address that it was given with.
    if (!variable(url).empty())
      out.vendors[vendor] = {.base_url = variable(url), .key = ark::secret(variable(key))};
  };
  point("openai", "ARK_OPENAI_BASE_URL", "ARK_OPENAI_KEY");
  point("anthropic", "ARK_ANTHROPIC_BASE_URL", "ARK_ANTHROPIC_KEY");
  return out;
}

/// The model to ask: ARK_EXAMPLE_MODEL, or a cheap one.
inline std::string model() { return variable("ARK_EXAMPLE_MODEL", "openai/gpt-5-mini"); }

/// Says what went wrong; the exit status of a program that failed.
inline int failed(const ark::error& e) {
  std::cerr << "failed: " << ark::to_string(e) << "\n";
  return 1;
}

}  // namespace example
