// Ollama's own family: streams of lines, whole answers, embeddings and errors.
#include "dialect/ollama/ollama_chat.hpp"
#include "tests/fuzz/dialect_fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const ark::vendor row = [] {
    ark::vendor v;
    v.name = "ollama";
    v.base_url = "http://a.test";
    v.quirks = {ark::quirk::reasoning_replay{ark::quirk::replay_rule::always, "thinking"}};
    return v;
  }();
  ark::fuzz::run_dialect(ark::adapters::ollama_chat(), row, data, size);
  return 0;
}
