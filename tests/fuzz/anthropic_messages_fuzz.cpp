// The messages family: streams, whole answers and errors.
#include "dialect/anthropic_messages.hpp"
#include "tests/fuzz/dialect_fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const ark::vendor row = [] {
    ark::vendor v;
    v.name = "anthropic";
    v.base_url = "https://a.test/v1";
    return v;
  }();
  ark::fuzz::run_dialect(ark::adapters::anthropic_messages(), row, data, size);
  return 0;
}
