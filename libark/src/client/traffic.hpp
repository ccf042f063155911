#pragma once
#include "client/rate_table.hpp"
#include "policy/circuit.hpp"
#include "policy/latency.hpp"
#include "policy/places.hpp"
#include "policy/retry_budget.hpp"

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace ark {

/// What the calls of one client have learnt of a model at one of its vendor's places.
struct lane {
  policy::circuit circuit;
  policy::latency_window streamed, whole;  ///< attempt begun -> first content
};

/// What they share of a vendor.
struct vendor_traffic {
  policy::retry_budget budget;
  std::vector<policy::place_state> places;
  std::size_t next_place = 0;
};

/// Shared by the calls of a client; on the loop only, but for what says so. Bounded: beyond so many
/// models it begins anew.
class traffic {
 public:
  static constexpr std::size_t most_lanes = 4096;
  /// Valid until the next call.
  lane& lane_of(const std::string& id);
  vendor_traffic& vendor_of(const std::string& name) { return vendors_[name]; }
  /// Set before the first call, if it is shared with other clients.
  std::shared_ptr<rate_table> rates = std::make_shared<rate_table>();

 private:
  std::unordered_map<std::string, lane> lanes_;
  std::unordered_map<std::string, vendor_traffic> vendors_;
};

}  // namespace ark
