// Qianfan's first API: streams, whole answers, errors, embeddings.
#include "dialect/qianfan/qianfan_v1.hpp"
#include "tests/fuzz/dialect_fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const ark::vendor row = [] {
    ark::vendor v;
    v.name = "qianfan-v1";
    v.base_url = "https://a.test/v1";
    return v;
  }();
  ark::fuzz::run_dialect(ark::adapters::qianfan_v1(), row, data, size);
  return 0;
}
