// The family of completions of a text: streams, whole answers and errors.
#include "dialect/text_completion/text_completion.hpp"
#include "tests/fuzz/dialect_fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const ark::vendor row = [] {
    ark::vendor v;
    v.name = "text-completion";
    v.base_url = "https://a.test";
    return v;
  }();
  ark::fuzz::run_dialect(ark::adapters::text_completion(), row, data, size);
  return 0;
}
