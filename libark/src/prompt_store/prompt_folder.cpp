#include "prompt_store/prompt_folder.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <thread>

#include "base/text.hpp"
#include "os/os.hpp"

namespace ark::prompt_store {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t prompt_bytes_max = 16u << 20;
/// A file that is written in place is whole when it has not changed for so long.
constexpr std::chrono::milliseconds settle_ms{200};

/// What tells whether a file is as it was: times of its content and its entry, size, number.
struct stamp {
  std::string text{};
  std::int64_t changed_ns = 0;
};

std::optional<stamp> stamp_of(const std::string& path) {
  struct stat facts = {};
  if (::stat(path.c_str(), &facts) != 0) return std::nullopt;
  const auto ns = [](const timespec& t) {
    return static_cast<std::int64_t>(t.tv_sec) * 1'000'000'000 + t.tv_nsec;
  };
  return stamp{.text = std::to_string(facts.st_ino) + " " + std::to_string(facts.st_size) + " " +
                       std::to_string(ns(facts.st_mtim)) + " " + std::to_string(ns(facts.st_ctim)),
               .changed_ns = ns(facts.st_mtim)};
}

/// Of the file and of all that its version covers.
std::optional<stamp> stamp_of(const found_file& file, const prompt_template* made) {
  auto out = stamp_of(file.path);
  if (!out || made == nullptr) return out;
  for (const auto& [name, text] : made->named_texts()) {
    for (const std::string& each : {file.root + "/" + name, file.root + "/" + name + ".prompt"}) {
      const auto one = stamp_of(each);
      if (!one) continue;
      out->text += "\n" + one->text;
      out->changed_ns = std::max(out->changed_ns, one->changed_ns);
    }
  }
  return out;
}

bool is_settled(const stamp& of) {
  const auto now = std::chrono::duration_cast<std::chrono::nanoseconds>(
      os::real().wall_now().time_since_epoch());
  const std::int64_t age_ns = now.count() - of.changed_ns;
  return age_ns < 0 || age_ns >= std::chrono::nanoseconds(settle_ms).count();
}

result<prompt_template> parse_file(const found_file& file) {
  auto text = os::read_file(file.path, prompt_bytes_max);
  if (!text) return text.error();
  return prompt_template::parse(*text, file.path, texts_below(file.root));
}

bool is_below(const fs::path& inner, const fs::path& folder) {
  const auto [end, rest] = std::mismatch(folder.begin(), folder.end(), inner.begin(), inner.end());
  static_cast<void>(rest);
  return end == folder.end();
}

}  // namespace

bool is_name(std::string_view name) noexcept {
  bool at_start = true;
  for (const char c : name) {
    if (c == '/') {
      if (at_start) return false;
      at_start = true;
      continue;
    }
    const bool is_word = text::is_alpha(c) || text::is_digit(c) || c == '_' || c == '-' ||
                         (c == '.' && !at_start) || static_cast<unsigned char>(c) >= 0x80;
    if (!is_word) return false;
    at_start = false;
  }
  return !at_start;
}

prompt_texts texts_below(std::string folder) {
  return [folder = std::move(folder)](std::string_view name) -> std::optional<std::string> {
    if (!is_name(name)) return std::nullopt;
    const std::string whole = folder + "/" + std::string(name);
    const std::size_t slash = whole.rfind('/');
    const std::string hidden = whole.substr(0, slash + 1) + "_" + whole.substr(slash + 1);
    std::error_code failed;
    const fs::path root = fs::canonical(folder, failed);
    if (failed) return std::nullopt;
    for (const std::string& each : {whole, whole + ".prompt", hidden + ".prompt"}) {
      const fs::path real = fs::canonical(each, failed);
      if (failed || !fs::is_regular_file(real, failed) || !is_below(real, root)) continue;
      auto text = os::read_file(real.string(), prompt_bytes_max);
      if (text) return std::move(*text);
    }
    return std::nullopt;
  };
}

result<prompt_template> reader::read(const found_file& file) {
  const std::lock_guard lock(mutex_);
  known& kept = known_[file.path];
  const auto now = stamp_of(file, kept.made ? &*kept.made : nullptr);
  if (kept.made) {
    const bool is_as_it_was = now && now->text == kept.stamp;
    if (is_as_it_was || !now || !is_settled(*now)) return *kept.made;
  } else if (now) {
    // Nothing is known of it: a writer that is at it is given the time to end.
    for (int tries = 0; tries < 20; ++tries) {
      const auto again = stamp_of(file.path);
      if (!again || is_settled(*again)) break;
      std::this_thread::sleep_for(settle_ms / 10);
    }
  }
  const auto before = stamp_of(file.path);
  auto made = parse_file(file);
  if (!made) {
    if (kept.made) return *kept.made;
    return made.error();
  }
  kept.made = std::move(*made);
  // What changed while it was read, or just now, is read again the next time.
  const auto after = stamp_of(file.path);
  const bool is_same = before && after && before->text == after->text;
  const auto all = stamp_of(file, &*kept.made);
  kept.stamp = is_same && all && is_settled(*all) ? all->text : "";
  return *kept.made;
}

}  // namespace ark::prompt_store
