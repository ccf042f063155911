#include <gtest/gtest.h>

#include "cli/doctor.hpp"
#include "client/client_state.hpp"

namespace ark::cli {
namespace {

using state = finding::state;

struct a_checked_reply : ::testing::Test {
  a_checked_reply() {
    answer.route.vendor = "openai";
    answer.model = "gpt-5-mini";
    answer.request_id = "req_1";
    answer.usage.reported = true;
    answer.usage.input = 12;
    answer.usage.output = 3;
    answer.usage.vendor_total = 15;
    answer.cost = {.status = cost_status::exact, .currency = "USD", .value = amount::from_raw(1)};
  }

  finding found(const std::string& what) {
    findings out;
    check_reply(*c.state()->parts().book, "call", answer, "gpt-5-mini", 16, out);
    for (const auto& each : out) {
      if (each.what == "call " + what) return each;
    }
    ADD_FAILURE() << "nothing was found of " << what;
    return {};
  }

  client c = standard_client();
  reply answer;
};

TEST_F(a_checked_reply, is_good_where_all_is_as_it_should_be) {
  for (const auto* what : {"usage", "model", "request id", "cost"})
    EXPECT_EQ(found(what).how, state::good) << what << ": " << found(what).detail;
}

TEST_F(a_checked_reply, has_usage_that_adds_up) {
  answer.usage.vendor_total = 20;
  EXPECT_EQ(found("usage").how, state::warning);
  EXPECT_NE(found("usage").detail.find("total is 20"), std::string::npos);
  answer.usage.vendor_total.reset();
  EXPECT_EQ(found("usage").how, state::good);
  answer.usage.output = 17;
  EXPECT_NE(found("usage").detail.find("max_tokens was 16"), std::string::npos);
  answer.usage.output = -1;
  EXPECT_EQ(found("usage").how, state::bad);
  answer.usage.output = 1;
  answer.usage.input = 0;
  EXPECT_EQ(found("usage").how, state::warning);
  answer.usage = {};
  EXPECT_NE(found("usage").detail.find("none is reported"), std::string::npos);
}

TEST_F(a_checked_reply, names_the_model_that_was_asked_for) {
  answer.model = "gpt-5-mini-2025-08-07";
  EXPECT_EQ(found("model").how, state::good) << "a dated snapshot of it";
  answer.model = "something-else";
  EXPECT_EQ(found("model").how, state::warning);
  EXPECT_NE(found("model").detail.find("gpt-5-mini was asked for"), std::string::npos);
  answer.model = "";
  EXPECT_EQ(found("model").how, state::warning);
}

TEST_F(a_checked_reply, has_an_id_and_a_price) {
  answer.request_id = "";
  EXPECT_EQ(found("request id").how, state::warning);
  answer.cost.status = cost_status::interval;
  EXPECT_EQ(found("cost").how, state::warning);
  answer.cost.status = cost_status::unknown;
  EXPECT_NE(found("cost").detail.find("unknown"), std::string::npos);
  answer.cost.status = cost_status::void_;
  EXPECT_EQ(found("cost").how, state::good);
}

TEST_F(a_checked_reply, tells_its_notes) {
  answer.notes = {"seed was dropped"};
  EXPECT_EQ(found("note").detail, "seed was dropped");
}

}  // namespace
}  // namespace ark::cli
