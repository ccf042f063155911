#include "client/recorder.hpp"

#include <utility>

namespace ark {

void recorder::record(journal_record r, callback done) {
  if (!pending_) {
    pending_ = std::make_shared<batch>();
    loop_->after_turn([self = shared_from_this()] { self->flush(); });
  }
  if (journal_) pending_->records.push_back(std::move(r));
  pending_->callbacks.push_back(std::move(done));
}

void recorder::flush() {
  const std::shared_ptr<batch> b = std::move(pending_);
  if (!journal_) return tell(*b, {});
  journal_->commit(std::move(b->records), [b, on_loop = loop_](commit_result outcome) {
    {
      const std::lock_guard lock(b->mutex);
      b->outcome = std::move(outcome);
      b->answered = true;
      if (b->inside) return;
    }
    on_loop->post([b] { tell(*b, b->outcome); });
  });
  {
    const std::lock_guard lock(b->mutex);
    b->inside = false;
    if (!b->answered) return;
  }
  tell(*b, b->outcome);
}

void recorder::tell(batch& b, const commit_result& outcome) {
  // What was told is let go: a callback holds its operation, and a journal may keep the batch.
  const auto callbacks = std::exchange(b.callbacks, {});
  for (std::size_t i = 0; i < callbacks.size(); ++i) callbacks[i](outcome.of(i));
}

}  // namespace ark
