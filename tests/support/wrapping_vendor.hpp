#pragma once
#include <memory>
#include <string>
#include <string_view>

namespace ark::testing {

/// The vendor's side of contents whose key is encrypted for an RSA key (DashScope), by OpenSSL's
/// own calls: a key pair, unwrapping, opening and sealing.
class wrapping_vendor {
 public:
  wrapping_vendor();
  ~wrapping_vendor();
  wrapping_vendor(const wrapping_vendor&) = delete;
  wrapping_vendor& operator=(const wrapping_vendor&) = delete;

  const std::string& public_key() const { return public_key_; }  ///< base64 of its DER
  /// What was encrypted for the key; "?" for what cannot be read.
  std::string unwrap(std::string_view base64) const;
  /// AES-256-GCM; `key`, `nonce`: bytes. "?" for what cannot be opened.
  static std::string open(std::string_view key, std::string_view nonce, std::string_view base64);
  static std::string seal(std::string_view key, std::string_view nonce, std::string_view plain);

 private:
  struct keys;
  std::unique_ptr<keys> keys_;
  std::string public_key_;
};

}  // namespace ark::testing
