#include "ledger/record.hpp"
#include "ledger/writer.hpp"
#include "os/os.hpp"

/// Outcomes that are not the first of their attempt.
namespace ark::detail {
namespace {

/// What is booked for the attempt now, as an entry.
result<std::optional<ledger_entry>> booked(sqlite::database& db, std::int64_t sequence) {
  auto query = db.prepare("SELECT " + entry_columns(true) +
                          " FROM intent i JOIN outcome o ON o.seq = i.seq LEFT JOIN correction c "
                          "ON c.of_seq = i.seq AND c.kind = 'resolved' WHERE i.seq = ?");
  if (!query) return query.error();
  query->bind(1, sequence);
  const int code = query->step();
  if (code == SQLITE_DONE) return std::optional<ledger_entry>{};
  if (code != SQLITE_ROW) return db.last_error("read");
  auto entry = read_entry(*query);
  if (!entry) return entry.error();
  return std::optional<ledger_entry>(std::move(*entry));
}

bool same(const ledger_entry& has, const attempt_outcome& given) {
  return has.state == given.state && has.cost == given.cost && has.usage == given.usage &&
         has.request_id == given.request_id && has.finish == given.finish &&
         has.http_status == given.http_status && has.reply_model == given.reply_model;
}

}  // namespace

result<void> writer::put_late(const attempt_outcome& outcome, std::string_view note,
                              std::optional<std::int64_t> sequence) {
  if (!sequence) return put_correction(outcome, note, sequence, "orphan");
  const auto has = booked(db_, *sequence);
  if (!has) return has.error();
  if (!*has) {
    // Its intent is there and open: another process, or an earlier life of this one, wrote it.
    open_.emplace(outcome.attempt_id, *sequence);
    opened_now_.push_back(outcome.attempt_id);
    return put(outcome);
  }
  if (same(**has, outcome)) return {};
  const bool resolves =
      (*has)->state == attempt_state::ambiguous &&
      (outcome.state == attempt_state::settled || outcome.state == attempt_state::void_);
  return put_correction(outcome, note, sequence, resolves ? "resolved" : "conflict");
}

result<void> writer::put_correction(const attempt_outcome& outcome, std::string_view note,
                                    std::optional<std::int64_t> sequence, std::string_view kind) {
  if (sequence) correction_.bind(1, *sequence);
  correction_.bind(2, static_cast<std::int64_t>(outcome.attempt_id));
  correction_.bind(3, kind);
  correction_.bind(4, to_us(os::real().wall_now()));
  bind_outcome(correction_, correction_parameters_before + 1, outcome, note, scratch_);
  return step(correction_);
}

}  // namespace ark::detail
