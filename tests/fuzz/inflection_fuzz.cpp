// Inflection's own family: streams, whole answers and errors.
#include "dialect/inflection/inflection_native.hpp"
#include "tests/fuzz/dialect_fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const ark::vendor row = [] {
    ark::vendor v;
    v.name = "inflection";
    v.base_url = "https://a.test";
    return v;
  }();
  ark::fuzz::run_dialect(ark::adapters::inflection_native(), row, data, size);
  return 0;
}
