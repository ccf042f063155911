#include <algorithm>

#include "base/json.hpp"
#include "cli/ledger_print.hpp"
#include "cli/table.hpp"

namespace ark::cli {
namespace {

/// Every number of a line, by its name in JSON and CSV.
constexpr std::pair<const char*, std::int64_t report_line::*> counts[] = {
    {"attempts", &report_line::attempts},
    {"settled", &report_line::settled},
    {"void", &report_line::voided},
    {"ambiguous", &report_line::ambiguous},
    {"open", &report_line::open},
    {"unknown_cost", &report_line::unknown_cost},
    {"input", &report_line::input},
    {"cache_read", &report_line::cache_read},
    {"cache_write", &report_line::cache_write},
    {"output", &report_line::output},
    {"reasoning", &report_line::reasoning}};
constexpr std::pair<const char*, amount report_line::*> sums[] = {
    {"cost", &report_line::cost}, {"low", &report_line::low}, {"high", &report_line::high}};

/// Columns that most ledgers leave empty are shown when a line has something in them.
struct shown_columns {
  bool cached = false, reasoning = false, voided = false, doubtful = false, interval = false;
};

shown_columns columns_for(const std::vector<report_line>& lines) {
  shown_columns show;
  for (const auto& line : lines) {
    show.cached = show.cached || line.cache_read != 0 || line.cache_write != 0;
    show.reasoning = show.reasoning || line.reasoning != 0;
    show.voided = show.voided || line.voided != 0;
    show.doubtful = show.doubtful || line.ambiguous != 0 || line.open != 0;
    show.interval = show.interval || line.low != line.high;
  }
  return show;
}

std::string cost_text(const report_line& line) {
  if (!line.currency.empty()) return line.cost.to_string();
  return line.unknown_cost > 0 ? "unknown" : "-";
}

std::string end_text(const report_line& line, amount end) {
  return line.currency.empty() ? "-" : end.to_string();
}

std::vector<std::string> cells_of(const report_line& line, const shown_columns& show) {
  std::vector<std::string> cells = line.key;
  const auto number = [&](std::int64_t n) { cells.push_back(std::to_string(n)); };
  number(line.attempts);
  if (show.voided) number(line.voided);
  if (show.doubtful) {
    number(line.ambiguous);
    number(line.open);
  }
  number(line.input);
  if (show.cached) {
    number(line.cache_read);
    number(line.cache_write);
  }
  number(line.output);
  if (show.reasoning) number(line.reasoning);
  cells.push_back(cost_text(line));
  if (show.interval) {
    cells.push_back(end_text(line, line.low));
    cells.push_back(end_text(line, line.high));
  }
  cells.push_back(line.currency);
  return cells;
}

void add_columns(table& t, const std::vector<std::string>& by, const shown_columns& show) {
  for (const auto& name : by) t.column(name);
  t.column("attempts", align::right);
  if (show.voided) t.column("void", align::right);
  if (show.doubtful) {
    t.column("ambiguous", align::right);
    t.column("open", align::right);
  }
  t.column("input", align::right);
  if (show.cached) {
    t.column("cache read", align::right);
    t.column("write", align::right);
  }
  t.column("output", align::right);
  if (show.reasoning) t.column("reasoning", align::right);
  t.column("cost", align::right);
  if (show.interval) {
    t.column("at least", align::right);
    t.column("at most", align::right);
  }
  t.column("");
}

void write_line(json::writer& w, const std::vector<std::string>& by, const report_line& line) {
  w.begin_object();
  for (std::size_t i = 0; i < line.key.size(); ++i) w.key(by[i]).string(line.key[i]);
  w.key("currency").string(line.currency);
  for (const auto& [name, member] : counts) w.key(name).number(line.*member);
  for (const auto& [name, member] : sums) {
    w.key(name);
    line.currency.empty() ? w.null() : w.string((line.*member).to_string());
  }
  w.end_object();
}

}  // namespace

result<std::vector<report_line>> totals_of(const std::vector<report_line>& lines) {
  std::vector<report_line> totals;
  for (const auto& line : lines) {
    auto found = std::find_if(totals.begin(), totals.end(),
                              [&](const auto& t) { return t.currency == line.currency; });
    if (found == totals.end()) {
      found = totals.emplace(totals.end());
      found->currency = line.currency;
    }
    for (const auto& [name, member] : counts) (*found).*member += line.*member;
    for (const auto& [name, member] : sums) {
      const auto sum = ((*found).*member).plus(line.*member);
      if (!sum) return sum.error();
      (*found).*member = *sum;
    }
  }
  // What has no currency comes last.
  std::sort(totals.begin(), totals.end(), [](const report_line& a, const report_line& b) {
    return std::pair(a.currency.empty(), a.currency) < std::pair(b.currency.empty(), b.currency);
  });
  return totals;
}

void print_report_table(output& out, const std::vector<std::string>& by,
                        const std::vector<report_line>& lines,
                        const std::vector<report_line>& totals) {
  const shown_columns show = columns_for(lines);
  std::vector<std::vector<std::string>> rows;
  for (const auto& line : lines) rows.push_back(cells_of(line, show));
  for (auto total : totals) {
    total.key.assign(by.size(), "");
    if (!by.empty()) total.key.front() = "total";
    rows.push_back(cells_of(total, show));
  }
  if (rows.empty()) return;
  for (std::size_t back = 2; back <= (show.interval ? 4u : 2u); ++back) {
    std::vector<std::string*> texts;
    for (auto& row : rows) texts.push_back(&row[row.size() - back]);
    align_decimals(std::move(texts));
  }
  table t;
  add_columns(t, by, show);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (i == lines.size()) {
      if (by.empty()) break;  // the lines are the totals
      t.rule();
    }
    t.row(std::move(rows[i]));
  }
  t.print(out);
}

std::string report_json(const std::vector<std::string>& by, const std::vector<report_line>& lines,
                        const std::vector<report_line>& totals) {
  std::string text;
  json::writer w(text);
  w.begin_object();
  w.key("by").begin_array();
  for (const auto& name : by) w.string(name);
  w.end_array();
  w.key("lines").begin_array();
  for (const auto& line : lines) write_line(w, by, line);
  w.end_array();
  w.key("totals").begin_array();
  for (const auto& total : totals) write_line(w, {}, total);
  w.end_array();
  w.end_object();
  return text;
}

void print_report_csv(output& out, const std::vector<std::string>& by,
                      const std::vector<report_line>& lines) {
  std::vector<std::string> head = by;
  head.emplace_back("currency");
  for (const auto& [name, member] : counts) head.emplace_back(name);
  for (const auto& [name, member] : sums) head.emplace_back(name);
  out.write(csv_line(head));
  for (const auto& line : lines) {
    std::vector<std::string> cells = line.key;
    cells.push_back(line.currency);
    for (const auto& [name, member] : counts) cells.push_back(std::to_string(line.*member));
    for (const auto& [name, member] : sums)
      cells.push_back(line.currency.empty() ? "" : (line.*member).to_string());
    out.write(csv_line(cells));
  }
}

}  // namespace ark::cli
