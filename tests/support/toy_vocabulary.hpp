#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "os/os.hpp"
#include "wire/base64.hpp"

namespace ark::testing {

/// A rank file: all bytes, then the merges of "hello world". "<|end|>" may be 300.
inline std::string toy_ranks() {
  std::vector<std::string> tokens;
  for (int byte = 0; byte < 256; ++byte) tokens.push_back(std::string(1, static_cast<char>(byte)));
  for (const char* merged : {"he", "ll", "hell", "hello", " w", "or", "ld", " wor", " world"})
    tokens.push_back(merged);
  std::string out;
  for (std::size_t rank = 0; rank < tokens.size(); ++rank)
    out += wire::base64_encode(tokens[rank]) + " " + std::to_string(rank) + "\n";
  return out;
}
inline constexpr std::uint32_t toy_hello = 259;
inline constexpr std::uint32_t toy_world = 264;
inline constexpr std::uint32_t toy_end = 300;

}  // namespace ark::testing
