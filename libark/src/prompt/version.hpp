#pragma once
#include <ark/prompt.hpp>

#include <boost/json/object.hpp>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "prompt/body.hpp"
#include "prompt/definition.hpp"

namespace ark::prompt {

/// The texts that a prompt names: what it includes, what they include, its file of examples.
struct texts_beside {
  std::map<std::string, std::string> texts{};  ///< by name
  std::set<std::string> reads{};               ///< names that included ones take from their context
  /// Of those what nothing else of the prompt mentions, so that nothing sets it: {name, file}.
  std::vector<std::pair<std::string, std::string>> inputs{};
};
/// Those that are not there are left out. errc::config: one that is no template, or more than
/// 1,000.
result<texts_beside> named_texts(const definition& from, const body& made,
                                 const prompt_texts& beside);

/// Where `word` stands in `text` by itself, not as a part of another; npos.
std::size_t find_word(std::string_view text, std::string_view word) noexcept;

/// SHA-256 of what a prompt says: its front matter (however it is written), its body, those texts.
std::string version_of(const definition& from, const std::map<std::string, std::string>& texts);

/// SHA-256 of inputs, whatever the order of their names, and of the media that were read from
/// files: by name, the SHA-256 of each.
std::string hash_of_inputs(const boost::json::object& values,
                           const std::map<std::string, std::string>& files = {});

}  // namespace ark::prompt
