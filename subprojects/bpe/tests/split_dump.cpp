// split_dump KIND: for each text on standard input (length in 8 hex digits, then its bytes) a line
// of the lengths of its pieces. With `pattern KIND`: the expression of a kind.

#include <cstdlib>
#include <iostream>
#include <string>

#include "split.hpp"

int main(int argc, char** argv) {
  const bool pattern = argc == 3;
  if (argc != 2 && !pattern) return 2;
  const auto kind = static_cast<bpe::split_kind>(std::atoi(argv[argc - 1]));
  if (pattern) {
    std::cout << bpe::split_pattern(kind);
    return 0;
  }
  std::string head(8, ' ');
  while (std::cin.read(head.data(), 8)) {
    std::string text(std::stoul(head, nullptr, 16), ' ');
    std::cin.read(text.data(), static_cast<std::streamsize>(text.size()));
    bpe::splitter pieces(kind, text);
    for (auto piece = pieces.next(); !piece.empty(); piece = pieces.next()) {
      std::cout << piece.size() << ' ';
    }
    std::cout << '\n';
  }
}
