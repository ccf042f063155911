#include <ark/keys.hpp>

#include <memory>
#include <mutex>

#include "client/key_file.hpp"
#include "os/os.hpp"

namespace ark {
namespace {

/// What the commands have answered, shared by the copies of one source.
struct answers {
  std::mutex mutex;
  std::map<std::string, secret, std::less<>> by_vendor;
};

std::optional<secret> first_line(std::string& text) {
  secret key{text.substr(0, text.find_first_of("\r\n"))};
  wipe(text);
  if (!check_key(key)) return std::nullopt;
  return key;
}

}  // namespace

key_source keys_from_environment() {
  return [](std::string_view, std::string_view variable) -> std::optional<secret> {
    if (variable.empty()) return std::nullopt;
    auto text = os::real().environment(variable);
    if (!text || text->empty()) return std::nullopt;
    return secret{std::move(*text)};
  };
}

key_source keys_from_map(std::map<std::string, secret, std::less<>> keys) {
  return [keys = std::move(keys)](std::string_view vendor, std::string_view) {
    const auto it = keys.find(vendor);
    return it == keys.end() ? std::nullopt : std::optional<secret>{it->second};
  };
}

key_source keys_from_file(std::string path) {
  return
      [path = std::move(path)](std::string_view vendor, std::string_view) -> std::optional<secret> {
        auto entries = read_keys(path);
        if (!entries) return std::nullopt;
        for (auto& each : *entries) {
          if (each.name == vendor) return std::move(each.key);
        }
        return std::nullopt;
      };
}

result<void> check_key_file(const std::string& path) {
  const auto entries = read_keys(path);
  if (!entries) return entries.error();
  return {};
}

key_source keys_from_command(std::vector<std::string> command) {
  return [command = std::move(command), known = std::make_shared<answers>()](
             std::string_view vendor, std::string_view) -> std::optional<secret> {
    // Held while the command runs, so that many calls at once ask it once.
    const std::lock_guard lock{known->mutex};
    const auto it = known->by_vendor.find(vendor);
    if (it != known->by_vendor.end()) return it->second;
    auto arguments = command;
    arguments.emplace_back(vendor);
    constexpr std::size_t max_bytes = 64u << 10;
    constexpr int timeout_ms = 30'000;
    auto text = os::run_program(arguments, max_bytes, timeout_ms);
    if (!text) return std::nullopt;
    auto key = first_line(*text);
    if (key) known->by_vendor.emplace(vendor, *key);
    return key;
  };
}

key_source first_of(std::vector<key_source> sources) {
  return [sources = std::move(sources)](std::string_view vendor,
                                        std::string_view variable) -> std::optional<secret> {
    for (const auto& each : sources) {
      if (!each) continue;
      if (auto key = each(vendor, variable)) return key;
    }
    return std::nullopt;
  };
}

}  // namespace ark
