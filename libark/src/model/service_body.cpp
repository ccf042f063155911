#include "model/service_body.hpp"

#include "base/json.hpp"
#include "base/text.hpp"

#include <algorithm>

namespace ark {
namespace {

constexpr std::string_view placeholder_begin = "{{", placeholder_end = "}}";

bool is_placeholder_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return text::is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           c == '-';
  });
}

/// Whether the text that is copied ends inside of a JSON string.
class string_watch {
 public:
  void see(std::string_view copied) {
    for (const char c : copied) {
      if (escaped_) {
        escaped_ = false;
      } else if (c == '\\' && in_string_) {
        escaped_ = true;
      } else if (c == '"') {
        in_string_ = !in_string_;
      }
    }
  }
  bool in_string() const { return in_string_; }

 private:
  bool in_string_ = false, escaped_ = false;
};

}  // namespace

result<std::string> fill_service_body(std::string_view body, const service_value& value) {
  std::string out;
  string_watch watch;
  while (true) {
    const auto begin = body.find(placeholder_begin);
    const std::string_view copied = body.substr(0, begin);
    watch.see(copied);
    out += copied;
    if (begin == body.npos) return out;
    body.remove_prefix(begin + placeholder_begin.size());
    const auto end = body.find(placeholder_end);
    const std::string_view name = text::trim(body.substr(0, end));
    if (end == body.npos || !is_placeholder_name(name))
      return error{.code = errc::config,
                   .message =
                       "\"{{\" begins no placeholder: write {{name}} with letters, digits, "
                       "'_' and '-'"};
    body.remove_prefix(end + placeholder_end.size());
    auto filled = value(name, watch.in_string());
    if (!filled) return filled.error();
    out += *filled;
  }
}

result<void> check_service_body(std::string_view body) {
  const auto sample =
      fill_service_body(body, [](std::string_view, bool in_string) -> result<std::string> {
        return std::string(in_string ? "x" : "0");
      });
  if (!sample) return sample.error();
  if (json::is_valid(*sample)) return {};
  return error{.code = errc::config,
               .message =
                   "is not JSON with its placeholders filled in; texts stand in quotes, as "
                   "in \"{{prompt}}\""};
}

}  // namespace ark
