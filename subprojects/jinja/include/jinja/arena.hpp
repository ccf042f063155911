#pragma once
#include <cstddef>
#include <cstring>
#include <memory>
#include <new>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace jinja {

/// Memory that is given back all at once: what a rendering makes, or a document that a caller
/// builds. Nothing in it is destroyed, so only what needs no destruction lives here. Not thread
/// safe while something is made; what is made may be read by any number of threads. A thread keeps
/// 240 KB of what it gave back for its next ones.
class arena {
 public:
  /// `limit`: bytes at most; beyond it `exhausted` is thrown, inside of this library only.
  explicit arena(std::size_t limit = SIZE_MAX) noexcept : limit_(limit) {}
  ~arena();
  arena(const arena&) = delete;
  arena& operator=(const arena&) = delete;
  struct exhausted {};

  void* allocate(std::size_t bytes, std::size_t align = alignof(std::max_align_t)) {
    const std::size_t at = (used_ + align - 1) & ~(align - 1);
    if (at + bytes <= size_) {
      used_ = at + bytes;
      return block_ + at;
    }
    return grow(bytes, align);
  }
  template <class T, class... Arguments>
  T* make(Arguments&&... arguments) {
    static_assert(std::is_trivially_destructible_v<T>);
    return new (allocate(sizeof(T), alignof(T))) T{std::forward<Arguments>(arguments)...};
  }
  template <class T>
  T* array(std::size_t count) {
    static_assert(std::is_trivially_destructible_v<T>);
    return static_cast<T*>(allocate(count * sizeof(T), alignof(T)));
  }
  std::string_view copy(std::string_view text) {
    if (text.empty()) return {};
    auto* to = static_cast<char*>(allocate(text.size(), 1));
    std::memcpy(to, text.data(), text.size());
    return {to, text.size()};
  }
  /// Makes `text`, the last thing that was allocated, longer where it lies; false if it cannot.
  bool extend(const char* end, std::size_t more) noexcept {
    if (end != block_ + used_ || used_ + more > size_) return false;
    used_ += more;
    return true;
  }
  std::size_t bytes() const noexcept { return total_; }

 private:
  void* grow(std::size_t bytes, std::size_t align);

  std::size_t limit_;
  std::size_t total_ = 0;
  std::size_t used_ = 0, size_ = 0;
  char* block_ = nullptr;
  struct block {
    std::unique_ptr<char[]> bytes;
    std::size_t size = 0;
  };
  std::vector<block> blocks_;
};

}  // namespace jinja
