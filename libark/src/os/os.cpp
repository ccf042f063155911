#include "os/os.hpp"

#include <sys/random.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

namespace ark::os {
namespace {

class real_system final : public system {
 public:
  std::chrono::system_clock::time_point wall_now() override {
    return std::chrono::system_clock::now();
  }
  std::chrono::steady_clock::time_point steady_now() override {
    return std::chrono::steady_clock::now();
  }
  std::uint64_t random_u64() override {
    std::uint64_t value = 0;
    // Up to 256 bytes come whole once the pool is seeded; only a signal during boot interrupts it.
    while (::getrandom(&value, sizeof value, 0) != sizeof value) {
    }
    return value;
  }
  std::optional<std::string> environment(std::string_view name) override {
    const char* value = std::getenv(std::string{name}.c_str());
    if (value == nullptr) return std::nullopt;
    return std::string{value};
  }
  std::vector<std::string> environment_names(std::string_view prefix) override {
    std::vector<std::string> out;
    for (char** each = environ; each != nullptr && *each != nullptr; ++each) {
      const std::string_view entry{*each};
      if (entry.starts_with(prefix)) out.emplace_back(entry.substr(0, entry.find('=')));
    }
    std::sort(out.begin(), out.end());
    return out;
  }
};

/// XDG: a relative path in the variable is invalid and is to be ignored.
std::string xdg_directory(system& s, std::string_view variable, std::string_view below_home) {
  if (auto base = s.environment(variable); base && base->starts_with('/')) return *base + "/ark";
  const auto home = s.environment("HOME");
  if (!home || !home->starts_with('/')) return {};
  return *home + std::string{below_home} + "/ark";
}

}  // namespace

system& real() {
  static real_system instance;
  return instance;
}

std::string config_directory(system& s) { return xdg_directory(s, "XDG_CONFIG_HOME", "/.config"); }
std::string data_directory(system& s) { return xdg_directory(s, "XDG_DATA_HOME", "/.local/share"); }
std::string state_directory(system& s) {
  return xdg_directory(s, "XDG_STATE_HOME", "/.local/state");
}
std::string cache_directory(system& s) { return xdg_directory(s, "XDG_CACHE_HOME", "/.cache"); }

}  // namespace ark::os
