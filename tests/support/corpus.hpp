#pragma once
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>

namespace ark::test {

/// Where the shared corpus is: ARK_SHARED, or ../shared beside the source tree.
inline std::filesystem::path shared_root() {
  if (const char* set = std::getenv("ARK_SHARED"); set != nullptr && *set != '\0') return set;
  return std::filesystem::path(ARK_SOURCE_ROOT) / ".." / "shared";
}

/// The path of a file or folder of the shared corpus; nothing when it is absent.
inline std::optional<std::filesystem::path> shared_path(const std::string& name) {
  const auto path = shared_root() / name;
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) return std::nullopt;
  return path;
}

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return std::move(out).str();
}

}  // namespace ark::test

/// `const auto path = ...` of a test that cannot run without the corpus.
#define ARK_SHARED_OR_SKIP(variable, name)                            \
  const auto variable##_found = ark::test::shared_path(name);         \
  if (!variable##_found) GTEST_SKIP() << "skipped: no shared corpus"; \
  const std::filesystem::path& variable = *variable##_found
