#include "dialect/rerank.hpp"

#include <gtest/gtest.h>

namespace ark::dialect {
namespace {

constexpr std::string_view family[] = {"top_n", "truncate"};

result<encoded> write(const rerank_call& c, std::vector<quirk_item> quirks = {}) {
  vendor v;
  v.name = "plain";
  v.quirks = std::move(quirks);
  const quirk_view view(v);
  return write_rerank(c, "m", view, "/rerank", family);
}

result<std::vector<ranked_document>> read(std::string_view body, std::size_t documents = 3) {
  json::reader reader;
  return read_ranking(*reader.parse(body), documents);
}

TEST(rerank, request) {
  auto e = write({.query = "q\"", .documents = {"a", ""}});
  ASSERT_TRUE(e) << e.error().message;
  EXPECT_EQ(e->request.body, R"({"model":"m","query":"q\"","documents":["a",""]})");
  EXPECT_EQ(e->request.target, "/rerank");
  e = write({.query = "q", .documents = {"a"}, .top_n = 2, .extra = {{"truncate", "true"}}},
            {quirk::rename{"top_n", "top_k"}, quirk::set_default{"temperature", "0"}});
  ASSERT_TRUE(e) << e.error().message;
  EXPECT_EQ(e->request.body,
            R"({"model":"m","query":"q","documents":["a"],"top_k":2,"truncate":true})");
}

TEST(rerank, requests_that_cannot_be_made) {
  for (const rerank_call& c :
       {rerank_call{.documents = {"a"}}, rerank_call{.query = "q"},
        rerank_call{.query = "q", .documents = {"a"}, .top_n = 0},
        rerank_call{.query = "q", .documents = {"a"}, .top_n = -1},
        rerank_call{.query = "q", .documents = {"a"}, .extra = {{"documents", "[]"}}},
        rerank_call{.query = "q", .documents = {"a"}, .top_n = 1, .extra = {{"top_n", "2"}}},
        rerank_call{.query = "q", .documents = {"a"}, .extra = {{"user", "1"}}}}) {
    const auto e = write(c);
    ASSERT_FALSE(e);
    EXPECT_EQ(e.error().code, errc::invalid_request);
  }
}

TEST(rerank, best_first_whatever_the_order_and_scores_as_they_are) {
  const auto r = read(R"({"results":[{"index":0,"relevance_score":-8.5},
      {"document":{"text":"x"},"index":2,"relevance_score":1},
      {"index":1,"relevance_score":-4.76}]})");
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(*r, (std::vector<ranked_document>{{2, 1.0}, {1, -4.76}, {0, -8.5}}));
  EXPECT_EQ(read(R"({"data":[{"index":1,"relevance_score":0.5}]})")->size(), 1u);
  EXPECT_TRUE(read(R"({"results":[]})")->empty());
}

TEST(rerank, what_is_no_ranking_of_the_documents) {
  for (const char* bad :
       {"{}", R"({"results":{}})", R"({"results":[1]})", R"({"results":[{"index":0}]})",
        R"({"results":[{"relevance_score":1}]})",
        R"({"results":[{"index":0,"relevance_score":"1"}]})",
        R"({"results":[{"index":3,"relevance_score":1}]})",
        R"({"results":[{"index":-1,"relevance_score":1}]})",
        R"({"results":[{"index":0.5,"relevance_score":1}]})",
        R"({"results":[{"index":1,"relevance_score":1},{"index":1,"relevance_score":2}]})"}) {
    const auto r = read(bad);
    ASSERT_FALSE(r) << bad;
    EXPECT_EQ(r.error().code, errc::protocol) << bad;
    EXPECT_EQ(r.error().retry, retry_class::maybe_billed) << bad;
  }
}

}  // namespace
}  // namespace ark::dialect
