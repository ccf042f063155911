// Compiled vocabularies with changed bytes and checksums that are right again: an error, or
// something that can be used without harm (what it encodes to does not matter).

#include <cstring>

#include "../tests/support.hpp"
#include "bpe/counter.hpp"
#include "image.hpp"

namespace {

std::string patched(std::string bytes, const std::uint8_t* data, std::size_t size) {
  for (; size >= 5; data += 5, size -= 5) {
    std::uint32_t at = 0;
    std::memcpy(&at, data, 4);
    bytes[at % bytes.size()] = static_cast<char>(data[4]);
  }
  bpe::image_header header;
  std::memcpy(&header, bytes.data(), sizeof(header));
  header.body_checksum = bpe::checksum(std::string_view(bytes).substr(sizeof(header)));
  std::memcpy(bytes.data(), &header, sizeof(header));
  header.header_checksum = bpe::checksum(
      std::string_view(bytes).substr(0, offsetof(bpe::image_header, header_checksum)));
  std::memcpy(bytes.data(), &header, sizeof(header));
  return bytes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::string images[] = {
      std::string(bpe::test::small_vocabulary().compiled()),
      std::string(bpe::vocabulary::from_tokenizer_json(bpe::test::small_json(), "x")->compiled()),
      std::string(
          bpe::vocabulary::from_tokenizer_json(bpe::test::metaspace_json(), "x")->compiled())};
  if (size < 1) return 0;
  const auto vocab =
      bpe::vocabulary::from_compiled(patched(images[data[0] % 3], data + 1, size - 1));
  if (!vocab) return 0;
  static const std::string text = bpe::test::text_maker(7).text(80) + std::string(300, '=');
  bpe::encoder with(*vocab);
  std::vector<bpe::token_id> ids;
  if (with.encode(text, ids, bpe::special::allow)) (void)bpe::decode(*vocab, ids, bpe::utf8::lossy);
  (void)with.truncate(text, 10);
  (void)vocab->added_tokens();
  bpe::counter counting(with);
  (void)counting.append(text);
  (void)counting.count();
  return 0;
}
