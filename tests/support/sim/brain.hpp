#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ark::testing {

/// What the simulated models know. Rules, in this order: "repeat: X", "reply with exactly: X",
/// arithmetic ("What is 12*7?", also + - / and "plus", "times"), capitals, colours of things,
/// translations of common words, sentiment of a sentence, "extract ... as JSON" of "name: value"
/// pairs, counting words or letters, else an echo of the question.
struct knowledge {
  std::string text;
  bool certain = false;  ///< a rule knew the answer: a weak model may get it wrong
};
knowledge know(std::string_view prompt);

/// How often a model is right, by its name: small and cheap names (mini, flash, haiku, lite, nano,
/// small, turbo) 0.85, large reasoning ones (opus, pro, reasoner, large) always, others 0.96.
double skill_of(std::string_view model) noexcept;
/// True if `model` gets `prompt` right; the same for the same model, prompt and seed.
bool answers_rightly(std::string_view model, std::string_view prompt, std::uint64_t seed) noexcept;
/// A wrong answer that looks like the right one: another number, another word of its kind.
std::string wrong_answer(std::string_view right);

/// Places that the brain knows, in the order in which the text names them, for tool arguments.
std::vector<std::string> places_in(std::string_view text);
/// "positive", "negative" or "neutral".
std::string_view sentiment_of(std::string_view text);
/// The value said for `name` in "name: value", "name is value", "name=value", or "".
std::string said_value(std::string_view text, std::string_view name);
/// ASCII lower case.
std::string lowered(std::string_view text);

}  // namespace ark::testing
