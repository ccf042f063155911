#pragma once
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ark::testing {

/// How a certificate of a test is made.
struct certificate_plan {
  std::vector<std::string> dns_names{};
  std::string authority = "test authority";  ///< its issuer's name
  std::chrono::seconds begins{-86'400};      ///< from 2026-01-01, the fake clock's time
  std::chrono::seconds ends{86'400 * 365};
};

/// The vendor's side of encrypted content, by OpenSSL's own ECDH and HKDF (the library does both
/// itself): an authority, a key on P-256 and its certificate, opening and sealing.
class sealing_vendor {
 public:
  explicit sealing_vendor(const certificate_plan& plan = {});
  ~sealing_vendor();
  sealing_vendor(const sealing_vendor&) = delete;
  sealing_vendor& operator=(const sealing_vendor&) = delete;

  const std::string& certificate() const { return certificate_; }  ///< PEM
  const std::string& authority() const { return authority_; }      ///< PEM, its issuer
  /// `session_token`: the other side's public key, base64. "?" for what cannot be opened.
  std::string open(std::string_view session_token, std::string_view base64) const;
  std::string seal(std::string_view session_token, std::string_view plain) const;

 private:
  struct keys;
  std::unique_ptr<keys> keys_;
  std::string certificate_, authority_;
};

}  // namespace ark::testing
