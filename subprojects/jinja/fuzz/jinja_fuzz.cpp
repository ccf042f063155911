// Any bytes as a template, with a context that has something of each kind.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "jinja/environment.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  jinja::options how;
  how.trim_blocks = (data[0] & 1) != 0;
  how.lstrip_blocks = (data[0] & 2) != 0;
  how.autoescape = (data[0] & 4) != 0;
  how.loop_controls = how.do_statement = how.generation = true;
  how.undefined = static_cast<jinja::undefined_policy>(data[0] >> 3 & 3);
  how.mutation = static_cast<jinja::mutation>(data[1] % 3);
  how.limits = {.steps = 20'000,
                .output_bytes = 1 << 20,
                .memory_bytes = 16 << 20,
                .range = 1000,
                .depth = 50,
                .nesting = 100};
  jinja::environment env(how);
  env.use_chat_functions([](const void*) { return std::int64_t{1773480413}; });
  const std::string_view source(reinterpret_cast<const char*>(data) + 2, size - 2);
  env.load_with([&](std::string_view name) -> std::optional<std::string> {
    if (name.size() > 3) return std::nullopt;
    return std::string(source.substr(0, source.size() / 2));
  });
  static jinja::arena memory;
  static const auto context = jinja::read_json(
      memory, R"({"s": "text é", "n": 12345678901234567890123, "f": 1.5, "l": [1, "b", null, [2]],
                  "d": {"a": 1, "b": {"c": "x"}}, "m": [{"role": "user", "content": "hi"}], "t": true, "e": null})");
  const auto made = env.compile(source);
  if (!made) {
    if (made.error().message.empty()) __builtin_trap();
    return 0;
  }
  static_cast<void>(made->undeclared());
  static_cast<void>(made->paths());
  const auto out = made->render(*context);
  if (!out && out.error().message.empty()) __builtin_trap();
  return 0;
}
