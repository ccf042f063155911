#include "billing/html_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.hpp"

namespace ark::billing {
namespace {

constexpr std::size_t bars_max = 60;

/// No colour carries a meaning alone: doubt has its own column, and a pattern in the chart.
constexpr std::string_view style = R"(
:root{color-scheme:light dark;--ink:#1c2024;--soft:#5b636b;--line:#d7dbdf;--paper:#fff;--bar:#2f6fb2;--doubt:#e0a458}
@media (prefers-color-scheme:dark){:root{--ink:#e6e8ea;--soft:#9aa3ab;--line:#3a4046;--paper:#16191c;--bar:#6ea8e0;--doubt:#c98a3a}}
*{box-sizing:border-box}
body{font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:70rem;margin:0 auto;padding:2rem 1rem}
h1{font-size:1.6rem;margin:0}h2{font-size:1.15rem;margin:2.5rem 0 .5rem}
p{color:var(--soft);margin:.2rem 0}
.totals{display:flex;flex-wrap:wrap;gap:1rem;margin-top:1.2rem}
.total{border:1px solid var(--line);border-radius:.5rem;padding:.7rem 1rem;min-width:12rem}
.total b{display:block;font-size:1.35rem;font-variant-numeric:tabular-nums}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums;margin-top:.6rem}
th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere}
td:not(.n){min-width:8rem}
th{font-weight:600;color:var(--soft);white-space:nowrap}
.n{text-align:right;white-space:nowrap}
svg{display:block;width:100%;height:auto;margin-top:.4rem}
svg text{fill:var(--ink);font:12px system-ui,sans-serif}
.bar{fill:var(--bar)}.doubt{fill:var(--doubt)}
@media print{body{max-width:none;padding:0}section{break-inside:avoid-page}tr{break-inside:avoid}}
)";

void append(std::string& out, std::string_view tag, std::string_view text, bool number = false) {
  out += fmt::format("<{}{}>{}</{}>", tag, number ? " class=\"n\"" : "", escaped(text), tag);
}

std::string join(const std::vector<std::string>& parts) {
  std::string out;
  for (const auto& part : parts) out += (out.empty() ? "" : " / ") + (part.empty() ? "-" : part);
  return out;
}

/// At most so many characters, not bytes.
std::string shortened(const std::string& text, std::size_t most) {
  std::size_t count = 0, at = 0;
  for (; at < text.size() && count < most; ++count) do
      ++at;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80);
  return at < text.size() ? text.substr(0, at) + "\u2026" : text;
}

/// A part of the largest, from 0 to 1: for drawing only.
double part_of(amount value, amount most) {
  if (most.raw() <= 0 || value.raw() <= 0) return 0;
  return static_cast<double>(value.raw()) / static_cast<double>(most.raw());
}

std::string cost_text_of(const report_line& line) {
  if (!line.currency.empty()) return line.cost.to_string() + " " + line.currency;
  return line.unknown_cost > 0 ? "unknown" : "-";
}

/// One bar to a line: a label, what is known, what may come to it, the amount.
void append_chart(std::string& out, const std::vector<const report_line*>& lines,
                  const std::string& name) {
  constexpr int row = 22, label = 230, bars = 560, width = 1000;
  amount most;
  for (const auto* line : lines) most = std::max(most, line->high);
  const int height = static_cast<int>(lines.size()) * row + 4;
  out += fmt::format("<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">", width, height,
                     escaped(name));
  int y = 2;
  for (const auto* line : lines) {
    const double known = part_of(line->cost, most) * bars, high = part_of(line->high, most) * bars;
    const std::string key = join(line->key);
    out += fmt::format("<g><title>{}: {}</title>", escaped(key), escaped(cost_text_of(*line)));
    out += fmt::format("<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>", label - 8, y + 15,
                       escaped(shortened(key, 30)));
    out += fmt::format("<rect class=\"bar\" x=\"{}\" y=\"{}\" width=\"{:.1f}\" height=\"{}\"/>",
                       label, y + 2, known, row - 6);
    if (high > known)
      out += fmt::format(
          "<rect class=\"doubt\" x=\"{:.1f}\" y=\"{}\" width=\"{:.1f}\" height=\"{}\"/>",
          label + known, y + 6, high - known, row - 14);
    out += fmt::format("<text x=\"{:.1f}\" y=\"{}\">{}</text></g>",
                       label + std::max(known, high) + 8, y + 15, escaped(cost_text_of(*line)));
    y += row;
  }
  out += "</svg>";
}

/// A chart for each currency. Days stay in their order; other lines come by cost.
void append_charts(std::string& out, const report_section& section) {
  std::set<std::string> currencies;
  for (const auto& line : section.lines)
    if (!line.currency.empty()) currencies.insert(line.currency);
  const bool by_time = !section.by.empty() && (section.by[0] == "day" || section.by[0] == "hour" ||
                                               section.by[0] == "month");
  for (const auto& currency : currencies) {
    std::vector<const report_line*> lines;
    for (const auto& line : section.lines)
      if (line.currency == currency && line.high.raw() > 0) lines.push_back(&line);
    if (lines.empty()) continue;
    const std::size_t all = lines.size();
    std::stable_sort(lines.begin(), lines.end(),
                     [](const auto* a, const auto* b) { return a->high > b->high; });
    if (lines.size() > bars_max) lines.resize(bars_max);
    if (by_time)
      std::sort(lines.begin(), lines.end(),
                [](const auto* a, const auto* b) { return a->key < b->key; });
    append_chart(out, lines, section.title + ", " + currency);
    if (all > lines.size())
      append(out, "p", fmt::format("The {} dearest of {} in {}.", lines.size(), all, currency));
  }
}

std::int64_t unsettled_of(const report_line& line) { return line.ambiguous + line.open; }

std::string between_text(const report_line& line) {
  if (line.currency.empty() || line.low == line.high) return "";
  return line.low.to_string() + " to " + line.high.to_string();
}

/// A column of counts; those that are nowhere but zero are left out.
struct count_column {
  const char* name;
  std::int64_t (*of)(const report_line&);
  bool always = false;
};
constexpr count_column count_columns[] = {
    {"attempts", [](const report_line& l) { return l.attempts; }, true},
    {"input", [](const report_line& l) { return l.input; }, true},
    {"cache read", [](const report_line& l) { return l.cache_read; }},
    {"cache write", [](const report_line& l) { return l.cache_write; }},
    {"output", [](const report_line& l) { return l.output; }, true},
    {"reasoning", [](const report_line& l) { return l.reasoning; }},
    {"not settled", unsettled_of}};

void append_table(std::string& out, const report_section& section) {
  const auto any = [&](auto&& has) {
    return std::any_of(section.lines.begin(), section.lines.end(), has);
  };
  std::vector<count_column> counts;
  for (const auto& column : count_columns)
    if (column.always || any([&](const auto& line) { return column.of(line) != 0; }))
      counts.push_back(column);
  const bool doubt = any([](const auto& line) { return !between_text(line).empty(); });
  out += "<div class=\"wide\"><table><thead><tr>";
  for (const auto& name : section.by) append(out, "th", name);
  for (const auto& column : counts) append(out, "th", column.name, true);
  append(out, "th", "cost", true);
  if (doubt) append(out, "th", "between", true);
  out += "</tr></thead><tbody>\n";
  for (const auto& line : section.lines) {
    out += "<tr>";
    for (const auto& part : line.key) append(out, "td", part.empty() ? "-" : part);
    for (const auto& column : counts) append(out, "td", text::grouped(column.of(line)), true);
    append(out, "td", cost_text_of(line), true);
    if (doubt) append(out, "td", between_text(line), true);
    out += "</tr>\n";
  }
  out += "</tbody></table></div>";
}

void append_section(std::string& out, const report_section& section) {
  out += "<section>";
  append(out, "h2", section.title);
  append_charts(out, section);
  append_table(out, section);
  out += "</section>\n";
}

void append_totals(std::string& out, const std::vector<report_line>& totals) {
  out += "<div class=\"totals\">";
  for (const auto& total : totals) {
    out += "<div class=\"total\">";
    append(out, "b", cost_text_of(total));
    append(out, "p", text::grouped(total.attempts) + " attempts");
    if (!total.currency.empty() && total.low != total.high)
      append(out, "p",
             total.low.to_string() + " to " + total.high.to_string() + " with what is not settled");
    if (total.unknown_cost > 0)
      append(out, "p", text::grouped(total.unknown_cost) + " without a known cost");
    out += "</div>";
  }
  out += "</div>\n";
}

}  // namespace

std::string escaped(std::string_view from) {
  std::string out;
  for (const char c : text::repair_utf8(from)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default: {
        const auto byte = static_cast<unsigned char>(c);
        const bool control = (byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7f;
        if (control)
          out += "\xEF\xBF\xBD";
        else
          out += c;
      }
    }
  }
  return out;
}

std::string html_page(const report_page& page) {
  std::string out =
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
      "style-src 'unsafe-inline'\">"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">";
  append(out, "title", page.title);
  out += "<style>" + std::string(style) + "</style></head><body><header>";
  append(out, "h1", page.title);
  if (!page.scope.empty()) append(out, "p", page.scope);
  append(out, "p", "Made " + page.made + ". Amounts are exact; times are UTC.");
  append_totals(out, page.totals);
  out += "</header><main>\n";
  for (const auto& section : page.sections) append_section(out, section);
  out += "</main></body></html>\n";
  return out;
}

}  // namespace ark::billing
