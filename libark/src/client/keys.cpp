#include <ark/keys.hpp>

#include <memory>
#include <mutex>

#include "client/key_file.hpp"
#include "client/key_variables.hpp"
#include "os/os.hpp"

namespace ark {
namespace {

/// What the commands have answered, shared by the copies of one source.
struct answers {
  std::mutex mutex;
  std::map<std::string, secret, std::less<>> by_vendor;
};

using answer = result<std::optional<secret>>;

answer no_key() { return std::optional<secret>{}; }

answer first_line(std::string& text, const std::string& program) {
  secret key{text.substr(0, text.find_first_of("\r\n"))};
  wipe(text);
  if (key.empty()) return no_key();
  if (auto ok = check_key(key); !ok) {
    auto failure = ok.error();
    failure.message =
        "the first line of the command '" + program + "' is no key: " + failure.message;
    return failure;
  }
  return std::optional<secret>{std::move(key)};
}

}  // namespace

key_source keys_from_environment() {
  return [](std::string_view, std::string_view variable) -> answer {
    auto text = key_in_variables(
        variable, [](std::string_view name) { return os::real().environment(name); });
    if (!text) return no_key();
    return std::optional<secret>{std::move(*text)};
  };
}

key_source keys_from_map(std::map<std::string, secret, std::less<>> keys) {
  return [keys = std::move(keys)](std::string_view vendor, std::string_view) -> answer {
    const auto it = keys.find(vendor);
    if (it == keys.end()) return no_key();
    return std::optional<secret>{it->second};
  };
}

key_source keys_from_file(std::string path) {
  return [path = std::move(path)](std::string_view vendor, std::string_view) -> answer {
    auto entries = read_keys(path);
    if (!entries && entries.error().code == errc::not_found) return no_key();
    if (!entries) return entries.error();
    for (auto& each : *entries) {
      if (each.name == vendor) return std::optional<secret>{std::move(each.key)};
    }
    return no_key();
  };
}

key_source keys_from_command(std::vector<std::string> command) {
  return [command = std::move(command), known = std::make_shared<answers>()](
             std::string_view vendor, std::string_view) -> answer {
    if (command.empty()) return no_key();
    // Held while the command runs, so that many calls at once ask it once.
    const std::lock_guard lock{known->mutex};
    const auto it = known->by_vendor.find(vendor);
    if (it != known->by_vendor.end()) return std::optional<secret>{it->second};
    auto arguments = command;
    arguments.emplace_back(vendor);
    constexpr std::size_t max_bytes = 64u << 10;
    constexpr int timeout_ms = 30'000;
    auto text = os::run_program(arguments, max_bytes, timeout_ms);
    if (!text) return text.error();
    auto key = first_line(*text, command.front());
    if (key && *key) known->by_vendor.emplace(vendor, **key);
    return key;
  };
}

key_source first_of(std::vector<key_source> sources) {
  return
      [sources = std::move(sources)](std::string_view vendor, std::string_view variable) -> answer {
        std::optional<error> reason;
        for (const auto& each : sources) {
          if (!each) continue;
          auto key = each(vendor, variable);
          if (!key && !reason) reason = key.error();
          if (key && *key && !(*key)->empty()) return key;
        }
        if (reason) return *reason;
        return no_key();
      };
}

}  // namespace ark
