#pragma once
#include <ark/result.hpp>
#include <ark/secret.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace ark {

/// How prompts and replies are kept.
enum class content_form : std::uint8_t {
  redacted,  ///< in clear, with identity numbers, cards, phones and e-mail addresses masked
  sealed,    ///< AES-256-GCM (NIST SP 800-38D), a nonce for each; nobody reads it without the key
};

/// Where prompts and replies go. The ledger never holds them.
struct content_options {
  std::string directory;  ///< made (0700) if absent; a folder for each day in it
  content_form form = content_form::redacted;
  secret key{};                      ///< of `sealed`: 32 bytes
  int keep_days = 30;                ///< older days are removed; at least 1
  std::size_t most_bytes = 4 << 20;  ///< of a prompt or a reply; a longer one is cut, and says so
};

/// What a call asked and got.
struct kept_content {
  std::string call_id{};
  std::chrono::system_clock::time_point at{};
  std::string prompt{};  ///< the request's body as it was encoded for the vendor
  std::string reply{};   ///< JSON: text, reasoning, tool calls
};

namespace detail {
class content_folder;
}

/// Prompts and replies of calls, kept because somebody asked for it, apart from the ledger and for
/// a time. A handle (copying shares it). Thread safe; several processes may use one folder.
class ARK_API content_store {
 public:
  content_store() = default;  ///< keeps nothing
  /// errc::config for a key that has not 32 bytes, or a folder that others may write.
  static result<content_store> open(content_options options);

  /// False for "keeps nothing".
  explicit operator bool() const noexcept { return folder_ != nullptr; }
  /// errc::not_found when the call is not there (any more); errc::config for a wrong key or a
  /// file that somebody changed.
  result<kept_content> find(const std::string& call_id) const;
  /// Removes the days before `before`; the number of calls that were removed. Done by itself for
  /// `keep_days`, once a day, when something is kept.
  result<std::int64_t> remove_before(std::chrono::system_clock::time_point before) const;
  const std::shared_ptr<detail::content_folder>& folder() const noexcept { return folder_; }

 private:
  explicit content_store(std::shared_ptr<detail::content_folder> folder)
      : folder_(std::move(folder)) {}
  std::shared_ptr<detail::content_folder> folder_;
};

}  // namespace ark
