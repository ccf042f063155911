#include "cli/config_edit.hpp"
#include "cli/mistake.hpp"

#include <algorithm>
#include <vector>

namespace ark::cli {
namespace {

std::vector<std::string> split(std::string_view text, char at) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const auto end = text.find(at);
    out.emplace_back(text.substr(0, end));
    text = end == std::string_view::npos ? "" : text.substr(end + 1);
  }
  return out;
}

std::size_t indent_of(const std::string& line) {
  const auto at = line.find_first_not_of(' ');
  return at == std::string::npos ? line.size() : at;
}

/// Blank, a comment, or a document's mark.
bool says_nothing(const std::string& line) {
  const auto at = line.find_first_not_of(" \t\r");
  return at == std::string::npos || line[at] == '#' || line.starts_with("---");
}

/// What stands behind "key:" on the line, if its key is `key`.
bool has_key(const std::string& line, const std::string& key, std::string& behind) {
  auto rest = line.substr(indent_of(line));
  for (const std::string quote : {"", "\"", "'"}) {
    const auto start = quote + key + quote + ":";
    if (!rest.starts_with(start)) continue;
    behind = rest.substr(start.size());
    if (behind.empty() || behind.front() == ' ' || behind.front() == '\t' || behind == "\r") {
      return true;
    }
  }
  return false;
}

/// The comment at the end of a line's value, with the blanks before it.
std::string comment_of(const std::string& behind) {
  char quote = 0;
  for (std::size_t i = 0; i < behind.size(); ++i) {
    const char c = behind[i];
    if (quote != 0) {
      if (c == '\\' && quote == '"')
        ++i;
      else if (c == quote)
        quote = 0;
    } else if ((c == '"' || c == '\'') && behind.find_first_not_of(" \t") == i) {
      quote = c;
    } else if (c == '#' && i > 0 && (behind[i - 1] == ' ' || behind[i - 1] == '\t')) {
      const auto begin = behind.find_last_not_of(" \t", i - 1);
      return behind.substr(begin == std::string::npos ? 0 : begin + 1);
    }
  }
  return {};
}

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

class editor {
 public:
  explicit editor(std::string_view text) : lines_(split(text, '\n')) {}

  result<std::string> set(const std::vector<std::string>& steps, const std::string& value) {
    std::size_t begin = 0;
    std::size_t end = lines_.size();
    std::size_t indent = 0;
    for (std::size_t i = 0; i < steps.size(); ++i) {
      indent = first_indent(begin, end, indent);
      std::string behind;
      const auto at = find(begin, end, indent, steps[i], behind);
      if (at == end) {
        insert(begin, end, indent, {steps.begin() + static_cast<std::ptrdiff_t>(i), steps.end()},
               value);
        return text();
      }
      const bool last = i + 1 == steps.size();
      const auto below = end_of_block(at + 1, end, indent);
      const auto bare =
          trimmed(std::string_view(behind).substr(0, behind.size() - comment_of(behind).size()));
      if (last) return replace(at, below, behind, bare, value);
      if (!bare.empty()) {
        return config_mistake("'" + steps[i] +
                              "' is written on one line; write it over several lines or "
                              "edit the file by hand");
      }
      begin = at + 1;
      end = below;
      ++indent;
    }
    return text();
  }

 private:
  /// Indentation of the mapping in [begin, end): that of its first line; at least `least`.
  std::size_t first_indent(std::size_t begin, std::size_t end, std::size_t least) const {
    for (auto i = begin; i < end; ++i) {
      if (!says_nothing(lines_[i])) return indent_of(lines_[i]);
    }
    return least == 0 ? 0 : parent_indent_ + 2;
  }

  std::size_t find(std::size_t begin, std::size_t end, std::size_t indent, const std::string& key,
                   std::string& behind) {
    for (auto i = begin; i < end; ++i) {
      if (says_nothing(lines_[i]) || indent_of(lines_[i]) != indent) continue;
      if (has_key(lines_[i], key, behind)) {
        parent_indent_ = indent;
        return i;
      }
    }
    return end;
  }

  /// Behind the last line that belongs to the key at `indent`; trailing comments are not part.
  std::size_t end_of_block(std::size_t begin, std::size_t end, std::size_t indent) const {
    auto last = begin;
    for (auto i = begin; i < end; ++i) {
      if (says_nothing(lines_[i])) continue;
      const auto here = indent_of(lines_[i]);
      // A list may stand as far left as its key.
      if (here < indent || (here == indent && lines_[i][here] != '-')) break;
      last = i + 1;
    }
    return last;
  }

  result<std::string> replace(std::size_t at, std::size_t below, const std::string& behind,
                              std::string_view bare, const std::string& value) {
    const bool opens_more = bare == "|" || bare == ">" || bare.starts_with("|") ||
                            bare.starts_with(">") || bare.starts_with("&") ||
                            (bare.starts_with("[") && bare.back() != ']') ||
                            (bare.starts_with("\"") && (bare.size() < 2 || bare.back() != '"'));
    if (opens_more)
      return config_mistake("the value goes over several lines; edit the file by hand");
    auto& line = lines_[at];
    const auto key_end = line.size() - behind.size();
    line = line.substr(0, key_end) + " " + value + comment_of(behind) +
           (line.ends_with('\r') ? "\r" : "");
    lines_.erase(lines_.begin() + static_cast<std::ptrdiff_t>(at) + 1,
                 lines_.begin() + static_cast<std::ptrdiff_t>(below));
    return text();
  }

  void insert(std::size_t begin, std::size_t end, std::size_t indent,
              const std::vector<std::string>& steps, const std::string& value) {
    std::vector<std::string> added;
    for (const auto& step : steps) {
      added.push_back(std::string(indent, ' ') + step + ":");
      indent += 2;
    }
    added.back() += " " + value;
    auto at = begin;
    for (auto i = begin; i < end; ++i) {
      if (!says_nothing(lines_[i])) at = i + 1;
    }
    // At the top, behind what the file begins with.
    if (at == 0) at = end;
    lines_.insert(lines_.begin() + static_cast<std::ptrdiff_t>(at), added.begin(), added.end());
  }

  std::string text() const {
    std::string out;
    for (const auto& each : lines_) out += each + '\n';
    return out;
  }

  std::vector<std::string> lines_;
  std::size_t parent_indent_ = 0;
};

}  // namespace

result<std::string> edit_yaml(std::string_view text, const std::string& path,
                              const std::string& value) {
  const auto first = trimmed(text);
  if (first.starts_with('{')) return config_mistake("the file is JSON; edit it by hand");
  return editor{text}.set(split(path, '.'), value);
}

}  // namespace ark::cli
