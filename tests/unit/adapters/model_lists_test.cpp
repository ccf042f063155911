#include "job/model_lists.hpp"

#include "job_support.hpp"

namespace ark::test::model_lists {
namespace {

using job::about;
using job::job_verb;

const auto list = about(job_verb::list_models);

TEST(model_lists, cohere) {
  const job::family here{adapters::cohere_models()};
  EXPECT_EQ(here.line(list), "GET /v1/models?page_size=1000");
  EXPECT_EQ(here.line(about(job_verb::get_model, "m")), "GET /v1/models/m");
  const auto got = here.decode(list, R"({"models":[{"name":"m","context_length":128000,
      "features":null}],"next_page_token":"t"})");
  ASSERT_TRUE(got && got->next) << to_string(got.error());
  EXPECT_EQ(got->models, (std::vector<listed_model>{{.id = "m", .context_tokens = 128000}}));
  EXPECT_EQ(here.decode(list, R"({"models":[{"name":"m"},{"endpoints":[]}]})").error().message,
            "item 2 of the vendor's list cannot be read");
  EXPECT_EQ(here.line(*got->next), "GET /v1/models?page_size=1000&page_token=t");
  EXPECT_FALSE(here.decode(*got->next, R"({"models":[],"next_page_token":"t"})")->next);
  EXPECT_FALSE(here.decode(list, R"({"models":[]})")->next);
  EXPECT_EQ(here.model(R"({"name":"m"})").id, "m");
  EXPECT_FALSE(here.decode(about(job_verb::get_model, "m"), "{}"));
  EXPECT_EQ(job::family_of("cohere"), "cohere_models");
}

TEST(model_lists, cloudflare) {
  const job::family here{adapters::cloudflare_models()};
  EXPECT_EQ(here.line(list), "GET /models/search?per_page=100");
  const auto page = [](const char* info) {
    return R"({"success":true,"result":[{"id":"uuid","name":"@cf/m",
        "created_at":"2025-05-22T00:00:00Z"}],"result_info":)" +
           std::string(info) + "}";
  };
  const auto got =
      here.decode(list, page(R"({"count":100,"page":1,"per_page":100,"total_count":291})"));
  ASSERT_TRUE(got && got->next) << to_string(got.error());
  EXPECT_EQ(got->models.at(0).id, "@cf/m") << "calls name it so, not by its id";
  EXPECT_EQ(got->models.at(0).created_s, 1747872000);
  EXPECT_EQ(here.line(*got->next), "GET /models/search?per_page=100&page=2");
  const auto third = about(job_verb::list_models, {}, "3");
  for (const char* last : {R"({"count":91,"page":3,"per_page":100,"total_count":291})",
                           R"({"count":0,"page":3,"per_page":100,"total_count":900})",
                           R"({"count":9,"per_page":0,"total_count":900})", "null"})
    EXPECT_FALSE(here.decode(third, page(last))->next) << last;
  EXPECT_EQ(here.decode(list, R"({"success":false,"result":null})").error().code, errc::protocol);
  EXPECT_EQ(job::family_of("cloudflare-run"), "cloudflare_models");
}

TEST(model_lists, ollama) {
  const job::family here{adapters::ollama_models()};
  EXPECT_EQ(here.line(list), "GET /api/tags");
  const auto got = here.decode(list, R"({"models":[{"name":"q:8b","model":"q:8b",
      "modified_at":"2025-05-22T02:00:00.5+02:00"}]})");
  ASSERT_TRUE(got) << to_string(got.error());
  EXPECT_EQ(got->models, (std::vector<listed_model>{{.id = "q:8b", .created_s = 1747872000}}));
  EXPECT_EQ(job::family_of("ollama"), "ollama_models");
}

TEST(model_lists, perplexity) {
  const job::family here{adapters::perplexity_models()};
  EXPECT_EQ(here.line(list), "GET /v1/models") << "its chat has no version in its path";
  const auto got = here.decode(list, R"({"data":[{"id":"a/m","created":0}]})");
  EXPECT_EQ(got->models, (std::vector<listed_model>{{.id = "a/m"}}));
  EXPECT_EQ(job::family_of("perplexity"), "perplexity_models");
}

TEST(model_lists, pollinations) {
  const job::family here{adapters::pollinations_models()};
  EXPECT_EQ(here.line(list), "GET /models");
  const auto got =
      here.decode(list, R"([{"name":"m","description":"M","context_length":400},"flux"])");
  ASSERT_TRUE(got) << to_string(got.error());
  EXPECT_EQ(got->models, (std::vector<listed_model>{
                             {.id = "m", .title = "M", .context_tokens = 400}, {.id = "flux"}}));
  for (const char* bad : {"{}", R"([{"no":"name"}])", R"(["flux",7])"})
    EXPECT_EQ(here.decode(list, bad).error().code, errc::protocol) << bad;
  EXPECT_EQ(job::family_of("pollinations"), "pollinations_models");
}

TEST(model_lists, nothing_else) {
  for (const auto* jobs :
       {&adapters::cohere_models(), &adapters::cloudflare_models(), &adapters::ollama_models(),
        &adapters::perplexity_models(), &adapters::pollinations_models()}) {
    const job::family here{*jobs};
    for (const auto verb : {job_verb::list_files, job_verb::submit_batch, job_verb::get_batch}) {
      EXPECT_EQ(here.encode(about(verb)).error().code, errc::unsupported);
      EXPECT_EQ(here.decode(about(verb), "{}").error().code, errc::unsupported);
    }
    const bool each = jobs == &adapters::cohere_models();
    EXPECT_EQ(here.encode(about(job_verb::get_model, "m")).has_value(), each) << jobs->name();
    EXPECT_EQ(here.decode(list, "\"text\"").error().code, errc::protocol);
  }
}

}  // namespace
}  // namespace ark::test::model_lists
