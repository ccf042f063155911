#include "net/failures.hpp"
#include "net/tls.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <unordered_map>
#include <utility>

namespace ark::net {
namespace {

struct context_deleter {
  void operator()(SSL_CTX* p) const { SSL_CTX_free(p); }
};
struct session_deleter {
  void operator()(SSL_SESSION* p) const { SSL_SESSION_free(p); }
};
struct ssl_deleter {
  void operator()(SSL* p) const { SSL_free(p); }
};
struct method_deleter {
  void operator()(BIO_METHOD* p) const { BIO_meth_free(p); }
};
using session_ptr = std::unique_ptr<SSL_SESSION, session_deleter>;
using ssl_ptr = std::unique_ptr<SSL, ssl_deleter>;
using method_ptr = std::unique_ptr<BIO_METHOD, method_deleter>;

// OpenSSL's own socket BIO writes with write(), which may raise SIGPIPE in the application.
int fd_of(BIO* bio) { return static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio))); }

int bio_write(BIO* bio, const char* bytes, int size) {
  BIO_clear_retry_flags(bio);
  const ssize_t n = ::send(fd_of(bio), bytes, static_cast<std::size_t>(size), MSG_NOSIGNAL);
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) BIO_set_retry_write(bio);
  return static_cast<int>(n);
}
int bio_read(BIO* bio, char* bytes, int size) {
  BIO_clear_retry_flags(bio);
  const ssize_t n = ::recv(fd_of(bio), bytes, static_cast<std::size_t>(size), 0);
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) BIO_set_retry_read(bio);
  if (n == 0) BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
  return static_cast<int>(n);
}
long bio_control(BIO* bio, int command, long, void*) {
  if (command == BIO_CTRL_EOF) return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0 ? 1 : 0;
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}
int bio_create(BIO* bio) {
  BIO_set_init(bio, 1);
  return 1;
}

method_ptr make_bio_method() {
  method_ptr method(BIO_meth_new(BIO_TYPE_SOURCE_SINK, "ark socket"));
  BIO_meth_set_write(method.get(), bio_write);
  BIO_meth_set_read(method.get(), bio_read);
  BIO_meth_set_ctrl(method.get(), bio_control);
  BIO_meth_set_create(method.get(), bio_create);
  return method;
}

/// Why verification failed, as a sentence; `code` is one of X509_V_ERR_*.
std::string certificate_sentence(const std::string& host, long code) {
  switch (code) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return fmt::format("The certificate of {} has expired; ask the server's owner to renew it.",
                         host);
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return fmt::format("The certificate of {} is not valid yet; check this machine's clock.",
                         host);
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return fmt::format("The certificate shown for {} is for another host; check the base URL.",
                         host);
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      return fmt::format(
          "The certificate of {} is from an authority that this machine does not "
          "know; if you trust it, name its file with the ca_file option.",
          host);
    case X509_V_ERR_CERT_REVOKED:
      return fmt::format("The certificate of {} was revoked.", host);
    default:
      return fmt::format("The certificate of {} was refused ({}).", host,
                         X509_verify_cert_error_string(code));
  }
}

std::string handshake_sentence(const std::string& host, int reason) {
  switch (reason) {
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
    case SSL_R_VERSION_TOO_LOW:
      return fmt::format("{} only speaks TLS older than 1.2, which is not safe.", host);
    case SSL_R_WRONG_VERSION_NUMBER:
    case SSL_R_HTTP_REQUEST:
    case SSL_R_PACKET_LENGTH_TOO_LONG:
    case SSL_R_RECORD_LENGTH_MISMATCH:
      return fmt::format(
          "{} does not speak TLS on this port; perhaps the base URL should begin "
          "with http:// or have another port.",
          host);
    case SSL_R_NO_SHARED_CIPHER:
    case SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE:
      return fmt::format("{} and this machine have no safe TLS cipher in common.", host);
    default: {
      const char* const text = ERR_reason_error_string(ERR_PACK(ERR_LIB_SSL, 0, reason));
      return fmt::format("The TLS connection to {} failed ({}).", host,
                         text != nullptr ? text : "unknown reason");
    }
  }
}

class openssl_context;

class openssl_session final : public tls_session {
 public:
  openssl_session(openssl_context& owner, ssl_ptr ssl, std::string host, std::string key)
      : owner_(owner), host_(std::move(host)), key_(std::move(key)), ssl_(std::move(ssl)) {
    SSL_set_app_data(ssl_.get(), this);
  }
  ~openssl_session() override {
    // Also without an answer to it: a session that was not shut down cannot be resumed.
    if (SSL_is_init_finished(ssl_.get()) && !broken_) SSL_shutdown(ssl_.get());
    ERR_clear_error();
  }

  io_result handshake() override {
    ERR_clear_error();
    const int code = SSL_connect(ssl_.get());
    return code == 1 ? io_result{io_status::done, 0, 0} : judge(code);
  }
  io_result read(std::span<char> into) override {
    ERR_clear_error();
    const int n = SSL_read(ssl_.get(), into.data(), clamp(into.size()));
    return n > 0 ? io_result{io_status::done, static_cast<std::size_t>(n), 0} : judge(n);
  }
  io_result write(std::string_view bytes) override {
    ERR_clear_error();
    const int n = SSL_write(ssl_.get(), bytes.data(), clamp(bytes.size()));
    return n > 0 ? io_result{io_status::done, static_cast<std::size_t>(n), 0} : judge(n);
  }
  error failure() const override { return failure_; }
  const std::string& key() const noexcept { return key_; }
  openssl_context& owner() const noexcept { return owner_; }

 private:
  static int clamp(std::size_t size) {
    return static_cast<int>(std::min<std::size_t>(size, INT_MAX));
  }
  io_result judge(int code);
  io_result give_up(io_status status, int why, retry_class retry, std::string sentence) {
    broken_ = true;
    failure_ = net::failure(errc::tls, retry, std::move(sentence));
    return {status, 0, why};
  }

  openssl_context& owner_;
  std::string host_;
  std::string key_;
  ssl_ptr ssl_;
  bool broken_ = false;  ///< nothing more may be written
  error failure_;
};

io_result openssl_session::judge(int code) {
  const int system_error = errno;
  switch (SSL_get_error(ssl_.get(), code)) {
    case SSL_ERROR_WANT_READ:
      return {io_status::want_read, 0, 0};
    case SSL_ERROR_WANT_WRITE:
      return {io_status::want_write, 0, 0};
    case SSL_ERROR_ZERO_RETURN:
      return {io_status::end, 0, 0};
    case SSL_ERROR_SYSCALL: {
      const int why = system_error != 0 ? system_error : ECONNRESET;
      return give_up(io_status::failed, why, retry_class::safe,
                     fmt::format("The connection to {} broke during TLS.", host_));
    }
    default:
      break;
  }
  const unsigned long last = ERR_peek_last_error();
  const int reason = ERR_GET_REASON(last);
  if (reason == SSL_R_UNEXPECTED_EOF_WHILE_READING) {
    return give_up(io_status::cut, 0, retry_class::safe,
                   fmt::format("{} closed the connection during the TLS handshake.", host_));
  }
  const long verified = SSL_get_verify_result(ssl_.get());
  return give_up(io_status::failed, 0, retry_class::never,
                 verified != X509_V_OK ? certificate_sentence(host_, verified)
                                       : handshake_sentence(host_, reason));
}

class openssl_context final : public tls_context {
 public:
  explicit openssl_context(SSL_CTX* context) : context_(context), method_(make_bio_method()) {
    SSL_CTX_sess_set_new_cb(context, keep_session);
  }

  std::unique_ptr<tls_session> open(int fd, const std::string& host,
                                    const std::string& session_key) override {
    ssl_ptr ssl(SSL_new(context_.get()));
    BIO* const bio = BIO_new(method_.get());
    BIO_set_data(bio, reinterpret_cast<void*>(static_cast<std::intptr_t>(fd)));
    SSL_set_bio(ssl.get(), bio, bio);
    X509_VERIFY_PARAM* const rules = SSL_get0_param(ssl.get());
    // A number is in the certificate as a number, and SNI has names only (RFC 6066, 3).
    if (X509_VERIFY_PARAM_set1_ip_asc(rules, host.c_str()) != 1) {
      X509_VERIFY_PARAM_set_hostflags(rules, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
      X509_VERIFY_PARAM_set1_host(rules, host.data(), host.size());
      SSL_set_tlsext_host_name(ssl.get(), host.c_str());
    }
    if (const auto known = sessions_.find(session_key); known != sessions_.end()) {
      SSL_set_session(ssl.get(), known->second.get());
    }
    return std::make_unique<openssl_session>(*this, std::move(ssl), host, session_key);
  }

 private:
  static int keep_session(SSL* ssl, SSL_SESSION* session) {
    const auto* const connection = static_cast<openssl_session*>(SSL_get_app_data(ssl));
    auto& sessions = connection->owner().sessions_;
    constexpr std::size_t most = 256;
    if (sessions.size() >= most) sessions.clear();
    sessions[connection->key()].reset(session);
    return 1;  // it is ours now
  }

  std::unique_ptr<SSL_CTX, context_deleter> context_;
  method_ptr method_;
  std::unordered_map<std::string, session_ptr> sessions_;
};

result<void> load_authorities(SSL_CTX* context, const network_options& options) {
  const auto bad = [](std::string_view what, const std::string& path) {
    return failure(
        errc::config, retry_class::never,
        fmt::format("The {} \"{}\" cannot be read as certificates in PEM form.", what, path));
  };
  // Only the hashed directory: it is read certificate by certificate when one is needed (0.24 ms),
  // the bundle file at once (27 ms).
  const std::string directory =
      options.ca_directory.empty() ? X509_get_default_cert_dir() : options.ca_directory;
  if (SSL_CTX_load_verify_dir(context, directory.c_str()) != 1)
    return bad("ca_directory", directory);
  if (!options.ca_file.empty() && SSL_CTX_load_verify_file(context, options.ca_file.c_str()) != 1) {
    return bad("ca_file", options.ca_file);
  }
  return {};
}

}  // namespace

result<std::unique_ptr<tls_context>> make_tls_context(const network_options& options) {
  SSL_CTX* const context = SSL_CTX_new(TLS_client_method());
  if (context == nullptr) {
    return failure(errc::tls, retry_class::never, "OpenSSL cannot be used on this machine.");
  }
  auto made = std::make_unique<openssl_context>(context);
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  // One system call for a record instead of two.
  SSL_CTX_set_read_ahead(context, 1);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL_STORE);
  constexpr std::array<unsigned char, 9> http1{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  SSL_CTX_set_alpn_protos(context, http1.data(), http1.size());
  auto loaded = load_authorities(context, options);
  ERR_clear_error();
  if (!loaded) return loaded.error();
  return std::unique_ptr<tls_context>(std::move(made));
}

}  // namespace ark::net
