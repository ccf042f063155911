// The interactions family: streams, whole answers and errors.
#include "dialect/gemini_interactions/gemini_interactions.hpp"
#include "tests/fuzz/dialect_fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const ark::vendor row = [] {
    ark::vendor v;
    v.name = "gemini-interactions";
    v.base_url = "https://a.test/v1beta";
    return v;
  }();
  ark::fuzz::run_dialect(ark::adapters::gemini_interactions(), row, data, size);
  return 0;
}
