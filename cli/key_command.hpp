#pragma once
#include <ark/keys.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace ark::cli {

/// The words of a `key_command`: parted at blanks; '...' and "..." keep blanks, and nothing else is
/// special, for there is no shell. errc::config where a quote is not closed or there is no word.
result<std::vector<std::string>> command_words(std::string_view text);

/// Runs the command as it is written, but that "{vendor}" in a word becomes the vendor's name; its
/// first line is the key. A key is kept for the life of the source.
result<key_source> key_from_command(std::string_view text, const std::string& vendor);

}  // namespace ark::cli
