#include <algorithm>

#include "ledger/fate.hpp"
#include "ledger/record.hpp"
#include "ledger_pg/pg_writer.hpp"
#include "os/os.hpp"

/// Outcomes that are not the first of their attempt.
namespace ark::detail {

result<void> pg_writer::write_late(pg::rows& inserted, pg::deadline until) {
  while (inserted.next()) {
    const auto id = static_cast<std::uint64_t>(inserted.integer(0));
    chain_.added(row_kind::outcome, id, inserted.integer(1));
    fates_[id] = &given_[settled_.at(id)].value();
    settled_.erase(id);
  }
  std::vector<std::size_t> places = std::move(again_);
  for (const auto& [id, place] : settled_) places.push_back(place);
  std::sort(places.begin(), places.end());
  for (const std::size_t place : places)
    if (auto done = put_late(given_[place], until); !done) return done;
  return {};
}

result<void> pg_writer::put_late(const given_outcome& given, pg::deadline until) {
  const attempt_outcome& outcome = given.value();
  const auto id = static_cast<std::int64_t>(outcome.attempt_id);
  // Nobody else settles this attempt meanwhile; the answer is of after the lock.
  db_.queue("SELECT pg_advisory_xact_lock($1)", pg::parameters().integer(id));
  db_.queue(booked_sql_, pg::parameters().integer(id).null(pg::type::int8));
  auto answers = db_.flush(until);
  if (!answers) return answers.error();
  pg::rows& has = answers->back();
  const bool ours_to_void =
      std::find(voids_.begin(), voids_.end(), outcome.attempt_id) != voids_.end();
  if (!has.next()) {
    // A void one's intent was refused, or never came to be: there is nothing to tell.
    if (ours_to_void || outcome.state == attempt_state::void_) return {};
    return put_correction(outcome, given.note, std::nullopt, outcome.attempt_id, "orphan", until);
  }
  const auto entry = read_entry(has);
  if (!entry) return entry.error();
  std::string_view kind = kind_of_late(*entry, outcome);
  if (kind.empty()) return {};
  if (kind == "resolved") {
    fates_[outcome.attempt_id] = &outcome;
    // An attempt is resolved once; it may have been put in doubt again by a correction.
    auto before =
        db_.ask("SELECT 1 FROM ark.correction WHERE of_seq = $1 AND kind = 'resolved' LIMIT 1",
                pg::parameters().integer(entry->sequence), until);
    if (!before) return before.error();
    if (before->next()) kind = "corrected";
  }
  return put_correction(outcome, given.note, entry->sequence, outcome.attempt_id, kind, until);
}

result<void> pg_writer::put(const attempt_correction& correction, std::size_t at,
                            pg::deadline until) {
  auto owner = db_.ask("SELECT attempt_id FROM ark.intent WHERE seq = $1",
                       pg::parameters().integer(correction.sequence), until);
  if (!owner) return owner.error();
  if (!owner->next()) {
    refused_now_.push_back({at, cannot_correct(correction.sequence)});
    return {};
  }
  const std::int64_t id = owner->integer(0);
  db_.queue("SELECT pg_advisory_xact_lock($1)", pg::parameters().integer(id));
  db_.queue(booked_sql_, pg::parameters().null(pg::type::int8).integer(correction.sequence));
  auto answers = db_.flush(until);
  if (!answers) return answers.error();
  if (!answers->back().next()) {
    refused_now_.push_back({at, cannot_correct(correction.sequence)});
    return {};
  }
  auto entry = read_entry(answers->back());
  if (!entry) return entry.error();
  const auto made = apply(std::move(*entry), correction);
  if (!made) return {};
  corrected_.push_back(made->outcome);
  fates_[static_cast<std::uint64_t>(id)] = &corrected_.back();
  return put_correction(made->outcome, made->note, correction.sequence, 0, "corrected", until);
}

result<void> pg_writer::put_correction(const attempt_outcome& outcome, std::string_view note,
                                       std::optional<std::int64_t> sequence,
                                       std::uint64_t attempt_id, std::string_view kind,
                                       pg::deadline until) {
  row_.clear();
  if (sequence)
    row_.integer(*sequence);
  else
    row_.skip();
  row_.integer(static_cast<std::int64_t>(attempt_id));
  row_.text(kind);
  row_.integer(to_us(os::real().wall_now()));
  detail::fill(row_, outcome, note);
  chain_.seal(row_, row_kind::correction, 0);
  correction_.clear();
  correction_.add({}, row_.cells());
  db_.queue(correction_sql_, chain_.place(correction_.arrays()));
  auto done = db_.flush(until);
  if (!done) return done.error();
  if (done->back().next()) chain_.added(row_kind::correction, 0, done->back().integer(0));
  return {};
}

}  // namespace ark::detail
