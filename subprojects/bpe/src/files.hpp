#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "bpe/error.hpp"

namespace bpe {

inline constexpr std::size_t max_file_bytes = std::size_t{1} << 30;

/// A file mapped for reading.
class mapped_file {
 public:
  static result<mapped_file> open(const std::string& path);
  mapped_file(mapped_file&& other) noexcept;
  mapped_file& operator=(mapped_file&& other) noexcept;
  ~mapped_file();

  std::string_view bytes() const noexcept { return {static_cast<const char*>(data_), size_}; }

 private:
  mapped_file(void* data, std::size_t size) : data_(data), size_(size) {}
  void* data_ = nullptr;
  std::size_t size_ = 0;
};

/// Reads a whole file of at most `max_file_bytes`.
result<std::string> read_file(const std::string& path);

}  // namespace bpe
