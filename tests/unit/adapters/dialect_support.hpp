#pragma once
#include "dialect/dialect.hpp"

#include <gtest/gtest.h>
#include <boost/json/value.hpp>
#include <string>
#include <string_view>
#include <vector>

/// What the tests of every family share. Each family has a header of its own that adds its row and
/// the smallest frames; its tests live in its namespace, so that several files can be one unit.
namespace ark::test {

/// The request's body as a tree; null and a failed test when it is not JSON or refused.
boost::json::value body_of(const result<dialect::encoded>& e);

/// The same JSON, whatever the order of members.
void expect_json(const boost::json::value& got, const char* expected);

bool has_note(const std::vector<std::string>& notes, std::string_view part);

struct streamed {
  std::vector<event> events;
  ark::reply reply;
  std::optional<error> failure;
};

/// Feeds bytes as they come on the wire, at once.
streamed stream_bytes(const dialect::dialect& d, const vendor& v, std::string_view bytes);

/// Feeds frames given as JSON, each in its own SSE event.
streamed stream_frames(const dialect::dialect& d, const vendor& v,
                       const std::vector<std::string>& frames);

/// The same bytes, cut in two at each place, give the same events, reply and error.
void expect_same_wherever_cut(const dialect::dialect& d, const vendor& v, std::string_view bytes);

/// The laws of streams hold (tests/support/stream_laws.hpp).
void expect_lawful(const streamed& s);

}  // namespace ark::test
