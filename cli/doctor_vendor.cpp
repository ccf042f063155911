#include <fmt/format.h>

#include <chrono>
#include <cstdlib>

#include "cli/doctor.hpp"
#include "cli/reachable.hpp"
#include "client/client_state.hpp"
#include "wire/address.hpp"

/// Whether a vendor can be talked to.
namespace ark::cli {
namespace {

using state = finding::state;

/// Signatures and tokens with a time in them are refused beyond some minutes; the vendors that say
/// how many say 5. A minute is no accident any more.
constexpr std::int64_t clock_limit_s = 60;

std::string span_text(std::int64_t seconds) {
  if (seconds < 120) return fmt::format("{} s", seconds);
  if (seconds < 7200) return fmt::format("{} min", seconds / 60);
  return fmt::format("{} h", seconds / 3600);
}

finding clock_finding(context& ctx, const reached& answer) {
  if (!answer.date) return {state::warning, "clock", "the answer has no date to compare with"};
  const auto ours = ctx.machine.wall_now().time_since_epoch();
  const auto theirs = answer.date->time_since_epoch();
  const auto ahead = std::chrono::duration_cast<std::chrono::seconds>(ours - theirs).count();
  const auto off = std::abs(ahead);
  if (off <= clock_limit_s)
    return {state::good, "clock", off <= 2 ? "as the vendor's" : span_text(off) + " apart"};
  return {state::bad, "clock",
          fmt::format("this machine's is {} {} the vendor's: signatures and tokens are refused; "
                      "set it, as with timedatectl set-ntp true",
                      span_text(off), ahead > 0 ? "ahead of" : "behind")};
}

finding tls_finding(const vendor_endpoint& where) {
  if (where.origin.tls) return {state::good, "tls", "the certificate is valid"};
  if (wire::classify_host(where.origin.host) == wire::address_kind::loopback)
    return {state::good, "tls", "none, and none needed: the server is this machine"};
  return {state::warning, "tls", "none: key and texts can be read on the way; use https"};
}

std::string url_of(const core& parts, const vendor& row) {
  const auto changed = parts.options.vendors.find(row.name);
  const bool moved = changed != parts.options.vendors.end() && !changed->second.base_url.empty();
  return moved ? changed->second.base_url : row.base_url;
}

}  // namespace

bool check_access(context& ctx, const client& c, const vendor& row, findings& out) {
  const auto& parts = c.state()->parts();
  const auto where = parts.endpoint_of(row);
  if (!where) return false;  // check_row has told it
  const auto key = parts.key_for(row, *where);
  if (!key) {
    // What was a warning as long as nobody wanted to call.
    std::erase_if(out, [](const finding& f) { return f.what == "key"; });
    out.push_back({state::bad, "key", key.error().message});
  }
  const auto url = url_of(parts, row);
  const auto answer = reach(url, parts.options.network);
  if (!answer) {
    const bool tls = answer.error().code == errc::tls;
    out.push_back({state::bad, tls ? "tls" : "network", answer.error().message});
    return false;
  }
  out.push_back({state::good, "network", fmt::format("{} answers (HTTP {})", url, answer->status)});
  out.push_back(tls_finding(*where));
  out.push_back(clock_finding(ctx, *answer));
  return key.has_value();
}

}  // namespace ark::cli
