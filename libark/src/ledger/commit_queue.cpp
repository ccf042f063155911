#include "ledger/commit_queue.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace ark::detail {

void commit_queue::add(job wanted) {
  const std::lock_guard lock(mutex_);
  jobs_.push_back(std::move(wanted));
  // Whoever waits for more than one is woken when they are there, or when its time is over.
  if (jobs_.size() == 1 || jobs_.size() >= expected_) more_.notify_one();
}

void commit_queue::stop() {
  const std::lock_guard lock(mutex_);
  stop_ = true;
  more_.notify_one();
}

bool commit_queue::stopped() const {
  const std::lock_guard lock(mutex_);
  return stop_ && jobs_.empty();
}

commit_queue::batch commit_queue::take(std::size_t records_max, clock::duration patience) {
  std::unique_lock lock(mutex_);
  const auto some = [this] { return stop_ || !jobs_.empty(); };
  if (patience == clock::duration::max())
    more_.wait(lock, some);
  else
    more_.wait_for(lock, patience, some);
  if (!jobs_.empty())
    more_.wait_for(lock, moment_, [this] { return stop_ || jobs_.size() >= expected_; });
  batch out;
  auto end = jobs_.begin();
  for (; end != jobs_.end() && (out.records.empty() || out.records.size() < records_max); ++end) {
    out.sizes_.push_back(end->records.size());
    std::move(end->records.begin(), end->records.end(), std::back_inserter(out.records));
  }
  out.jobs.assign(std::move_iterator(jobs_.begin()), std::move_iterator(end));
  jobs_.erase(jobs_.begin(), end);
  return out;
}

void commit_queue::expect_back(const batch& committed, clock::duration took) {
  const std::lock_guard lock(mutex_);
  expected_ = committed.jobs.size() + jobs_.size();
  moment_ = std::min<clock::duration>(took / 4, longest_moment_);
}

void commit_queue::batch::answer(const commit_result& all) {
  std::size_t first = 0;
  for (std::size_t i = 0; i < jobs.size(); first += sizes_[i++]) {
    commit_result own = all.all;
    for (const auto& r : all.refused)
      if (r.at >= first && r.at < first + sizes_[i]) own.refused.push_back({r.at - first, r.why});
    jobs[i].done(std::move(own));
  }
}

}  // namespace ark::detail
