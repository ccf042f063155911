#pragma once
#include <ark/ledger.hpp>
#include <cstdint>
#include <string>
#include <vector>

namespace ark::detail {

/// Findings as they come, so many of them kept.
class findings {
 public:
  void add(ledger_finding::kind what, std::int64_t segment, std::int64_t sequence,
           std::string text);
  void add(findings&& more);
  /// In order of segment and sequence, into the answer.
  void give(ledger_check& to) &&;

 private:
  std::vector<ledger_finding> kept_;
  std::int64_t more_ = 0;
};

}  // namespace ark::detail
