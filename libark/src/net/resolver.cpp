#include "net/resolver.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <boost/asio/ip/tcp.hpp>

namespace ark::net {
namespace {

namespace ip = boost::asio::ip;
// As long as browsers remember; vendors' records have a TTL of about a minute.
constexpr std::chrono::seconds memory_time{60};
constexpr std::size_t memory_hosts = 256;

error not_resolved(const std::string& host, const boost::system::error_code& why) {
  error e;
  e.code = errc::network;
  e.retry = retry_class::safe;
  e.message = fmt::format(
      "The host name \"{}\" could not be resolved ({}); check the name and the network.", host,
      why.message());
  return e;
}

}  // namespace

std::optional<resolver::addresses> resolver::literal(const std::string& host) {
  boost::system::error_code not_a_number;
  const ip::address address = ip::make_address(host, not_a_number);
  if (!not_a_number) return addresses{address};
  // RFC 6761: localhost never goes to a name server.
  if (host == "localhost" || host.ends_with(".localhost")) {
    return addresses{ip::address_v4::loopback(), ip::address_v6::loopback()};
  }
  in_addr odd{};
  if (::inet_aton(host.c_str(), &odd) != 0) return addresses{ip::address_v4(ntohl(odd.s_addr))};
  return std::nullopt;
}

void resolver::resolve(const std::string& host, handler done) {
  if (auto found = literal(host)) return done(std::move(*found));
  const auto known_host = memory_.find(host);
  if (known_host != memory_.end() && known_host->second.until > std::chrono::steady_clock::now()) {
    const addresses found = known_host->second.found;
    return done(found);
  }
  ask_system(host, std::move(done));
}

void resolver::ask_system(const std::string& host, handler done) {
  if (!system_) system_.emplace(loop_->executor());
  auto answered = [self = shared_from_this(), host, done = std::move(done)](
                      const boost::system::error_code& failure,
                      const ip::tcp::resolver::results_type& results) {
    if (failure) return done(not_resolved(host, failure));
    addresses found;
    for (const auto& entry : results) found.push_back(entry.endpoint().address());
    self->remember(host, found);
    done(std::move(found));
  };
  system_->async_resolve(host, "", ip::resolver_base::address_configured,
                         loop_->turn(std::move(answered)));
}

void resolver::remember(const std::string& host, addresses found) {
  if (memory_.size() >= memory_hosts) memory_.clear();
  memory_[host] = {std::move(found), std::chrono::steady_clock::now() + memory_time};
}

}  // namespace ark::net
