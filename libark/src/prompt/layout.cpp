#include "prompt/layout.hpp"

#include <algorithm>

namespace ark::prompt {

namespace {

/// Whether the section that begins at `at` ends in the same message; dotprompt's never do.
bool is_ended(const std::vector<assembled_part>& parts, std::size_t at) {
  return std::any_of(parts.begin() + static_cast<std::ptrdiff_t>(at) + 1, parts.end(),
                     [](const assembled_part& each) {
                       return each.is_mark && each.mark.kind == mark_kind::close_section;
                     });
}

std::vector<span> spans_of(const assembled_part& from) {
  std::vector<span> out;
  std::size_t begin = 0;
  for (const text_span& each : from.spans) {
    out.push_back({from.text.substr(begin, each.end - begin), each.origin});
    begin = each.end;
  }
  return out;
}

layout_message message_of(assembled_message& from, std::vector<mark>& sections) {
  layout_message out{.said = {.kind = mark_kind::role,
                              .name = std::move(from.role),
                              .attributes = std::move(from.attributes),
                              .origin = from.role_origin}};
  std::size_t section = layout_part::no_section;
  for (std::size_t i = 0; i < from.parts.size(); ++i) {
    assembled_part& each = from.parts[i];
    if (!each.is_mark) {
      out.parts.push_back({.spans = spans_of(each), .section = section});
    } else if (each.mark.kind == mark_kind::media) {
      out.parts.push_back({.media = std::move(each.mark), .is_media = true, .section = section});
    } else if (each.mark.kind == mark_kind::close_section) {
      section = layout_part::no_section;
    } else if (is_ended(from.parts, i)) {
      section = sections.size();
      sections.push_back(std::move(each.mark));
    }
  }
  return out;
}

}  // namespace

std::string layout_part::text() const {
  std::string out;
  for (const span& each : spans) out += each.text;
  return out;
}

layout layout_of(assembled from) {
  layout out;
  auto place = from.history.begin();
  const auto add_history = [&](std::size_t before) {
    for (; place != from.history.end() && place->before <= before; ++place)
      out.messages.push_back({.said = std::move(place->said), .is_history = true});
  };
  for (std::size_t i = 0; i < from.messages.size(); ++i) {
    add_history(i);
    out.messages.push_back(message_of(from.messages[i], out.sections));
  }
  add_history(from.messages.size());
  return out;
}

}  // namespace ark::prompt
