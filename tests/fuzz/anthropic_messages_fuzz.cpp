// The messages family: its stream, whole answers and errors.
#include "dialect/anthropic_messages.hpp"
#include "tests/fuzz/dialect.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const ark::vendor row = [] {
    ark::vendor v;
    v.name = "fuzz";
    v.dialect = "anthropic_messages";
    return v;
  }();
  ark::fuzz::feed_dialect(ark::adapters::anthropic_messages(), row, {data, size});
  return 0;
}
