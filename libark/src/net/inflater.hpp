#pragma once
#include <ark/result.hpp>

#include <memory>
#include <span>
#include <string_view>

namespace ark::net {

/// Undoes "Content-Encoding: gzip" and "deflate" piece by piece, with bounded memory (about 40 KB)
/// and a guard against bombs. Pure.
class inflater {
 public:
  enum class coding : std::uint8_t { gzip, deflate };
  explicit inflater(coding c);
  ~inflater();
  inflater(inflater&&) noexcept;
  inflater& operator=(inflater&&) noexcept;

  /// Takes bytes off the front of `input` and fills `out`; returns how much was written. It is to
  /// be called until `input` is empty and less than all of `out` was written. errc::protocol for
  /// bytes that are not the coding, errc::too_large for more than `max_ratio` times the input.
  result<std::size_t> step(std::string_view& input, std::span<char> out);
  /// Is what came a whole?
  bool complete() const noexcept;

  /// JSON and text reach 20 to 50; zlib's own limit is 1,032, which only a bomb comes near.
  static constexpr std::uint64_t max_ratio = 250;
  static constexpr std::uint64_t ratio_free_bytes = 1u << 20;  ///< so much is always let through

 private:
  struct state;
  result<void> begin(unsigned char first_byte);
  std::unique_ptr<state> state_;
};

}  // namespace ark::net
