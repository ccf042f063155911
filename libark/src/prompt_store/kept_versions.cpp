#include "prompt_store/kept_versions.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>

#include "base/limits.hpp"
#include "os/os.hpp"

namespace ark::prompt_store {

namespace bj = boost::json;
namespace fs = std::filesystem;

namespace {

constexpr std::size_t file_bytes_max = 64u << 20;
constexpr std::string_view ending = ".json";

error damaged(const std::string& path, const std::string& why) {
  return {.code = errc::config, .message = path + ": " + why};
}

result<bj::object> read_object(const std::string& path) {
  auto text = os::read_file(path, file_bytes_max);
  if (!text) return text.error();
  boost::system::error_code failed;
  bj::value read = bj::parse(*text, failed, {}, {.max_depth = limits::json_depth});
  if (failed || !read.is_object())
    return damaged(path, "is damaged: it is no JSON object; take it from a copy, or remove it");
  return std::move(read.as_object());
}

std::string text_of(const bj::object& from, std::string_view name) {
  const auto* found = from.if_contains(name);
  return found != nullptr && found->is_string() ? std::string(found->as_string()) : "";
}

}  // namespace

result<kept_versions::labels> kept_versions::read_labels() const {
  labels out;
  const std::string path = folder_ + "/labels.json";
  const auto read = read_object(path);
  if (!read) {
    if (read.error().code == errc::not_found) return out;
    return read.error();
  }
  for (const auto& each : *read) {
    if (!each.value().is_string()) return damaged(path, "a label names no version");
    out.emplace(each.key(), each.value().as_string());
  }
  return out;
}

result<void> kept_versions::write_labels(const labels& all) const {
  bj::object out;
  for (const auto& [label, version] : all) out[label] = version;
  std::error_code failed;
  fs::create_directories(folder_, failed);
  return os::write_file(folder_ + "/labels.json", bj::serialize(out) + "\n", 0644);
}

result<void> kept_versions::keep(const prompt_template& what, const std::string& file_name,
                                 std::int64_t now_s) const {
  const std::string path = folder_ + "/" + what.version() + std::string(ending);
  std::error_code failed;
  if (fs::exists(path, failed)) return {};
  bj::object texts;
  for (const auto& [name, text] : what.named_texts()) texts[name] = text;
  const bj::object out{{"file", file_name},
                       {"kept_at_s", now_s},
                       {"text", what.text()},
                       {"texts", std::move(texts)}};
  fs::create_directories(folder_, failed);
  return os::write_file(path, bj::serialize(out) + "\n", 0644);
}

result<prompt_template> kept_versions::load(const std::string& version) const {
  const std::string path = folder_ + "/" + version + std::string(ending);
  const auto read = read_object(path);
  if (!read) return read.error();
  std::map<std::string, std::string, std::less<>> texts;
  if (const auto* all = read->if_contains("texts"); all != nullptr && all->is_object())
    for (const auto& each : all->as_object())
      if (each.value().is_string()) texts.emplace(each.key(), each.value().as_string());
  auto made = prompt_template::parse(
      text_of(*read, "text"), text_of(*read, "file"),
      [texts = std::move(texts)](std::string_view name) -> std::optional<std::string> {
        const auto found = texts.find(name);
        if (found == texts.end()) return std::nullopt;
        return found->second;
      });
  if (!made) return made.error();
  if (made->version() != version)
    return damaged(path, "is not the version that its name says: somebody changed it");
  return made;
}

std::vector<kept_versions::kept> kept_versions::list() const {
  std::vector<kept> out;
  std::error_code failed;
  for (fs::directory_iterator at(folder_, failed), end; !failed && at != end;
       at.increment(failed)) {
    const std::string name = at->path().filename().string();
    constexpr std::size_t hash_digits = 64;
    if (name.size() != hash_digits + ending.size() || !name.ends_with(ending)) continue;
    const auto read = read_object(at->path().string());
    const auto* when = read ? read->if_contains("kept_at_s") : nullptr;
    out.push_back(
        {name.substr(0, hash_digits), when != nullptr && when->is_int64() ? when->as_int64() : 0});
  }
  std::sort(out.begin(), out.end(), [](const kept& a, const kept& b) {
    return a.at_s != b.at_s ? a.at_s > b.at_s : a.version < b.version;
  });
  return out;
}

}  // namespace ark::prompt_store
