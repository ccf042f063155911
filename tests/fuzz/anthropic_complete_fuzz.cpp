// The family of Anthropic's older completions: streams, whole answers and errors.
#include "dialect/anthropic_complete/anthropic_complete.hpp"
#include "tests/fuzz/dialect_fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const ark::vendor row = [] {
    ark::vendor v;
    v.name = "anthropic-complete";
    v.base_url = "https://a.test";
    return v;
  }();
  ark::fuzz::run_dialect(ark::adapters::anthropic_complete(), row, data, size);
  return 0;
}
