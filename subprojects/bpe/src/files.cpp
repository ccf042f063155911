#include "files.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "bpe/vocabulary.hpp"

namespace bpe {
namespace {

error io_error(const std::string& what, const std::string& path) {
  return {errc::io, what + " " + path + ": " + std::strerror(errno)};
}

class descriptor {
 public:
  explicit descriptor(int fd) : fd_(fd) {}
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  ~descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }
  /// Closes now and tells whether all was written.
  bool close() { return ::close(std::exchange(fd_, -1)) == 0; }

 private:
  int fd_;
};

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

mapped_file::mapped_file(mapped_file&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

mapped_file& mapped_file::operator=(mapped_file&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

mapped_file::~mapped_file() {
  if (data_ != nullptr) ::munmap(data_, size_);
}

result<mapped_file> mapped_file::open(const std::string& path) {
  const descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat about{};
  if (file.get() < 0 || ::fstat(file.get(), &about) != 0) return io_error("cannot open", path);
  if (!S_ISREG(about.st_mode)) return error{errc::io, "not a regular file: " + path};
  const auto size = static_cast<std::size_t>(about.st_size);
  if (size == 0) return error{errc::malformed, "an empty file: " + path};
  if (size > max_file_bytes) return error{errc::too_large, "a file of over 1 GiB: " + path};
  // All pages are read at once by the check of the contents.
  void* data = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, file.get(), 0);
  if (data == MAP_FAILED) return io_error("cannot map", path);
  return mapped_file(data, size);
}

result<std::string> read_file(const std::string& path) {
  const descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return io_error("cannot open", path);
  std::string out;
  constexpr std::size_t block = std::size_t{1} << 20;
  for (;;) {
    const std::size_t before = out.size();
    if (before > max_file_bytes) return error{errc::too_large, "a file of over 1 GiB: " + path};
    out.resize(before + block);
    const ssize_t got = ::read(file.get(), out.data() + before, block);
    if (got < 0 && errno != EINTR) return io_error("cannot read", path);
    out.resize(before + static_cast<std::size_t>(got > 0 ? got : 0));
    if (got == 0) return out;
  }
}

result<std::size_t> install(const vocabulary& vocab, const std::string& path) {
  std::string temporary = path + ".XXXXXX";
  descriptor file(::mkstemp(temporary.data()));
  if (file.get() < 0) return io_error("cannot make a file beside", path);
  const std::string_view bytes = vocab.compiled();
  const bool written =
      write_all(file.get(), bytes) && ::fchmod(file.get(), 0644) == 0 && ::fsync(file.get()) == 0;
  if (!written || !file.close() || ::rename(temporary.c_str(), path.c_str()) != 0) {
    const error failure = io_error("cannot write", path);  // before errno is another's
    ::unlink(temporary.c_str());
    return failure;
  }
  return bytes.size();
}

}  // namespace bpe
