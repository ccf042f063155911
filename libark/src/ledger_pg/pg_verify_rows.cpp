#include "ledger_pg/pg_verify_rows.hpp"

#include <vector>

#include "ledger_pg/pg_schema.hpp"
#include "ledger_pg/pg_segment.hpp"

namespace ark::detail {
namespace {

using kind_of_finding = ledger_finding::kind;
constexpr int first_chained_column = 4;
constexpr std::array all_row_kinds = {row_kind::intent, row_kind::outcome, row_kind::correction};

const std::vector<pg::schema::named_column>& columns_of(row_kind kind) {
  switch (kind) {
    case row_kind::intent:
      return pg::schema::intent_columns();
    case row_kind::outcome:
      return pg::schema::outcome_columns();
    case row_kind::correction:
      break;
  }
  return pg::schema::correction_columns();
}

std::string count_text(row_kind of, std::int64_t count) {
  return std::to_string(count) + " " + std::string(table_of(of)) + (count == 1 ? " row" : " rows");
}

/// "17", or "17 to 30".
std::string span_text(std::int64_t first, std::int64_t last) {
  return std::to_string(first) + (last > first ? " to " + std::to_string(last) : "");
}

std::optional<digest> digest_in(pg::rows& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return digest_of_hex(row.text(column));
}

}  // namespace

std::string text_of(const segment_key& key) {
  return "segment " + std::to_string(key.id) + " of session " + std::to_string(key.session);
}

result<pg_row_stream> pg_row_stream::open(pg::connection& db, row_kind kind) {
  const auto& columns = columns_of(kind);
  const std::string table(table_of(kind));
  auto rows = pg::cursor::open(db, table + "s",
                               "SELECT seq,chain,segment,row_check," +
                                   pg::schema::joined(columns, "") + " FROM ark." + table +
                                   " ORDER BY chain NULLS FIRST, segment NULLS FIRST, seq");
  if (!rows) return rows.error();
  std::vector<pg::type> types;
  types.reserve(columns.size());
  for (const auto& c : columns) types.push_back(c.of);
  return pg_row_stream(std::move(*rows), std::move(types));
}

result<bool> pg_row_stream::next() {
  auto there = rows_.next();
  if (there && *there) {
    pg::rows& row = rows_.row();
    // A number that is not there comes before all others, as 0 does.
    key_ = row.is_null(1) ? unchained : segment_key{row.integer(1), row.integer(2)};
  }
  return there;
}

digest pg_row_stream::digest_of_row() {
  digest_.clear();
  pg::rows& row = rows_.row();
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const int at = first_chained_column + static_cast<int>(i);
    if (row.is_null(at))
      digest_.null();
    else if (columns_[i] == pg::type::int8)
      digest_.integer(row.integer(at));
    else
      digest_.text(row.text(at));
  }
  return digest_.finish();
}

result<void> pg_row_verifier::run() {
  auto all = pg::cursor::open(
      db_, "segments",
      "SELECT chain,id,at_us,intents,outcomes,corrections,encode(intents_hash,'hex'),"
      "encode(outcomes_hash,'hex'),encode(corrections_hash,'hex'),encode(hash,'hex') FROM "
      "ark.segment ORDER BY chain, id");
  if (!all) return all.error();
  std::vector<pg_row_stream> streams;
  for (const auto kind : all_row_kinds) {
    auto opened = pg_row_stream::open(db_, kind);
    if (!opened) return opened.error();
    streams.push_back(std::move(*opened));
    if (auto first = streams.back().next(); !first) return first.error();
  }
  for (;;) {
    auto there = all->next();
    if (!there) return there.error();
    if (!*there) break;
    const stored_segment s = read(all->row());
    follow(s);
    for (const auto kind : all_row_kinds)
      if (auto done = match(kind, streams[static_cast<std::size_t>(kind)], s); !done) return done;
  }
  for (const auto kind : all_row_kinds)
    if (auto done = tell_added(kind, streams[static_cast<std::size_t>(kind)], nullptr); !done)
      return done;
  return {};
}

pg_row_verifier::stored_segment pg_row_verifier::read(pg::rows& row) {
  stored_segment s{.key = {row.integer(0), row.integer(1)},
                   .made = {.id = row.integer(1), .at_us = row.integer(2)},
                   .hash = digest_in(row, 9)};
  for (std::size_t i = 0; i < row_kinds; ++i) {
    s.made.counts[i] = row.integer(3 + static_cast<int>(i));
    s.made.rows[i] = digest_in(row, 6 + static_cast<int>(i));
  }
  return s;
}

/// Each segment of a session follows the one before, the first one its session's number.
void pg_row_verifier::follow(const stored_segment& s) {
  const bool first = !last_ || s.key.session != last_->session;
  const std::int64_t wanted = first ? 1 : last_->id + 1;
  if (first) before_ = chain_start(s.key.session);
  if (s.key.id < 1 || (s.key.session == 0 && s.key != unchained))
    found_.add(kind_of_finding::segment, s.key.id, 0, text_of(s.key) + " was added");
  else if (s.key.id > wanted)
    found_.add(kind_of_finding::segment, wanted, 0,
               "segments of session " + std::to_string(s.key.session) +
                   " are gone: " + span_text(wanted, s.key.id - 1));
  else if (before_ && s.hash != hash_of(s.made, *before_))
    found_.add(kind_of_finding::segment, s.key.id, 0,
               text_of(s.key) + " does not follow the one before, or was changed");
  before_ = s.hash;
  last_ = segment_key{s.key.session, std::max<std::int64_t>(s.key.id, 0)};
  if (s.key != unchained) ++segments;
}

result<void> pg_row_verifier::match(row_kind kind, pg_row_stream& stream, const stored_segment& s) {
  if (auto told = tell_added(kind, stream, &s.key); !told) return told;
  const std::int64_t expected = s.made.counts[static_cast<std::size_t>(kind)];
  segment_rows these;
  std::int64_t count = 0;
  for (; stream.is_row() && stream.key() == s.key; ++count) {
    ++rows[static_cast<std::size_t>(kind)];
    if (s.key != unchained) {
      const digest is = stream.digest_of_row();
      if (!stream.is_checked() || stream.stored_check() != row_check(is))
        found_.add(kind_of_finding::row, s.key.id, stream.sequence(),
                   "the " + std::string(table_of(kind)) + " of entry " +
                       std::to_string(stream.sequence()) + " was changed (" + text_of(s.key) + ")");
      // More than there should be: nobody needs their digest, and they might be millions.
      if (count <= expected) these.add(stream.sequence(), is);
    }
    if (auto moved = stream.next(); !moved) return moved.error();
  }
  if (s.key == unchained)
    compare_unchained(kind, count, expected);
  else
    compare(kind, s, count, these);
  return {};
}

void pg_row_verifier::compare(row_kind kind, const stored_segment& s, std::int64_t count,
                              segment_rows& these) {
  const std::int64_t expected = s.made.counts[static_cast<std::size_t>(kind)];
  const auto& stored = s.made.rows[static_cast<std::size_t>(kind)];
  const std::string table(table_of(kind));
  const std::int64_t first = these.first(), last = these.last();
  if (count == 0 && expected == 0) return;
  if (count == expected && count > 0 && stored == these.finish()) return;
  std::string text;
  if (count == 0)
    text = "all " + table + " rows of " + text_of(s.key) + " are gone";
  else if (count < expected)
    text = count_text(kind, expected - count) + " of " + text_of(s.key) + " are gone; there are " +
           span_text(first, last);
  else if (count > expected)
    text = count_text(kind, count - expected) + " of " + text_of(s.key) +
           " were added later; there are " + span_text(first, last);
  else
    text = "the " + table + " rows " + span_text(first, last) + " of " + text_of(s.key) +
           " are not those that were recorded";
  found_.add(kind_of_finding::row, s.key.id, first, std::move(text));
}

/// Nothing is known of these but how many they were.
void pg_row_verifier::compare_unchained(row_kind kind, std::int64_t count, std::int64_t expected) {
  unchained_rows += std::min(count, expected);
  if (count > expected)
    found_.add(kind_of_finding::row, 0, 0,
               count_text(kind, count - expected) +
                   " more without a segment than there were before the chain: somebody added them, "
                   "or an older libark did");
  if (count < expected)
    found_.add(kind_of_finding::row, 0, 0,
               count_text(kind, expected - count) + " from before the chain are gone");
}

/// Rows whose segment is not there, up to `before`.
result<void> pg_row_verifier::tell_added(row_kind kind, pg_row_stream& stream,
                                         const segment_key* before) {
  while (stream.is_row() && (before == nullptr || stream.key() < *before)) {
    const segment_key key = stream.key();
    const std::int64_t first = stream.sequence();
    std::int64_t last = first, count = 0;
    for (; stream.is_row() && stream.key() == key; ++count) {
      ++rows[static_cast<std::size_t>(kind)];
      last = stream.sequence();
      if (auto moved = stream.next(); !moved) return moved.error();
    }
    if (key == unchained)
      compare_unchained(kind, count, 0);
    else
      found_.add(kind_of_finding::row, key.id, first,
                 count_text(kind, count) + " (" + span_text(first, last) + ") in " + text_of(key) +
                     ", which is not there");
  }
  return {};
}

}  // namespace ark::detail
