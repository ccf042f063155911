#pragma once
#include <ark/result.hpp>
#include <ark/tokens.hpp>

#include <string>
#include <string_view>

namespace ark::tokens {

/// Letters, digits, ".", "_" and "-", at most 64, the first one a letter or a digit: a file's name
/// that leads nowhere else.
bool is_name(std::string_view name) noexcept;

std::string compiled_file(const std::string& folder, std::string_view name);
std::string facts_file(const std::string& folder, std::string_view name);

/// What was written beside a vocabulary: source, sum, special tokens. Without it, or if it is
/// something else, those stay as they are.
void read_facts(const std::string& path, vocabulary_info& into);

/// The vocabulary of that name with what is known of it. Problems are in the answer.
vocabulary_info describe(const std::string& folder, const std::string& name);

/// The SHA-256 of the rank file of that name, as tiktoken 0.12 and npm gpt-tokenizer 4.0.0 have it;
/// "" if it is none of theirs.
std::string_view known_sha256(std::string_view name) noexcept;

}  // namespace ark::tokens
