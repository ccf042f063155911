#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>

/// Prompts that are compiled into a program: a missing input is a compile error.
///
///     using greeting = ark::literal_prompt<"Dear {{ name }}, your order {{ order }} is on its
///     way.">; std::string text = greeting::fill(ark::input<"name">(name),
///     ark::input<"order">(order));
namespace ark {

/// A string literal as a template's argument.
template <std::size_t N>
struct literal_text {
  char data[N]{};
  consteval literal_text(const char (&text)[N]) { std::copy_n(text, N, data); }
  /// Without the zero at its end.
  constexpr std::string_view view() const { return {data, N - 1}; }
};

/// A value for the input of that name; borrowed.
template <literal_text Name>
struct input {
  std::string_view text;
  explicit constexpr input(std::string_view value) : text(value) {}
  /// Of the input.
  static constexpr std::string_view name() { return Name.view(); }
};

namespace detail {

/// A stretch of a literal prompt: its own text, or an input's name.
struct literal_stretch {
  std::size_t begin = 0, end = 0;
  bool is_input = false;
};

consteval bool is_word(std::string_view text) {
  if (text.empty()) return false;
  for (const char c : text) {
    const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    if (!is_letter && (c < '0' || c > '9')) return false;
  }
  return text[0] < '0' || text[0] > '9';
}

/// Tells `take` all stretches. What is thrown is a compile error at the line of the prompt.
template <class Take>
consteval void read_literal(std::string_view text, Take take) {
  std::size_t at = 0;
  while (true) {
    const std::size_t open = text.find('{', at);
    if (open == std::string_view::npos || open + 1 == text.size()) break;
    const char next = text[open + 1];
    if (next == '%' || next == '#') throw "a literal prompt has inputs only: no tags, no comments";
    if (next != '{') {
      take(literal_stretch{at, open + 1, false});
      at = open + 1;
      continue;
    }
    const std::size_t close = text.find("}}", open);
    if (close == std::string_view::npos) throw "a literal prompt has a \"{{\" without \"}}\"";
    std::size_t from = open + 2, to = close;
    while (from < to && text[from] == ' ') ++from;
    while (to > from && text[to - 1] == ' ') --to;
    if (!is_word(text.substr(from, to - from))) throw "between \"{{\" and \"}}\" stands a name";
    take(literal_stretch{at, open, false});
    take(literal_stretch{from, to, true});
    at = close + 2;
  }
  take(literal_stretch{at, text.size(), false});
}

}  // namespace detail

/// A text with `{{ name }}` in it, read by the compiler. Values are put in as they are and never
/// looked at again. Immutable; nothing is allocated but the text that `fill` gives.
template <literal_text Text>
class literal_prompt {
  /// How many stretches there are.
  static consteval std::size_t count() {
    std::size_t out = 0;
    detail::read_literal(Text.view(), [&](detail::literal_stretch) { ++out; });
    return out;
  }
  /// All stretches.
  static consteval auto read() {
    std::array<detail::literal_stretch, count()> out{};
    std::size_t at = 0;
    detail::read_literal(Text.view(), [&](detail::literal_stretch one) { out[at++] = one; });
    return out;
  }
  static constexpr auto stretches = read();
  /// What stands in one.
  static constexpr std::string_view text_of(const detail::literal_stretch& one) {
    return Text.view().substr(one.begin, one.end - one.begin);
  }

 public:
  /// Whether these names are the prompt's inputs, each once.
  template <class... Inputs>
  static consteval bool takes() {
    const std::array<std::string_view, sizeof...(Inputs) + 1> names{Inputs::name()...};
    constexpr std::size_t given = sizeof...(Inputs);
    for (std::size_t i = 0; i < given; ++i) {
      for (std::size_t k = 0; k < i; ++k)
        if (names[i] == names[k]) return false;
      if (std::none_of(stretches.begin(), stretches.end(),
                       [&](const auto& one) { return one.is_input && text_of(one) == names[i]; }))
        return false;
    }
    return std::all_of(stretches.begin(), stretches.end(), [&](const auto& one) {
      return !one.is_input ||
             std::find(names.begin(), names.begin() + given, text_of(one)) != names.begin() + given;
    });
  }

  /// The text with its inputs. Does not compile if one is missing, unknown or given twice.
  template <class... Inputs>
    requires(literal_prompt::template takes<Inputs...>())
  static std::string fill(const Inputs&... given) {
    std::string out;
    for (const auto& one : stretches) {
      if (!one.is_input)
        out += text_of(one);
      else
        (void)((Inputs::name() == text_of(one) && (out += given.text, true)) || ...);
    }
    return out;
  }
};

}  // namespace ark
