#include "dialect/embeddings.hpp"

#include <gtest/gtest.h>

namespace ark::dialect {
namespace {

using vectors = std::vector<std::vector<float>>;

/// The vectors of a list of {i, v}; nothing if it is refused.
std::optional<vectors> indexed(std::string_view json) {
  json::reader reader;
  const auto root = reader.parse(json);
  EXPECT_TRUE(root) << json;
  vectors out;
  if (!root || !read_indexed_vectors(*root, {"i", "v"}, out)) return std::nullopt;
  return out;
}

TEST(embeddings, the_index_says_the_place) {
  EXPECT_EQ(indexed(R"([{"i":1,"v":[3]},{"i":0,"v":[1,2.5]}])"), (vectors{{1, 2.5}, {3}}));
  EXPECT_EQ(indexed(R"([{"v":[1]},{"v":[2]}])"), (vectors{{1}, {2}}));
  EXPECT_EQ(indexed("[]"), vectors{});
}

TEST(embeddings, what_is_no_list_of_vectors_is_refused) {
  for (const char* bad :
       {R"([{"i":0,"v":[1]},{"i":0,"v":[2]}])", R"([{"i":1,"v":[1]}])", R"([{"i":-1,"v":[1]}])",
        R"([{"i":0}])", R"([{"i":0,"v":["x"]}])", R"([{"i":0,"v":3}])", "{}", "[3]"})
    EXPECT_FALSE(indexed(bad)) << bad;
}

TEST(embeddings, lists_of_lists) {
  json::reader reader;
  vectors out;
  EXPECT_TRUE(read_vectors(*reader.parse("[[1],[2,3]]"), out));
  EXPECT_EQ(out, (vectors{{1}, {2, 3}}));
  out.clear();
  EXPECT_FALSE(read_vectors(*reader.parse("[[1],2]"), out));
}

TEST(embeddings, calls_that_cannot_be_made) {
  vendor v;
  v.name = "shop";
  EXPECT_TRUE(check_embed({.input = {"a"}}, v));
  const embed_call picture{.parts = {{image_url("https://h/i"), text_part{"a"}}}};
  EXPECT_EQ(check_embed(picture, v).error().code, errc::unsupported);
  EXPECT_TRUE(check_embed(picture, v, true));
  EXPECT_EQ(check_embed({.input = {"a"}, .parts = {{}}}, v, true).error().code,
            errc::invalid_request);
  EXPECT_EQ(check_embed({.parts = {{reasoning_part{}}}}, v, true).error().code,
            errc::invalid_request);
  EXPECT_EQ(check_embed({}, v).error().code, errc::invalid_request);
  v.embed_path = "-";
  EXPECT_EQ(check_embed({.input = {"a"}}, v).error().code, errc::unsupported);
}

}  // namespace
}  // namespace ark::dialect
