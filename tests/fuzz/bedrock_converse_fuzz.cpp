// Both families of Bedrock: streams, whole answers and errors. The fuzzer cannot guess checksums,
// so the input is also read as a stream whose lengths and checksums were made right.
#include "dialect/bedrock/bedrock_converse.hpp"
#include "dialect/bedrock_invoke/bedrock_invoke.hpp"
#include "tests/fuzz/dialect_fuzz.hpp"

#include <zlib.h>
#include <algorithm>

namespace {

void put_number(std::string& bytes, std::size_t at, std::size_t value) {
  for (int i = 0; i < 4; ++i) bytes[at + i] = static_cast<char>(value >> (24 - 8 * i) & 0xff);
}

std::size_t number_at(const std::string& bytes, std::size_t at) {
  std::size_t value = 0;
  for (std::size_t i = 0; i < 4; ++i)
    value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

void put_checksum(std::string& bytes, std::size_t begin, std::size_t end) {
  put_number(bytes, end,
             ::crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data() + begin), end - begin));
}

std::string repaired(std::string bytes) {
  for (std::size_t at = 0; bytes.size() - at >= 16;) {
    const std::size_t rest = bytes.size() - at, said = number_at(bytes, at);
    const std::size_t total = said < 16 || said > rest ? rest : said;
    put_number(bytes, at, total);
    put_number(bytes, at + 4, std::min(number_at(bytes, at + 4), total - 16));
    put_checksum(bytes, at, at + 8);
    put_checksum(bytes, at, at + total - 4);
    at += total;
  }
  return bytes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const ark::vendor row = [] {
    ark::vendor v;
    v.name = "bedrock";
    v.base_url = "https://a.test";
    return v;
  }();
  if (size == 0) return 0;
  // The first byte says how to cut.
  const auto* const bytes = reinterpret_cast<const char*>(data);
  const std::string stream = bytes[0] + repaired({bytes + 1, size - 1});
  for (const auto* family :
       {&ark::adapters::bedrock_converse(), &ark::adapters::bedrock_invoke()}) {
    ark::fuzz::run_dialect(*family, row, data, size);
    ark::fuzz::run_dialect(*family, row, reinterpret_cast<const std::uint8_t*>(stream.data()),
                           stream.size());
  }
  return 0;
}
