// Spark's own family: messages of a socket (the input's lines), whole answers and errors.
#include "dialect/spark/spark_ws.hpp"
#include "tests/fuzz/dialect_fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const ark::vendor row = [] {
    ark::vendor v;
    v.name = "spark-ws";
    v.base_url = "wss://a.test";
    v.chat_path = "/v1.1/chat";
    v.quirks = {ark::quirk::set_default{"app_id", "\"a1\""}};
    return v;
  }();
  ark::fuzz::run_dialect(ark::adapters::spark_ws(), row, data, size);
  return 0;
}
