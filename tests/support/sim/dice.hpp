#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace ark::testing {

/// 64-bit FNV-1a: stable across machines and versions, which a seed's promise needs.
std::uint64_t hash_text(std::string_view text, std::uint64_t seed = 0xcbf29ce484222325u) noexcept;
/// A well mixed number out of two (splitmix64).
std::uint64_t mix(std::uint64_t a, std::uint64_t b) noexcept;
/// A number in [0, 1) out of `bits`.
double unit_interval(std::uint64_t bits) noexcept;
/// `length` letters and digits that depend on `bits` only, for vendors' ids.
std::string token_text(std::uint64_t bits, std::size_t length);

}  // namespace ark::testing
