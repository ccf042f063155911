#include "ledger/spool.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>

namespace ark::detail {
namespace {

/// Its last byte is the form of the records.
constexpr std::string_view name("ARKSPOOL\0\0\0\0\0\0\0", 15);
constexpr std::size_t head_bytes = 16;
constexpr std::size_t frame_head_bytes = 16;
constexpr std::string_view infix = "-spool-";
/// From here on nothing is added: bounds the transaction that takes it all, and so how long other
/// processes wait for the ledger.
constexpr std::size_t full_bytes = 256u << 10;
constexpr std::size_t file_bytes = 512u << 10;
/// An intent has at most 64 KiB of text, an outcome what fits a response's head.
constexpr std::size_t record_bytes_max = file_bytes;

error refuse(const std::string& path, const char* doing) {
  return {.code = errc::ledger,
          .message = std::string("cannot ") + doing + " " + path + ": " + std::strerror(errno)};
}

std::string name_of(std::int64_t session) {
  std::string digits(16, '0');
  for (std::size_t i = 0; i < digits.size(); ++i)
    digits[15 - i] = "0123456789abcdef"[(session >> (4 * i)) & 15];
  return digits;
}

// In this machine's byte order: a spool never leaves it.
template <class Number>
void append_number(std::string& out, Number value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

template <class Number>
Number number_at(std::string_view bytes, std::size_t at) {
  Number value = 0;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

/// Over the number and the record. Told apart must be what was written from what was cut or
/// overwritten, not from what somebody made up; eight bytes at a time, as each commit waits for it.
std::uint32_t checksum(std::string_view bytes) {
  std::uint64_t sum = 0x9e3779b97f4a7c15ULL ^ bytes.size();
  const auto mix = [&sum](std::uint64_t word) {
    sum = (sum ^ word) * 0xff51afd7ed558ccdULL;
    sum ^= sum >> 32;
  };
  std::size_t at = 0;
  for (; bytes.size() - at >= 8; at += 8) mix(number_at<std::uint64_t>(bytes, at));
  std::uint64_t rest = 0;
  std::memcpy(&rest, bytes.data() + at, bytes.size() - at);
  mix(rest);
  return static_cast<std::uint32_t>(sum);
}

/// False if it is longer than what will be read.
bool append_frame(std::string& out, std::uint64_t number, const journal_record& record) {
  const std::size_t begin = out.size();
  out.append(8, '\0');
  append_number(out, number);
  append_record(out, record);
  std::string sizes;
  append_number(sizes, static_cast<std::uint32_t>(out.size() - begin - frame_head_bytes));
  append_number(sizes, checksum(std::string_view(out).substr(begin + 8)));
  out.replace(begin, sizes.size(), sizes);
  return out.size() - begin - frame_head_bytes <= record_bytes_max;
}

/// Null with errno set. The blocks are there before they are used: a full disk is told here, and
/// not by a signal.
char* map(int fd) {
  if (const int failed = ::posix_fallocate(fd, 0, file_bytes); failed != 0) {
    errno = failed;
    return nullptr;
  }
  void* at = ::mmap(nullptr, file_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  return at == MAP_FAILED ? nullptr : static_cast<char*>(at);
}

}  // namespace

spool::spool(std::string path, int fd, char* memory)
    : path_(std::move(path)), process_(::getpid()), fd_(fd), memory_(memory), end_(head_bytes) {
  std::memcpy(memory_, name.data(), name.size());
  memory_[name.size()] = record_form;
}

result<std::unique_ptr<spool>> spool::create(const std::string& ledger_path, std::int64_t session) {
  const std::string path = ledger_path + std::string(infix) + name_of(session);
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) return refuse(path, "make the spool");
  struct stat s{};
  // Somebody who looked for spools of the dead may have been quicker than the lock, and removed it.
  const bool locked = ::flock(fd, LOCK_EX | LOCK_NB) == 0 && ::fstat(fd, &s) == 0 && s.st_nlink > 0;
  char* memory = locked ? map(fd) : nullptr;
  if (memory != nullptr) return std::unique_ptr<spool>(new spool(path, fd, memory));
  error why = refuse(path, locked ? "make room in the spool" : "lock the spool");
  ::unlink(path.c_str());
  ::close(fd);
  return why;
}

spool::~spool() {
  if (fd_ >= 0 && process_ == ::getpid()) ::unlink(path_.c_str());
  abandon();
}

void spool::abandon() noexcept {
  if (fd_ < 0) return;
  ::munmap(memory_, file_bytes);
  ::close(fd_);
  fd_ = -1;
}

bool spool::append(const std::vector<journal_record>& records) {
  if (end_ >= full_bytes) return false;
  buffer_.clear();
  std::uint64_t number = last_;
  for (const auto& record : records)
    if (!append_frame(buffer_, ++number, record)) return false;
  if (buffer_.size() > file_bytes - end_) return false;
  // Dying halfway leaves a frame whose checksum is wrong, which was not acknowledged either.
  std::memcpy(memory_ + end_, buffer_.data(), buffer_.size());
  last_ = number;
  end_ += buffer_.size();
  return true;
}

void spool::rewind() noexcept { end_ = head_bytes; }

result<std::vector<spooled_record>> read_spool(std::string_view bytes) {
  std::vector<spooled_record> out;
  if (bytes.size() < head_bytes || !bytes.starts_with(name)) return out;
  if (bytes[name.size()] != record_form)
    return error{
        .code = errc::ledger,
        .message = "it was written by another version of this library, which must take it"};
  std::size_t at = head_bytes;
  while (bytes.size() - at >= frame_head_bytes) {
    const auto size = number_at<std::uint32_t>(bytes, at);
    if (size > record_bytes_max || size > bytes.size() - at - frame_head_bytes) break;
    const auto number = number_at<std::uint64_t>(bytes, at + 8);
    if (!out.empty() && number != out.back().number + 1) break;
    if (number_at<std::uint32_t>(bytes, at + 4) != checksum(bytes.substr(at + 8, 8 + size))) break;
    auto record = read_record(bytes.substr(at + frame_head_bytes, size));
    if (!record) return record.error();
    out.push_back({number, std::move(*record)});
    at += frame_head_bytes + size;
  }
  return out;
}

std::vector<found_spool> find_spools(const std::string& ledger_path) {
  const auto slash = ledger_path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : ledger_path.substr(0, slash + 1);
  const std::string prefix = ledger_path.substr(slash + 1) + std::string(infix);
  std::vector<found_spool> found;
  DIR* open = ::opendir(folder.c_str());
  if (open == nullptr) return found;
  while (const dirent* each = ::readdir(open)) {
    const std::string_view name = each->d_name;
    if (!name.starts_with(prefix)) continue;
    const std::string_view digits = name.substr(prefix.size());
    std::int64_t session = 0;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), session, 16);
    if (digits.size() != 16 || read.ec != std::errc{} || read.ptr != digits.data() + digits.size())
      continue;
    found.push_back({ledger_path + std::string(infix) + std::string(digits), session});
  }
  ::closedir(open);
  return found;
}

}  // namespace ark::detail
