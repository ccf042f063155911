#include "cli/help.hpp"

#include <gtest/gtest.h>
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <cstdlib>
#include <filesystem>
#include <set>

#include "os/os.hpp"

namespace ark::cli {
namespace {

const std::string folder = std::string{ARK_SOURCE_ROOT} + "/cli/doc";

void add(const command_text& what, std::string& out) {
  out += (out.empty() ? "" : "\n----\n\n") + help_text(what, {});
  for (const auto& each : what.verbs) add(each, out);
}

/// Name of the file in cli/doc and what must stand in it.
std::map<std::string, std::string> wanted() {
  const auto ark = describe_all();
  std::map<std::string, std::string> out{{"ark.txt", overview(ark)}};
  for (const auto& each : ark.verbs) add(each, out[each.name.substr(4) + ".txt"]);
  return out;
}

TEST(help, equals_cli_doc) {
  if (std::getenv("ARK_TEST_ACCEPT") != nullptr) {
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    for (const auto& [name, text] : wanted()) {
      ASSERT_TRUE(os::write_file(folder + "/" + name, text, 0644));
    }
    GTEST_SKIP() << "skipped: cli/doc was written anew; look at the change and commit it";
  }
  std::set<std::string> there;
  for (const auto& each : std::filesystem::directory_iterator(folder)) {
    there.insert(each.path().filename());
  }
  for (const auto& [name, text] : wanted()) {
    const auto file = os::read_file(folder + "/" + name, 1 << 20);
    ASSERT_TRUE(file) << name << " is missing; run with ARK_TEST_ACCEPT=1";
    EXPECT_EQ(*file, text) << "cli/doc/" << name << " is old; run with ARK_TEST_ACCEPT=1";
    there.erase(name);
  }
  EXPECT_TRUE(there.empty()) << *there.begin() << " is of no command";
}

TEST(help, lines_fit) {
  for (const auto& [name, text] : wanted()) {
    std::size_t begin = 0;
    while (begin < text.size()) {
      const auto end = text.find('\n', begin);
      const auto line = text.substr(begin, end - begin);
      // What is to be typed is not broken into lines.
      if (!line.starts_with("  ark") && line.find(" | ") == std::string::npos) {
        EXPECT_LE(line.size(), 100u) << name << ": " << line;
      }
      begin = end + 1;
    }
  }
}

TEST(help, choices_requirements_and_repetition_are_told) {
  CLI::App app{"Do it", "it"};
  std::string word;
  std::vector<std::string> many;
  const option_set set{app};
  set.add_option("-w,--word", word, "A word").type_name("WORD").required().one_of({"a", "b"});
  set.add_option("--more", many, "More").type_name("X");
  const auto text = help_text(describe(app, "ark"), {});
  EXPECT_NE(text.find("-w, --word WORD  A word (a, b) (required)"), std::string::npos) << text;
  EXPECT_NE(text.find("More (may come several times)"), std::string::npos) << text;
}

}  // namespace
}  // namespace ark::cli
