#include "cli/context.hpp"

#include <gtest/gtest.h>

#include "base/json.hpp"
#include "tests/unit/cli/bench.hpp"

namespace ark::cli {
namespace {

struct a_context : ::testing::Test {
  testing::cli_bench bench;
  bool terminal = false;

  exit_code fail(const error& e, bool json = false) {
    input in{std::string{}};
    output out{bench.out};
    output err{bench.err, terminal};
    context ctx{bench.machine, in, out, err};
    ctx.flags.json = json;
    return ctx.fail(e);
  }
};

error refused() {
  error e;
  e.code = errc::auth;
  e.http_status = 401;
  e.message = "the key was refused";
  e.vendor_message = "Bad\x1b[2J key";
  e.request_id = "req_1";
  return e;
}

TEST_F(a_context, failures_in_words) {
  EXPECT_EQ(fail(refused()), exit_code::vendor);
  EXPECT_EQ(bench.out, "");
  EXPECT_NE(bench.err.find("error: the key was refused\n"), std::string::npos);
  EXPECT_NE(bench.err.find("the vendor says: Bad"), std::string::npos);
  EXPECT_NE(bench.err.find("request id: req_1"), std::string::npos);
}

// S12
TEST_F(a_context, vendors_cannot_steer_the_terminal) {
  terminal = true;
  bench.machine.variables["NO_COLOR"] = "1";
  fail(refused());
  EXPECT_EQ(bench.err.find('\x1b'), std::string::npos);
}

TEST_F(a_context, failures_as_json_on_standard_output) {
  fail(refused(), true);
  EXPECT_TRUE(json::is_valid(bench.out));
  EXPECT_NE(bench.out.find("\"http_status\":401"), std::string::npos);
  EXPECT_NE(bench.out.find("\"vendor_message\":\"Bad\\u001b[2J key\""), std::string::npos);
  EXPECT_NE(bench.err, "");
}

TEST_F(a_context, messages_begin_a_line_where_both_streams_are_one_terminal) {
  bench.machine.variables["NO_COLOR"] = "1";
  input in{std::string{}};
  std::string shown;
  output out{shown, true};
  output err{shown, true};
  context ctx{bench.machine, in, out, err};
  out.write("half an ans");
  ctx.note("note");
  out.write("whole\n");
  ctx.note("note");
  err.write("thinking");
  ctx.fail({.code = errc::network, .message = "gone"});
  EXPECT_EQ(shown, "half an ans\nnote\nwhole\nnote\nthinking\nerror: gone\n");
}

TEST_F(a_context, messages_change_nothing_of_data_that_goes_elsewhere) {
  input in{std::string{}};
  output out{bench.out};
  output err{bench.err, true};
  context ctx{bench.machine, in, out, err};
  out.write("half an ans");
  ctx.note("note");
  EXPECT_EQ(bench.out, "half an ans");
  EXPECT_EQ(bench.err, "note\n");
}

TEST_F(a_context, notes_and_warnings) {
  input in{std::string{}};
  output out{bench.out};
  output err{bench.err};
  context ctx{bench.machine, in, out, err};
  ctx.flags.quiet = true;
  ctx.note("a");
  ctx.warn("b");
  EXPECT_EQ(bench.err, "b\n");
  EXPECT_EQ(ctx.wrong_usage("c"), exit_code::usage);
}

}  // namespace
}  // namespace ark::cli
