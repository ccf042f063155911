// The family of Cohere version 1: streams, whole answers, embeddings and errors.
#include "dialect/cohere/cohere_v1.hpp"
#include "tests/fuzz/dialect_fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const ark::vendor row = [] {
    ark::vendor v;
    v.name = "cohere-v1";
    v.base_url = "https://a.test";
    return v;
  }();
  ark::fuzz::run_dialect(ark::adapters::cohere_v1(), row, data, size);
  return 0;
}
