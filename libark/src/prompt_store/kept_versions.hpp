#pragma once
#include <ark/prompt.hpp>

#include <map>
#include <optional>

namespace ark::prompt_store {

/// Versions of one prompt that were kept, and its labels: a folder `.versions/NAME` with a file for
/// each version (JSON: the text and what it includes) and `labels.json`. Files are replaced whole.
class kept_versions {
 public:
  explicit kept_versions(std::string folder) : folder_(std::move(folder)) {}

  using labels = std::map<std::string, std::string, std::less<>>;  ///< label -> version
  /// errc::config: a file that is damaged.
  result<labels> read_labels() const;
  result<void> write_labels(const labels& all) const;
  /// Keeps a prompt; fine if it is there.
  result<void> keep(const prompt_template& what, const std::string& file_name,
                    std::int64_t now_s) const;
  /// errc::not_found; errc::config if what is kept is not what its name says.
  result<prompt_template> load(const std::string& version) const;
  struct kept {
    std::string version{};
    std::int64_t at_s = 0;
  };
  /// Newest first.
  std::vector<kept> list() const;

 private:
  std::string folder_;
};

}  // namespace ark::prompt_store
