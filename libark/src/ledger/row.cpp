#include "ledger/row.hpp"

#include "ledger/record.hpp"

namespace ark::detail {

void row::money(amount value) {
  const auto parts = split(value);
  if (!parts) return skip(2);
  integer(parts->micro);
  integer(parts->femto);
}

void row::amounts(const cost& c) {
  if (c.status == cost_status::unknown) return skip(6);
  money(c.value);
  if (c.low == c.value && c.high == c.value) return skip(4);
  money(c.low);
  money(c.high);
}

std::string& row::note() {
  if (notes_used_ == notes_.size()) notes_.emplace_back();
  std::string& next = notes_[notes_used_++];
  next.clear();
  return next;
}

}  // namespace ark::detail
