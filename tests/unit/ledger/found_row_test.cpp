#include "ledger/found_row.hpp"

#include "ledger/record.hpp"
#include "ledger/schema.hpp"
#include "salvage_support.hpp"

namespace ark::testing {
namespace {

using detail::cell;
using detail::row_kind;
using detail::row_trust;
using detail::stored_value;
using lying = detail::stored_value::type;

/// A row as it would lie in the file.
struct lying_row {
  explicit lying_row(const attempt_intent& of) {
    detail::row made;
    detail::fill(made, of, 5);
    take(made.cells());
  }
  explicit lying_row(const attempt_outcome& of) {
    detail::row made;
    detail::fill(made, of, "");
    take(made.cells());
  }
  void take(std::span<const cell> cells) {
    values.emplace_back();  // the key
    for (const cell& c : cells) {
      stored_value v;
      if (c.kind == cell::type::integer) v = {.kind = lying::integer, .number = c.number};
      if (c.kind == cell::type::text)
        v = {.kind = lying::text, .bytes = *texts.insert(std::string(c.text)).first};
      values.push_back(v);
    }
    detail::row_digest d;
    d.cells(cells);
    values.push_back({.kind = lying::integer, .number = 9});
    values.push_back({.kind = lying::integer, .number = detail::row_check(d.finish())});
  }
  std::vector<stored_value> values;
  std::set<std::string> texts;
};

constexpr std::size_t outcome_request = 35, outcome_input = 13, outcome_cost = 6,
                      outcome_lines = 37;

TEST(found_row, an_intent_and_an_outcome_are_told_by_their_columns) {
  const lying_row begun(intent(1)), ended(outcome(1));
  const auto i = detail::recognise(begun.values).row.value();
  EXPECT_EQ(i.kind, row_kind::intent);
  EXPECT_EQ(i.trust, row_trust::checked);
  EXPECT_EQ(i.segment, 9);
  EXPECT_EQ(i.columns[3].text, "call-1");
  const auto o = detail::recognise(ended.values).row.value();
  EXPECT_EQ(o.kind, row_kind::outcome);
  EXPECT_EQ(o.trust, row_trust::checked);
  EXPECT_EQ(o.columns.size(), 42u);
  EXPECT_EQ(detail::kind_of(begun.values), row_kind::intent);
}

TEST(found_row, rows_of_older_schemas_have_fewer_columns) {
  lying_row row(outcome(1));
  row.values.resize(37);
  const auto o = detail::recognise(row.values).row.value();
  EXPECT_EQ(o.trust, row_trust::unchecked);
  EXPECT_EQ(o.columns.size(), 42u);
  row.values.resize(36);
  EXPECT_FALSE(detail::recognise(row.values).row);
}

TEST(found_row, of_a_newer_library_is_told) {
  lying_row row(outcome(1));
  row.values.emplace_back();
  EXPECT_TRUE(detail::recognise(row.values).newer);
  row.values.back() = {.kind = lying::integer, .number = 1};
  EXPECT_FALSE(detail::recognise(row.values).newer) << "no check that covers it";
  EXPECT_FALSE(detail::recognise(row.values).row);
}

TEST(found_row, a_change_is_seen_and_the_value_kept) {
  lying_row row(outcome(1));
  row.values[outcome_request].bytes = "req-2";
  const auto o = detail::recognise(row.values).row.value();
  EXPECT_EQ(o.trust, row_trust::changed);
  EXPECT_EQ(o.columns[outcome_request - 1].text, "req-2");
}

TEST(found_row, what_a_reader_could_not_bear_is_taken_out_of_a_changed_row) {
  lying_row row(outcome(1));
  row.values[outcome_input].number = INT64_MAX;
  row.values[outcome_cost].number = INT64_MIN;
  row.values[1].bytes = "setuled";
  row.values[2].number = -5;
  row.values[outcome_request].bytes = std::string_view("\xff\0x", 3);
  row.values[outcome_lines] = {.kind = lying::text, .bytes = "[1]"};
  const auto o = detail::recognise(row.values).row.value();
  EXPECT_EQ(o.trust, row_trust::changed);
  EXPECT_EQ(o.columns[0].text, "ambiguous");
  EXPECT_EQ(o.columns[1].number, 0);
  EXPECT_EQ(o.columns[3].text, "unknown") << "a cost without an amount";
  EXPECT_EQ(o.columns[outcome_cost - 1].kind, cell::type::null);
  EXPECT_EQ(o.columns[outcome_input - 1].kind, cell::type::null);
  EXPECT_EQ(o.columns[outcome_request - 1].text, "\xEF\xBF\xBD x");
  EXPECT_EQ(o.columns[outcome_lines - 1].kind, cell::type::null);
}

TEST(found_row, another_tables_rows_are_none) {
  EXPECT_FALSE(detail::recognise({}).row);
  const std::vector<stored_value> names = {{},
                                           {.kind = lying::text, .bytes = "day"},
                                           {.kind = lying::integer},
                                           {.kind = lying::integer}};
  EXPECT_FALSE(detail::recognise(names).row);
  EXPECT_FALSE(detail::recognise_segment(1, names));
  EXPECT_FALSE(detail::recognise_session(names));
  EXPECT_FALSE(detail::recognise_budget(names));
}

TEST(found_row, a_segment_has_hashes_of_32_bytes) {
  const std::string hash(32, 'h');
  const stored_value number{.kind = lying::integer, .number = 3}, none,
      blob{.kind = lying::blob, .bytes = hash};
  const auto made = detail::recognise_segment(7, std::vector{none, number, number, number, number,
                                                             blob, none, none, blob})
                        .value();
  EXPECT_EQ(made.made.id, 7);
  EXPECT_EQ(made.made.counts[2], 3);
  EXPECT_TRUE(made.made.rows[0]);
  EXPECT_FALSE(made.made.rows[1]);
  const stored_value cut{.kind = lying::blob, .bytes = std::string_view(hash).substr(1)};
  EXPECT_FALSE(detail::recognise_segment(
      7, std::vector{none, number, number, number, number, blob, none, none, cut}));
}

}  // namespace
}  // namespace ark::testing
