#include "prompt/handlebars.hpp"

#include <algorithm>

#include "prompt/handlebars_tree.hpp"

namespace ark::prompt::handlebars {
namespace {

/// At most `most` bytes, not cut inside of a character.
std::string_view first_bytes(std::string_view text, std::size_t most) {
  if (text.size() <= most) return text;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0u) == 0x80u) --most;
  return text.substr(0, most);
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0u) != 0x80u; }));
}

}  // namespace

error error_of(const parsed& in, const failure& what) {
  const std::string_view source = in.source;
  const std::size_t at = std::min(what.at, source.size());
  const std::size_t begin = at == 0 ? 0 : source.rfind('\n', at - 1) + 1;
  std::string_view line = source.substr(begin, source.find_first_of("\r\n", begin) - begin);
  const auto number =
      in.first_line + static_cast<std::uint32_t>(std::ranges::count(source.substr(0, begin), '\n'));
  std::string place = in.name.empty() ? "template" : in.name;
  place += ':' + std::to_string(number);
  place += ':' + std::to_string(characters(source.substr(begin, at - begin)) + 1);
  constexpr std::size_t most_quoted = 160;
  return error{.code = what.code,
               .message = place + ": " + what.why + " (in: \"" +
                          std::string(first_bytes(line, most_quoted)) + "\")"};
}

result<program> compile(std::string_view source, std::string name, dialect how,
                        std::uint32_t first_line) {
  auto made = std::make_shared<parsed>();
  made->source = source;
  made->name = std::move(name);
  made->first_line = first_line;
  made->how = how;
  try {
    parse(*made);
  } catch (const failure& f) {
    return error_of(*made, f);
  }
  return program(std::move(made));
}

}  // namespace ark::prompt::handlebars
