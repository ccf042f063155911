#pragma once
#include <memory>
#include <string>

namespace ark::testing {

/// What kind of certificate a server shows.
struct certificate_options {
  std::string host = "localhost";  ///< its only name; 127.0.0.1 is added for "localhost"
  bool expired = false;
  bool self_signed = false;  ///< not by the test's authority
  int max_tls_version = 0;   ///< 0x0302 for TLS 1.1; 0 for all
};

/// A certificate authority made for one test run, and its servers' settings.
class server_tls {
 public:
  explicit server_tls(void* context) : context_(context) {}
  ~server_tls();
  server_tls(const server_tls&) = delete;
  server_tls& operator=(const server_tls&) = delete;
  void* context() const noexcept { return context_; }

 private:
  void* context_;
};

class test_authority {
 public:
  test_authority();
  ~test_authority();
  test_authority(const test_authority&) = delete;
  test_authority& operator=(const test_authority&) = delete;
  /// The authority's certificate as a PEM file; removed with the authority.
  const std::string& file() const noexcept { return file_; }
  std::shared_ptr<const server_tls> server(const certificate_options& options = {}) const;

 private:
  struct parts;
  std::unique_ptr<parts> parts_;
  std::string file_;
};

/// The server's side of a handshake on `fd`; null when it fails.
void* accept_tls(const server_tls& tls, int fd);

}  // namespace ark::testing
