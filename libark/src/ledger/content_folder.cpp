#include "ledger/content_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/json.hpp"
#include "base/json_reader.hpp"
#include "guard/personal.hpp"
#include "ledger/record.hpp"
#include "sign/sealed_content.hpp"
#include "wire/base64.hpp"

namespace ark::detail {
namespace {

namespace fs = std::filesystem;
using std::chrono::system_clock;

constexpr std::size_t key_bytes = 32, nonce_bytes = 12;
constexpr std::string_view seal_mark = "ark-sealed 1 ";
constexpr std::size_t file_bytes_max = 256u << 20;

error cannot(std::string_view what, const std::string& path, std::string_view why) {
  return {.code = errc::config,
          .message = "cannot " + std::string(what) + " " + path + ": " + std::string(why)};
}

std::string day_of(system_clock::time_point at) {
  const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(at));
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

/// A folder that this store made: nothing else is ever touched.
bool is_day(std::string_view name) noexcept {
  if (name.size() != 10 || name[4] != '-' || name[7] != '-') return false;
  return std::count_if(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; }) == 8;
}

/// An id is a file's name: nothing in it may lead elsewhere.
bool is_id(std::string_view id) noexcept {
  return !id.empty() && id.size() <= 100 && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-';
  });
}

std::vector<std::string> days_in(const std::string& directory) {
  std::vector<std::string> days;
  std::error_code failed;
  for (const auto& each : fs::directory_iterator(directory, failed))
    if (const std::string name = each.path().filename().string(); is_day(name))
      days.push_back(name);
  std::sort(days.begin(), days.end());
  return days;
}

result<void> write_new(const std::string& path, std::string_view bytes) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) return cannot("write", path, std::strerror(errno));
  std::string_view rest = bytes;
  bool good = true;
  while (good && !rest.empty()) {
    const ssize_t n = ::write(fd, rest.data(), rest.size());
    if (n > 0) rest.remove_prefix(static_cast<std::size_t>(n));
    good = n > 0 || (n < 0 && errno == EINTR);
  }
  const int why = errno;
  ::close(fd);
  if (good) return {};
  ::unlink(path.c_str());
  return cannot("write", path, std::strerror(why));
}

std::string cut(std::string_view text, std::size_t most) {
  if (text.size() <= most) return std::string(text);
  std::size_t size = most;
  while (size > 0 && (text[size] & 0xC0) == 0x80) --size;
  return std::string(text.substr(0, size)) + fmt::format(" [cut: it has {} bytes]", text.size());
}

std::string as_json(const kept_content& c, const content_options& o) {
  const auto shown = [&](const std::string& text) {
    return cut(o.form == content_form::redacted ? guard::mask_personal(text) : text, o.most_bytes);
  };
  std::string out;
  json::writer w(out);
  w.begin_object();
  w.key("call_id").string(c.call_id);
  w.key("at_us").number(to_us(c.at));
  w.key("prompt").string(shown(c.prompt));
  w.key("reply").string(shown(c.reply));
  w.end_object();
  return out;
}

result<kept_content> from_json(std::string_view text, const std::string& path,
                               const std::string& call_id) {
  json::reader reader;
  auto root = reader.parse(text);
  simdjson::dom::object object;
  if (!root || root->get_object().get(object) != simdjson::SUCCESS)
    return cannot("read", path, "it is not what was written");
  kept_content c;
  for (const auto [name, value] : object) {
    if (name == "call_id") c.call_id = json::as_text(value);
    if (name == "at_us") c.at = from_us(json::as_integer(value));
    if (name == "prompt") c.prompt = json::as_text(value);
    if (name == "reply") c.reply = json::as_text(value);
  }
  if (c.call_id != call_id) return cannot("read", path, "it is another call's");
  return c;
}

}  // namespace

result<std::shared_ptr<content_folder>> content_folder::open(content_options options,
                                                             os::system& os) {
  if (options.form == content_form::sealed && options.key.reveal_secret().size() != key_bytes)
    return error{.code = errc::config,
                 .message = "contents are to be sealed: their key must have 32 bytes"};
  if (options.keep_days < 1)
    return error{.code = errc::config, .message = "contents are kept for at least a day"};
  if (auto made = os::make_private_directory(options.directory); !made)
    return cannot("use", options.directory, made.error().message);
  struct stat s{};
  if (::lstat(options.directory.c_str(), &s) != 0 || !S_ISDIR(s.st_mode) ||
      s.st_uid != ::geteuid() || (s.st_mode & 0077) != 0)
    return cannot("use", options.directory,
                  "it must be a folder of ours that nobody else may read (chmod 700)");
  return std::shared_ptr<content_folder>(new content_folder(std::move(options), os));
}

result<std::string> content_folder::seal(std::string_view plain) const {
  sign::content_key with{.key = options_.key, .nonce = {}};
  while (with.nonce.size() < nonce_bytes) {
    const std::uint64_t random = os_.random_u64();
    with.nonce.append(reinterpret_cast<const char*>(&random), sizeof random);
  }
  with.nonce.resize(nonce_bytes);
  auto sealed = sign::seal_content(with, plain);
  if (!sealed) return sealed.error();
  return std::string(seal_mark) + wire::base64_encode(with.nonce) + "\n" + *sealed;
}

result<std::string> content_folder::open_text(std::string_view stored) const {
  if (!stored.starts_with(seal_mark)) return std::string(stored);
  stored.remove_prefix(seal_mark.size());
  const auto line = stored.find('\n');
  const auto nonce = wire::base64_decode(stored.substr(0, line));
  const bool has_key = options_.key.reveal_secret().size() == key_bytes;
  if (line == stored.npos || !nonce || nonce->size() != nonce_bytes || !has_key)
    return error{.code = errc::config, .message = "it is sealed, and this is not its key"};
  auto plain = sign::open_content({.key = options_.key, .nonce = *nonce}, stored.substr(line + 1));
  if (plain) return plain;
  return error{.code = errc::config,
               .message = "it is sealed with another key, or somebody changed it"};
}

result<void> content_folder::keep(const kept_content& content) {
  if (!is_id(content.call_id))
    return error{.code = errc::internal, .message = "the call's id cannot be a file's name"};
  remove_old(content.at);
  const std::string folder = options_.directory + "/" + day_of(content.at);
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
    return cannot("make", folder, std::strerror(errno));
  std::string bytes = as_json(content, options_);
  if (options_.form == content_form::sealed) {
    auto sealed = seal(bytes);
    if (!sealed) return sealed.error();
    bytes = std::move(*sealed);
  }
  return write_new(folder + "/" + content.call_id, bytes);
}

result<kept_content> content_folder::find(const std::string& call_id) const {
  const error absent{.code = errc::not_found,
                     .message = "nothing is kept of call \"" + call_id +
                                "\": it was not kept, or its time is over"};
  if (!is_id(call_id)) return absent;
  auto days = days_in(options_.directory);
  for (auto day = days.rbegin(); day != days.rend(); ++day) {
    const std::string path = options_.directory + "/" + *day + "/" + call_id;
    const auto stored = os::read_file(path, file_bytes_max);
    if (!stored && stored.error().code == errc::not_found) continue;
    if (!stored) return stored.error();
    const auto plain = open_text(*stored);
    if (!plain) return cannot("read", path, plain.error().message);
    return from_json(*plain, path, call_id);
  }
  return absent;
}

result<std::int64_t> content_folder::remove_before(system_clock::time_point before) {
  const std::string first_kept = day_of(before);
  std::int64_t removed = 0;
  for (const std::string& day : days_in(options_.directory)) {
    if (day >= first_kept) continue;
    const std::string folder = options_.directory + "/" + day;
    std::error_code failed;
    const auto entries = fs::remove_all(folder, failed);
    if (failed) return cannot("remove", folder, failed.message());
    removed += static_cast<std::int64_t>(entries) - 1;
  }
  return removed;
}

void content_folder::remove_old(system_clock::time_point now) {
  const std::lock_guard lock(mutex_);
  const std::string today = day_of(now);
  if (swept_ == today) return;
  swept_ = today;
  // What cannot be removed today is tried again tomorrow; `remove_before` tells why.
  static_cast<void>(remove_before(now - std::chrono::days(options_.keep_days)));
}

}  // namespace ark::detail

namespace ark {

result<content_store> content_store::open(content_options options) {
  auto folder = detail::content_folder::open(std::move(options));
  if (!folder) return folder.error();
  return content_store(std::move(*folder));
}

result<kept_content> content_store::find(const std::string& call_id) const {
  if (folder_) return folder_->find(call_id);
  return error{.code = errc::not_found, .message = "prompts and replies are not kept"};
}

result<std::int64_t> content_store::remove_before(
    std::chrono::system_clock::time_point before) const {
  if (!folder_) return std::int64_t{0};
  return folder_->remove_before(before);
}

}  // namespace ark
