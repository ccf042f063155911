#pragma once
#include <openssl/sha.h>

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/row.hpp"

/// SHA-256 over rows: what the ledger's chain is made of. libark/doc/ledger.md has the format.
namespace ark::detail {

using digest = std::array<unsigned char, SHA256_DIGEST_LENGTH>;

/// 64 lower-case hexadecimal digits, and back.
std::string to_hex(const digest& value);
std::optional<digest> digest_of_hex(std::string_view hex);
/// From the 32 bytes that a BLOB holds.
std::optional<digest> digest_of_bytes(std::string_view bytes);
std::string_view bytes_of(const digest& value) noexcept;

/// OpenSSL's low-level functions: its EVP interface costs 6 ms at its first use.
class sha256 {
 public:
  sha256() noexcept;
  void add(std::string_view bytes) noexcept;
  void add(std::int64_t number) noexcept;  ///< eight bytes, the lowest first
  digest finish() noexcept;

 private:
  SHA256_CTX context_;
};

/// Makes a row's digest: over each column's type and value, in the schema's order. NULLs at the end
/// count as absent, so a column that a later schema adds leaves older rows' digests as they were.
class row_digest {
 public:
  void clear() noexcept {
    size_ = 0;
    nulls_ = 0;
  }
  void null() noexcept { ++nulls_; }
  void integer(std::int64_t value);
  void text(std::string_view value);
  /// What no ledger writes, and somebody else may have put there.
  void foreign();
  void cells(std::span<const cell> all);
  digest finish() const noexcept;

 private:
  /// Where a value's tag, and so many bytes behind it, go.
  char* place(char tag, std::size_t more);

  std::vector<char> bytes_;
  std::size_t size_ = 0;
  std::size_t nulls_ = 0;
};

/// The row's own column `row_check`: the first four bytes of its digest. Tells which row of a
/// segment was changed.
std::int64_t row_check(const digest& of) noexcept;

}  // namespace ark::detail
