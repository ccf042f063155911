#include "ledger/committer.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace ark::detail {
namespace {
/// Bounds one transaction, and so how long other processes wait for the file.
constexpr std::size_t records_a_commit_max = 512;
}  // namespace

committer::committer(std::shared_ptr<writer> to) : shared_(std::make_shared<shared>()) {
  shared_->to = std::move(to);
  thread_ = std::thread([s = shared_] { run(*s); });
}

committer::~committer() {
  {
    const std::lock_guard lock(shared_->mutex);
    shared_->stop = true;
  }
  shared_->more.notify_one();
  if (thread_.get_id() == std::this_thread::get_id())
    thread_.detach();
  else
    thread_.join();
}

void committer::add(std::vector<journal_record> records, std::function<void(result<void>)> done) {
  // Once the job is in, its `done` may drop the last owner of this committer at any moment.
  const auto s = shared_;
  const std::lock_guard lock(s->mutex);
  s->jobs.push_back({std::move(records), std::move(done)});
  s->more.notify_one();
}

void committer::run(shared& s) {
  for (;;) {
    std::vector<job> jobs;
    {
      std::unique_lock lock(s.mutex);
      s.more.wait(lock, [&] { return s.stop || !s.jobs.empty(); });
      if (s.jobs.empty()) return;
      std::size_t records = 0;
      auto end = s.jobs.begin();
      while (end != s.jobs.end() && (records == 0 || records < records_a_commit_max))
        records += (end++)->records.size();
      jobs.assign(std::move_iterator(s.jobs.begin()), std::move_iterator(end));
      s.jobs.erase(s.jobs.begin(), end);
    }
    commit(*s.to, jobs);
  }
}

void committer::commit(writer& to, std::vector<job>& jobs) {
  auto begin = jobs.begin();
  while (begin != jobs.end()) {
    // What is unfit would fail its neighbours: it goes alone, and in turn.
    auto end = std::find_if(begin, jobs.end(), [](job& j) { return !writer::fits(j.records); });
    if (end == begin) ++end;
    std::vector<journal_record> all;
    for (auto j = begin; j != end; ++j)
      std::move(j->records.begin(), j->records.end(), std::back_inserter(all));
    const auto done = to.write(all);
    for (; begin != end; ++begin) begin->done(done);
  }
}

}  // namespace ark::detail
