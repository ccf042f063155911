#include "prompt/prompty_roles.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace ark::prompt {
namespace {

constexpr std::array<std::string_view, 5> prompty_role_names{"system", "user", "assistant",
                                                             "developer", "tool"};
/// A longer line is no marker; so little is kept back.
constexpr std::size_t longest_marker = 1024;

std::string_view without_space(std::string_view line) {
  const auto from = line.find_first_not_of(" \t");
  return from == line.npos ? std::string_view() : line.substr(from);
}

/// The role that `line` begins with, which it loses.
std::string take_role(std::string_view& line) {
  line = without_space(line);
  if (line.starts_with('#')) line = without_space(line.substr(1));
  for (const std::string_view name : prompty_role_names) {
    if (line.size() < name.size() || !text::same_ignoring_case(line.substr(0, name.size()), name))
      continue;
    line.remove_prefix(name.size());
    return std::string(name);
  }
  return {};
}

bool is_attribute_name(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return text::is_alpha(c) || text::is_digit(c) || c == '_' || c == '-' || c == '.';
  });
}

/// `name=Ann, id="7"]`; what is behind the bracket stays in `line`.
bool take_attributes(std::string_view& line, mark& out) {
  while (true) {
    const std::size_t equals = line.find('=');
    if (equals == line.npos) return false;
    const auto name = text::trim(line.substr(0, equals));
    if (!is_attribute_name(name)) return false;
    line = without_space(line.substr(equals + 1));
    std::string_view value;
    if (line.starts_with('"') || line.starts_with('\'')) {
      const std::size_t end = line.find(line[0], 1);
      if (end == line.npos) return false;
      value = line.substr(1, end - 1);
      line = without_space(line.substr(end + 1));
    } else {
      const std::size_t end = line.find_first_of(",]\"");
      if (end == line.npos || line[end] == '"') return false;
      value = text::trim(line.substr(0, end));
      line = line.substr(end);
    }
    out.attributes.emplace_back(name, value);
    if (line.empty() || (line[0] != ',' && line[0] != ']')) return false;
    const bool is_last = line[0] == ']';
    line.remove_prefix(1);
    if (is_last) return true;
  }
}

}  // namespace

bool read_prompty_role(std::string_view line, mark& out) {
  out = {.kind = mark_kind::role, .name = take_role(line)};
  if (out.name.empty()) return false;
  line = without_space(line);
  if (line.starts_with('[')) {
    line.remove_prefix(1);
    if (!take_attributes(line, out)) return false;
    line = without_space(line);
  }
  return line.starts_with(':') && line.find_first_not_of(" \t\r", 1) == line.npos;
}

bool looks_like_prompty_role(std::string_view value) {
  while (true) {
    const std::size_t end = std::min(value.find_first_of("\r\n"), value.size());
    std::string_view line = value.substr(0, end);
    if (!take_role(line).empty()) {
      line = without_space(line);
      if (line.starts_with(':')) return true;
      const std::size_t close = line.starts_with('[') ? line.find(']') : line.npos;
      if (close != line.npos && without_space(line.substr(close + 1)).starts_with(':')) return true;
    }
    if (end == value.size()) return false;
    value.remove_prefix(end + 1);
  }
}

void prompty_roles::release() {
  may_be_role_ = false;
  if (!line_.empty()) out_({.text = line_});
  line_.clear();
}

/// A piece of the template's own text within one line; `is_ended`: with the line's end.
void prompty_roles::take_line(std::string_view text, bool is_ended) {
  if (may_be_role_) {
    line_ += text;
    if (line_.size() > longest_marker) release();
    mark found;
    if (is_ended && may_be_role_ &&
        read_prompty_role(std::string_view(line_).substr(0, line_.size() - 1), found)) {
      line_.clear();
      out_({.mark = &found});
    } else if (is_ended) {
      release();
    }
  } else if (!text.empty()) {
    out_({.text = text});
  }
  if (is_ended) may_be_role_ = true;
}

void prompty_roles::take(const piece& next) {
  const bool is_value = next.mark == nullptr && next.origin != 0;
  const auto thread = is_value ? threads_.find(next.origin) : threads_.end();
  const std::uint32_t before = std::exchange(thread_, thread == threads_.end() ? 0 : next.origin);
  if (thread != threads_.end()) {
    release();
    const mark history{.kind = mark_kind::history, .name = thread->second};
    if (before != next.origin) out_({.mark = &history});
    return;
  }
  if (is_value || next.mark != nullptr) {
    release();
    return out_(next);
  }
  std::string_view rest = next.text;
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    const bool is_ended = end != rest.npos;
    take_line(rest.substr(0, is_ended ? end + 1 : rest.size()), is_ended);
    rest.remove_prefix(is_ended ? end + 1 : rest.size());
  }
}

void prompty_roles::finish() {
  mark found;
  if (may_be_role_ && read_prompty_role(line_, found)) {
    line_.clear();
    out_({.mark = &found});
  }
  release();
}

}  // namespace ark::prompt
