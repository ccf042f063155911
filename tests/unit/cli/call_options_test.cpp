#include "cli/call_options.hpp"

#include <gtest/gtest.h>

#include "tests/unit/cli/bench.hpp"

namespace ark::cli {
namespace {

using namespace std::string_view_literals;

TEST(call_options, settings_and_flags_make_the_call) {
  settings all;
  all.values.set_model("auto");
  all.values.mutable_timeouts()->set_total_ms(1000);
  all.values.set_max_attempts(5);
  call_options o;
  o.tags = {"a=b=c", "d="};
  o.task = "t";
  call c;
  ASSERT_TRUE(apply(o, all, c));
  EXPECT_EQ(c.model, "auto");
  EXPECT_EQ(c.timeouts.total, std::chrono::milliseconds{1000});
  EXPECT_EQ(c.retry.max_attempts, 5);
  EXPECT_EQ(c.tags.at("a"), "b=c");
  EXPECT_EQ(c.task, "t");
  o.model = "x/y";
  o.timeout_s = 2.5;
  ASSERT_TRUE(apply(o, all, c));
  EXPECT_EQ(c.model, "x/y");
  EXPECT_EQ(c.timeouts.total, std::chrono::milliseconds{2500});
  for (const double extreme : {1e-9, 1e300}) {
    o.timeout_s = extreme;
    ASSERT_TRUE(apply(o, all, c));
    EXPECT_GT(c.timeouts.total, std::chrono::milliseconds{0});
  }
  o.tags = {"nothing"};
  EXPECT_FALSE(apply(o, all, c));
  o.tags.clear();
  o.model.clear();
  embed_call e;
  EXPECT_FALSE(apply(o, all, e));
  rerank_call r;
  EXPECT_FALSE(apply(o, all, r));
}

TEST(call_options, text_from_words_and_standard_input) {
  testing::cli_bench bench;
  output out{bench.out};
  const auto text = [&](const std::vector<std::string>& words, const std::string& piped) {
    input in{piped};
    context ctx{bench.machine, in, out, out};
    const auto t = text_of(ctx, words);
    return t ? *t : "error: " + t.error().message;
  };
  EXPECT_EQ(text({"a", "b"}, ""), "a b");
  EXPECT_EQ(text({"a", "b"}, "piped"), "a b\n\npiped");
  EXPECT_EQ(text({"-", "x"}, "piped"), "piped x");
  EXPECT_EQ(text({}, "piped"), "piped");
  EXPECT_EQ(text({"review:", "-"}, "diff"), "review:\n\ndiff");
  EXPECT_EQ(text({}, ""), "error: the text is empty");
  EXPECT_NE(text({}, "\xff\xfe").find("UTF-8"), std::string::npos);
}

TEST(call_options, texts_are_words_or_lines) {
  testing::cli_bench bench;
  output out{bench.out};
  const auto texts = [&](const std::vector<std::string>& words, bool by_line) {
    input in{"a b\n\nc\n"};
    context ctx{bench.machine, in, out, out};
    return *texts_of(ctx, words, by_line);
  };
  using list = std::vector<std::string>;
  EXPECT_EQ(texts({"x", "y"}, true), (list{"x", "y"}));
  EXPECT_EQ(texts({"-"}, true), (list{"a b", "c"}));
  EXPECT_EQ(texts({}, true), (list{"a b", "c"}));
  EXPECT_EQ(texts({}, false).size(), 1U);
}

TEST(call_options, json_from_a_file_or_the_command_line) {
  testing::temporary_directory folder;
  ASSERT_TRUE(os::write_file(folder.file("s.json"), "{\"a\":1}", 0600));
  ASSERT_TRUE(os::write_file(folder.file("bad.json"), "{\"a\":}", 0600));
  EXPECT_EQ(*json_argument(folder.file("s.json")), "{\"a\":1}");
  EXPECT_EQ(*json_argument(" {\"b\":2}"), " {\"b\":2}");
  EXPECT_NE(json_argument(folder.file("bad.json")).error().message.find("bad.json"),
            std::string::npos);
  EXPECT_FALSE(json_argument("{\"b\""));
  EXPECT_EQ(json_argument(folder.file("none")).error().code, errc::not_found);
}

TEST(call_options, images_are_known_by_their_bytes) {
  EXPECT_EQ(media_type_of("\x89PNG\r\n\x1a\n...."sv), "image/png");
  EXPECT_EQ(media_type_of("\xff\xd8\xff\xe0"sv), "image/jpeg");
  EXPECT_EQ(media_type_of("GIF89a.."sv), "image/gif");
  EXPECT_EQ(media_type_of("RIFF\x10\0\0\0WEBPVP8 "sv), "image/webp");
  EXPECT_EQ(media_type_of("RIFF\x10\0\0\0WAVEfmt "sv), "audio/wav");
  EXPECT_EQ(media_type_of("RIFF\x10\0\0\0AVI LIST"sv), "");
  EXPECT_EQ(media_type_of("ID3\x04"sv), "audio/mpeg");
  EXPECT_EQ(media_type_of("fLaC\0"sv), "audio/flac");
  EXPECT_EQ(media_type_of("OggS\0"sv), "audio/ogg");
  EXPECT_EQ(media_type_of("\0\0\0\x20"
                          "ftypM4A "sv),
            "audio/m4a");
  EXPECT_EQ(media_type_of("\0\0\0\x20"
                          "ftypisom"sv),
            "video/mp4");
  EXPECT_EQ(media_type_of("\x1a\x45\xdf\xa3"sv), "video/webm");
  EXPECT_EQ(media_type_of("%PDF-1.7"sv), "application/pdf");
  EXPECT_EQ(media_type_of("<svg/>"sv), "");
  EXPECT_EQ(media_type_of(""sv), "");
}

TEST(call_options, images_from_files_and_urls) {
  testing::temporary_directory folder;
  ASSERT_TRUE(os::write_file(folder.file("a.txt"), "\xff\xd8\xff\xe0", 0600));
  EXPECT_EQ(image_of(folder.file("a.txt"))->media_type, "image/jpeg");
  ASSERT_TRUE(os::write_file(folder.file("b.png"), "no image", 0600));
  EXPECT_FALSE(image_of(folder.file("b.png")));
  EXPECT_EQ(image_of("https://h/x.png")->url, "https://h/x.png");
  EXPECT_FALSE(image_of("file:///etc/passwd"));
}

TEST(call_options, tools_in_three_spellings) {
  const auto own =
      tools_of(R"({"name":"a","description":"d","parameters":{"type":"object"}})", "f");
  ASSERT_TRUE(own);
  EXPECT_EQ((*own)[0].parameters, R"({"type":"object"})");
  const auto wrapped =
      tools_of(R"([{"type":"function","function":{"name":"b","strict":true}}])", "f");
  ASSERT_TRUE(wrapped);
  EXPECT_EQ((*wrapped)[0].name, "b");
  EXPECT_TRUE((*wrapped)[0].strict);
  const auto other = tools_of(R"([{"name":"c","input_schema":{"type":"object","x":[1]}}])", "f");
  ASSERT_TRUE(other);
  EXPECT_EQ((*other)[0].parameters, R"({"type":"object","x":[1]})");
  EXPECT_EQ(tools_of("[{\"name\":\"a\"},{}]", "f").error().message,
            "f: tool 2: the tool has no name");
  EXPECT_FALSE(tools_of("[1]", "f"));
  EXPECT_FALSE(tools_of("{\"name\":\"a\",\"parameters\":1}", "f"));
}

}  // namespace
}  // namespace ark::cli
