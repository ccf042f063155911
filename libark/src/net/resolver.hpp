#pragma once
#include "net/asio_loop.hpp"

#include <ark/result.hpp>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace ark::net {

/// Host names to addresses. Numbers and "localhost" are answered at once; other names by Asio's
/// resolver (which starts a thread of its own, the one exception to "no threads", documented) and
/// then from a short memory. Used on the loop only.
class resolver : public std::enable_shared_from_this<resolver> {
 public:
  using addresses = std::vector<boost::asio::ip::address>;
  using handler = std::function<void(result<addresses>)>;

  explicit resolver(std::shared_ptr<loop_core> loop) : loop_(std::move(loop)) {}
  virtual ~resolver() = default;
  /// Calls `done` once: inside this call if the answer is known, or later on the loop.
  void resolve(const std::string& host, handler done);
  /// The addresses of a host that needs no name server: a number (in any of the spellings that
  /// inet_aton takes: "127.1", "0x7f000001") or localhost.
  static std::optional<addresses> literal(const std::string& host);

 protected:
  /// Asks the name servers; a test is a name server of its own. `done` as for `resolve`.
  virtual void ask_system(const std::string& host, handler done);

 private:
  struct known {
    addresses found;
    std::chrono::steady_clock::time_point until;
  };
  void remember(const std::string& host, addresses found);

  std::shared_ptr<loop_core> loop_;
  std::optional<boost::asio::ip::tcp::resolver> system_;  ///< made when first needed
  std::unordered_map<std::string, known> memory_;
};

}  // namespace ark::net
