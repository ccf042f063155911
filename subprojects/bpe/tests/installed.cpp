#include "installed.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <map>

namespace bpe::test {

std::optional<vocabulary> installed_in(const std::string& folder, const std::string& name) {
  for (const char* extension : {".tiktoken", ".json", ".bpe"}) {
    const std::string path = folder + "/" + name + extension;
    if (!std::filesystem::exists(std::filesystem::symlink_status(path))) continue;
    tiktoken_options options;
    options.name = name;
    auto out = read_vocabulary(path, options);
    if (out) return std::move(out).value();
    ADD_FAILURE() << path << ": " << out.failure().message;
    return std::nullopt;
  }
  return std::nullopt;
}

std::optional<vocabulary> installed(const std::string& name) {
  static std::map<std::string, std::optional<vocabulary>> known;
  const char* folder = std::getenv("BPE_RANKS");
  if (folder == nullptr) return std::nullopt;
  const auto at = known.find(name);
  // One that cannot be read fails each test that asks for it.
  if (at != known.end() && at->second) return at->second;
  return known[name] = installed_in(folder, name);
}

std::string shared_folder() {
  const char* folder = std::getenv("ARK_SHARED");
  return folder == nullptr ? std::string() : std::string(folder) + "/tokens";
}

}  // namespace bpe::test
