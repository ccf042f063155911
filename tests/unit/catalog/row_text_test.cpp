#include "catalog/row_text.hpp"

#include "tests/support/temporary_directory.hpp"

#include <google/protobuf/wrappers.pb.h>
#include <gtest/gtest.h>

#include <fstream>

namespace ark::catalog {
namespace {

TEST(RowText, ReadsAMessage) {
  google::protobuf::StringValue row;
  ASSERT_TRUE(parse_row_text("value: \"hi\"", "f", row, nullptr).has_value());
  EXPECT_EQ(row.value(), "hi");
}

TEST(RowText, TheFirstErrorIsNamedByFileAndLine) {
  google::protobuf::StringValue row;
  const auto r = parse_row_text("value: \"hi\"\nother: 1\nmore: 2", "row.textproto", row, nullptr);
  ASSERT_FALSE(r.has_value());
  EXPECT_EQ(r.error().code, errc::config);
  EXPECT_EQ(r.error().message.rfind("row.textproto:2: ", 0), 0U) << r.error().message;
}

TEST(RowText, FilesComeInOrderOfNames) {
  const ark::testing::temporary_directory folder;
  for (const char* name : {"/b.textproto", "/a.textproto", "/c.yaml"})
    std::ofstream(folder.path() + name) << "x";
  const auto files = row_files(folder.path());
  ASSERT_TRUE(files.has_value());
  EXPECT_EQ(*files, (std::vector<std::string>{folder.path() + "/a.textproto",
                                              folder.path() + "/b.textproto"}));
  EXPECT_EQ(row_files(folder.path() + "/none").error().code, errc::not_found);
}

}  // namespace
}  // namespace ark::catalog
