#include "ledger/gatherer.hpp"

#include <algorithm>

#include "ledger/reserve.hpp"

namespace ark::detail {
namespace {
/// A command that makes one call never makes a spool.
constexpr int quick_commits_before_spooling = 4;
}  // namespace

gatherer::gatherer(std::shared_ptr<writer> to, std::chrono::microseconds interval, os::system& os)
    : writer_(std::move(to)), interval_(interval), os_(os) {}

gatherer::~gatherer() {
  if (!spool_) return;
  if (!flush()) spool_->abandon();
}

commit_result gatherer::write(std::vector<journal_record>& records) {
  const std::lock_guard lock(mutex_);
  if (may_spool(records) && append(records)) return {};
  return commit(records);
}

result<void> gatherer::flush() {
  const std::lock_guard lock(mutex_);
  if (spooled_.empty()) return {};
  std::vector<journal_record> none;
  return commit(none).all;
}

bool gatherer::may_spool(const std::vector<journal_record>& records) {
  if (os_.steady_now() - last_commit_ >= interval_) {
    quick_commits_ = 0;
    return false;
  }
  if (!spool_ && ++quick_commits_ < quick_commits_before_spooling) return false;
  // Bounds the next transaction, and so how long other processes wait for the file.
  if (spooled_.size() + records.size() > records_a_commit_max) return false;
  return !spool_failed_ && writer_->may_follow(records);
}

bool gatherer::append(std::vector<journal_record>& records) {
  if (!spool_) {
    auto made = spool::create(writer_->path(), writer_->session());
    // Without one every commit is a transaction, as it would be for a slower program.
    spool_failed_ = !made;
    if (!made) return false;
    spool_ = std::move(*made);
  }
  if (!take_ids(records)) return false;
  if (!spool_->append(records)) {
    spooled_opens_.resize(known_opens_);
    return false;
  }
  known_opens_ = spooled_opens_.size();
  for (auto& record : records) spooled_.push_back(std::move(record));
  return true;
}

/// False if an attempt was begun already in what the spool holds: a transaction is to say so.
bool gatherer::take_ids(const std::vector<journal_record>& records) {
  for (const auto& record : records) {
    const auto* intent = std::get_if<attempt_intent>(&record);
    if (intent == nullptr) continue;
    if (std::find(spooled_opens_.begin(), spooled_opens_.end(), intent->attempt_id) !=
        spooled_opens_.end()) {
      spooled_opens_.resize(known_opens_);
      return false;
    }
    spooled_opens_.push_back(intent->attempt_id);
  }
  return true;
}

commit_result gatherer::commit(std::vector<journal_record>& records) {
  spooled_batch before{.session = writer_->session(),
                       .first = spool_ ? spool_->last() + 1 - spooled_.size() : 1,
                       .records = &spooled_};
  auto done = write_and_reserve(*writer_, records, spooled_.empty() ? nullptr : &before);
  last_commit_ = os_.steady_now();
  if (before.taken) {
    spooled_.clear();
    spooled_opens_.clear();
    known_opens_ = 0;
    spool_->rewind();
  }
  return done;
}

}  // namespace ark::detail
