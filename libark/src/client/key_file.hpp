#pragma once
#include <ark/result.hpp>
#include <ark/secret.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace ark {

/// A line of a key file: "openai = sk-...", or, for a key that belongs to an address of the user's
/// own, "custom@http://localhost:8000 = ...".
struct key_entry {
  std::string name;
  secret key;
};

/// Blank lines and lines that begin with # are skipped; of two lines with one name the last counts.
/// errc::config with file and line, never with what the line says. Pure.
result<std::vector<key_entry>> parse_keys(std::string_view text, const std::string& file);

/// Reads a key file; see os::read_secret_file for what is refused. errc::not_found if it is not
/// there.
result<std::vector<key_entry>> read_keys(const std::string& path);

/// Why `key` cannot be a key (empty, blanks, control characters), or nothing.
result<void> check_key(const secret& key);

/// "sha256:" and 12 hexadecimal digits: enough to tell keys apart, nothing of the key itself.
std::string fingerprint(const secret& key);

/// Overwrites text that held a secret.
void wipe(std::string& text) noexcept;

}  // namespace ark
