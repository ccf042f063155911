#include <gtest/gtest.h>
#include <ark/prompt.hpp>

#include <chrono>
#include <filesystem>
#include <fstream>

#include "prompt_store/kept_versions.hpp"
#include "prompt_store/prompt_folder.hpp"
#include "tests/support/temporary_directory.hpp"

namespace ark::prompt_store {
namespace {

namespace fs = std::filesystem;

class prompt_library_test : public ::testing::Test {
 protected:
  /// A file that was written a while ago.
  void write(const std::string& name, std::string_view text, int seconds_ago = 60) {
    const fs::path path = folder_.path() + "/" + name;
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
    fs::last_write_time(path, fs::file_time_type::clock::now() - std::chrono::seconds(seconds_ago));
  }
  prompt_library library() { return prompt_library::open({folder_.path()}).value(); }
  std::string text_of(const prompt_library& from, std::string_view name,
                      std::string_view selector = {}) {
    const auto found = from.get(name, selector);
    if (!found) return found.error().message;
    const auto made = found->render("{}");
    return made ? made->call.messages[0].text() : made.error().message;
  }

  testing::temporary_directory folder_;
};

TEST_F(prompt_library_test, prompts_are_found_by_name_in_the_first_folder_that_has_them) {
  write("a/greet.prompt", "from a");
  write("b/greet.prompt", "from b");
  write("b/support/refund.prompty", "---\nname: r\n---\nuser:\nhi");
  write("b/_part.prompt", "x");
  write("b/.hidden/x.prompt", "x");
  const auto all = prompt_library::open({folder_.path() + "/a", folder_.path() + "/b/"}).value();
  EXPECT_EQ(text_of(all, "greet"), "from a");
  EXPECT_EQ(text_of(all, "support/refund"), "hi");
  const auto list = all.list();
  ASSERT_EQ(list.size(), 2U);
  EXPECT_EQ(list[1].name, "support/refund");
  EXPECT_EQ(list[1].form, "prompty");
  EXPECT_NE(text_of(all, "greeet").find("did you mean \"greet\"?"), std::string::npos);
  EXPECT_EQ(all.get("../a/greet").error().code, errc::not_found);
}

TEST_F(prompt_library_test, what_it_includes_stays_below_its_folder) {
  write("secret.txt", "SECRET");
  write("p/rules/tone.txt", "be kind");
  write("p/a.prompt", "{% include 'rules/tone.txt' %}");
  write("p/b.prompt", "{% include '../secret.txt' %}");
  write("p/c.prompt", "{% include 'link.txt' %}");
  write("p/d.prompt", "{% include '/etc/hostname' %}");
  fs::create_symlink(folder_.path() + "/secret.txt", folder_.path() + "/p/link.txt");
  const auto all = prompt_library::open({folder_.path() + "/p"}).value();
  EXPECT_EQ(text_of(all, "a"), "be kind");
  for (const auto* each : {"b", "c", "d"}) {
    EXPECT_NE(text_of(all, each).find("there is no template"), std::string::npos) << each;
    EXPECT_EQ(text_of(all, each).find("SECRET"), std::string::npos) << each;
  }
}

TEST_F(prompt_library_test, a_label_stays_what_it_was_when_files_change) {
  write("greet.prompt", "{% include 'rules.txt' %} v1");
  write("rules.txt", "old");
  auto all = library();
  const auto first = all.set_label("greet", "production").value();
  write("greet.prompt", "{% include 'rules.txt' %} v2", 30);
  write("rules.txt", "new", 30);
  EXPECT_EQ(text_of(all, "greet"), "new v2");
  EXPECT_EQ(text_of(all, "greet", "production"), "old v1");
  EXPECT_EQ(text_of(all, "greet", first.substr(0, 8)), "old v1");
  const auto second = all.set_label("greet", "canary").value();
  EXPECT_NE(first, second);
  EXPECT_EQ(text_of(library(), "greet", "canary"), "new v2") << "for a new process too";
  const auto history = all.history("greet").value();
  ASSERT_EQ(history.size(), 2U);
  EXPECT_EQ(history[0].is_current + history[1].is_current, 1);
  EXPECT_EQ(all.set_label("greet", "production", "canary").value(), second);
  EXPECT_EQ(text_of(all, "greet", "production"), "new v2");
  ASSERT_TRUE(all.remove_label("greet", "canary"));
  EXPECT_NE(text_of(all, "greet", "canary").find("no label or version"), std::string::npos);
  EXPECT_FALSE(all.set_label("greet", "a/b"));
}

TEST_F(prompt_library_test, a_kept_version_that_was_changed_is_refused) {
  write("greet.prompt", "hello");
  auto all = library();
  const auto version = all.set_label("greet", "production").value();
  const std::string path = folder_.path() + "/.versions/greet/" + version + ".json";
  std::string text = (std::stringstream() << std::ifstream(path).rdbuf()).str();
  text.replace(text.find("hello"), 5, "HELLO");
  std::ofstream(path) << text;
  EXPECT_NE(text_of(all, "greet", "production").find("somebody changed it"), std::string::npos);
  std::ofstream(path) << "{";
  EXPECT_NE(text_of(all, "greet", "production").find("is damaged"), std::string::npos);
}

TEST_F(prompt_library_test, a_changed_file_is_read_again_when_it_has_settled) {
  write("a.prompt", "one");
  const auto all = library();
  EXPECT_EQ(text_of(all, "a"), "one");
  write("a.prompt", "tw", 0);
  EXPECT_EQ(text_of(all, "a"), "one") << "it may be half written";
  write("a.prompt", "two", 1);
  EXPECT_EQ(text_of(all, "a"), "two");
  write("a.prompt", "{% if %}", 1);
  EXPECT_EQ(text_of(all, "a"), "two") << "the last good one";
  EXPECT_FALSE(library().get("a")) << "who never had a good one is told";
}

TEST_F(prompt_library_test, what_it_includes_is_read_again_too) {
  write("a.prompt", "{% include 'b' %}");
  write("b.prompt", "one");
  const auto all = library();
  EXPECT_EQ(text_of(all, "a"), "one");
  write("b.prompt", "two", 30);
  EXPECT_EQ(text_of(all, "a"), "two");
}

TEST(prompt_folder, names_stay_below) {
  for (const auto* good : {"a", "a/b", "a-b_c.d/e1", "提示"}) EXPECT_TRUE(is_name(good)) << good;
  for (const auto* bad : {"", "/a", "a/", "a//b", "../a", "a/../b", ".a", "a/.b", "a b", "a\\b"})
    EXPECT_FALSE(is_name(bad)) << bad;
}

TEST(kept_versions, one_that_is_not_there) {
  testing::temporary_directory folder;
  const kept_versions none(folder.path() + "/x");
  EXPECT_TRUE(none.read_labels()->empty());
  EXPECT_TRUE(none.list().empty());
  EXPECT_EQ(none.load("abc").error().code, errc::not_found);
}

}  // namespace
}  // namespace ark::prompt_store
