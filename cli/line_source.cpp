#include "cli/line_source.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace ark::cli {
namespace {

constexpr std::size_t read_bytes = 256u << 10;

}  // namespace

result<line_source> line_source::open(context& ctx, const std::string& file,
                                      std::size_t most_bytes) {
  if (file == "-") return line_source(-1, &ctx.in, "standard input", most_bytes);
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0)
    return error{.code = errno == ENOENT ? errc::not_found : errc::config,
                 .message = file + " cannot be read: " + std::generic_category().message(errno)};
  return line_source(descriptor, nullptr, file, most_bytes);
}

line_source::line_source(int descriptor, input* standard_in, std::string name,
                         std::size_t most_bytes)
    : descriptor_(descriptor),
      from_file_(descriptor),
      standard_in_(standard_in),
      name_(std::move(name)),
      most_bytes_(most_bytes) {}

line_source::line_source(line_source&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      from_file_(std::move(other.from_file_)),
      standard_in_(other.standard_in_),
      name_(std::move(other.name_)),
      most_bytes_(other.most_bytes_),
      buffer_(std::move(other.buffer_)),
      begin_(other.begin_),
      scanned_(other.scanned_),
      number_(other.number_),
      skipping_(other.skipping_) {}

line_source::~line_source() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

line_source::line line_source::taken(std::size_t end, std::size_t with_end) {
  line out{.text = std::string_view(buffer_).substr(begin_, end - begin_), .number = ++number_};
  out.too_long = std::exchange(skipping_, false) || out.text.size() > most_bytes_;
  if (out.too_long) out.text = {};
  begin_ = scanned_ = with_end;
  return out;
}

result<std::optional<line_source::line>> line_source::next() {
  input& from = standard_in_ != nullptr ? *standard_in_ : from_file_;
  for (;;) {
    const auto end = buffer_.find('\n', scanned_);
    if (end != buffer_.npos) return taken(end, end + 1);
    buffer_.erase(0, begin_);
    begin_ = 0;
    scanned_ = buffer_.size();
    if (buffer_.size() > most_bytes_) {
      skipping_ = true;
      buffer_.clear();
      scanned_ = 0;
    }
    const auto more = from.read_some(read_bytes, buffer_);
    if (!more) {
      error out = more.error();
      out.message = name_ + ": " + out.message;
      return out;
    }
    if (*more) continue;
    if (buffer_.empty() && !skipping_) return std::optional<line>{};
    return taken(buffer_.size(), buffer_.size());
  }
}

}  // namespace ark::cli
