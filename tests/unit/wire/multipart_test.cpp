#include "wire/multipart.hpp"

#include <gtest/gtest.h>

namespace ark::wire {
namespace {

TEST(multipart, a_form_with_a_file) {
  multipart_form form("xYz");
  form.add_field("purpose", "fine-tune").add_file("file", "a.jsonl", "", "{}\n");
  EXPECT_EQ(form.content_type(), "multipart/form-data; boundary=xYz");
  EXPECT_EQ(form.finish().value(),
            "--xYz\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nfine-tune\r\n"
            "--xYz\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.jsonl\"\r\n"
            "Content-Type: application/octet-stream\r\n\r\n{}\n\r\n--xYz--\r\n");
}

TEST(multipart, names_cannot_leave_their_quotes) {
  multipart_form form("b");
  form.add_file("a\"; x=\"", "c\r\nEvil: 1\".txt", "text/plain", "");
  const std::string body = form.finish().value();
  EXPECT_NE(body.find("name=\"a%22; x=%22\""), std::string::npos);
  EXPECT_NE(body.find("filename=\"c%0D%0AEvil: 1%22.txt\""), std::string::npos);
}

TEST(multipart, refuses_what_would_break_the_frame) {
  EXPECT_FALSE(multipart_form("").finish());
  EXPECT_FALSE(multipart_form("a b").finish());
  EXPECT_FALSE(multipart_form("a\r\n").finish());
  EXPECT_FALSE(multipart_form(std::string(71, 'a')).finish());
  EXPECT_TRUE(multipart_form(std::string(70, 'a')).finish());
  EXPECT_FALSE(multipart_form("cut").add_field("a", "text --cut text").finish());
  EXPECT_TRUE(multipart_form("cut").add_field("a", "text -cut text").finish());
  EXPECT_FALSE(multipart_form("b").add_file("f", "n", "text/plain\r\nX: 1", "").finish());
}

}  // namespace
}  // namespace ark::wire
