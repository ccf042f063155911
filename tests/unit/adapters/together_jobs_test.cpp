#include "job/together_jobs.hpp"

#include "job_support.hpp"

namespace ark::test::together_jobs {
namespace {

using job::about;
using job::job_verb;

const job::family here{adapters::together_jobs()};

TEST(together_jobs, uploads_have_a_path_of_their_own) {
  const file_upload file{.name = "in.jsonl", .bytes = "{}", .media_type = {}, .purpose = "eval"};
  auto asked = about(job_verb::upload_file);
  asked.file = &file;
  EXPECT_EQ(here.line(asked), "POST /files/upload");
  const std::string body = here.encode(asked)->request.body;
  EXPECT_NE(body.find("name=\"file_name\"\r\n\r\nin.jsonl\r\n"), std::string::npos);
  EXPECT_NE(body.find("name=\"purpose\"\r\n\r\neval\r\n"), std::string::npos);
  EXPECT_EQ(here.file(R"({"id":"f","bytes":2})").bytes, 2);
}

TEST(together_jobs, a_batch_is_a_file_first) {
  const auto batch = job::two_calls();
  const auto asked = job::submission(batch);
  EXPECT_EQ(here.line(asked), "POST /files/upload");
  const std::string body = here.encode(asked)->request.body;
  EXPECT_NE(body.find("name=\"purpose\"\r\n\r\nbatch-api\r\n"), std::string::npos);
  EXPECT_NE(body.find("{\"custom_id\":\"a\",\"body\":{\"n\":1}}\n"), std::string::npos);
  const auto uploaded = here.decode(asked, R"({"id":"f1"})");
  ASSERT_TRUE(uploaded && uploaded->next);
  EXPECT_EQ(here.line(*uploaded->next), "POST /batches");
  const batch_info made =
      here.batch(R"({"job":{"id":"b","status":"VALIDATING"},"warning":""})", *uploaded->next);
  EXPECT_EQ(made.id, "b");
  EXPECT_EQ(made.status, batch_status::queued);
}

TEST(together_jobs, lists_stand_alone) {
  EXPECT_EQ(here.decode(about(job_verb::list_models), R"([{"id":"m"}])")->models.at(0).id, "m");
  EXPECT_EQ(here.decode(about(job_verb::list_batches), R"([{"id":"b"}])")->batches.at(0).id, "b");
  EXPECT_EQ(job::family_of("together"), "together_jobs");
}

}  // namespace
}  // namespace ark::test::together_jobs
