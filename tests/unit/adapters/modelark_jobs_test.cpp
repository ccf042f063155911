#include "job/modelark_jobs.hpp"

#include "dialect_support.hpp"

#include <boost/json/parse.hpp>

namespace ark::test::modelark {
namespace {

using dialect::job_request;
using dialect::job_verb;

vendor modelark_row() {
  vendor v;
  v.name = "volcengine-ark";
  v.base_url = "https://a.test/api/v3";
  return v;
}

result<dialect::job_encoded> encode_cache(std::string chat) {
  const dialect::cache_prompt prompt{.model = "ep-1",
                                     .request = {.headers = {}, .body = std::move(chat)}};
  job_request asked{.verb = job_verb::create_cache, .id = {}, .cursor = {}};
  asked.prompt = &prompt;
  asked.ttl_s = 3600;
  return adapters::modelark_jobs().encode(asked, modelark_row());
}

TEST(modelark_jobs, a_cache_is_a_context_of_messages) {
  const auto made = encode_cache(R"({"model":"ep-1","messages":[{"role":"user","content":"a"}]})");
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->request.method + " " + made->request.target, "POST /context/create");
  expect_json(boost::json::parse(made->request.body), R"({"model":"ep-1","mode":"common_prefix",
    "messages":[{"role":"user","content":"a"}],"ttl":3600})");
  const auto refused = encode_cache(R"({"messages":[],"temperature":0.5})");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::unsupported);
}

TEST(modelark_jobs, the_answer_has_its_id_and_its_tokens) {
  const wire::http_head head{200, {}};
  const job_request asked{.verb = job_verb::create_cache, .id = {}, .cursor = {}};
  const auto got = adapters::modelark_jobs().decode(
      asked, {head, R"({"id":"ctx-1","model":"ep-1","ttl":3600,"usage":{"prompt_tokens":77}})"},
      modelark_row());
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->caches.at(0), (cache_info{.id = "ctx-1", .model = "ep-1", .tokens = 77}));
  EXPECT_EQ(got->usage.input, 77);
  EXPECT_TRUE(got->usage.reported);
  EXPECT_FALSE(adapters::modelark_jobs().decode(asked, {head, "{}"}, modelark_row()));
}

TEST(modelark_jobs, all_else_is_openais_and_caches_cannot_be_listed) {
  const auto& family = adapters::modelark_jobs();
  const auto files =
      family.encode({.verb = job_verb::list_files, .id = {}, .cursor = {}}, modelark_row());
  ASSERT_TRUE(files);
  EXPECT_EQ(files->request.target, "/files");
  for (const auto verb : {job_verb::list_caches, job_verb::get_cache, job_verb::extend_cache,
                          job_verb::delete_cache}) {
    const auto refused = family.encode({.verb = verb, .id = "x", .cursor = {}}, modelark_row());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, errc::unsupported);
  }
}

}  // namespace
}  // namespace ark::test::modelark
