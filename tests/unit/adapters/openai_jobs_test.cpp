#include "job/openai_jobs.hpp"

#include "job_support.hpp"

namespace ark::test::openai_jobs {
namespace {

using job::about;
using job::job_verb;

const job::family here{adapters::openai_jobs()};

TEST(openai_jobs, requests) {
  EXPECT_EQ(here.line(about(job_verb::list_models)), "GET /models");
  EXPECT_EQ(here.line(about(job_verb::get_model, "org/m 1")), "GET /models/org%2Fm%201");
  EXPECT_EQ(here.line(about(job_verb::list_files)), "GET /files");
  EXPECT_EQ(here.line(about(job_verb::list_files, {}, "f&1")), "GET /files?after=f%261");
  EXPECT_EQ(here.line(about(job_verb::get_file, "f")), "GET /files/f");
  EXPECT_EQ(here.line(about(job_verb::delete_file, "f")), "DELETE /files/f");
  EXPECT_EQ(here.line(about(job_verb::file_content, "f")), "GET /files/f/content");
  EXPECT_EQ(here.line(about(job_verb::list_batches)), "GET /batches");
  EXPECT_EQ(here.line(about(job_verb::list_batches, {}, "b1")), "GET /batches?after=b1");
  EXPECT_EQ(here.line(about(job_verb::get_batch, "b")), "GET /batches/b");
  EXPECT_EQ(here.line(about(job_verb::cancel_batch, "b")), "POST /batches/b/cancel");
  EXPECT_EQ(here.line(about(job_verb::batch_results, "b")), "GET /batches/b");
  EXPECT_EQ(here.line(about(job_verb::batch_results, "b", "f1 f2")), "GET /files/f1/content");
  EXPECT_EQ(here.line(about(job_verb::batch_results, "b", "f2")), "GET /files/f2/content");
}

TEST(openai_jobs, verbs_that_it_does_not_have) {
  for (const auto verb : {job_verb::add_to_batch, job_verb::delete_batch}) {
    EXPECT_EQ(here.encode(about(verb, "b")).error().code, errc::unsupported);
    EXPECT_EQ(here.decode(about(verb, "b"), "{}").error().code, errc::unsupported);
  }
}

TEST(openai_jobs, models) {
  const auto got = here.decode(about(job_verb::list_models),
                               R"({"object":"list","data":[
      {"id":"m1","created":1700000000},
      {"id":"m2","name":"Two","context_window":8000,"max_completion_tokens":100},
      {"id":"m3","context_length":9000,"max_output_length":50},
      {"id":"m4","max_context_length":1000},{"id":"m5","max_model_len":2000}]})");
  ASSERT_TRUE(got) << to_string(got.error());
  const std::vector<listed_model> expected{
      {.id = "m1", .created_s = 1700000000},
      {.id = "m2", .title = "Two", .context_tokens = 8000, .max_output_tokens = 100},
      {.id = "m3", .context_tokens = 9000, .max_output_tokens = 50},
      {.id = "m4", .context_tokens = 1000},
      {.id = "m5", .context_tokens = 2000}};
  EXPECT_EQ(got->models, expected);
  EXPECT_FALSE(got->next);
  EXPECT_EQ(here.decode(about(job_verb::list_models), R"([{"id":"m1"}])")->models.size(), 1U);
  EXPECT_EQ(here.model(R"({"id":"m1"})").id, "m1");
}

TEST(openai_jobs, an_upload_is_a_form) {
  const file_upload file{.name = "in.jsonl", .bytes = "{}\n", .media_type = {}, .purpose = "batch"};
  auto asked = about(job_verb::upload_file);
  asked.file = &file;
  const auto made = here.encode(asked);
  ASSERT_TRUE(made) << to_string(made.error());
  EXPECT_EQ(made->request.method + " " + made->request.target, "POST /files");
  const auto type = wire::find_header(made->request.headers, "content-type");
  EXPECT_TRUE(type.starts_with("multipart/form-data; boundary="));
  EXPECT_NE(made->request.body.find("name=\"purpose\"\r\n\r\nbatch\r\n"), std::string::npos);
  EXPECT_NE(made->request.body.find("filename=\"in.jsonl\""), std::string::npos);
  EXPECT_NE(made->request.body.find("\r\n\r\n{}\n\r\n"), std::string::npos);
  EXPECT_EQ(here.encode(asked)->request.body, made->request.body) << "the same bytes each time";
}

TEST(openai_jobs, a_file_by_everybody_who_follows) {
  const file_info full = here.file(R"({"id":"f","filename":"a.pdf","purpose":"user_data",
      "bytes":12,"created_at":1700000000,"expires_at":1700000001,"status":"processed",
      "mimetype":"application/pdf"})");
  const file_info expected{.id = "f",
                           .name = "a.pdf",
                           .purpose = "user_data",
                           .media_type = "application/pdf",
                           .status = "processed",
                           .bytes = 12,
                           .created_s = 1700000000,
                           .expires_s = 1700000001};
  EXPECT_EQ(full, expected);
  const file_info bare = here.file(R"({"id":"f","bytes":null,"expires_at":null})");
  EXPECT_EQ(bare, file_info{.id = "f"});
  EXPECT_EQ(bare.bytes, -1) << "not said is not empty";
  // Other vendors' names (documents).
  const file_info other = here.file(R"({"id":"f","mime_type":"text/plain","expire_at":9})");
  EXPECT_EQ(other.media_type, "text/plain");
  EXPECT_EQ(other.expires_s, 9);
  const file_info wrapped =
      here.file(R"({"code":20000,"status":true,"data":{"id":"f","createdAt":7}})");
  EXPECT_EQ(wrapped.id, "f");
  EXPECT_EQ(wrapped.created_s, 7);
}

TEST(openai_jobs, lists_go_on_after_their_last_item) {
  const auto first = here.decode(about(job_verb::list_files),
                                 R"({"data":[{"id":"f1"},{"id":"f2"}],
      "has_more":true,"last_id":"f2"})");
  ASSERT_TRUE(first) << to_string(first.error());
  EXPECT_EQ(first->files.size(), 2U);
  ASSERT_TRUE(first->next);
  EXPECT_EQ(first->next->cursor, "f2");
  EXPECT_EQ(first->next->verb, job_verb::list_files);
  const auto again = here.decode(*first->next, R"({"data":[],"has_more":true,"last_id":"f2"})");
  EXPECT_FALSE(again->next) << "a page that does not move on is the last";
  for (const char* last : {R"({"data":[],"has_more":false,"last_id":"f9"})", R"({"data":[]})",
                           R"({"data":[],"has_more":true,"last_id":null})",
                           R"({"data":[],"has_more":"yes","last_id":"f9"})"})
    EXPECT_FALSE(here.decode(about(job_verb::list_batches), last)->next) << last;
  const auto wrapped =
      here.decode(about(job_verb::list_files), R"({"data":{"data":[{"id":"f"}]}})");
  EXPECT_EQ(wrapped->files.size(), 1U);
}

TEST(openai_jobs, deletion_and_content) {
  const auto gone = about(job_verb::delete_file, "f");
  EXPECT_EQ(here.decode(gone, R"({"id":"f","deleted":true})")->files.at(0).id, "f");
  EXPECT_TRUE(here.decode(gone, "{}")) << "not said is not refused";
  EXPECT_EQ(here.decode(gone, R"({"id":"f","deleted":false})").error().code, errc::protocol);
  EXPECT_EQ(here.decode(gone, "[]").error().code, errc::protocol);
  EXPECT_EQ(here.decode(about(job_verb::file_content, "f"), "\x00\xff not JSON")->content,
            "\x00\xff not JSON");
}

TEST(openai_jobs, where_a_batch_stands) {
  const std::vector<std::pair<const char*, batch_status>> words{
      {"validating", batch_status::queued},     {"in_queue", batch_status::queued},
      {"queued", batch_status::queued},         {"in_progress", batch_status::running},
      {"finalizing", batch_status::running},    {"completed", batch_status::completed},
      {"failed", batch_status::failed},         {"expired", batch_status::expired},
      {"cancelling", batch_status::cancelling}, {"cancelled", batch_status::cancelled},
      {"COMPLETED", batch_status::completed},   {"of_next_year", batch_status::running}};
  for (const auto& [word, status] : words) {
    const batch_info b = here.batch(R"({"id":"b","status":")" + std::string(word) + "\"}");
    EXPECT_EQ(b.status, status) << word;
    EXPECT_EQ(b.vendor_status, word);
  }
}

TEST(openai_jobs, what_is_known_of_a_batch) {
  const batch_info b = here.batch(R"({"id":"b","status":"cancelled",
      "request_counts":{"total":5,"completed":3,"failed":2},"created_at":10,"cancelled_at":30,
      "completed_at":null,"output_file_id":"o","error_file_id":"e",
      "errors":{"data":[{"message":"bad","line":4},{"message":"worse","line":null}]}})");
  EXPECT_EQ(b.total, 5);
  EXPECT_EQ(b.succeeded, 3);
  EXPECT_EQ(b.failed, 2);
  EXPECT_EQ(b.created_s, 10);
  EXPECT_EQ(b.ended_s, 30);
  EXPECT_EQ(b.result_files, (std::vector<std::string>{"o", "e"}));
  EXPECT_EQ(b.errors, (std::vector<std::string>{"line 4: bad", "worse"}));
  EXPECT_EQ(here.batch(R"({"id":"b"})").total, -1);
}

TEST(openai_jobs, some_wrap_the_new_batch) {
  const auto batch = job::two_calls();
  const auto asked = job::submission(batch, "f1");
  EXPECT_EQ(here.batch(R"({"id":"b","status":"validating"})", asked).id, "b");
  EXPECT_EQ(here.batch(R"({"job":{"id":"b","status":"VALIDATING"}})", asked).id, "b");
  EXPECT_EQ(here.batch(R"({"id":"b","job":"text"})", asked).id, "b");
  EXPECT_EQ(here.decode(asked, R"({"job":{}})").error().code, errc::protocol);
}

TEST(openai_jobs, a_batch_is_a_file_first) {
  const auto batch = job::two_calls("night");
  const auto form = here.encode(job::submission(batch));
  ASSERT_TRUE(form) << to_string(form.error());
  EXPECT_EQ(form->request.target, "/files");
  const std::string lines = R"({"custom_id":"a","method":"POST","url":"/v1/chat/completions",)"
                            R"("body":{"n":1}})"
                            "\n"
                            R"({"custom_id":"b","method":"POST","url":"/v1/chat/completions",)"
                            R"("body":{"n":2}})"
                            "\n";
  EXPECT_NE(form->request.body.find(lines), std::string::npos);
  const auto uploaded = here.decode(job::submission(batch), R"({"id":"f1"})");
  ASSERT_TRUE(uploaded && uploaded->next);
  EXPECT_TRUE(uploaded->files.empty()) << "the file is not what was asked for";
  EXPECT_EQ(uploaded->next->batch, &batch);
  const auto made = here.encode(*uploaded->next);
  EXPECT_EQ(made->request.target, "/batches");
  expect_json(job::body_of(made), R"({"input_file_id":"f1","endpoint":"/v1/chat/completions",
      "completion_window":"24h","metadata":{"name":"night"}})");
  const auto unnamed = job::two_calls();
  expect_json(job::body_of(here.encode(job::submission(unnamed, "f1"))),
              R"({"input_file_id":"f1","endpoint":"/v1/chat/completions",
      "completion_window":"24h"})");
}

TEST(openai_jobs, results_are_files) {
  const auto asked = about(job_verb::batch_results, "b");
  const auto begun = here.decode(
      asked, R"({"id":"b","status":"completed","output_file_id":"o","error_file_id":"e"})");
  ASSERT_TRUE(begun && begun->next);
  EXPECT_TRUE(begun->batches.empty());
  EXPECT_EQ(begun->next->cursor, "o e");
  const auto good = here.decode(*begun->next,
                                R"({"id":"r","custom_id":"a","response":{"status_code":200,
"body":{"x":1}},"error":null})"
                                "");
  EXPECT_EQ(good.error().code, errc::protocol) << "a line is one line";
  const auto first =
      here.decode(*begun->next,
                  R"({"custom_id":"a","response":{"status_code":200,"body":{"x":1}},"error":null})"
                  "\r\n\n"
                  R"({"custom_id":"b","response":{"status_code":429,"body":{"error":{}}}})");
  ASSERT_TRUE(first) << to_string(first.error());
  ASSERT_EQ(first->results.size(), 2U);
  EXPECT_EQ(first->results[0].custom_id, "a");
  EXPECT_EQ(first->results[0].status, 200);
  EXPECT_EQ(first->results[0].body, R"({"x":1})");
  EXPECT_EQ(first->results[1].status, 429);
  ASSERT_TRUE(first->next);
  EXPECT_EQ(first->next->cursor, "e");
  const auto last = here.decode(
      *first->next, R"({"custom_id":"c","response":null,"error":{"code":"batch_expired",)"
                    R"("message":"late"}})");
  ASSERT_TRUE(last) << to_string(last.error());
  EXPECT_EQ(last->results.at(0).status, 400);
  EXPECT_EQ(last->results.at(0).body, R"({"error":{"code":"batch_expired","message":"late"}})");
  EXPECT_FALSE(last->next);
}

TEST(openai_jobs, results_before_their_time_and_without_any) {
  const auto asked = about(job_verb::batch_results, "b");
  const auto early = here.decode(asked, R"({"id":"b","status":"in_progress"})");
  EXPECT_EQ(early.error().code, errc::invalid_request);
  EXPECT_NE(early.error().message.find("in_progress"), std::string::npos);
  const auto none = here.decode(asked, R"({"id":"b","status":"failed"})");
  ASSERT_TRUE(none) << "a batch that failed at once has no files";
  EXPECT_FALSE(none->next);
  EXPECT_TRUE(none->results.empty());
}

TEST(openai_jobs, answers_that_are_not_ours) {
  for (const char* bad : {"", "<html>", "7", "null", "{}", R"({"data":{}})", R"({"id":7})"})
    for (const auto verb : {job_verb::list_models, job_verb::get_model, job_verb::upload_file,
                            job_verb::list_files, job_verb::get_file, job_verb::list_batches,
                            job_verb::get_batch, job_verb::cancel_batch, job_verb::batch_results}) {
      const auto got = here.decode(about(verb), bad);
      ASSERT_FALSE(got) << bad << " " << to_string(verb);
      EXPECT_EQ(got.error().code, errc::protocol) << bad;
    }
  for (const char* bad : {R"({"custom_id":"a"})", R"({"custom_id":"a","response":1})",
                          R"({"custom_id":"a","response":{"status_code":200}})"}) {
    const auto got =
        here.decode(about(job_verb::batch_results, "b", "f g"), "\n" + std::string(bad));
    ASSERT_TRUE(got && got->next) << bad;
    EXPECT_EQ(got->results.at(0).custom_id, "a");
    EXPECT_EQ(got->results.at(0).unreadable, "line 2 of file f is no result that can be read");
  }
}

TEST(openai_jobs, an_item_of_a_list_that_cannot_be_read_is_an_error) {
  const auto got =
      here.decode(about(job_verb::list_models), R"({"data":[{"id":"m"},{"name":"n"}]})");
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().message, "item 2 of the vendor's list cannot be read");
  for (const auto verb : {job_verb::list_files, job_verb::list_batches})
    EXPECT_EQ(here.decode(about(verb), R"({"data":[{"id":"m"},{}]})").error().code, errc::protocol);
}

TEST(openai_jobs, replies_are_kept_by_the_newer_interface_only) {
  EXPECT_EQ(here.encode(about(job_verb::get_reply, "r")).error().code, errc::unsupported);
  job::family newer{adapters::openai_jobs()};
  newer.row.dialect = "openai_responses";
  EXPECT_EQ(newer.line(about(job_verb::get_reply, "resp_1")), "GET /responses/resp_1");
  EXPECT_EQ(newer.line(about(job_verb::delete_reply, "resp_1")), "DELETE /responses/resp_1");
  newer.row.chat_path = "/openai/responses";
  EXPECT_EQ(newer.line(about(job_verb::get_reply, "a/b")), "GET /openai/responses/a%2Fb");
  EXPECT_EQ(newer.decode(about(job_verb::get_reply, "r"), "{}")->content, "{}");
  EXPECT_TRUE(newer.decode(about(job_verb::delete_reply, "r"), R"({"id":"r","deleted":true})"));
  EXPECT_FALSE(newer.decode(about(job_verb::delete_reply, "r"), R"({"id":"r","deleted":false})"));
}

TEST(openai_jobs, the_rows_constants_are_sent) {
  job::family with{adapters::openai_jobs()};
  with.row.quirks = {quirk::add_header{"x-team", "a"}, quirk::add_query{"api-version", "7"}};
  EXPECT_EQ(with.line(about(job_verb::list_files, {}, "f")), "GET /files?api-version=7&after=f");
  EXPECT_EQ(with.header(about(job_verb::get_batch, "b"), "x-team"), "a");
}

}  // namespace
}  // namespace ark::test::openai_jobs
