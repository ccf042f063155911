#include "nfc.hpp"

#include <gtest/gtest.h>

namespace bpe::test {
namespace {

TEST(nfc, composes) {
  EXPECT_EQ(to_nfc("e\u0301"), "é");
  EXPECT_EQ(to_nfc("a\u0323\u0307"), "\u1EA1\u0307");
  EXPECT_EQ(to_nfc("a\u0307\u0323"), "\u1EA1\u0307") << "marks are ordered";
  EXPECT_EQ(to_nfc("\u1100\u1161\u11A8"), "각");
  EXPECT_EQ(to_nfc("\u1100\u1161"), "가");
  EXPECT_EQ(to_nfc("가\u11A8"), "각");
  EXPECT_EQ(to_nfc("각\u11A8"), "각\u11A8");
  EXPECT_EQ(to_nfc("\u212B"), "Å") << "a singleton";
  EXPECT_EQ(to_nfc("\u0344"), "\u0308\u0301") << "excluded from composition";
  EXPECT_EQ(to_nfc("\u0958"), "\u0915\u093C");
  EXPECT_EQ(to_nfc("\uFB1D"), "\u05D9\u05B4");
  EXPECT_EQ(to_nfc("a\u0301\u0301"), "á\u0301");
  EXPECT_EQ(to_nfc("\U000105D2\u0307"), "\U000105C9") << "of Unicode 16";
}

TEST(nfc, leaves_bytes_that_are_not_utf8) {
  EXPECT_EQ(to_nfc("a\xFF\u0301"), "a\xFF\u0301");
  EXPECT_EQ(to_nfc("\xE4\xBD"), "\xE4\xBD");
}

TEST(nfc, knows_what_needs_no_work) {
  EXPECT_TRUE(nfc_inert("plain text, naïve, 你好, 각"));
  EXPECT_FALSE(nfc_inert("e\u0301"));
  EXPECT_FALSE(nfc_inert("\u212B"));
  EXPECT_FALSE(nfc_inert("\u1161"));
}

TEST(nfc, finds_the_last_border) {
  EXPECT_EQ(nfc_boundary("abc"), 2u);
  EXPECT_EQ(nfc_boundary("abe\u0301"), 2u);
  EXPECT_EQ(nfc_boundary("\u0301"), 0u);
}

}  // namespace
}  // namespace bpe::test
