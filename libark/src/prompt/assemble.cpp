#include "prompt/assemble.hpp"

#include <algorithm>

namespace ark::prompt {
namespace {

constexpr std::string_view white = " \t\r\n\f\v", line_ends = "\r\n";

bool is_blank(std::string_view text) { return text.find_first_not_of(white) == text.npos; }

/// How many bytes at the begin, or at the end, are the template's own.
std::size_t own_begin(const assembled_part& part) {
  std::size_t own = 0;
  for (const auto& span : part.spans) {
    if (span.origin != 0) break;
    own = span.end;
  }
  return own;
}
std::size_t own_end(const assembled_part& part) {
  std::size_t from = part.text.size();
  for (std::size_t i = part.spans.size(); i > 0 && part.spans[i - 1].origin == 0; --i)
    from = i > 1 ? part.spans[i - 2].end : 0;
  return part.text.size() - from;
}

void drop_begin(assembled_part& part, std::size_t count) {
  part.text.erase(0, count);
  std::erase_if(part.spans, [&](text_span& s) {
    const bool is_gone = s.end <= count;
    if (!is_gone) s.end -= count;
    return is_gone;
  });
}

void drop_end(assembled_part& part, std::size_t count) {
  const std::size_t size = part.text.size() - count;
  part.text.resize(size);
  std::size_t from = 0;
  std::erase_if(part.spans, [&](text_span& s) {
    const bool is_gone = from >= size;
    from = s.end;
    s.end = std::min(s.end, size);
    return is_gone;
  });
}

void trim_begin(assembled_part& part, trim how) {
  const auto own = std::string_view(part.text).substr(0, own_begin(part));
  std::size_t count = 0;
  if (how == trim::block) {
    count = own.starts_with("\r\n") ? 2 : own.starts_with('\n') ? 1 : 0;
  } else if (how != trim::none) {
    count = std::min(own.find_first_not_of(how == trim::all ? white : line_ends), own.size());
  }
  drop_begin(part, count);
}

void trim_end(assembled_part& part, trim how) {
  if (how == trim::none) return;
  const std::size_t length = own_end(part);
  const auto own = std::string_view(part.text).substr(part.text.size() - length);
  const auto last = own.find_last_not_of(how == trim::lines ? line_ends : white);
  drop_end(part, last == own.npos ? length : length - last - 1);
}

/// The template's own white space beside an image: line ends between tags.
void drop_beside_media(std::vector<assembled_part>& parts) {
  const auto is_media = [&](std::size_t i) {
    return i < parts.size() && parts[i].is_mark && parts[i].mark.kind == mark_kind::media;
  };
  for (std::size_t i = 0; i < parts.size(); ++i)
    if (!parts[i].is_mark && own_begin(parts[i]) == parts[i].text.size() &&
        is_blank(parts[i].text) && (is_media(i + 1) || (i > 0 && is_media(i - 1))))
      parts[i].text.clear();
}

void trim_message(assembled_message& m, trim how) {
  auto& parts = m.parts;
  if (how != trim::none) drop_beside_media(parts);
  if (!parts.empty() && !parts.front().is_mark) trim_begin(parts.front(), how);
  if (!parts.empty() && !parts.back().is_mark) trim_end(parts.back(), how);
  std::erase_if(parts, [](const assembled_part& p) { return !p.is_mark && p.text.empty(); });
}

}  // namespace

assembly_rules assembly_rules::dotprompt() {
  return {.role_after_history = "model",
          .inside = trim::none,
          .outside = trim::none,
          .drops_blank = true};
}

assembly_rules assembly_rules::prompty() {
  return {.first_role = "system",
          .role_after_history = "user",
          .inside = trim::lines,
          .outside = trim::lines,
          .keeps_empty = true};
}

void assembler::fail(std::string why) {
  if (problem_.empty()) problem_ = std::move(why);
}

void assembler::take(const piece& next) {
  if (!problem_.empty()) return;
  if (next.mark != nullptr) {
    take_mark(*next.mark);
  } else if (!next.text.empty()) {
    take_text(next);
  }
}

void assembler::take_text(const piece& next) {
  text_.text += next.text;
  if (!text_.spans.empty() && text_.spans.back().origin == next.origin) {
    text_.spans.back().end = text_.text.size();
  } else {
    text_.spans.push_back({text_.text.size(), next.origin});
  }
}

assembled_message& assembler::message() {
  if (!is_open_ && now_.role.empty()) now_.role = rules_.first_role;
  is_open_ = true;
  return now_;
}

/// The text since the last mark becomes a part of the message.
void assembler::end_text() {
  const bool is_nothing = text_.text.empty() || (rules_.drops_blank && is_blank(text_.text)) ||
                          (!is_open_ && !rules_.drops_blank && is_blank(text_.text));
  if (!is_nothing) message().parts.push_back(std::move(text_));
  text_ = {};
}

void assembler::close_message() {
  end_text();
  trim_message(now_, in_block_ ? rules_.inside : rules_.outside);
  if (!now_.parts.empty() || (is_marked_ && rules_.keeps_empty))
    out_.messages.push_back(std::move(now_));
  now_ = {};
  is_open_ = is_marked_ = in_block_ = false;
}

void assembler::open(const mark& m, bool is_block) {
  close_message();
  now_.role = m.name;
  now_.role_origin = m.origin;
  now_.attributes = m.attributes;
  is_open_ = is_marked_ = true;
  in_block_ = is_block;
}

void assembler::take_mark(const mark& m) {
  switch (m.kind) {
    case mark_kind::role:
      if (in_block_) return fail("a role stands inside of a message");
      return open(m, false);
    case mark_kind::open_message:
      if (in_block_) return fail("a message stands inside of a message: end the first one before");
      return open(m, true);
    case mark_kind::close_message:
      if (!in_block_) return fail("a message ends that did not begin");
      return close_message();
    case mark_kind::history:
      if (in_block_) return fail("the history stands inside of a message: move it out of it");
      close_message();
      out_.history.push_back({out_.messages.size(), m});
      now_.role = rules_.role_after_history;
      return;
    case mark_kind::media:
    case mark_kind::open_section:
    case mark_kind::close_section:
      end_text();
      message().parts.push_back({.is_mark = true, .mark = m});
  }
}

result<assembled> assembler::finish() {
  if (in_block_) fail("a message has no end");
  if (!problem_.empty()) return error{.code = errc::config, .message = std::move(problem_)};
  close_message();
  return std::move(out_);
}

std::size_t usual_history_place(const std::vector<assembled_message>& messages) noexcept {
  if (!messages.empty() && messages.back().role == "user") return messages.size() - 1;
  return messages.size();
}

}  // namespace ark::prompt
