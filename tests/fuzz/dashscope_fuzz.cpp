// DashScope's native family: streams of deltas and of cumulative text, whole answers and errors.
#include "dialect/dashscope/dashscope_native.hpp"
#include "tests/fuzz/dialect_fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto row = [](const char* incremental) {
    ark::vendor v;
    v.name = "dashscope-native";
    v.base_url = "https://a.test/api/v1";
    v.quirks = {ark::quirk::set_default{"incremental_output", incremental}};
    return v;
  };
  static const ark::vendor deltas = row("true"), cumulative = row("false");
  ark::fuzz::run_dialect(ark::adapters::dashscope_native(), deltas, data, size);
  ark::fuzz::run_dialect(ark::adapters::dashscope_native(), cumulative, data, size);
  return 0;
}
