#include "client/traffic.hpp"

namespace ark {

lane& traffic::lane_of(const std::string& id) {
  if (const auto it = lanes_.find(id); it != lanes_.end()) return it->second;
  if (lanes_.size() >= most_lanes) lanes_.clear();
  return lanes_[id];
}

}  // namespace ark
