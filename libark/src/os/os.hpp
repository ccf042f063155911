#pragma once
#include <ark/result.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ark::os {

/// The one door to clocks, randomness, environment and files. Tests pass a fake.
class system {
 public:
  virtual ~system() = default;
  virtual std::chrono::system_clock::time_point wall_now() = 0;
  virtual std::chrono::steady_clock::time_point steady_now() = 0;
  virtual std::uint64_t random_u64() = 0;  ///< from the kernel; unpredictable
  virtual std::optional<std::string> environment(std::string_view name) = 0;
  /// Names of the variables that begin with `prefix`, sorted. For the command; the library asks for
  /// variables by their full names only.
  virtual std::vector<std::string> environment_names(std::string_view prefix) = 0;
};
/// The real one. Static lifetime, thread safe.
system& real();

/// The whole of a file of at most `max_bytes`. Errors: errc::not_found (it or its folder is not
/// there), errc::too_large, errc::config (any other reason). Thread safe, as all functions here.
result<std::string> read_file(const std::string& path, std::size_t max_bytes);
/// Replaces `path` in one step (temporary file, fsync, rename) with exactly the mode `mode`. A
/// symbolic link at `path` is replaced, not followed. On an error the old file is untouched.
result<void> write_file(const std::string& path, std::string_view bytes, unsigned mode);
/// A file that holds secrets. Refused (errc::config) if it is a symbolic link, has a second hard
/// link, is not ours, or others may read it, and if its folder is a symbolic link, belongs to
/// another user but root, or lets others write.
result<std::string> read_secret_file(const std::string& path, std::size_t max_bytes);
/// Makes a folder and its parents with mode 0700; fine if it is there.
result<void> make_private_directory(const std::string& path);

/// Runs a program (no shell; found through PATH) with nothing on its standard input and returns
/// what it printed, at most `max_bytes`. Its standard error is ours. It is killed when `timeout_ms`
/// have passed. errc::config when it cannot be run, fails, prints too much or takes too long; the
/// message names the program and never what it printed.
result<std::string> run_program(const std::vector<std::string>& arguments, std::size_t max_bytes,
                                int timeout_ms);

/// XDG folders of this user ("~/.config/ark", "~/.local/share/ark", ...). Empty when
/// neither the XDG variable nor HOME is an absolute path.
std::string config_directory(system& s);
std::string data_directory(system& s);
std::string state_directory(system& s);
std::string cache_directory(system& s);

}  // namespace ark::os
