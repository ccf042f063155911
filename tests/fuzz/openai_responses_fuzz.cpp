// The responses family.
#include "dialect/openai_responses/openai_responses.hpp"
#include "tests/fuzz/dialect_fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const ark::vendor row = [] {
    ark::vendor v;
    v.name = "openai-responses";
    v.base_url = "https://a.test/v1";
    return v;
  }();
  ark::fuzz::run_dialect(ark::adapters::openai_responses(), row, data, size);
  return 0;
}
