#pragma once
#include <ark/prompt.hpp>

#include <chrono>
#include <map>
#include <mutex>
#include <optional>

namespace ark::prompt_store {

/// Where a prompt's file is.
struct found_file {
  std::string root{};  ///< the library's folder
  std::string path{};
};

/// A name that stays below its folder: parts of letters, digits, "_", "-", "." that do not begin
/// with a point, with "/" between them.
bool is_name(std::string_view name) noexcept;

/// Gives texts below a folder by name ("parts/rules.txt", "rules" for "rules.prompt" and
/// dotprompt's
/// "_rules.prompt"). Nothing outside of the folder is read, by whatever name or link.
prompt_texts texts_below(std::string folder);

/// Reads prompts and remembers them while their files stay as they are. Thread safe.
class reader {
 public:
  /// As `prompt_library::get` without a selector.
  result<prompt_template> read(const found_file& file);

 private:
  struct known {
    std::string stamp{};  ///< of the files that it was made of
    std::optional<prompt_template> made{};
  };
  std::mutex mutex_;
  std::map<std::string, known, std::less<>> known_;
};

}  // namespace ark::prompt_store
