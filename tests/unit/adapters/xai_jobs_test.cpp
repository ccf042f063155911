#include "job/xai_jobs.hpp"

#include "job_support.hpp"

namespace ark::test::xai_jobs {
namespace {

using job::about;
using job::job_verb;

const job::family here{adapters::xai_jobs()};

TEST(xai_jobs, requests) {
  EXPECT_EQ(here.line(about(job_verb::list_batches)), "GET /batches?limit=100");
  EXPECT_EQ(here.line(about(job_verb::list_batches, {}, "t/1")),
            "GET /batches?limit=100&pagination_token=t%2F1");
  EXPECT_EQ(here.line(about(job_verb::get_batch, "b")), "GET /batches/b");
  EXPECT_EQ(here.line(about(job_verb::cancel_batch, "b")), "POST /batches/b:cancel");
  EXPECT_EQ(here.line(about(job_verb::batch_results, "b")), "GET /batches/b");
  EXPECT_EQ(here.line(about(job_verb::batch_results, "b", "t")),
            "GET /batches/b/results?limit=100&pagination_token=t");
  EXPECT_EQ(here.encode(about(job_verb::delete_batch, "b")).error().code, errc::unsupported);
}

TEST(xai_jobs, models_and_files_are_openais) {
  EXPECT_EQ(here.line(about(job_verb::list_models)), "GET /models");
  EXPECT_EQ(here.line(about(job_verb::list_files, {}, "f")), "GET /files?after=f");
  EXPECT_EQ(here.decode(about(job_verb::list_models), R"({"data":[{"id":"m"}]})")->models.size(),
            1U);
  EXPECT_EQ(here.file(R"({"id":"f","bytes":3})").bytes, 3);
}

TEST(xai_jobs, a_batch_is_made_then_filled) {
  const auto batch = job::two_calls("night");
  const auto asked = job::submission(batch);
  EXPECT_EQ(here.line(asked), "POST /batches");
  expect_json(job::body_of(here.encode(asked)), R"({"name":"night"})");
  const auto made = here.decode(asked, R"({"batch_id":"b","state":{"num_requests":0}})");
  ASSERT_TRUE(made && made->next) << to_string(made.error());
  ASSERT_EQ(made->batches.size(), 1U);
  EXPECT_EQ(made->batches[0].id, "b");
  EXPECT_EQ(made->batches[0].total, 2) << "what will be in it";
  EXPECT_EQ(made->batches[0].status, batch_status::queued);
  EXPECT_EQ(here.line(*made->next), "POST /batches/b/requests");
  expect_json(job::body_of(here.encode(*made->next)), R"({"batch_requests":[
      {"batch_request_id":"a","batch_request":{"chat_get_completion":{"n":1}}},
      {"batch_request_id":"b","batch_request":{"chat_get_completion":{"n":2}}}]})");
  const auto filled = here.decode(*made->next, "null");
  ASSERT_TRUE(filled) << to_string(filled.error());
  EXPECT_FALSE(filled->next);
  EXPECT_TRUE(filled->batches.empty()) << "it was named before";
  const auto unnamed = job::two_calls();
  expect_json(job::body_of(here.encode(job::submission(unnamed))), R"({"name":"batch"})");
}

std::string batch_json(const std::string& state, const std::string& cancelled = "null") {
  return R"({"batch_id":"b","create_time":"2026-08-10T01:02:03Z","cancel_time":)" + cancelled +
         R"(,"cancel_by_xai_message":null,"state":{)" + state + "}}";
}

TEST(xai_jobs, counts_tell_where_a_batch_stands) {
  const std::string when = R"("2026-08-10T01:02:03Z")";
  EXPECT_EQ(here.batch(batch_json(R"("num_requests":0,"num_pending":0)")).status,
            batch_status::queued);
  EXPECT_EQ(here.batch(batch_json(R"("num_requests":2,"num_pending":1)")).status,
            batch_status::running);
  EXPECT_EQ(here.batch(batch_json(R"("num_requests":2,"num_pending":1)", when)).status,
            batch_status::cancelling);
  EXPECT_EQ(here.batch(batch_json(R"("num_requests":2,"num_pending":0)", when)).status,
            batch_status::cancelled);
  const batch_info b = here.batch(batch_json(
      R"("num_requests":6,"num_pending":0,"num_success":1,"num_error":2,"num_cancelled":3)"));
  EXPECT_EQ(b.status, batch_status::completed);
  EXPECT_EQ(b.total, 6);
  EXPECT_EQ(b.succeeded, 1);
  EXPECT_EQ(b.failed, 5);
  EXPECT_EQ(b.created_s, 1786323723);
  EXPECT_EQ(here.batch(R"({"batch_id":"b","state":{},"cancel_by_xai_message":"policy"})").errors,
            std::vector<std::string>{"policy"});
}

TEST(xai_jobs, lists_have_tokens) {
  const auto first = here.decode(about(job_verb::list_batches), R"({"batches":[)" + batch_json("") +
                                                                    R"(],"pagination_token":"t"})");
  ASSERT_TRUE(first && first->next);
  EXPECT_EQ(first->batches.size(), 1U);
  EXPECT_EQ(first->next->cursor, "t");
  EXPECT_FALSE(here.decode(*first->next, R"({"batches":[],"pagination_token":"t"})")->next);
  EXPECT_FALSE(here.decode(*first->next, R"({"batches":[],"pagination_token":null})")->next);
}

TEST(xai_jobs, results_are_pages) {
  const auto asked = about(job_verb::batch_results, "b");
  const auto early = here.decode(asked, batch_json(R"("num_requests":2,"num_pending":1)"));
  EXPECT_EQ(early.error().code, errc::invalid_request);
  const auto begun = here.decode(asked, batch_json(R"("num_requests":2,"num_pending":0)"));
  ASSERT_TRUE(begun && begun->next);
  EXPECT_EQ(here.line(*begun->next), "GET /batches/b/results?limit=100");
  const auto first = here.decode(*begun->next, R"({"results":[{"batch_request_id":"a",
      "batch_result":{"response":{"chat_get_completion":{"id":"x"}}}}],"pagination_token":"t"})");
  ASSERT_TRUE(first && first->next) << to_string(first.error());
  EXPECT_EQ(first->results.at(0).custom_id, "a");
  EXPECT_EQ(first->results.at(0).body, R"({"id":"x"})");
  EXPECT_EQ(first->results.at(0).status, 200);
  EXPECT_EQ(here.line(*first->next), "GET /batches/b/results?limit=100&pagination_token=t");
  const auto last = here.decode(*first->next, R"({"results":[{"batch_request_id":"b",
      "batch_result":{"error":"no such model"}}],"pagination_token":null})");
  ASSERT_TRUE(last) << to_string(last.error());
  EXPECT_EQ(last->results.at(0).status, 400);
  EXPECT_EQ(last->results.at(0).body, R"({"error":"no such model"})");
  EXPECT_FALSE(last->next);
}

TEST(xai_jobs, answers_that_are_not_ours) {
  for (const char* bad : {"", "[]", "null", "{}", R"({"batch_id":"b"})", R"({"results":{}})"}) {
    for (const auto verb : {job_verb::submit_batch, job_verb::list_batches, job_verb::get_batch,
                            job_verb::cancel_batch, job_verb::batch_results})
      EXPECT_EQ(here.decode(about(verb), bad).error().code, errc::protocol) << bad;
    EXPECT_FALSE(here.decode(about(job_verb::batch_results, "b", "-"), bad)) << bad;
  }
  for (const char* bad :
       {"{}", R"({"batch_request_id":"a"})", R"({"batch_request_id":"a","batch_result":{}})",
        R"({"batch_request_id":"a","batch_result":{"response":{"video":{}}}})"}) {
    const auto got =
        here.decode(about(job_verb::batch_results, "b", "t"),
                    R"({"results":[{"batch_request_id":"z","batch_result":{"error":"e"}},)" +
                        std::string(bad) + "]}");
    ASSERT_TRUE(got) << bad;
    EXPECT_EQ(got->results.at(0).unreadable, "");
    EXPECT_EQ(got->results.at(1).unreadable,
              "item 2 of page t of the results is no result that can be read");
  }
  EXPECT_EQ(here.decode(about(job_verb::list_batches), R"({"batches":[{}]})").error().message,
            "item 1 of the vendor's list cannot be read");
}

TEST(xai_jobs, rows) { EXPECT_EQ(job::family_of("xai"), "xai_jobs"); }

}  // namespace
}  // namespace ark::test::xai_jobs
