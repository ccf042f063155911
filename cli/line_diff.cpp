#include "cli/line_diff.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace ark::cli {
namespace {

using lines = std::vector<std::string_view>;

lines lines_of(std::string_view text) {
  lines out;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    out.push_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return out;
}

/// A line of the comparison: in both (' '), only before ('-'), only after ('+').
struct step {
  char what = ' ';
  std::size_t before = 0, after = 0;  ///< how many lines of each came before
  std::string_view text{};
};

/// The longest common subsequence of the lines between equal beginnings and ends.
class comparison {
 public:
  comparison(const lines& a, const lines& b) : a_(a), b_(b) {}

  std::vector<step> run() {
    std::size_t begin = 0;
    while (begin < a_.size() && begin < b_.size() && a_[begin] == b_[begin]) ++begin;
    std::size_t end = 0;
    while (end < a_.size() - begin && end < b_.size() - begin &&
           a_[a_.size() - 1 - end] == b_[b_.size() - 1 - end])
      ++end;
    for (std::size_t i = 0; i < begin; ++i) add(' ');
    middle(a_.size() - end, b_.size() - end);
    for (std::size_t i = 0; i < end; ++i) add(' ');
    return std::move(out_);
  }

 private:
  void add(char what) {
    out_.push_back({what, at_a_, at_b_, what == '+' ? b_[at_b_] : a_[at_a_]});
    if (what != '+') ++at_a_;
    if (what != '-') ++at_b_;
  }

  void middle(std::size_t end_a, std::size_t end_b) {
    constexpr std::size_t most_lines = 4000;
    const std::size_t n = end_a - at_a_, m = end_b - at_b_;
    if (n <= most_lines && m <= most_lines) walk(n, m);
    while (at_a_ < end_a) add('-');
    while (at_b_ < end_b) add('+');
  }

  void walk(std::size_t n, std::size_t m) {
    const std::size_t from_a = at_a_, from_b = at_b_;
    // length[i][j]: of the longest common subsequence of what is left from i and j on.
    std::vector<std::uint16_t> length((n + 1) * (m + 1), 0);
    const auto at = [&](std::size_t i, std::size_t j) -> std::uint16_t& {
      return length[i * (m + 1) + j];
    };
    for (std::size_t i = n; i-- > 0;)
      for (std::size_t j = m; j-- > 0;)
        at(i, j) = a_[from_a + i] == b_[from_b + j]
                       ? static_cast<std::uint16_t>(at(i + 1, j + 1) + 1)
                       : std::max(at(i + 1, j), at(i, j + 1));
    std::size_t i = 0, j = 0;
    while (i < n && j < m) {
      if (a_[from_a + i] == b_[from_b + j]) {
        add(' ');
        ++i, ++j;
      } else if (at(i + 1, j) >= at(i, j + 1)) {
        add('-');
        ++i;
      } else {
        add('+');
        ++j;
      }
    }
  }

  const lines &a_, &b_;
  std::size_t at_a_ = 0, at_b_ = 0;
  std::vector<step> out_;
};

void append_hunk(std::string& out, const std::vector<step>& steps, std::size_t from,
                 std::size_t to) {
  std::size_t of_before = 0, of_after = 0;
  for (std::size_t i = from; i < to; ++i) {
    of_before += steps[i].what != '+' ? 1 : 0;
    of_after += steps[i].what != '-' ? 1 : 0;
  }
  out += "@@ -" + std::to_string(steps[from].before + 1) + "," + std::to_string(of_before) + " +" +
         std::to_string(steps[from].after + 1) + "," + std::to_string(of_after) + " @@\n";
  for (std::size_t i = from; i < to; ++i) out += steps[i].what + std::string(steps[i].text) + "\n";
}

}  // namespace

std::string line_diff(std::string_view before, std::string_view after,
                      const std::string& before_name, const std::string& after_name) {
  const lines a = lines_of(before), b = lines_of(after);
  const auto steps = comparison(a, b).run();
  constexpr std::size_t around = 3;
  std::string out;
  for (std::size_t i = 0; i < steps.size();) {
    if (steps[i].what == ' ') {
      ++i;
      continue;
    }
    // A hunk goes on while changes are not further apart than the lines around two of them.
    std::size_t last = i;
    for (std::size_t k = i; k < steps.size() && k <= last + 2 * around; ++k)
      if (steps[k].what != ' ') last = k;
    if (out.empty()) out = "--- " + before_name + "\n+++ " + after_name + "\n";
    append_hunk(out, steps, i >= around ? i - around : 0,
                std::min(last + around + 1, steps.size()));
    i = last + 1;
  }
  return out;
}

}  // namespace ark::cli
