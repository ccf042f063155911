#pragma once
#include <map>

#include "os/os.hpp"

namespace ark::testing {

/// A machine whose clocks stand still until they are moved, whose random numbers are a known
/// sequence (splitmix64 of `seed`) and whose environment is a map. Not thread safe.
class fake_system : public os::system {
 public:
  explicit fake_system(std::uint64_t seed = 1) : random_state_(seed) {}

  std::chrono::system_clock::time_point wall_now() override { return wall; }
  std::chrono::steady_clock::time_point steady_now() override { return steady; }
  std::uint64_t random_u64() override {
    std::uint64_t z = (random_state_ += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }
  std::optional<std::string> environment(std::string_view name) override {
    const auto it = variables.find(name);
    if (it == variables.end()) return std::nullopt;
    return it->second;
  }
  std::vector<std::string> environment_names(std::string_view prefix) override {
    std::vector<std::string> out;
    for (const auto& [name, value] : variables) {
      if (name.starts_with(prefix)) out.push_back(name);
    }
    return out;
  }

  /// Moves both clocks.
  void advance(std::chrono::nanoseconds by) {
    steady += std::chrono::duration_cast<std::chrono::steady_clock::duration>(by);
    wall += std::chrono::duration_cast<std::chrono::system_clock::duration>(by);
  }

  /// 2026-01-01T00:00:00Z
  std::chrono::system_clock::time_point wall{std::chrono::seconds{1767225600}};
  std::chrono::steady_clock::time_point steady{std::chrono::seconds{1000}};
  std::map<std::string, std::string, std::less<>> variables;

 private:
  std::uint64_t random_state_;
};

}  // namespace ark::testing
