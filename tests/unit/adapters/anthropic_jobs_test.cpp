#include "job/anthropic_jobs.hpp"

#include "anthropic_support.hpp"
#include "job_support.hpp"

namespace ark::test::anthropic_jobs {
namespace {

using job::about;
using job::job_verb;

const job::family here{adapters::anthropic_jobs()};

TEST(anthropic_jobs, requests) {
  EXPECT_EQ(here.line(about(job_verb::list_models)), "GET /models?limit=1000");
  EXPECT_EQ(here.line(about(job_verb::list_models, {}, "m")), "GET /models?limit=1000&after_id=m");
  EXPECT_EQ(here.line(about(job_verb::get_model, "m")), "GET /models/m");
  EXPECT_EQ(here.line(about(job_verb::list_files, {}, "f")), "GET /files?limit=1000&after_id=f");
  EXPECT_EQ(here.line(about(job_verb::get_file, "f")), "GET /files/f");
  EXPECT_EQ(here.line(about(job_verb::delete_file, "f")), "DELETE /files/f");
  EXPECT_EQ(here.line(about(job_verb::file_content, "f")), "GET /files/f/content");
  EXPECT_EQ(here.line(about(job_verb::list_batches)), "GET /messages/batches?limit=1000");
  EXPECT_EQ(here.line(about(job_verb::get_batch, "b")), "GET /messages/batches/b");
  EXPECT_EQ(here.line(about(job_verb::cancel_batch, "b")), "POST /messages/batches/b/cancel");
  EXPECT_EQ(here.line(about(job_verb::delete_batch, "b")), "DELETE /messages/batches/b");
  EXPECT_EQ(here.line(about(job_verb::batch_results, "b")), "GET /messages/batches/b");
  EXPECT_EQ(here.line(about(job_verb::batch_results, "b", "ended")),
            "GET /messages/batches/b/results");
  EXPECT_EQ(here.encode(about(job_verb::add_to_batch)).error().code, errc::unsupported);
  EXPECT_EQ(here.decode(about(job_verb::add_to_batch), "{}").error().code, errc::unsupported);
}

TEST(anthropic_jobs, version_and_the_flag_of_files) {
  const auto file = about(job_verb::get_file, "f"), model = about(job_verb::get_model, "m");
  EXPECT_EQ(here.header(file, "anthropic-version"), "2023-06-01");
  EXPECT_EQ(here.header(file, "anthropic-beta"), "files-api-2025-04-14");
  EXPECT_EQ(here.header(model, "anthropic-version"), "2023-06-01");
  EXPECT_EQ(here.header(model, "anthropic-beta"), "");
  job::family later{adapters::anthropic_jobs()};
  later.row.quirks = {quirk::add_header{"anthropic-version", "2026-10-21"}};
  EXPECT_EQ(later.header(file, "anthropic-version"), "2026-10-21");
  EXPECT_EQ(later.header(file, "anthropic-beta"), "") << "later versions have files anyway";
}

TEST(anthropic_jobs, an_upload_has_no_purpose) {
  const file_upload file{.name = "a.txt", .bytes = "x", .media_type = "text/plain"};
  auto asked = about(job_verb::upload_file);
  asked.file = &file;
  const auto made = here.encode(asked);
  ASSERT_TRUE(made) << to_string(made.error());
  EXPECT_EQ(here.line(asked), "POST /files");
  EXPECT_EQ(made->request.body.find("purpose"), std::string::npos);
  EXPECT_EQ(here.header(asked, "anthropic-beta"), "files-api-2025-04-14");
  const file_upload bad{.name = "a", .bytes = "x", .media_type = "a\nb"};
  asked.file = &bad;
  EXPECT_EQ(here.encode(asked).error().code, errc::invalid_request);
}

TEST(anthropic_jobs, models_and_files) {
  const auto models = here.decode(about(job_verb::list_models), R"({"data":[{"type":"model",
      "id":"m1","display_name":"One","created_at":"2025-05-22T00:00:00Z","max_input_tokens":200,
      "max_tokens":64}],"has_more":true,"first_id":"m1","last_id":"m1"})");
  ASSERT_TRUE(models) << to_string(models.error());
  const std::vector<listed_model> expected{{.id = "m1",
                                            .title = "One",
                                            .created_s = 1747872000,
                                            .context_tokens = 200,
                                            .max_output_tokens = 64}};
  EXPECT_EQ(models->models, expected);
  ASSERT_TRUE(models->next);
  EXPECT_EQ(models->next->cursor, "m1");
  EXPECT_EQ(here.model(R"({"id":"m1"})").id, "m1");
  const file_info file = here.file(R"({"type":"file","id":"f","size_bytes":14,
      "created_at":"2026-07-28T03:21:09.710000Z","filename":"a.pdf",
      "mime_type":"application/pdf","downloadable":false})");
  const file_info expected_file{.id = "f",
                                .name = "a.pdf",
                                .media_type = "application/pdf",
                                .bytes = 14,
                                .created_s = 1785208869};
  EXPECT_EQ(file, expected_file);
  const auto files = here.decode(about(job_verb::list_files), R"({"data":[{"id":"f"}]})");
  EXPECT_EQ(files->files.size(), 1U);
  EXPECT_EQ(here.decode(about(job_verb::file_content, "f"), "raw")->content, "raw");
}

TEST(anthropic_jobs, deletions) {
  const auto file =
      here.decode(about(job_verb::delete_file, "f"), R"({"id":"f","type":"file_deleted"})");
  EXPECT_EQ(file->files.at(0).id, "f");
  const auto batch = here.decode(about(job_verb::delete_batch, "b"),
                                 R"({"id":"b","type":"message_batch_deleted"})");
  EXPECT_EQ(batch->batches.at(0).id, "b");
  EXPECT_FALSE(here.decode(about(job_verb::delete_file, "f"), R"({"id":"f","type":"file"})"));
}

TEST(anthropic_jobs, a_batch_holds_its_requests) {
  auto batch = job::two_calls();
  const auto asked = job::submission(batch);
  EXPECT_EQ(here.line(asked), "POST /messages/batches");
  expect_json(job::body_of(here.encode(asked)), R"({"requests":[
      {"custom_id":"a","params":{"n":1}},{"custom_id":"b","params":{"n":2}}]})");
  EXPECT_EQ(here.header(asked, "anthropic-version"), "2023-06-01");
  EXPECT_EQ(here.header(asked, "anthropic-beta"), "");
}

TEST(anthropic_jobs, what_the_calls_have_as_headers_the_batch_has) {
  auto batch = job::two_calls();
  batch.lines[0].request.headers = {{"anthropic-version", "2026-10-21"}, {"anthropic-beta", "x,y"}};
  batch.lines[1].request.headers = {{"anthropic-version", "2026-10-21"}, {"anthropic-beta", "y,z"}};
  const auto asked = job::submission(batch);
  EXPECT_EQ(here.header(asked, "anthropic-version"), "2026-10-21");
  EXPECT_EQ(here.header(asked, "anthropic-beta"), "x,y,z");
  batch.lines[1].request.headers[0].value = "2023-06-01";
  EXPECT_EQ(here.encode(asked).error().code, errc::invalid_request);
}

std::string batch_json(const std::string& status, const std::string& more = "") {
  return R"({"id":"b","type":"message_batch","processing_status":")" + status + "\"" + more + "}";
}

TEST(anthropic_jobs, where_a_batch_stands) {
  const std::string expired = R"(,"request_counts":{"succeeded":1,"expired":2})",
                    cancelled = R"(,"cancel_initiated_at":"2026-08-19T14:49:30.4+00:00")";
  EXPECT_EQ(here.batch(batch_json("in_progress")).status, batch_status::running);
  EXPECT_EQ(here.batch(batch_json("canceling")).status, batch_status::cancelling);
  EXPECT_EQ(here.batch(batch_json("ended")).status, batch_status::completed);
  EXPECT_EQ(here.batch(batch_json("ended", expired)).status, batch_status::expired);
  EXPECT_EQ(here.batch(batch_json("ended", cancelled)).status, batch_status::cancelled);
  EXPECT_EQ(here.batch(batch_json("of_next_year")).status, batch_status::running);
  const batch_info b = here.batch(batch_json(
      "ended", R"(,"request_counts":{"processing":1,"succeeded":2,"errored":3,"canceled":4,
      "expired":5},"created_at":"2026-08-19T14:47:10.487960+00:00",
      "ended_at":"2026-08-19T14:47:11Z","results_url":"https://host.example/r")"));
  EXPECT_EQ(b.total, 15);
  EXPECT_EQ(b.succeeded, 2);
  EXPECT_EQ(b.failed, 12);
  EXPECT_EQ(b.created_s, 1787150830);
  EXPECT_EQ(b.ended_s, 1787150831);
  EXPECT_EQ(here.batch(batch_json("ended")).total, -1);
  const auto list = here.decode(about(job_verb::list_batches),
                                R"({"data":[)" + batch_json("ended") + R"(],"has_more":false})");
  EXPECT_EQ(list->batches.size(), 1U);
}

TEST(anthropic_jobs, results_come_once_the_batch_ended) {
  const auto asked = about(job_verb::batch_results, "b");
  const auto early = here.decode(asked, batch_json("in_progress"));
  EXPECT_EQ(early.error().code, errc::invalid_request);
  const auto begun = here.decode(asked, batch_json("ended"));
  ASSERT_TRUE(begun && begun->next);
  EXPECT_TRUE(begun->batches.empty());
  EXPECT_EQ(here.line(*begun->next), "GET /messages/batches/b/results");
  const auto got =
      here.decode(*begun->next,
                  R"({"custom_id":"a","result":{"type":"succeeded","message":{"id":"m"}}})"
                  "\n"
                  R"({"custom_id":"b","result":{"type":"errored","error":{"type":"error","error":)"
                  R"({"type":"overloaded_error","message":"busy"}}}})"
                  "\n"
                  R"({"custom_id":"c","result":{"type":"expired"}})"
                  "\n"
                  R"({"custom_id":"d","result":{"type":"canceled"}})"
                  "\n");
  ASSERT_TRUE(got) << to_string(got.error());
  ASSERT_EQ(got->results.size(), 4U);
  EXPECT_EQ(got->results[0].status, 200);
  EXPECT_EQ(got->results[0].body, R"({"id":"m"})");
  EXPECT_EQ(got->results[1].status, 529);
  EXPECT_FALSE(got->next);
  // The chat family reads what came of them.
  EXPECT_EQ(anthropic::decode_error(529, got->results[1].body).code, errc::overloaded);
  const error late = anthropic::decode_error(got->results[2].status, got->results[2].body);
  EXPECT_EQ(late.vendor_code, "expired");
  EXPECT_EQ(late.code, errc::timeout);
  EXPECT_EQ(late.vendor_message, "the batch ended before this call was made");
  EXPECT_EQ(anthropic::decode_error(got->results[3].status, got->results[3].body).vendor_code,
            "canceled");
}

TEST(anthropic_jobs, an_error_has_the_status_of_its_type) {
  const auto status = [](const std::string& type) {
    const auto got = here.decode(
        about(job_verb::batch_results, "b", "ended"),
        R"({"custom_id":"a","result":{"type":"errored","error":{"type":"error","error":{"type":")" +
            type + R"("}}}})");
    return got ? got->results.at(0).status : 0;
  };
  EXPECT_EQ(status("invalid_request_error"), 400);
  EXPECT_EQ(status("rate_limit_error"), 429);
  EXPECT_EQ(status("api_error"), 500);
  EXPECT_EQ(status("authentication_error"), 401);
}

TEST(anthropic_jobs, answers_that_are_not_ours) {
  for (const char* bad : {"", "[]", "null", "{}", R"({"data":{}})", R"({"id":7})"})
    for (const auto verb :
         {job_verb::list_models, job_verb::get_model, job_verb::upload_file, job_verb::list_files,
          job_verb::get_file, job_verb::delete_file, job_verb::list_batches, job_verb::get_batch,
          job_verb::cancel_batch, job_verb::delete_batch, job_verb::batch_results}) {
      const auto got = here.decode(about(verb), bad);
      ASSERT_FALSE(got) << bad << " " << to_string(verb);
      EXPECT_EQ(got.error().code, errc::protocol) << bad;
    }
  for (const auto verb : {job_verb::list_models, job_verb::list_files, job_verb::list_batches})
    EXPECT_EQ(here.decode(about(verb), R"({"data":[{"id":"m"},{}]})").error().message,
              "item 2 of the vendor's list cannot be read");
  for (const char* bad : {R"({"custom_id":"a"})", R"({"custom_id":"a","result":{}})",
                          R"({"custom_id":"a","result":{"type":"succeeded"}})",
                          R"({"custom_id":"a","result":{"type":"errored"}})",
                          R"({"custom_id":"a","result":{"type":"of_next_year"}})"}) {
    const auto got = here.decode(about(job_verb::batch_results, "b", "ended"), bad);
    ASSERT_TRUE(got) << bad;
    EXPECT_EQ(got->results.at(0).custom_id, "a");
    EXPECT_EQ(got->results.at(0).unreadable, "line 1 of the results is no result that can be read");
  }
}

TEST(anthropic_jobs, rows) { EXPECT_EQ(job::family_of("anthropic"), "anthropic_jobs"); }

}  // namespace
}  // namespace ark::test::anthropic_jobs
