#include "ledger/digest.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace ark::detail {
namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

std::array<char, 8> little_endian(std::int64_t number) noexcept {
  if constexpr (std::endian::native == std::endian::little)
    return std::bit_cast<std::array<char, 8>>(number);
  std::array<char, 8> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i)
    bytes[i] = static_cast<char>(static_cast<std::uint64_t>(number) >> (8 * i));
  return bytes;
}

}  // namespace

std::string to_hex(const digest& value) {
  std::string hex;
  hex.reserve(value.size() * 2);
  for (const unsigned char byte : value) {
    hex += hex_digits[byte >> 4];
    hex += hex_digits[byte & 15];
  }
  return hex;
}

std::optional<digest> digest_of_hex(std::string_view hex) {
  digest value{};
  if (hex.size() != value.size() * 2) return std::nullopt;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const auto high = hex_digits.find(hex[2 * i]);
    const auto low = hex_digits.find(hex[2 * i + 1]);
    if (high == std::string_view::npos || low == std::string_view::npos) return std::nullopt;
    value[i] = static_cast<unsigned char>(high << 4 | low);
  }
  return value;
}

std::optional<digest> digest_of_bytes(std::string_view bytes) {
  digest value{};
  if (bytes.size() != value.size()) return std::nullopt;
  std::memcpy(value.data(), bytes.data(), value.size());
  return value;
}

std::string_view bytes_of(const digest& value) noexcept {
  return {reinterpret_cast<const char*>(value.data()), value.size()};
}

// The newer interface is what costs 6 ms. Here and not by a macro: OpenSSL's headers may have been
// read already by another file of the same unit.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
sha256::sha256() noexcept { SHA256_Init(&context_); }

void sha256::add(std::string_view bytes) noexcept {
  SHA256_Update(&context_, bytes.data(), bytes.size());
}

void sha256::add(std::int64_t number) noexcept {
  const auto bytes = little_endian(number);
  add(std::string_view(bytes.data(), bytes.size()));
}

digest sha256::finish() noexcept {
  digest value{};
  SHA256_Final(value.data(), &context_);
  return value;
}
#pragma GCC diagnostic pop

char* row_digest::place(char tag, std::size_t more) {
  const std::size_t at = size_ + nulls_;
  size_ = at + 1 + more;
  if (size_ > bytes_.size()) bytes_.resize(2 * size_);
  std::fill_n(bytes_.begin() + static_cast<std::ptrdiff_t>(at - nulls_), nulls_, 'n');
  nulls_ = 0;
  bytes_[at] = tag;
  return bytes_.data() + at + 1;
}

void row_digest::integer(std::int64_t value) {
  const auto bytes = little_endian(value);
  std::memcpy(place('i', bytes.size()), bytes.data(), bytes.size());
}

void row_digest::text(std::string_view value) {
  constexpr std::size_t size_bytes = 4;
  char* to = place('t', size_bytes + value.size());
  std::memcpy(to, little_endian(static_cast<std::int64_t>(value.size())).data(), size_bytes);
  if (!value.empty()) std::memcpy(to + size_bytes, value.data(), value.size());
}

void row_digest::foreign() { place('x', 0); }

void row_digest::cells(std::span<const cell> all) {
  for (const cell& c : all) {
    if (c.kind == cell::type::null) null();
    if (c.kind == cell::type::integer) integer(c.number);
    if (c.kind == cell::type::text) text(c.text);
  }
}

digest row_digest::finish() const noexcept {
  sha256 sum;
  sum.add(std::string_view(bytes_.data(), size_));
  return sum.finish();
}

std::int64_t row_check(const digest& of) noexcept {
  std::int64_t check = 0;
  for (std::size_t i = 0; i < 4; ++i) check = check << 8 | of[i];
  return check;
}

}  // namespace ark::detail
