#pragma once
#include <ark/result.hpp>

#include <cstddef>
#include <string>

namespace ark::os {

/// A file of a fixed size that lies in the memory of every process that opens it (mmap). It is made
/// if absent, for its owner only, full of zeros, with its blocks on the disk: writing to it cannot
/// meet a full disk. What is in it is shared at once, survives the processes, and is as good as
/// those that write to it: read it as a stranger's. Nobody may shorten it. Move-only.
class shared_file {
 public:
  /// errc::config: it cannot be made or opened, is a symbolic link or not ours, has another size.
  static result<shared_file> open(const std::string& path, std::size_t bytes);
  shared_file(shared_file&& other) noexcept;
  shared_file& operator=(shared_file&&) = delete;
  ~shared_file();

  void* memory() const noexcept { return memory_; }

 private:
  shared_file(void* memory, std::size_t bytes) noexcept : memory_(memory), bytes_(bytes) {}
  void* memory_;
  std::size_t bytes_;
};

}  // namespace ark::os
