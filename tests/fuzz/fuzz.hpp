#pragma once
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace ark::fuzz {

/// The fuzzer's bytes: the first says how to cut, the rest is the input itself.
class input {
 public:
  input(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return;
    state_ = data[0];
    bytes_ = {reinterpret_cast<const char*>(data) + 1, size - 1};
  }
  std::string_view bytes() const noexcept { return bytes_; }

  /// Calls `take(piece)` for pieces of 1 to 64 bytes, each in memory of its own, so that the
  /// sanitizer sees a view that is kept too long or reads too far.
  template <class F>
  void cut(F take) const {
    std::uint32_t state = state_ + 1;
    for (std::size_t at = 0; at < bytes_.size();) {
      state = state * 1664525u + 1013904223u;
      const std::string_view piece = bytes_.substr(at, 1 + (state >> 26));
      at += piece.size();
      auto* copy = static_cast<char*>(std::malloc(piece.size()));
      if (copy == nullptr) std::abort();
      piece.copy(copy, piece.size());
      const bool more = take(std::string_view(copy, piece.size()));
      std::free(copy);
      if (!more) return;
    }
  }

 private:
  std::uint32_t state_ = 0;
  std::string_view bytes_;
};

/// A property that must hold; says which did not.
inline void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "property broken: %s\n", what);
  std::abort();
}

}  // namespace ark::fuzz
