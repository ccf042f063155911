#include "eval/render.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace ark::eval {

namespace {

bool is_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return text::is_alpha(c) || text::is_digit(c) || c == '_' || c == '-' || c == '.';
  });
}

}  // namespace

result<std::string> render(std::string_view text, const variables& values) {
  std::string out;
  while (true) {
    const std::size_t open = text.find("{{");
    out += text.substr(0, open);
    if (open == std::string_view::npos) return out;
    text.remove_prefix(open);
    const std::size_t close = text.find("}}");
    const auto name = close == std::string_view::npos ? std::string_view{}
                                                      : text::trim(text.substr(2, close - 2));
    if (!is_name(name)) {
      // Not ours: step over one brace, since "{{{x}}}" holds a name one brace further.
      out += text.front();
      text.remove_prefix(1);
      continue;
    }
    const auto value = values.find(name);
    if (value == values.end())
      return error{.code = errc::config,
                   .message = "there is no variable \"" + std::string(name) +
                              "\": set it in the case, or in the suite's vars"};
    out += value->second;
    text.remove_prefix(close + 2);
  }
}

}  // namespace ark::eval
