#include "client/recorder.hpp"

#include <utility>

namespace ark {

void recorder::record(journal_record r, callback done) {
  if (!pending_) {
    pending_ = std::make_unique<batch>();
    loop_->post([self = shared_from_this()] { self->flush(); });
  }
  if (journal_) pending_->records.push_back(std::move(r));
  pending_->callbacks.push_back(std::move(done));
}

void recorder::flush() {
  std::shared_ptr<batch> b = std::move(pending_);
  if (!journal_) return tell(*b, {});
  // A journal may answer before commit() returns (on this thread: no detour), or later on its own.
  struct state {
    std::mutex mutex;
    bool inside = true;
    bool answered = false;
    result<void> outcome;
  };
  auto s = std::make_shared<state>();
  auto on_loop = loop_;
  journal_->commit(std::move(b->records), [s, b, on_loop](result<void> outcome) {
    {
      const std::lock_guard lock(s->mutex);
      if (s->inside) {
        s->answered = true;
        s->outcome = std::move(outcome);
        return;
      }
    }
    on_loop->post([b, outcome = std::move(outcome)] { tell(*b, outcome); });
  });
  {
    const std::lock_guard lock(s->mutex);
    s->inside = false;
    if (!s->answered) return;
  }
  tell(*b, s->outcome);
}

void recorder::tell(batch& b, const result<void>& outcome) {
  // What was told is let go: a callback holds its operation, and a journal may keep the batch.
  const auto callbacks = std::exchange(b.callbacks, {});
  for (const callback& each : callbacks) each(outcome);
}

}  // namespace ark
