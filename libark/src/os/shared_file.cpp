#include "os/shared_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace ark::os {
namespace {

error not_shared(const std::string& path, const std::string& why) {
  return {.code = errc::config, .message = "cannot share " + path + " between processes: " + why};
}

error not_shared(const std::string& path, int number) {
  return not_shared(path, std::generic_category().message(number));
}

/// Memory of `fd`, or why not.
result<void*> map(int fd, const std::string& path, std::size_t bytes) {
  struct stat info{};
  if (::fstat(fd, &info) != 0) return not_shared(path, errno);
  if (!S_ISREG(info.st_mode) || info.st_uid != ::geteuid())
    return not_shared(path, "it is not a file of this user");
  const auto wanted = static_cast<off_t>(bytes);
  // Others that make it at the same time do the same, and no byte changes.
  if (info.st_size == 0) {
    if (const int failed = ::posix_fallocate(fd, 0, wanted); failed != 0)
      return not_shared(path, failed);
    if (::fstat(fd, &info) != 0) return not_shared(path, errno);
  }
  if (info.st_size != wanted)
    return not_shared(path, "it has another size: it is another version's, or no such file");
  void* memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (memory == MAP_FAILED) return not_shared(path, errno);
  return memory;
}

}  // namespace

result<shared_file> shared_file::open(const std::string& path, std::size_t bytes) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0600);
  if (fd < 0) return not_shared(path, errno);
  auto memory = map(fd, path, bytes);
  ::close(fd);  // the mapping keeps the file
  if (!memory) return memory.error();
  return shared_file(*memory, bytes);
}

shared_file::shared_file(shared_file&& other) noexcept
    : memory_(std::exchange(other.memory_, nullptr)), bytes_(other.bytes_) {}

shared_file::~shared_file() {
  if (memory_ != nullptr) ::munmap(memory_, bytes_);
}

}  // namespace ark::os
