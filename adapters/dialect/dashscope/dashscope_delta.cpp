#include "dialect/dashscope/dashscope_wire.hpp"

#include <algorithm>

namespace ark::adapters::dashscope {
namespace {

/// Is `c` a byte inside a character of UTF-8?
bool continues(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

}  // namespace

bool is_cumulative(const quirk_view& quirks) noexcept {
  for (const quirk_item& item : quirks.row().quirks)
    if (auto* q = std::get_if<quirk::set_default>(&item))
      if (q->parameter == "incremental_output") return q->value == "false";
  return false;
}

std::string_view chunked_text::fresh(std::string_view now, reply_builder& out) {
  if (!cumulative_ || now.empty()) return now;
  if (!now.starts_with(seen_))
    out.note("the vendor rewrote text that it had already streamed: the first version was kept");
  std::size_t start = std::min(seen_.size(), now.size());
  while (start < now.size() && continues(now[start])) ++start;
  if (now.size() > seen_.size()) seen_ = now;
  return now.substr(start);
}

}  // namespace ark::adapters::dashscope
