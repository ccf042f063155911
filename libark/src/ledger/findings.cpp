#include "ledger/findings.hpp"

#include <algorithm>
#include <tuple>

namespace ark {

std::string_view to_string(ledger_finding::kind value) noexcept {
  switch (value) {
    case ledger_finding::kind::row:
      return "row";
    case ledger_finding::kind::segment:
      return "segment";
    case ledger_finding::kind::end:
      return "end";
    case ledger_finding::kind::anchor:
      return "anchor";
    case ledger_finding::kind::rollup:
      return "rollup";
    case ledger_finding::kind::page:
      return "page";
  }
  return "";
}

namespace detail {
namespace {

constexpr std::size_t findings_max = 1000;

/// Rows and segments first, where the trouble began; then what follows from it.
bool comes_before(const ledger_finding& a, const ledger_finding& b) {
  const auto whole = [](const ledger_finding& f) { return f.segment == 0; };
  return std::tuple(whole(a), a.segment, a.sequence, a.what) <
         std::tuple(whole(b), b.segment, b.sequence, b.what);
}

}  // namespace

void findings::add(ledger_finding::kind what, std::int64_t segment, std::int64_t sequence,
                   std::string text) {
  if (kept_.size() == findings_max) {
    ++more_;
    return;
  }
  kept_.push_back(
      {.what = what, .segment = segment, .sequence = sequence, .text = std::move(text)});
}

void findings::add(findings&& more) {
  more_ += more.more_;
  for (auto& each : more.kept_) add(each.what, each.segment, each.sequence, std::move(each.text));
}

void findings::give(ledger_check& to) && {
  std::stable_sort(kept_.begin(), kept_.end(), comes_before);
  to.findings = std::move(kept_);
  to.more_findings = more_;
}

}  // namespace detail
}  // namespace ark
