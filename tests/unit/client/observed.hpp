#pragma once
#include "toy.hpp"

#include <memory>
#include <vector>

namespace ark::testing {

/// Keeps all that observers are told.
struct listener final : observer {
  void attempt_ended(const attempt_facts& a) noexcept override { attempts.push_back(a); }
  void call_ended(const call_facts& c) noexcept override { calls.push_back(c); }
  std::vector<attempt_facts> attempts;
  std::vector<call_facts> calls;
};

struct observed_client : toy_client {
  observed_client() { parts->observers = {heard}; }
  std::shared_ptr<listener> heard = std::make_shared<listener>();
};

}  // namespace ark::testing
