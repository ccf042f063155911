// Prompt files of all three forms: front matter, inputs, body, tests. No input crashes them; an
// error has a sentence; what renders is made of its segments.
#include <ark/prompt.hpp>

#include "tests/fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const char* const path = data[0] % 2 == 0 ? "a.prompt" : "a.prompty";
  const auto beside = [&](std::string_view name) -> std::optional<std::string> {
    if (name.size() > 4) return std::nullopt;
    return std::string(text.substr(0, text.size() / 2));
  };
  const auto made = ark::prompt_template::parse(text, path, beside);
  if (!made) {
    if (made.error().message.empty()) __builtin_trap();
    return 0;
  }
  static_cast<void>(made->check());
  static_cast<void>(made->inputs());
  static_cast<void>(made->run_tests());
  const auto out = made->render(R"({"a": "\u0001", "b": [1, "\u0001"], "x": {"y": "\u0001"}})",
                                {.fence = "f", .now_s = 0});
  if (!out) {
    if (out.error().message.empty()) __builtin_trap();
    return 0;
  }
  // A value's byte is never the prompt's own.
  for (const auto& each : out->segments)
    if (each.variable.empty() && each.text.find('\x01') != std::string::npos &&
        text.find('\x01') == std::string_view::npos && text.find('\\') == std::string_view::npos)
      __builtin_trap();
  return 0;
}
