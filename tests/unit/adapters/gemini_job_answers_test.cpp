#include "gemini_job_support.hpp"

namespace ark::test::gemini_job {
namespace {

TEST(gemini_job_answers, models_are_named_as_calls_name_them) {
  const auto got = decode(ask(job_verb::list_models),
                          R"({"models":[{"name":"models/m-1","displayName":"M 1",
                          "inputTokenLimit":1048576,"outputTokenLimit":65536}],
                          "nextPageToken":"t"})");
  ASSERT_TRUE(got) << got.error().message;
  ASSERT_EQ(got->models.size(), 1U);
  EXPECT_EQ(
      got->models[0],
      (listed_model{
          .id = "m-1", .title = "M 1", .context_tokens = 1048576, .max_output_tokens = 65536}));
  ASSERT_TRUE(got->next);
  EXPECT_EQ(got->next->cursor, "t");
  EXPECT_EQ(got->next->verb, job_verb::list_models);
}

TEST(gemini_job_answers, a_page_that_names_itself_is_the_last) {
  const auto got = decode(ask(job_verb::list_files, "", "t"), R"({"nextPageToken":"t"})");
  ASSERT_TRUE(got) << "an empty list is left out";
  EXPECT_TRUE(got->files.empty());
  EXPECT_FALSE(got->next);
}

TEST(gemini_job_answers, lists_of_something_else_are_no_lists) {
  for (const char* body :
       {"[]", "x", R"({"files":{}})", R"({"files":[{"name":""}]})", R"({"error":{"code":500}})"})
    EXPECT_EQ(decode(ask(job_verb::list_files), body).error().code, errc::protocol) << body;
}

TEST(gemini_job_answers, an_upload_without_a_place_for_its_bytes_failed) {
  EXPECT_EQ(decode(ask(job_verb::upload_file), "").error().code, errc::protocol);
  EXPECT_EQ(decode(ask(job_verb::upload_file), "{}").error().code, errc::protocol);
}

TEST(gemini_job_answers, a_file) {
  const auto got = decode(ask(job_verb::get_file, "q1"), file_json);
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->files.at(0), (file_info{.id = "files/q1",
                                         .name = "t.txt",
                                         .media_type = "text/plain",
                                         .status = "ACTIVE",
                                         .uri = "https://h.test/v1beta/files/q1",
                                         .bytes = 34,
                                         .created_s = 1780078090,
                                         .expires_s = 1780250889}));
  EXPECT_EQ(decode(ask(job_verb::file_content, "q1"), "any\nbytes")->content, "any\nbytes");
}

TEST(gemini_job_answers, the_size_of_a_file_may_be_nonsense) {
  for (const char* size : {R"("many")", R"("9x")", R"("")", "null", R"("99999999999999999999")"}) {
    const auto got = decode(ask(job_verb::get_file, "q"),
                            R"({"name":"files/q","sizeBytes":)" + std::string(size) + "}");
    ASSERT_TRUE(got) << size;
    EXPECT_EQ(got->files.at(0).bytes, -1) << size;
  }
}

/// A batch as an operation; `more` are members of the operation, `state` of the batch.
std::string operation(const std::string& state, const std::string& more = "") {
  return R"({"name":"batches/b1","metadata":{"name":"batches/b1","model":"models/m-1","state":")" +
         state +
         R"(","createTime":"1970-01-01T00:01:40Z","endTime":"1970-01-01T00:03:20Z",
         "batchStats":{"requestCount":"3","pendingRequestCount":"0","successfulRequestCount":"2",
         "failedRequestCount":"1"}})" +
         more + "}";
}

TEST(gemini_job_answers, a_batch_is_an_operations_metadata) {
  const auto got = decode(ask(job_verb::get_batch, "b1"), operation("BATCH_STATE_RUNNING"));
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->batches.at(0), (batch_info{.id = "batches/b1",
                                            .status = batch_status::running,
                                            .vendor_status = "BATCH_STATE_RUNNING",
                                            .total = 3,
                                            .succeeded = 2,
                                            .failed = 1,
                                            .created_s = 100,
                                            .ended_s = 200}));
}

TEST(gemini_job_answers, states_of_both_vocabularies) {
  const std::pair<const char*, batch_status> states[] = {
      {"BATCH_STATE_PENDING", batch_status::queued},
      {"JOB_STATE_QUEUED", batch_status::queued},
      {"BATCH_STATE_RUNNING", batch_status::running},
      {"JOB_STATE_PAUSED", batch_status::running},
      {"BATCH_STATE_SUCCEEDED", batch_status::completed},
      {"JOB_STATE_PARTIALLY_SUCCEEDED", batch_status::completed},
      {"BATCH_STATE_FAILED", batch_status::failed},
      {"JOB_STATE_CANCELLING", batch_status::cancelling},
      {"BATCH_STATE_CANCELLED", batch_status::cancelled},
      {"BATCH_STATE_EXPIRED", batch_status::expired},
      {"BATCH_STATE_OF_A_LATER_VERSION", batch_status::running}};
  for (const auto& [word, status] : states)
    EXPECT_EQ(decode(ask(job_verb::get_batch, "b"), operation(word))->batches.at(0).status, status)
        << word;
}

TEST(gemini_job_answers, a_failed_operation_says_why) {
  const auto got = decode(ask(job_verb::get_batch, "b"),
                          R"({"name":"batches/b","error":{"code":3,"message":"too odd"}})");
  ASSERT_TRUE(got);
  EXPECT_EQ(got->batches.at(0).status, batch_status::failed);
  EXPECT_EQ(got->batches.at(0).errors, std::vector<std::string>{"too odd"});
}

TEST(gemini_job_answers, batches_are_listed_as_operations) {
  const auto got =
      decode(ask(job_verb::list_batches), R"({"operations":[)" + operation("BATCH_STATE_PENDING") +
                                              "," + operation("BATCH_STATE_FAILED") + "]}");
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->batches.size(), 2U);
}

TEST(gemini_job_answers, after_a_cancellation_the_batch_is_asked_for) {
  const auto got = decode(ask(job_verb::cancel_batch, "batches/b"), "{}");
  ASSERT_TRUE(got) << got.error().message;
  ASSERT_TRUE(got->next);
  EXPECT_EQ(line_of(*got->next), "GET /batches/b");
  EXPECT_FALSE(decode(ask(job_verb::cancel_batch, "b"), R"({"error":{"code":400}})"));
}

const std::string inlined =
    R"({"inlinedResponses":{"inlinedResponses":[
    {"metadata":{"key":"a"},"response":{"candidates":[]}},
    {"metadata":{"key":"b"},"error":{"code":8,"message":"m"}},
    {"response":{"candidates":[1]}}]}})";

TEST(gemini_job_answers, results_stand_in_the_batch) {
  for (const std::string& body :
       {operation("BATCH_STATE_SUCCEEDED", R"(,"done":true,"response":)" + inlined),
        R"({"name":"batches/b","metadata":{"state":"BATCH_STATE_SUCCEEDED","output":)" + inlined +
            "}}"}) {
    const auto got = decode(ask(job_verb::batch_results, "b"), body);
    ASSERT_TRUE(got) << got.error().message;
    ASSERT_EQ(got->results.size(), 3U);
    EXPECT_FALSE(got->next);
    EXPECT_EQ(got->results[0].custom_id, "a");
    EXPECT_EQ(got->results[0].status, 200);
    EXPECT_EQ(got->results[0].body, R"({"candidates":[]})");
    EXPECT_EQ(got->results[1].status, 429) << "google.rpc.Code, not HTTP's";
    EXPECT_EQ(got->results[1].body, R"({"error":{"code":8,"message":"m"}})");
    EXPECT_EQ(got->results[2].custom_id, "") << "whoever sent it gave no key";
  }
}

TEST(gemini_job_answers, results_may_be_a_file) {
  const auto got = decode(
      ask(job_verb::batch_results, "b"),
      operation("BATCH_STATE_SUCCEEDED", R"(,"response":{"responsesFile":"files/batch-x"})"));
  ASSERT_TRUE(got) << got.error().message;
  ASSERT_TRUE(got->next);
  EXPECT_EQ(line_of(*got->next), "GET /files/batch-x:download?alt=media");
  const auto lines = decode(*got->next,
                            "{\"key\":\"a\",\"response\":{\"candidates\":[]}}\n\n"
                            "{\"key\":\"b\",\"error\":{\"code\":400}}\r\n"
                            "{\"key\":\"c\",\"status\":{\"code\":5}}\n"
                            "{\"candidates\":[2]}");
  ASSERT_TRUE(lines) << lines.error().message;
  ASSERT_EQ(lines->results.size(), 4U);
  EXPECT_EQ(lines->results[1].status, 400);
  EXPECT_EQ(lines->results[2].status, 404);
  EXPECT_EQ(lines->results[3].body, R"({"candidates":[2]})");
  EXPECT_EQ(decode(*got->next, "{\"key\":\"a\"}")->results.at(0).unreadable,
            "line 1 of files/batch-x is no result that can be read");
  EXPECT_FALSE(decode(*got->next, "cut off {"));
}

TEST(gemini_job_answers, an_unfinished_batch_has_no_results_yet) {
  const auto early = decode(ask(job_verb::batch_results, "b"), operation("BATCH_STATE_PENDING"));
  ASSERT_FALSE(early);
  EXPECT_EQ(early.error().code, errc::invalid_request);
  EXPECT_NE(early.error().message.find("BATCH_STATE_PENDING"), std::string::npos);
  const auto none = decode(ask(job_verb::batch_results, "b"), operation("BATCH_STATE_EXPIRED"));
  ASSERT_TRUE(none);
  EXPECT_TRUE(none->results.empty());
}

constexpr const char* cache_json = R"({"name":"cachedContents/c1","model":"models/m-1",
  "createTime":"1970-01-01T00:01:40.5Z","updateTime":"1970-01-01T00:01:40Z","expireTime":
  "1970-01-01T00:03:20Z","displayName":"","usageMetadata":{"totalTokenCount":1081}})";

TEST(gemini_job_answers, a_cache) {
  const auto got = decode(ask(job_verb::create_cache), cache_json);
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->caches.at(0), (cache_info{.id = "cachedContents/c1",
                                           .model = "m-1",
                                           .tokens = 1081,
                                           .created_s = 100,
                                           .expires_s = 200}));
  EXPECT_TRUE(got->usage.reported);
  EXPECT_EQ(got->usage.input, 1081);
  const auto silent = decode(ask(job_verb::get_cache, "c1"), R"({"name":"cachedContents/c1"})");
  ASSERT_TRUE(silent);
  EXPECT_EQ(silent->caches.at(0).tokens, -1);
  EXPECT_FALSE(silent->usage.reported) << "not said is not zero";
  const auto list =
      decode(ask(job_verb::list_caches),
             R"({"cachedContents":[)" + std::string(cache_json) + R"(],"nextPageToken":"n"})");
  ASSERT_TRUE(list && list->next);
  EXPECT_EQ(line_of(*list->next), "GET /cachedContents?pageSize=100&pageToken=n");
}

TEST(gemini_job_answers, a_caches_time_begins_anew) {
  job_request asked = ask(job_verb::extend_cache, "cachedContents/c1");
  asked.ttl_s = 900;
  EXPECT_EQ(line_of(asked), "PATCH /cachedContents/c1?updateMask=ttl");
  expect_json(body_of_job(encode(asked)), R"({"ttl":"900s"})");
  EXPECT_EQ(decode(asked, cache_json)->caches.at(0).expires_s, 200);
}

TEST(gemini_job_answers, deletions_answer_with_nothing) {
  for (const job_verb verb :
       {job_verb::delete_file, job_verb::delete_batch, job_verb::delete_cache}) {
    EXPECT_TRUE(decode(ask(verb, "x"), "{}"));
    EXPECT_FALSE(decode(ask(verb, "x"), R"({"error":{"code":403}})"));
  }
}

}  // namespace
}  // namespace ark::test::gemini_job
