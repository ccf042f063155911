#include "tests/unit/tokens/tokens_support.hpp"

namespace ark::test::tokens {
namespace {

struct a_folder : installed {};

TEST_F(a_folder, that_is_not_there_is_empty) {
  EXPECT_TRUE(all.names()->empty());
  EXPECT_TRUE(all.list()->empty());
  const auto none = all.open("o200k_base");
  EXPECT_EQ(none.error().code, errc::not_found);
  EXPECT_NE(none.error().message.find("ark tokens install o200k_base.tiktoken"), std::string::npos)
      << none.error().message;
}

TEST_F(a_folder, says_what_is_installed_and_what_is_near) {
  ASSERT_TRUE(all.install(toy_source()));
  EXPECT_NE(all.open("cl100k_base").error().message.find("installed: toy"), std::string::npos);
  EXPECT_NE(all.open("tox").error().message.find("did you mean \"toy\""), std::string::npos);
}

TEST_F(a_folder, is_never_left) {
  ASSERT_TRUE(all.install(toy_source()));
  EXPECT_EQ(all.open("../tokens/toy").error().code, errc::not_found);
  EXPECT_EQ(all.open("").error().code, errc::not_found);
}

TEST_F(a_folder, lists_what_is_damaged_as_such) {
  ASSERT_TRUE(all.install(toy_source()));
  ASSERT_TRUE(os::write_file(all.folder() + "/bad.bpe", "nonsense", 0600));
  ASSERT_TRUE(os::write_file(all.folder() + "/.hidden.bpe", "nonsense", 0600));
  ASSERT_TRUE(os::write_file(all.folder() + "/toy.bpe.Xk2", "nonsense", 0600));
  const auto found = all.list();
  ASSERT_EQ(found->size(), 2U);
  EXPECT_EQ((*found)[0].name, "bad");
  EXPECT_NE((*found)[0].problem, "");
  EXPECT_EQ((*found)[1].problem, "");
  const auto opened = all.open("bad");
  EXPECT_EQ(opened.error().code, errc::config);
  EXPECT_NE(opened.error().message.find("install it again"), std::string::npos);
}

TEST_F(a_folder, needs_no_facts_beside_a_vocabulary) {
  ASSERT_TRUE(all.install(toy_source()));
  ASSERT_TRUE(os::write_file(all.folder() + "/toy.json", "{", 0600));
  const auto found = all.list();
  EXPECT_EQ(found->front().source, "");
  EXPECT_EQ(found->front().problem, "");
}

TEST_F(a_folder, that_is_a_file_is_an_error) {
  const vocabularies wrong(write("file", "x"));
  EXPECT_EQ(wrong.names().error().code, errc::config);
  EXPECT_EQ(wrong.install(toy_source()).error().code, errc::config);
}

TEST_F(a_folder, opens_the_vocabulary_of_a_model) {
  ASSERT_TRUE(all.install(toy_source()));
  EXPECT_EQ(all.open_for({.id = "v/m", .encoding = "toy"})->encoding(), "toy");
}

TEST_F(a_folder, has_an_estimate_for_other_models_and_says_why) {
  const auto unknown = all.open_for({.id = "v/m"});
  ASSERT_TRUE(unknown);
  EXPECT_FALSE(unknown->exact());
  EXPECT_NE(unknown->why_estimate().find("not known which vocabulary v/m has"), std::string::npos);
  const auto missing = all.open_for({.id = "v/m", .encoding = "toy"});
  ASSERT_TRUE(missing);
  EXPECT_FALSE(missing->exact());
  EXPECT_NE(missing->why_estimate().find("toy, which is not installed"), std::string::npos);
}

TEST_F(a_folder, does_not_hide_a_damaged_vocabulary_behind_an_estimate) {
  ASSERT_TRUE(all.install(toy_source()));
  ASSERT_TRUE(os::write_file(all.folder() + "/toy.bpe", "nonsense", 0600));
  EXPECT_EQ(all.open_for({.id = "v/m", .encoding = "toy"}).error().code, errc::config);
}

TEST(vocabularies_of_the_user, lie_in_the_data_folder) {
  const auto found = vocabularies::of_user();
  const auto data = os::data_directory(os::real());
  ASSERT_EQ(found.has_value(), !data.empty());
  if (found) {
    EXPECT_EQ(found->folder(), data + "/tokens");
  }
}

}  // namespace
}  // namespace ark::test::tokens
