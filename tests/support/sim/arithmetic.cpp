#include "sim/arithmetic.hpp"

#include <charconv>
#include <cmath>

namespace ark::testing {

namespace {

/// Recursive descent; the text is short and `depth` is bounded, so hostile brackets end politely.
class evaluator {
 public:
  explicit evaluator(std::string_view text) : text_(text) {}

  std::optional<double> whole() {
    const auto value = sum(0);
    skip();
    return operators_ > 0 && position_ == text_.size() ? value : std::nullopt;
  }

 private:
  void skip() {
    while (position_ < text_.size() && text_[position_] == ' ') ++position_;
  }
  bool take(char c) {
    skip();
    if (position_ >= text_.size() || text_[position_] != c) return false;
    ++position_;
    return true;
  }

  std::optional<double> number(int depth) {
    if (depth > 32) return std::nullopt;
    if (take('(')) {
      const auto inner = sum(depth + 1);
      return take(')') ? inner : std::nullopt;
    }
    if (take('-')) {
      const auto inner = number(depth + 1);
      return inner ? std::optional(-*inner) : std::nullopt;
    }
    skip();
    double value = 0;
    const char* begin = text_.data() + position_;
    const auto [end, problem] = std::from_chars(begin, text_.data() + text_.size(), value);
    if (problem != std::errc{} || !std::isfinite(value)) return std::nullopt;
    position_ += static_cast<std::size_t>(end - begin);
    return value;
  }

  std::optional<double> product(int depth) {
    auto left = number(depth);
    while (left) {
      const bool times = take('*');
      if (!times && !take('/')) break;
      ++operators_;
      const auto right = number(depth);
      if (!right || (!times && *right == 0)) return std::nullopt;
      left = times ? *left * *right : *left / *right;
    }
    return left;
  }

  std::optional<double> sum(int depth) {
    auto left = product(depth);
    while (left) {
      const bool plus = take('+');
      if (!plus && !take('-')) break;
      ++operators_;
      const auto right = product(depth);
      if (!right) return std::nullopt;
      left = plus ? *left + *right : *left - *right;
    }
    return left;
  }

  std::string_view text_;
  std::size_t position_ = 0;
  int operators_ = 0;
};

std::string with_signs(std::string text) {
  struct word {
    std::string_view name;
    char sign;
  };
  for (const auto& [name, sign] : {word{" plus ", '+'}, word{" minus ", '-'}, word{" times ", '*'},
                                   word{" multiplied by ", '*'}, word{" divided by ", '/'}})
    for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name, at))
      text.replace(at, name.size(), 1, sign);
  return text;
}

std::string shortest(double value) {
  char buffer[64];
  const bool integral = std::floor(value) == value && std::abs(value) < 1e15;
  const auto end = integral ? std::to_chars(buffer, buffer + 64, static_cast<long long>(value))
                            : std::to_chars(buffer, buffer + 64, value);
  return std::string(buffer, end.ptr);
}

}  // namespace

std::optional<std::string> solve(std::string_view lower_case_text) {
  const std::string text = with_signs(std::string(lower_case_text.substr(0, 4096)));
  static constexpr std::string_view alphabet = "0123456789+-*/(). ";
  std::size_t begin = 0;
  while ((begin = text.find_first_of("0123456789(-", begin)) != std::string::npos) {
    std::size_t end = text.find_first_not_of(alphabet, begin);
    if (end == std::string::npos) end = text.size();
    std::string_view expression = std::string_view(text).substr(begin, end - begin);
    while (!expression.empty() && (expression.back() == ' ' || expression.back() == '.'))
      expression.remove_suffix(1);
    if (const auto value = evaluator(expression).whole()) return shortest(*value);
    begin = end;
  }
  return std::nullopt;
}

}  // namespace ark::testing
