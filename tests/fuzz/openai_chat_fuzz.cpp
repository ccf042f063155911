// The chat completions family, with the quirks that change how bytes are read.
#include "dialect/openai_chat.hpp"
#include "tests/fuzz/dialect_fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto make = [](bool quirky) {
    ark::vendor v;
    v.name = "openai";
    v.base_url = "https://a.test/v1";
    if (!quirky) return v;
    v.quirks = {ark::quirk::think_tags{"<think>", "</think>"},
                ark::quirk::usage_path{{"x_groq.usage", "choices.0.usage"}},
                ark::quirk::reasoning_field{{"reasoning"}},
                ark::quirk::cached_path{{"prompt_cache_hit_tokens"}},
                ark::quirk::finish_map{"odd", ark::finish_reason::length},
                ark::quirk::vendor_cost{"cost", "USD", 1},
                ark::quirk::stream_without_terminal{}};
    return v;
  };
  static const ark::vendor plain = make(false), quirky = make(true);
  ark::fuzz::run_dialect(ark::adapters::openai_chat(), plain, data, size);
  ark::fuzz::run_dialect(ark::adapters::openai_chat(), quirky, data, size);
  return 0;
}
