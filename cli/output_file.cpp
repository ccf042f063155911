#include "cli/output_file.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <system_error>

namespace ark::cli {

/// The descriptor and the name that the file has until it is whole; both end with this.
struct output_file::open_file {
  int descriptor = -1;
  std::string name;
  ~open_file() {
    if (descriptor >= 0) ::close(descriptor);
    if (!name.empty()) ::unlink(name.c_str());
  }
};

namespace {
error file_failure(const std::string& path, int number) {
  return error{.code = errc::config,
               .message = "cannot write " + path + ": " + std::generic_category().message(number)};
}
}  // namespace

output_file::output_file(std::unique_ptr<open_file> file, std::string path)
    : file_(std::move(file)),
      path_(std::move(path)),
      out_(std::make_unique<output>(file_->descriptor)) {}

output_file::output_file(output_file&&) noexcept = default;
output_file& output_file::operator=(output_file&&) noexcept = default;
output_file::~output_file() = default;

result<output_file> output_file::make(const std::string& path) {
  auto file = std::make_unique<open_file>();
  std::string name = path + ".XXXXXX";
  file->descriptor = ::mkstemp(name.data());
  if (file->descriptor < 0) return file_failure(path, errno);
  file->name = std::move(name);
  return output_file(std::move(file), path);
}

result<void> output_file::keep() {
  out_->flush();
  if (::fsync(file_->descriptor) != 0) return file_failure(path_, errno);
  if (std::rename(file_->name.c_str(), path_.c_str()) != 0) return file_failure(path_, errno);
  file_->name.clear();
  return {};
}

}  // namespace ark::cli
