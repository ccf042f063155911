#include "policy/attempt.hpp"

#include <gtest/gtest.h>

#include <map>

namespace ark::policy::attempt_test {
namespace {

using enum attempt_stage;

constexpr attempt_stage stages[] = {planned,  reserved,  sending, not_sent, maybe_accepted,
                                    accepted, streaming, settled, void_,    ambiguous};
constexpr attempt_event events[] = {
    attempt_event::recorded, attempt_event::handed_over, attempt_event::kept_back,
    attempt_event::left,     attempt_event::taken,       attempt_event::came,
    attempt_event::counted,  attempt_event::refused,     attempt_event::lost};

/// All there are; every other pair of a stage and an event is none.
const std::map<std::pair<attempt_stage, attempt_event>, attempt_stage> transitions = {
    {{planned, attempt_event::recorded}, reserved},
    {{reserved, attempt_event::handed_over}, sending},
    {{planned, attempt_event::kept_back}, not_sent},
    {{reserved, attempt_event::kept_back}, not_sent},
    {{sending, attempt_event::kept_back}, not_sent},
    {{sending, attempt_event::left}, maybe_accepted},
    {{maybe_accepted, attempt_event::taken}, accepted},
    {{accepted, attempt_event::came}, streaming},
    {{streaming, attempt_event::came}, streaming},
    {{accepted, attempt_event::counted}, settled},
    {{streaming, attempt_event::counted}, settled},
    {{not_sent, attempt_event::refused}, void_},
    {{maybe_accepted, attempt_event::refused}, void_},
    {{maybe_accepted, attempt_event::lost}, ambiguous},
    {{accepted, attempt_event::lost}, ambiguous},
    {{streaming, attempt_event::lost}, ambiguous},
};

TEST(attempt, every_transition_and_no_other) {
  for (const auto from : stages)
    for (const auto what : events) {
      const auto it = transitions.find({from, what});
      const auto wanted = it == transitions.end() ? std::nullopt : std::optional(it->second);
      EXPECT_EQ(next_stage(from, what), wanted)
          << to_string(from) << ", event " << static_cast<int>(what);
    }
}

TEST(attempt, what_was_accepted_is_never_void_and_what_was_kept_back_never_ambiguous) {
  for (const auto from : {accepted, streaming})
    EXPECT_FALSE(next_stage(from, attempt_event::refused)) << to_string(from);
  for (const auto from : {planned, reserved, sending, not_sent})
    EXPECT_FALSE(next_stage(from, attempt_event::lost)) << to_string(from);
}

TEST(attempt, an_end_stays) {
  for (const auto from : stages) {
    if (!is_end(from)) continue;
    for (const auto what : events) EXPECT_FALSE(next_stage(from, what)) << to_string(from);
  }
  EXPECT_FALSE(is_end(streaming));
}

TEST(attempt, every_stage_reaches_an_end) {
  for (const auto from : stages) {
    attempt_stage at = from;
    for (int steps = 0; !is_end(at) && steps < 10; ++steps)
      for (const auto what :
           {attempt_event::kept_back, attempt_event::lost, attempt_event::refused})
        if (const auto next = next_stage(at, what)) at = *next;
    EXPECT_TRUE(is_end(at)) << to_string(from);
  }
}

TEST(attempt, a_machine_keeps_its_stage_when_told_nonsense) {
  attempt_machine m;
  EXPECT_FALSE(m.on(attempt_event::came));
  EXPECT_EQ(m.stage(), planned);
  EXPECT_TRUE(m.on(attempt_event::recorded));
  EXPECT_EQ(to_string(m.stage()), "reserved");
}

}  // namespace
}  // namespace ark::policy::attempt_test
