#include "text.hpp"

#include <algorithm>

namespace jinja {

void text_builder::mark(std::uint32_t origin, std::size_t before) {
  const auto end = static_cast<std::uint32_t>(bytes_.size());
  if (end == before) return;
  // The first that came from outside: what was there before was not.
  if (parts_.empty() && before > 0) parts_.push_back({static_cast<std::uint32_t>(before), 0});
  if (!parts_.empty() && parts_.back().origin == origin)
    parts_.back().end = end;
  else
    parts_.push_back({end, origin});
}

void text_builder::claim(std::size_t begun, std::uint32_t origin) {
  if (bytes_.size() == begun) return;
  const bool is_plain =
      parts_.empty() ||
      (parts_.back().origin == 0 && (parts_.size() == 1 || parts_[parts_.size() - 2].end <= begun));
  if (!is_plain) return;
  if (!parts_.empty()) {
    parts_.back().end = static_cast<std::uint32_t>(begun);
    if (parts_.size() > 1 ? parts_[parts_.size() - 2].end == begun : begun == 0) parts_.pop_back();
  }
  mark(origin, begun);
}

void text_builder::append(const value& text, std::size_t from, std::size_t to) {
  const rich_text* rich = text.rich();
  if (rich == nullptr) return append(text.text().substr(from, to - from));
  std::size_t at = from;
  for (const text_part& part : rich->parts) {
    if (part.end <= at) continue;
    const std::size_t end = std::min<std::size_t>(part.end, to);
    if (at >= end) break;
    append(text.text().substr(at, end - at), part.origin);
    at = end;
  }
}

value text_builder::taken(arena& in, std::size_t begun) {
  const value all = finish(in);
  const value made = substring(in, all, begun, all.bytes());
  budget_.used -= bytes_.size() - begun;
  bytes_.resize(begun);
  while (!parts_.empty() &&
         (parts_.size() == 1 ? begun == 0 : parts_[parts_.size() - 2].end >= begun))
    parts_.pop_back();
  if (!parts_.empty()) parts_.back().end = static_cast<std::uint32_t>(begun);
  return made;
}

value text_builder::finish(arena& in) const {
  const std::string_view kept = in.copy(bytes_);
  if (parts_.empty()) return value::of(kept);
  auto* const parts = in.array<text_part>(parts_.size());
  std::copy(parts_.begin(), parts_.end(), parts);
  auto* const rich = in.make<rich_text>();
  rich->data = kept.data();
  rich->parts = {parts, parts_.size()};
  return value::rich(rich, static_cast<std::uint32_t>(kept.size()));
}

value substring(arena& in, const value& text, std::size_t from, std::size_t to) {
  const rich_text* rich = text.rich();
  if (rich == nullptr) return value::of(text.text().substr(from, to - from)).safe(text.is_safe());
  auto* const parts = in.array<text_part>(rich->parts.size());
  std::size_t count = 0;
  for (const text_part& part : rich->parts) {
    if (part.end <= from) continue;
    const auto end = static_cast<std::uint32_t>(std::min<std::size_t>(part.end, to) - from);
    parts[count++] = {end, part.origin};
    if (part.end >= to) break;
  }
  auto* const made = in.make<rich_text>();
  made->data = rich->data + from;
  made->parts = {parts, count};
  return value::rich(made, static_cast<std::uint32_t>(to - from)).safe(text.is_safe());
}

value joined(arena& in, std::initializer_list<value> texts) {
  text_budget all;
  text_builder out(all);
  for (const value& each : texts) out.append(each);
  return out.finish(in);
}

std::uint32_t origin_of(const value& text) noexcept {
  if (!text.is_string()) return 0;
  if (const rich_text* rich = text.rich())
    for (const text_part& part : rich->parts)
      if (part.origin != 0) return part.origin;
  return 0;
}

value marked(arena& in, std::string_view text, std::uint32_t origin) {
  if (origin == 0 || text.empty()) return value::of(text);
  auto* const part = in.make<text_part>();
  *part = {static_cast<std::uint32_t>(text.size()), origin};
  auto* const rich = in.make<rich_text>();
  rich->data = text.data();
  rich->parts = {part, 1};
  return value::rich(rich, static_cast<std::uint32_t>(text.size()));
}

value made_of(arena& in, std::string_view bytes, std::initializer_list<value> sources) {
  for (const value& source : sources)
    if (const std::uint32_t origin = origin_of(source)) return marked(in, in.copy(bytes), origin);
  return value::of(in.copy(bytes));
}

}  // namespace jinja
