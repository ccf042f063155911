#include "ledger/reserve.hpp"

#include <algorithm>

#include "ledger/spool_fold.hpp"

namespace ark::detail {
namespace {

bool is_budgets(const commit_result::refusal& r) { return r.why.code == errc::budget; }

}  // namespace

result<void> sweep(writer& to, lost_among which) {
  if (auto done = fold_spools(to); !done) return done;
  const auto found = to.find_lost(which);
  if (!found) return found.error();
  // A process may have died since its spool was taken: what is in there now is its last word.
  if (!found->lost.empty())
    if (auto done = fold_spools(to); !done) return done;
  return to.book_lost(*found);
}

commit_result write_and_reserve(writer& to, std::vector<journal_record>& records,
                                spooled_batch* before) {
  commit_result answer = to.write(records, before);
  if (!answer.all || std::none_of(answer.refused.begin(), answer.refused.end(), is_budgets) ||
      !to.may_sweep())
    return answer;
  // The refusals stand where this fails: what is wrong with the file is told by the next commit.
  if (!sweep(to, lost_among::reserved)) return answer;
  std::vector<journal_record> again;
  std::vector<std::size_t> places;
  for (const auto& r : answer.refused)
    if (is_budgets(r)) {
      again.push_back(records[r.at]);
      places.push_back(r.at);
    }
  std::erase_if(answer.refused, is_budgets);
  commit_result second = to.write(again);
  for (std::size_t i = 0; i < places.size(); ++i)
    if (auto own = second.of(i); !own) answer.refused.push_back({places[i], own.error()});
  return answer;
}

}  // namespace ark::detail
