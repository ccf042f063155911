#include "cli/ledger_chart.hpp"

#include <algorithm>
#include <map>

#include "cli/table.hpp"

namespace ark::cli {
namespace {

constexpr std::size_t label_max = 36;
constexpr int bar_min = 10;

std::string label_of(const report_line& line) {
  std::string out;
  for (const auto& part : line.key) out += (out.empty() ? "" : " ") + (part.empty() ? "-" : part);
  out = printable(out);
  std::replace_if(out.begin(), out.end(), [](char c) { return c == '\n' || c == '\t'; }, ' ');
  if (display_width(out) <= label_max) return out;
  while (!out.empty() && display_width(out) >= label_max) {
    while (out.size() > 1 && (static_cast<unsigned char>(out.back()) & 0xC0) == 0x80)
      out.pop_back();
    out.pop_back();
  }
  return out + "\u2026";
}

/// A bar of eighths of a column; what is above nothing is seen.
std::string bar_of(amount value, amount most, int columns) {
  static constexpr const char* parts[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  if (value.raw() <= 0) return "";
  const auto share = static_cast<double>(value.raw()) / static_cast<double>(most.raw());
  const int eighths = std::max(1, static_cast<int>(share * columns * 8 + 0.5));
  std::string out;
  for (int i = 0; i < eighths / 8; ++i) out += "█";
  return out + parts[eighths % 8];
}

std::string doubt_of(const report_line& line, amount most, int columns) {
  const auto share =
      static_cast<double>(line.high.raw() - line.cost.raw()) / static_cast<double>(most.raw());
  std::string out;
  for (int i = 0; i < static_cast<int>(share * columns); ++i) out += "░";
  return out;
}

void print_bars(output& out, const std::vector<const report_line*>& lines) {
  amount most;
  std::size_t label_width = 0, cost_width = 0;
  std::vector<std::string> labels, costs;
  for (const auto* line : lines) {
    most = std::max(most, line->high);
    labels.push_back(label_of(*line));
    costs.push_back(line->cost.to_string());
    label_width = std::max(label_width, display_width(labels.back()));
  }
  std::vector<std::string*> texts;
  for (auto& text : costs) texts.push_back(&text);
  align_decimals(std::move(texts));
  for (const auto& text : costs) cost_width = std::max(cost_width, text.size());
  const int rest = out.width() - static_cast<int>(label_width + cost_width) - 10;
  const int columns = std::max(bar_min, rest);
  for (std::size_t i = 0; i < lines.size(); ++i)
    out.line(labels[i] + std::string(label_width - display_width(labels[i]), ' ') + "  " +
             std::string(cost_width - costs[i].size(), ' ') + costs[i] + " " + lines[i]->currency +
             "  " + bar_of(lines[i]->cost, most, columns) + doubt_of(*lines[i], most, columns));
}

}  // namespace

void print_chart(output& out, const std::vector<report_line>& lines) {
  std::map<std::string, std::vector<const report_line*>> by_currency;
  for (const auto& line : lines)
    if (!line.currency.empty() && line.high.raw() > 0) by_currency[line.currency].push_back(&line);
  bool first = true;
  for (const auto& [currency, some] : by_currency) {
    if (!first) out.line();
    print_bars(out, some);
    first = false;
  }
}

}  // namespace ark::cli
