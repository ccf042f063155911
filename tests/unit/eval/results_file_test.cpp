#include "eval/results_file.hpp"

#include <gtest/gtest.h>
#include <fstream>
#include <sstream>

#include "temporary_directory.hpp"

namespace ark::eval {

namespace {
suite suite_with(std::string hash) {
  suite s;
  s.name = "s";
  s.hash = std::move(hash);
  return s;
}
row row_of(std::string id, row_status status = row_status::pass) {
  return {.prompt_id = "p", .model = "m", .case_id = std::move(id), .status = status};
}
std::string content(const std::string& path) {
  std::ifstream in(path);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}
}  // namespace

TEST(results_file, keeps_rows_between_runs) {
  const testing::temporary_directory folder;
  const std::string path = folder.file("r.jsonl");
  {
    auto f = results_file::open(path, suite_with("h"), false).value();
    ASSERT_TRUE(f.append(row_of("a", row_status::error)));
    ASSERT_TRUE(f.append(row_of("b")));
    ASSERT_TRUE(f.append(row_of("a")));
  }
  const auto f = results_file::open(path, suite_with("h"), false).value();
  ASSERT_EQ(f.rows().size(), 2u);
  EXPECT_EQ(f.rows()[0].case_id, "a");
  EXPECT_EQ(f.rows()[0].status, row_status::pass) << "the last row of a question counts";
}

TEST(results_file, a_torn_last_line_is_cut_off) {
  const testing::temporary_directory folder;
  const std::string path = folder.file("r.jsonl");
  {
    ASSERT_TRUE(results_file::open(path, suite_with("h"), false).value().append(row_of("a")));
  }
  const std::string whole = content(path);
  std::ofstream(path, std::ios::app) << to_json(row_of("b")).substr(0, 20);
  {
    auto f = results_file::open(path, suite_with("h"), false).value();
    EXPECT_EQ(f.rows().size(), 1u);
    EXPECT_EQ(content(path), whole);
    ASSERT_TRUE(f.append(row_of("b")));
  }
  EXPECT_EQ(results_file::open(path, suite_with("h"), false).value().rows().size(), 2u);
}

TEST(results_file, a_torn_header_is_written_anew) {
  const testing::temporary_directory folder;
  const std::string path = folder.file("r.jsonl");
  std::ofstream(path) << "{\"ark_eval\":1,\"sui";
  EXPECT_TRUE(results_file::open(path, suite_with("h"), false));
  EXPECT_NE(content(path).find("\"suite_hash\":\"h\""), std::string::npos);
}

TEST(results_file, another_suite_is_refused_and_fresh_begins_anew) {
  const testing::temporary_directory folder;
  const std::string path = folder.file("r.jsonl");
  {
    ASSERT_TRUE(results_file::open(path, suite_with("h"), false).value().append(row_of("a")));
  }
  const auto other = results_file::open(path, suite_with("i"), false);
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, errc::config);
  EXPECT_NE(content(path).find("\"case\":\"a\""), std::string::npos) << "nothing is lost";
  EXPECT_TRUE(results_file::open(path, suite_with("i"), true).value().rows().empty());
}

TEST(results_file, two_runs_never_write_one_file) {
  const testing::temporary_directory folder;
  const std::string path = folder.file("r.jsonl");
  const auto first = results_file::open(path, suite_with("h"), false);
  ASSERT_TRUE(first);
  EXPECT_FALSE(results_file::open(path, suite_with("h"), false));
}

TEST(results_file, damage_has_a_line) {
  const testing::temporary_directory folder;
  const std::string path = folder.file("r.jsonl");
  {
    ASSERT_TRUE(results_file::open(path, suite_with("h"), false));
  }
  std::ofstream(path, std::ios::app) << "noise\n";
  const auto r = results_file::open(path, suite_with("h"), false);
  ASSERT_FALSE(r);
  EXPECT_NE(r.error().message.find(path + ":2:"), std::string::npos);
  std::ofstream(folder.file("x")) << "some other file\n";
  EXPECT_FALSE(results_file::open(folder.file("x"), suite_with("h"), false));
  EXPECT_FALSE(results_file::open(folder.file("no/such/folder"), suite_with("h"), false));
}

}  // namespace ark::eval
