#include "cli/table.hpp"

#include <algorithm>

namespace ark::cli {
namespace {

std::string one_line(std::string_view text) {
  std::string out = printable(text);
  std::replace_if(out.begin(), out.end(), [](char c) { return c == '\n' || c == '\t'; }, ' ');
  return out;
}

/// The blocks of Unicode's East_Asian_Width W and F that texts really have.
bool is_wide(char32_t c) {
  return (c >= 0x1100 && c <= 0x115f) || (c >= 0x2e80 && c <= 0xa4cf) ||
         (c >= 0xac00 && c <= 0xd7a3) || (c >= 0xf900 && c <= 0xfaff) ||
         (c >= 0xfe30 && c <= 0xfe6f) || (c >= 0xff00 && c <= 0xff60) ||
         (c >= 0x1f300 && c <= 0x1faff) || (c >= 0x20000 && c <= 0x3fffd);
}

}  // namespace

std::size_t display_width(std::string_view text) noexcept {
  std::size_t width = 0;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t bytes = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    char32_t c = bytes == 1 ? lead : lead & (0xffu >> (bytes + 1));
    for (std::size_t k = 1; k < bytes && i + k < text.size(); ++k)
      c = (c << 6) | (static_cast<unsigned char>(text[i + k]) & 0x3f);
    width += is_wide(c) ? 2 : 1;
    i += bytes;
  }
  return width;
}

void table::column(std::string title, align how) { columns_.push_back({std::move(title), how}); }

void table::row(std::vector<std::string> cells) {
  for (auto& cell : cells) cell = one_line(cell);
  cells.resize(columns_.size());
  rows_.push_back(std::move(cells));
}

void table::rule() { rows_.emplace_back(); }

void table::print(output& out) const {
  std::vector<std::size_t> widths;
  std::vector<std::string> titles;
  for (const auto& c : columns_) {
    titles.push_back(c.title);
    widths.push_back(display_width(c.title));
  }
  for (const auto& row : rows_)
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], display_width(row[i]));
  const auto print_row = [&](const std::vector<std::string>& cells) {
    std::string text;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const std::string gap(widths[i] - display_width(cells[i]), ' ');
      if (i > 0) text += "  ";
      text += columns_[i].how == align::right ? gap + cells[i] : cells[i] + gap;
    }
    text.erase(text.find_last_not_of(' ') + 1);
    out.line(text);
  };
  std::size_t total = widths.empty() ? 0 : 2 * (widths.size() - 1);
  for (const auto w : widths) total += w;
  print_row(titles);
  for (const auto& row : rows_)
    row.empty() ? void(out.line(std::string(total, '-'))) : print_row(row);
}

void align_decimals(std::vector<std::string*> texts) {
  const auto decimals = [](const std::string& text) -> std::size_t {
    const auto point = text.find('.');
    return point == std::string::npos ? 0 : text.size() - point - 1;
  };
  const auto is_number = [](const std::string& text) {
    return !text.empty() && text.back() >= '0' && text.back() <= '9';
  };
  std::size_t most = 0;
  for (const auto* text : texts)
    if (is_number(*text)) most = std::max(most, decimals(*text));
  for (auto* text : texts) {
    const std::size_t has = decimals(*text);
    if (!is_number(*text) || has == most) continue;
    if (has == 0) *text += '.';
    text->append(most - has, '0');
  }
}

}  // namespace ark::cli
