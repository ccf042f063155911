#include "gemini_job_support.hpp"

namespace ark::test::gemini_job {
namespace {

TEST(gemini_jobs, the_paths) {
  EXPECT_EQ(line_of(ask(job_verb::list_models)), "GET /models?pageSize=1000");
  EXPECT_EQ(line_of(ask(job_verb::list_models, "", "a=b")),
            "GET /models?pageSize=1000&pageToken=a%3Db");
  EXPECT_EQ(line_of(ask(job_verb::get_model, "models/m-1")), "GET /models/m-1");
  EXPECT_EQ(line_of(ask(job_verb::list_files)), "GET /files?pageSize=100");
  EXPECT_EQ(line_of(ask(job_verb::file_content, "f")), "GET /files/f:download?alt=media");
  EXPECT_EQ(line_of(ask(job_verb::list_batches)), "GET /batches?pageSize=100");
  EXPECT_EQ(line_of(ask(job_verb::cancel_batch, "batches/b")), "POST /batches/b:cancel");
  EXPECT_EQ(line_of(ask(job_verb::delete_batch, "b")), "DELETE /batches/b");
  EXPECT_EQ(line_of(ask(job_verb::batch_results, "batches/b")), "GET /batches/b");
  EXPECT_EQ(line_of(ask(job_verb::batch_results, "b", "files/r")),
            "GET /files/r:download?alt=media");
  EXPECT_EQ(line_of(ask(job_verb::list_caches)), "GET /cachedContents?pageSize=100");
  EXPECT_EQ(line_of(ask(job_verb::delete_cache, "cachedContents/c")), "DELETE /cachedContents/c");
}

TEST(gemini_jobs, an_id_may_have_its_collection) {
  EXPECT_EQ(line_of(ask(job_verb::get_file, "files/f")), "GET /files/f");
  EXPECT_EQ(line_of(ask(job_verb::delete_file, "f")), "DELETE /files/f");
  EXPECT_EQ(line_of(ask(job_verb::get_batch, "b")), "GET /batches/b");
  EXPECT_EQ(line_of(ask(job_verb::get_cache, "cachedContents/c")), "GET /cachedContents/c");
}

TEST(gemini_jobs, ids_that_would_name_another_path_are_refused) {
  for (const char* id : {"files/", "files/..", "files/.", "a/b", "files/a/operations/b"}) {
    EXPECT_EQ(encode(ask(job_verb::get_file, id)).error().code, errc::invalid_request) << id;
    EXPECT_EQ(encode(ask(job_verb::get_model, id)).error().code, errc::invalid_request) << id;
  }
  EXPECT_EQ(encode(ask(job_verb::add_to_batch)).error().code, errc::unsupported);
}

TEST(gemini_jobs, a_file_is_announced_and_its_bytes_go_where_the_answer_says) {
  const file_upload file{.name = "t.txt", .bytes = "0123", .media_type = "text/plain"};
  job_request asked = ask(job_verb::upload_file);
  asked.file = &file;
  const auto start = encode(asked);
  ASSERT_TRUE(start) << start.error().message;
  EXPECT_EQ(line_of(asked), "POST /upload/files");
  EXPECT_FALSE(start->from_root);
  const auto& headers = start->request.headers;
  EXPECT_EQ(wire::find_header(headers, "x-goog-upload-protocol"), "resumable");
  EXPECT_EQ(wire::find_header(headers, "x-goog-upload-command"), "start");
  EXPECT_EQ(wire::find_header(headers, "x-goog-upload-header-content-length"), "4");
  EXPECT_EQ(wire::find_header(headers, "x-goog-upload-header-content-type"), "text/plain");
  expect_json(body_of_job(start), R"({"file":{"displayName":"t.txt"}})");

  const std::string place = "https://h.test/upload/v1beta/files?upload_id=u";
  const auto told = decode(asked, "", {{"X-Goog-Upload-URL", place}});
  ASSERT_TRUE(told) << told.error().message;
  ASSERT_TRUE(told->next);
  EXPECT_EQ(told->next->cursor, place);
  const auto bytes = encode(*told->next);
  ASSERT_TRUE(bytes);
  EXPECT_TRUE(bytes->from_root) << "the client lets it go to its own host only";
  EXPECT_EQ(bytes->request.target, place);
  EXPECT_EQ(bytes->request.method, "PUT");
  EXPECT_EQ(bytes->request.body, "0123");
  EXPECT_EQ(wire::find_header(bytes->request.headers, "x-goog-upload-command"), "upload, finalize");
  EXPECT_EQ(wire::find_header(bytes->request.headers, "x-goog-upload-offset"), "0");

  const auto done = decode(*told->next, R"({"file":)" + std::string(file_json) + "}",
                           {{"x-goog-upload-url", place}});
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_FALSE(done->next);
  ASSERT_EQ(done->files.size(), 1U);
  EXPECT_EQ(done->files[0].id, "files/q1");
}

TEST(gemini_jobs, a_batch_goes_with_its_calls) {
  const dialect::batch_lines batch{
      .model = "m-1",
      .name = "night",
      .lines = {{.custom_id = "a", .request = {.headers = {}, .body = R"({"contents":[]})"}},
                {.custom_id = "b", .request = {.headers = {}, .body = R"({"contents":[1]})"}}}};
  job_request asked = ask(job_verb::submit_batch);
  asked.batch = &batch;
  EXPECT_EQ(line_of(asked), "POST /models/m-1:batchGenerateContent");
  expect_json(body_of_job(encode(asked)), R"({"batch":{"displayName":"night","inputConfig":
    {"requests":{"requests":[{"request":{"contents":[]},"metadata":{"key":"a"}},
    {"request":{"contents":[1]},"metadata":{"key":"b"}}]}}}})");
}

TEST(gemini_jobs, a_batch_of_more_than_twenty_megabytes_is_a_file_first) {
  const std::string request = '"' + std::string(20'000'000, 'a') + '"';
  const dialect::batch_lines batch{
      .model = "m-1",
      .name = "big",
      .lines = {{.custom_id = "a", .request = {.headers = {}, .body = request}},
                {.custom_id = "b", .request = {.headers = {}, .body = "{}"}}}};
  job_request asked = ask(job_verb::submit_batch);
  asked.batch = &batch;
  const std::string lines =
      R"({"key":"a","request":)" + request + "}\n" + R"({"key":"b","request":{}})" + "\n";
  EXPECT_EQ(line_of(asked), "POST /upload/files");
  EXPECT_EQ(
      wire::find_header(encode(asked)->request.headers, "x-goog-upload-header-content-length"),
      std::to_string(lines.size()));

  const auto told = decode(asked, "", {{"x-goog-upload-url", "https://h.test/u?id=1"}});
  ASSERT_TRUE(told && told->next);
  const auto bytes = encode(*told->next);
  ASSERT_TRUE(bytes);
  EXPECT_TRUE(bytes->from_root);
  EXPECT_EQ(bytes->request.target, "https://h.test/u?id=1");
  EXPECT_TRUE(bytes->request.body == lines);

  const auto kept = decode(*told->next, R"({"file":{"name":"files/in"}})");
  ASSERT_TRUE(kept && kept->next);
  EXPECT_TRUE(kept->files.empty()) << "the file is a step, not what was asked for";
  EXPECT_EQ(line_of(*kept->next), "POST /models/m-1:batchGenerateContent");
  expect_json(body_of_job(encode(*kept->next)),
              R"({"batch":{"displayName":"big","inputConfig":{"fileName":"files/in"}}})");
  const auto made = decode(*kept->next, R"({"name":"batches/b"})",
                           {{"x-goog-upload-url", "https://h.test/again"}});
  ASSERT_TRUE(made);
  EXPECT_FALSE(made->next);
  EXPECT_EQ(made->batches.at(0).id, "batches/b");
}

result<job_encoded> encode_cache(const call& c) {
  auto chat = gemini::encode(c);
  if (!chat) return chat.error();
  const dialect::cache_prompt prompt{.model = "m-1", .request = std::move(chat->request)};
  job_request asked = ask(job_verb::create_cache);
  asked.prompt = &prompt;
  asked.ttl_s = 300;
  return encode(asked);
}

TEST(gemini_jobs, a_cache_holds_messages_and_tools) {
  call c;
  c.messages = {system("long")};
  c.tools = {{.name = "f", .description = {}, .parameters = R"({"type":"object"})"}};
  const auto made = encode_cache(c);
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->request.method + " " + made->request.target, "POST /cachedContents");
  expect_json(body_of_job(made), R"({"model":"models/m-1",
    "systemInstruction":{"parts":[{"text":"long"}]},"tools":[{"functionDeclarations":
    [{"name":"f","parametersJsonSchema":{"type":"object"}}]}],"ttl":"300s"})");
  c.temperature = 0;
  const auto refused = encode_cache(c);
  ASSERT_FALSE(refused) << "nothing is dropped silently";
  EXPECT_EQ(refused.error().code, errc::unsupported);
  EXPECT_NE(refused.error().message.find("generationConfig"), std::string::npos);
}

TEST(gemini_jobs, a_call_uses_a_cache_by_its_name) {
  call c;
  c.messages = {user("hi")};
  c.extra["cachedContent"] = R"("cachedContents/c1")";
  expect_json(body_of(gemini::encode(c)), R"({"contents":[{"role":"user","parts":
    [{"text":"hi"}]}],"cachedContent":"cachedContents/c1"})");
}

}  // namespace
}  // namespace ark::test::gemini_job
