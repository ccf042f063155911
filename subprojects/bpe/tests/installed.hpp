#pragma once

#include <optional>
#include <string>

#include "bpe/vocabulary.hpp"

namespace bpe::test {

/// A vocabulary of `folder`: of NAME.tiktoken, NAME.json or NAME.bpe, the first that is there, so
/// that a source is compiled by the code under test. None if no such file is there; one that cannot
/// be read fails the test that asks.
std::optional<vocabulary> installed_in(const std::string& folder, const std::string& name);
/// The same of the folder that BPE_RANKS names, read once; none if the variable is not set.
std::optional<vocabulary> installed(const std::string& name);
/// The folder with `tokens/dev.jsonl`, from ARK_SHARED; empty if it is not set.
std::string shared_folder();

}  // namespace bpe::test
