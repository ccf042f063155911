#include "job/mistral_jobs.hpp"

#include "job_support.hpp"

namespace ark::test::mistral_jobs {
namespace {

using job::about;
using job::job_verb;

const job::family here{adapters::mistral_jobs()};

TEST(mistral_jobs, requests) {
  EXPECT_EQ(here.line(about(job_verb::list_models)), "GET /models");
  EXPECT_EQ(here.line(about(job_verb::get_file, "f")), "GET /files/f");
  EXPECT_EQ(here.line(about(job_verb::list_files)), "GET /files?page=0&page_size=100");
  EXPECT_EQ(here.line(about(job_verb::list_batches, {}, "2")),
            "GET /batch/jobs?page=2&page_size=100");
  EXPECT_EQ(here.line(about(job_verb::get_batch, "b")), "GET /batch/jobs/b");
  EXPECT_EQ(here.line(about(job_verb::cancel_batch, "b")), "POST /batch/jobs/b/cancel");
  EXPECT_EQ(here.line(about(job_verb::delete_batch, "b")), "DELETE /batch/jobs/b");
  EXPECT_EQ(here.line(about(job_verb::batch_results, "b")), "GET /batch/jobs/b");
  EXPECT_EQ(here.line(about(job_verb::batch_results, "b", "o e")), "GET /files/o/content");
  EXPECT_EQ(here.encode(about(job_verb::add_to_batch, "b")).error().code, errc::unsupported);
}

TEST(mistral_jobs, pages_have_numbers) {
  const auto asked = about(job_verb::list_files);
  const auto first = here.decode(asked, R"({"data":[{"id":"f"}],"total":150})");
  ASSERT_TRUE(first && first->next);
  EXPECT_EQ(first->files.size(), 1U);
  EXPECT_EQ(here.line(*first->next), "GET /files?page=1&page_size=100");
  EXPECT_FALSE(here.decode(*first->next, R"({"data":[{"id":"f"}],"total":150})")->next);
  EXPECT_FALSE(here.decode(asked, R"({"data":[],"total":100})")->next);
  EXPECT_FALSE(here.decode(asked, R"({"data":[]})")->next);
  EXPECT_TRUE(here.decode(about(job_verb::list_batches), R"({"data":[],"total":101})")->next);
}

TEST(mistral_jobs, a_batch_is_a_file_first) {
  const auto batch = job::two_calls("night");
  const auto form = here.encode(job::submission(batch));
  ASSERT_TRUE(form) << to_string(form.error());
  EXPECT_EQ(form->request.target, "/files");
  EXPECT_NE(form->request.body.find("{\"custom_id\":\"a\",\"body\":{\"n\":1}}\n"
                                    "{\"custom_id\":\"b\",\"body\":{\"n\":2}}\n"),
            std::string::npos);
  const auto uploaded = here.decode(job::submission(batch), R"({"id":"f1"})");
  ASSERT_TRUE(uploaded && uploaded->next);
  EXPECT_EQ(here.line(*uploaded->next), "POST /batch/jobs");
  expect_json(job::body_of(here.encode(*uploaded->next)), R"({"input_files":["f1"],"model":"m",
      "endpoint":"/v1/chat/completions","metadata":{"name":"night"}})");
  EXPECT_EQ(here.batch(R"({"id":"b","status":"QUEUED"})", *uploaded->next).status,
            batch_status::queued);
}

TEST(mistral_jobs, where_a_batch_stands) {
  const std::vector<std::pair<const char*, batch_status>> words{
      {"QUEUED", batch_status::queued},
      {"RUNNING", batch_status::running},
      {"SUCCESS", batch_status::completed},
      {"FAILED", batch_status::failed},
      {"TIMEOUT_EXCEEDED", batch_status::expired},
      {"CANCELLATION_REQUESTED", batch_status::cancelling},
      {"CANCELLED", batch_status::cancelled},
      {"OF_NEXT_YEAR", batch_status::running}};
  for (const auto& [word, status] : words)
    EXPECT_EQ(here.batch(R"({"id":"b","status":")" + std::string(word) + "\"}").status, status)
        << word;
  const batch_info b = here.batch(R"({"id":"b","status":"SUCCESS","total_requests":5,
      "succeeded_requests":3,"failed_requests":2,"created_at":10,"completed_at":20,
      "output_file":"o","error_file":"e","errors":[{"message":"bad","count":2}]})");
  EXPECT_EQ(b.total, 5);
  EXPECT_EQ(b.succeeded, 3);
  EXPECT_EQ(b.failed, 2);
  EXPECT_EQ(b.created_s, 10);
  EXPECT_EQ(b.ended_s, 20);
  EXPECT_EQ(b.result_files, (std::vector<std::string>{"o", "e"}));
  EXPECT_EQ(b.errors, std::vector<std::string>{"bad"});
}

TEST(mistral_jobs, results_are_files) {
  const auto asked = about(job_verb::batch_results, "b");
  EXPECT_EQ(here.decode(asked, R"({"id":"b","status":"RUNNING"})").error().code,
            errc::invalid_request);
  const auto begun =
      here.decode(asked, R"({"id":"b","status":"SUCCESS","output_file":"o","error_file":null})");
  ASSERT_TRUE(begun && begun->next);
  const auto got = here.decode(
      *begun->next, R"({"id":"r","custom_id":"a","response":{"status_code":200,"body":{"x":1}}})");
  ASSERT_TRUE(got) << to_string(got.error());
  EXPECT_EQ(got->results.at(0).body, R"({"x":1})");
  EXPECT_FALSE(got->next);
}

TEST(mistral_jobs, deletion_and_answers_that_are_not_ours) {
  EXPECT_EQ(here.decode(about(job_verb::delete_batch, "b"), "{}")->batches.at(0).id, "b");
  for (const char* bad : {"", "7", "null"})
    for (const auto verb : {job_verb::list_files, job_verb::list_batches, job_verb::get_batch,
                            job_verb::submit_batch, job_verb::delete_batch})
      EXPECT_EQ(here.decode(about(verb), bad).error().code, errc::protocol) << bad;
}

TEST(mistral_jobs, rows) { EXPECT_EQ(job::family_of("mistral"), "mistral_jobs"); }

}  // namespace
}  // namespace ark::test::mistral_jobs
