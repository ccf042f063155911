// Any tokenizer.json: an error or a vocabulary that encodes.

#include <cstdint>
#include <string_view>

#include "bpe/encoder.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto vocab = bpe::vocabulary::from_tokenizer_json(text, "fuzz");
  if (!vocab) return 0;
  bpe::encoder with(*vocab);
  std::vector<bpe::token_id> ids;
  if (with.encode(text, ids, bpe::special::allow)) (void)bpe::decode(*vocab, ids);
  return 0;
}
