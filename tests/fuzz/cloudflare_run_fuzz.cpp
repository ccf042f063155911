// Cloudflare's own family: streams, whole answers and errors.
#include "dialect/cloudflare_run/cloudflare_run.hpp"
#include "tests/fuzz/dialect_fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const ark::vendor row = [] {
    ark::vendor v;
    v.name = "cloudflare-run";
    v.base_url = "https://a.test";
    v.quirks = {ark::quirk::think_tags{"<think>", "</think>"}};
    return v;
  }();
  ark::fuzz::run_dialect(ark::adapters::cloudflare_run(), row, data, size);
  return 0;
}
