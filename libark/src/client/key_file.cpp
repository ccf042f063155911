#include "client/key_file.hpp"

#include <openssl/evp.h>
#include <string.h>

#include <algorithm>

#include "base/limits.hpp"
#include "os/os.hpp"

namespace ark {
namespace {

error wrong(std::string message) {
  error e;
  e.code = errc::config;
  e.message = std::move(message);
  return e;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r";
  const auto begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

}  // namespace

std::string fingerprint(const secret& key) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int length = 0;
  const auto text = key.reveal_secret();
  if (EVP_Digest(text.data(), text.size(), digest, &length, EVP_sha256(), nullptr) != 1) return "?";
  std::string out = "sha256:";
  constexpr char digits[] = "0123456789abcdef";
  for (int i = 0; i < 6; ++i) {
    out += digits[digest[i] >> 4];
    out += digits[digest[i] & 15];
  }
  return out;
}

void wipe(std::string& text) noexcept {
  ::explicit_bzero(text.data(), text.size());
  text.clear();
}

result<void> check_key(const secret& key) {
  const auto text = key.reveal_secret();
  if (text.empty()) return wrong("the key is empty");
  const bool good =
      std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
  if (good) return {};
  return wrong("the key has blanks or characters that no key has; check what was pasted");
}

result<std::vector<key_entry>> parse_keys(std::string_view text, const std::string& file) {
  std::vector<key_entry> out;
  for (int number = 1; !text.empty(); ++number) {
    const auto end = text.find('\n');
    const auto line = trimmed(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    if (line.empty() || line.front() == '#') continue;
    const auto place = file + ":" + std::to_string(number) + ": ";
    const auto equals = line.find('=');
    if (equals == std::string_view::npos) return wrong(place + "write: vendor = key");
    const auto name = trimmed(line.substr(0, equals));
    if (name.empty()) return wrong(place + "write: vendor = key");
    secret key{std::string{trimmed(line.substr(equals + 1))}};
    if (auto ok = check_key(key); !ok) return wrong(place + ok.error().message);
    std::erase_if(out, [&](const key_entry& each) { return each.name == name; });
    out.push_back({std::string{name}, std::move(key)});
  }
  return out;
}

result<std::vector<key_entry>> read_keys(const std::string& path) {
  auto text = os::read_secret_file(path, limits::key_file_bytes);
  if (!text) return text.error();
  auto out = parse_keys(*text, path);
  wipe(*text);
  return out;
}

}  // namespace ark
