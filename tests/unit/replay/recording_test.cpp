#include "replay/replay.hpp"

#include <gtest/gtest.h>

using namespace ark;

namespace {

TEST(recording, reads_what_it_needs_and_ignores_the_rest) {
  const auto r = replay::read_recording(
      R"({"provider":"acme","op":"chat","tags":["x"],"method":"POST","url":"https://a.test/v1/x",
          "status":201,"request_body":"q","response_body":"héllo","chunk_lengths":[2,4],
          "response_headers":{"Content-Type":"text/plain","set":["1","2"]}})",
      "dir/file.json");
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->file, "dir/file.json");
  EXPECT_EQ(r->head.status, 201);
  EXPECT_EQ(r->body, "h\xC3\xA9llo");
  EXPECT_EQ(r->request_body, "q");
  EXPECT_EQ(wire::find_header(r->head.headers, "content-type"), "text/plain");
  EXPECT_EQ(r->head.headers.size(), 3u);
  EXPECT_EQ(r->chunk_lengths, (std::vector<std::size_t>{2, 4}));
}

TEST(recording, bodies_may_be_base64) {
  const auto r = replay::read_recording(
      R"({"provider":"a","url":"u","status":200,"response_body_base64":"AAH/"})", "f");
  ASSERT_TRUE(r);
  EXPECT_EQ(r->body, std::string("\x00\x01\xFF", 3));
}

TEST(recording, errors_name_the_file_and_the_member) {
  const auto message = [](const char* json) {
    const auto r = replay::read_recording(json, "f.json");
    return r ? std::string("no error") : r.error().message;
  };
  EXPECT_NE(message("{").find("f.json: "), std::string::npos);
  EXPECT_NE(message("[]").find("JSON object"), std::string::npos);
  EXPECT_NE(message(R"({"provider":"a","url":"u"})").find("\"status\""), std::string::npos);
  EXPECT_NE(message(R"({"provider":"a","url":"u","status":"200"})").find("\"status\""),
            std::string::npos);
  EXPECT_NE(message(R"({"url":"u","status":200})").find("\"provider\""), std::string::npos);
  EXPECT_NE(message(R"({"provider":"a","status":200})").find("\"url\""), std::string::npos);
  EXPECT_NE(message(R"({"provider":"a","url":"u","status":200,"response_body_base64":"%"})")
                .find("response_body_base64"),
            std::string::npos);
}

}  // namespace
