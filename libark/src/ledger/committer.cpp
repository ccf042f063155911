#include "ledger/committer.hpp"

#include <utility>

#include "ledger/reserve.hpp"
#include "os/os.hpp"

namespace ark::detail {

committer::committer(std::shared_ptr<writer> to) : shared_(std::make_shared<shared>()) {
  shared_->to = std::move(to);
  thread_ = std::thread([s = shared_] { run(*s); });
}

committer::~committer() {
  shared_->queue.stop();
  if (thread_.get_id() == std::this_thread::get_id())
    thread_.detach();
  else
    thread_.join();
}

void committer::add(std::vector<journal_record> records, std::function<void(commit_result)> done) {
  // Once the job is in, its `done` may drop the last owner of this committer at any moment.
  const auto s = shared_;
  s->queue.add({std::move(records), std::move(done)});
}

void committer::run(shared& s) {
  for (;;) {
    auto batch = s.queue.take(records_a_commit_max);
    if (batch.jobs.empty()) return;
    const auto begun = os::real().steady_now();
    const commit_result done = write_and_reserve(*s.to, batch.records);
    s.queue.expect_back(batch, os::real().steady_now() - begun);
    batch.answer(done);
    s.to->tell();
  }
}

}  // namespace ark::detail
