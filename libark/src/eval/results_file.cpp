#include "eval/results_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cerrno>
#include <cstring>
#include <map>

#include "base/json.hpp"

namespace ark::eval {

namespace {
constexpr std::size_t file_bytes_max = std::size_t{4} << 30;
}

results_file::results_file(results_file&& other) noexcept
    : path_(std::move(other.path_)), file_(other.file_), rows_(std::move(other.rows_)) {
  other.file_ = -1;
}

results_file::~results_file() {
  if (file_ >= 0) ::close(file_);
}

error results_file::failed(std::string_view what) const {
  return error{.code = errc::config,
               .message = path_ + ": cannot " + std::string(what) + ": " + std::strerror(errno)};
}

result<results_file> results_file::open(const std::string& path, const suite& of, bool fresh) {
  results_file out(path);
  out.file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (out.file_ < 0) return out.failed("open the results");
  if (::flock(out.file_, LOCK_EX | LOCK_NB) != 0)
    return error{.code = errc::config,
                 .message = path +
                            ": another run is writing these results; wait for it, or name "
                            "another file with --output"};
  if (fresh && ::ftruncate(out.file_, 0) != 0) return out.failed("empty the results");
  struct stat info{};
  if (::fstat(out.file_, &info) != 0) return out.failed("read the results");
  if (static_cast<std::size_t>(info.st_size) > file_bytes_max)
    return error{.code = errc::too_large, .message = path + ": the results are over 4 GiB"};
  if (info.st_size > 0)
    if (auto ok = out.read_existing(of); !ok) return ok.error();
  if (::lseek(out.file_, 0, SEEK_END) == 0)
    if (auto ok = out.write_header(of); !ok) return ok.error();
  return out;
}

result<void> results_file::read_existing(const suite& of) {
  std::string text;
  char buffer[65536];
  for (ssize_t got = 0;
       (got = ::pread(file_, buffer, sizeof buffer, static_cast<off_t>(text.size()))) > 0;)
    text.append(buffer, static_cast<std::size_t>(got));
  const std::size_t whole = text.rfind('\n') + 1;  // npos + 1 is 0: not even the header is whole
  if (whole < text.size() && ::ftruncate(file_, static_cast<off_t>(whole)) != 0)
    return failed("cut off a torn line");
  std::map<std::string, std::size_t> known;
  std::string_view rest = std::string_view(text).substr(0, whole);
  for (int line = 1; !rest.empty(); ++line) {
    const std::string_view one = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(one.size() + 1);
    if (line == 1) {
      boost::system::error_code bad;
      const auto header = boost::json::parse(one, bad);
      const auto* hash =
          !bad && header.is_object() ? header.get_object().if_contains("suite_hash") : nullptr;
      if (!hash || !hash->is_string())
        return error{.code = errc::config,
                     .message = path_ +
                                ":1: this is no file of results; "
                                "name another with --output"};
      if (hash->get_string() != of.hash)
        return error{.code = errc::config,
                     .message = path_ +
                                ":1: these results are of another suite, or it or its case "
                                "files have changed; --fresh begins anew, --output names "
                                "another file"};
      continue;
    }
    auto parsed = row_from_json(one);
    if (!parsed)
      return error{.code = errc::config,
                   .message = path_ + ":" + std::to_string(line) + ": " + parsed.error().message +
                              "; remove the line, or begin anew with --fresh"};
    const auto [at, is_new] = known.emplace(parsed->key(), rows_.size());
    if (is_new)
      rows_.push_back(std::move(*parsed));
    else
      rows_[at->second] = std::move(*parsed);
  }
  return {};
}

result<void> results_file::write_header(const suite& of) {
  std::string line;
  json::writer w{line};
  w.begin_object();
  w.key("ark_eval").number(std::int64_t{1});
  w.key("suite").string(of.name);
  w.key("suite_file").string(of.path);
  w.key("suite_hash").string(of.hash);
  w.end_object();
  return write_line(std::move(line));
}

result<void> results_file::append(const row& value) { return write_line(to_json(value)); }

result<void> results_file::write_line(std::string line) {
  line += '\n';
  std::string_view rest = line;
  while (!rest.empty()) {
    const ssize_t written = ::write(file_, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return failed("write a row");
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fdatasync(file_) != 0 && errno != EINVAL && errno != EROFS) return failed("write a row");
  return {};
}

}  // namespace ark::eval
