#pragma once
#include <ark/config.hpp>

#include <string>
#include <string_view>

namespace ark {

/// Text that must not be seen: an API key. It does not print, compare or convert; its memory is
/// zeroed when it dies or is assigned. Copyable. Not thread safe while it is changed.
class ARK_API secret {
 public:
  secret() noexcept = default;
  explicit secret(std::string text) noexcept;
  secret(const secret& other) = default;
  secret(secret&& other) noexcept;
  secret& operator=(const secret& other);
  secret& operator=(secret&& other) noexcept;
  ~secret();

  bool empty() const noexcept { return text_.empty(); }  ///< no key is set
  /// The text itself; the name is long so that uses can be found.
  std::string_view reveal_secret() const noexcept { return text_; }

 private:
  void wipe() noexcept;
  std::string text_;
};

}  // namespace ark
