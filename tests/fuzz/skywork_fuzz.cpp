// Skywork's family: streams, whole answers (which are streams) and errors.
#include "dialect/skywork/skywork_chat.hpp"
#include "tests/fuzz/dialect_fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const ark::vendor row = [] {
    ark::vendor v;
    v.name = "skywork";
    v.base_url = "https://a.test";
    return v;
  }();
  ark::fuzz::run_dialect(ark::adapters::skywork_chat(), row, data, size);
  return 0;
}
