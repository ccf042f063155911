// SenseNova's own family: streams, whole answers and errors.
#include "dialect/sensenova/sensenova_native.hpp"
#include "tests/fuzz/dialect_fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const ark::vendor row = [] {
    ark::vendor v;
    v.name = "sensenova-native";
    v.base_url = "https://a.test/v1/llm";
    v.quirks = {ark::quirk::error_inside{"status.code", "status.message"}};
    return v;
  }();
  ark::fuzz::run_dialect(ark::adapters::sensenova_native(), row, data, size);
  return 0;
}
