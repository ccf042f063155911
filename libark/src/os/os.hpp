#pragma once
#include <ark/result.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ark::os {

/// The one door to clocks, randomness, environment and files. Tests pass a fake.
class system {
 public:
  virtual ~system() = default;
  virtual std::chrono::system_clock::time_point wall_now() = 0;
  virtual std::chrono::steady_clock::time_point steady_now() = 0;
  virtual std::uint64_t random_u64() = 0;  ///< from the kernel; unpredictable
  virtual std::optional<std::string> environment(std::string_view name) = 0;
};
/// The real one. Static lifetime, thread safe.
system& real();

/// The whole of a file of at most `max_bytes`. errc::not_found, errc::too_large, errc::config.
result<std::string> read_file(const std::string& path, std::size_t max_bytes);
/// Replaces `path` in one step (temporary file, fsync, rename) with mode `mode`.
result<void> write_file(const std::string& path, std::string_view bytes, unsigned mode);
/// A file that holds secrets: refused if it is a symbolic link, is not ours, or others may read it.
result<std::string> read_secret_file(const std::string& path, std::size_t max_bytes);
/// Makes a folder and its parents with mode 0700; fine if it is there.
result<void> make_private_directory(const std::string& path);

/// XDG folders of this user ("~/.config/ark", "~/.local/state/ark", "~/.cache/ark").
std::string config_directory(system& s);
std::string state_directory(system& s);
std::string cache_directory(system& s);

}  // namespace ark::os
