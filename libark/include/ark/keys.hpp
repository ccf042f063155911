#pragma once
#include <ark/config.hpp>
#include <ark/result.hpp>
#include <ark/secret.hpp>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ark {

/// Where keys come from: asked for a vendor's name, gives its key, or nothing, or the reason why it
/// cannot tell (a key file that others can read). `variable` is what the vendor's row names: an
/// environment variable ("OPENAI_API_KEY"), or several as in "A|ID+SECRET" (libark/doc/formats.md).
/// Called from any thread, at every call, so that a rotated key is used at once; it must be quick.
using key_source = std::function<result<std::optional<secret>>(std::string_view vendor,
                                                               std::string_view variable)>;

/// Reads the environment variables that the vendor's row names. The environment is read here, when
/// a key is asked for, and nowhere else in the library.
ARK_API key_source keys_from_environment();
/// Keys by vendor name.
ARK_API key_source keys_from_map(std::map<std::string, secret, std::less<>> keys);
/// A key file: lines `vendor = key`, owner only (mode 0600, no symbolic link), read at each use.
/// A file that is not there has no keys.
ARK_API key_source keys_from_file(std::string path);
/// Runs a command (no shell) with the vendor's name as last argument; its first line is the key.
/// A key is kept for the life of the source. A command that fails, or takes longer than 30 s, is
/// asked again the next time.
ARK_API key_source keys_from_command(std::vector<std::string> command);
/// The first source that has a key wins. A source that fails is passed over, and its reason is told
/// only if no other has a key.
ARK_API key_source first_of(std::vector<key_source> sources);

}  // namespace ark
