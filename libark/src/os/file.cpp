#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

#include "os/os.hpp"

namespace ark::os {
namespace {

class descriptor {
 public:
  explicit descriptor(int fd) noexcept : fd_(fd) {}
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  ~descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const noexcept { return fd_; }
  explicit operator bool() const noexcept { return fd_ >= 0; }

 private:
  int fd_;
};

error failure(errc code, std::string message) {
  error e;
  e.code = code;
  e.message = std::move(message);
  return e;
}

error system_failure(const std::string& what, const std::string& path, int number) {
  const auto code = number == ENOENT || number == ENOTDIR ? errc::not_found : errc::config;
  return failure(code, what + " " + path + ": " + std::generic_category().message(number));
}

std::string parent_of(const std::string& path) {
  const auto slash = path.find_last_of('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

/// Reads to the end, whatever `st_size` says: files in /proc and pipes have none.
result<std::string> read_all(int fd, const std::string& path, std::size_t max_bytes) {
  std::string out;
  struct stat info{};
  if (::fstat(fd, &info) == 0 && info.st_size > 0 &&
      static_cast<std::uint64_t>(info.st_size) <= max_bytes) {
    out.reserve(static_cast<std::size_t>(info.st_size));
  }
  char buffer[16384];
  for (;;) {
    const auto got = ::read(fd, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return system_failure("cannot read", path, errno);
    if (got == 0) return out;
    if (out.size() + static_cast<std::size_t>(got) > max_bytes) {
      return failure(errc::too_large, path + " is longer than the limit of " +
                                          std::to_string(max_bytes) + " bytes; make it smaller");
    }
    out.append(buffer, static_cast<std::size_t>(got));
  }
}

result<void> write_all(int fd, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const auto put = ::write(fd, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return system_failure("cannot write", path, errno);
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  if (::fsync(fd) != 0) return system_failure("cannot write", path, errno);
  return {};
}

result<void> check_secret(const struct stat& info, const std::string& path) {
  if (!S_ISREG(info.st_mode)) {
    return failure(errc::config, path + " is not a regular file; put the keys into a plain file");
  }
  if (info.st_uid != ::geteuid()) {
    return failure(errc::config, path + " belongs to another user; make a file of your own");
  }
  if ((info.st_mode & 077) != 0) {
    return failure(errc::config, "others may read " + path + "; run: chmod 600 " + path);
  }
  // A second name for the file may lie where somebody else can reach it.
  if (info.st_nlink > 1) {
    return failure(errc::config, path + " has several hard links; copy it to a file of its own");
  }
  return {};
}

/// The folder decides who can put another file in the place of ours.
result<void> check_secret_folder(const std::string& folder) {
  struct stat info{};
  if (::lstat(folder.c_str(), &info) != 0) return system_failure("cannot open", folder, errno);
  if (S_ISLNK(info.st_mode)) {
    return failure(errc::config,
                   "the folder " + folder + " of a key file is a symbolic link; use a real folder");
  }
  if (info.st_uid != ::geteuid() && info.st_uid != 0) {
    return failure(errc::config, "the folder " + folder + " of a key file belongs to another user");
  }
  if ((info.st_mode & 022) != 0 && (info.st_mode & S_ISVTX) == 0) {
    return failure(errc::config,
                   "others may write to the folder " + folder + "; run: chmod go-w " + folder);
  }
  return {};
}

}  // namespace

result<std::string> read_file(const std::string& path, std::size_t max_bytes) {
  const descriptor fd{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (!fd) return system_failure("cannot open", path, errno);
  return read_all(fd.get(), path, max_bytes);
}

result<std::string> read_secret_file(const std::string& path, std::size_t max_bytes) {
  // O_NONBLOCK: opening a pipe that somebody put there must not hang.
  const descriptor fd{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)};
  if (!fd && errno == ELOOP) {
    return failure(errc::config, path + " is a symbolic link; a key file must be a plain file");
  }
  if (!fd) return system_failure("cannot open", path, errno);
  if (auto ok = check_secret_folder(parent_of(path)); !ok) return ok.error();
  struct stat info{};
  if (::fstat(fd.get(), &info) != 0) return system_failure("cannot open", path, errno);
  if (auto ok = check_secret(info, path); !ok) return ok.error();
  return read_all(fd.get(), path, max_bytes);
}

result<void> write_file(const std::string& path, std::string_view bytes, unsigned mode) {
  const std::string temporary = path + "." + std::to_string(::getpid()) + "." +
                                std::to_string(real().random_u64() & 0xffffffffU) + ".tmp";
  {
    const descriptor fd{::open(temporary.c_str(),
                               O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode & 0777)};
    if (!fd) return system_failure("cannot write", path, errno);
    auto ok = write_all(fd.get(), bytes, path);
    // The umask narrows what open() was told; the caller's mode is meant exactly.
    if (ok && ::fchmod(fd.get(), mode & 0777) != 0)
      ok = system_failure("cannot write", path, errno);
    if (!ok) {
      ::unlink(temporary.c_str());
      return ok.error();
    }
  }
  if (::rename(temporary.c_str(), path.c_str()) != 0) {
    const int number = errno;
    ::unlink(temporary.c_str());
    return system_failure("cannot write", path, number);
  }
  // The new name must survive a power cut too; a folder that cannot be synced is not an error.
  const descriptor folder{::open(parent_of(path).c_str(), O_RDONLY | O_CLOEXEC | O_DIRECTORY)};
  if (folder) ::fsync(folder.get());
  return {};
}

result<void> make_private_directory(const std::string& path) {
  struct stat info{};
  if (::stat(path.c_str(), &info) == 0) {
    if (S_ISDIR(info.st_mode)) return {};
    return failure(errc::config, path + " is not a folder; move it away");
  }
  if (errno != ENOENT) return system_failure("cannot make the folder", path, errno);
  if (const auto parent = parent_of(path); parent != path && parent != ".") {
    if (auto ok = make_private_directory(parent); !ok) return ok.error();
  }
  // EEXIST: another process made it since.
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) {
    return system_failure("cannot make the folder", path, errno);
  }
  return {};
}

}  // namespace ark::os
