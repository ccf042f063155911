#include <ark/secret.hpp>

#include <openssl/crypto.h>

namespace ark {

// A moved-from string may keep a short text in its own storage: both sides are wiped by hand.
secret::secret(std::string text) noexcept : text_(std::move(text)) {
  OPENSSL_cleanse(text.data(), text.capacity());
}

secret::secret(secret&& other) noexcept : text_(other.text_) { other.wipe(); }

secret& secret::operator=(const secret& other) {
  if (this != &other) {
    wipe();
    text_ = other.text_;
  }
  return *this;
}

secret& secret::operator=(secret&& other) noexcept {
  if (this != &other) {
    wipe();
    text_ = other.text_;
    other.wipe();
  }
  return *this;
}

secret::~secret() { wipe(); }

void secret::wipe() noexcept {
  if (!text_.empty()) OPENSSL_cleanse(text_.data(), text_.size());
  text_.clear();
}

}  // namespace ark
