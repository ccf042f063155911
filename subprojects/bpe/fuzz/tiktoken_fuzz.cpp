// Any rank file, after the 256 bytes that each needs.

#include "../tests/support.hpp"
#include "split.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::string head = [] {
    const std::string all = bpe::test::small_ranks();
    std::size_t end = 0;
    for (int line = 0; line < 256; ++line) end = all.find('\n', end) + 1;
    return all.substr(0, end);
  }();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const bpe::tiktoken_options options{
      "fuzz", std::string(bpe::split_pattern(bpe::split_kind::o200k)), {{"<|x|>", 100000}}};
  (void)bpe::vocabulary::from_tiktoken(text, options);
  const auto vocab = bpe::vocabulary::from_tiktoken(head + std::string(text), options);
  if (!vocab) return 0;
  bpe::encoder with(*vocab);
  std::vector<bpe::token_id> ids;
  if (with.encode(text, ids, bpe::special::allow) && *bpe::decode(*vocab, ids) != text)
    __builtin_trap();
  return 0;
}
