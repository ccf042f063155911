#include "guard/personal.hpp"

#include <gtest/gtest.h>

namespace ark::testing {
namespace {

using guard::find_personal;
using guard::mask_personal;

TEST(personal_test, what_has_valid_check_digits_is_masked) {  // S13
  EXPECT_EQ(mask_personal("id 11010519491231002X, phone 13800138000, card 6222020200112230"),
            "id [cn_identity], phone [cn_mobile], card [bank_card]");
  EXPECT_EQ(mask_personal("身份证11010519491231002x。"), "身份证[cn_identity]。");
  EXPECT_EQ(mask_personal("tel +86 138-0013-8000;86 13800138000"), "tel [cn_mobile];[cn_mobile]");
  EXPECT_EQ(mask_personal("6222 0202 0011 2230"), "[bank_card]");
  EXPECT_EQ(mask_personal("code 91350100M000100Y43."), "code [cn_company].");
  EXPECT_EQ(mask_personal("<li.lei+x@mail.example.com>, a@b.cn"), "<[email]>, [email]");
}

TEST(personal_test, what_has_wrong_check_digits_stays) {  // S14
  for (const char* text :
       {"110105194912310021", "11010519491331002X", "6222020200112231", "91350100M000100Y44",
        "order 20261128000123456", "123456789012345678", "12800138000", "a@b", "@example.com",
        "1.5e10", "x11010519491231002X", "138001380001", "2026-11-28 10:00"})
    EXPECT_EQ(mask_personal(text), text);
}

TEST(personal_test, numbers_beside_each_other_are_told_apart) {
  EXPECT_EQ(mask_personal("13800138000 2 pieces"), "[cn_mobile] 2 pieces");
  EXPECT_EQ(mask_personal("13800138000,13900139000"), "[cn_mobile],[cn_mobile]");
  EXPECT_EQ(find_personal("").size(), 0u);
}

TEST(personal_test, any_bytes_are_text) {
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  EXPECT_EQ(mask_personal(all), all);
  EXPECT_EQ(mask_personal(std::string(100'000, '1')), std::string(100'000, '1'));
  EXPECT_EQ(mask_personal(std::string(100'000, '@')), std::string(100'000, '@'));
}

}  // namespace
}  // namespace ark::testing
