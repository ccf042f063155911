#include "dialect/frame_driver.hpp"

#include <gtest/gtest.h>

namespace ark::dialect {
namespace {

/// A family of one letter: "t:..." is text, "!" ends, "?" is unknown, "x" corrupt, "e" an error.
class letter_decoder final : public stream_decoder {
 public:
  explicit letter_decoder(bool lenient) : lenient_(lenient) {}
  frame_kind feed(std::string_view, std::string_view data, reply_builder& out) override {
    if (data.starts_with("t:")) out.text(data.substr(2));
    if (data == "!") out.done();
    if (data == "e") out.fail({.code = errc::overloaded, .message = "the vendor is overloaded"});
    if (data == "?") return frame_kind::unknown;
    return data == "x" ? frame_kind::corrupt : frame_kind::known;
  }
  bool whole_at_end(reply_builder&) override { return lenient_; }

 private:
  bool lenient_;
};

class letter_dialect final : public dialect {
 public:
  explicit letter_dialect(framing how = framing::sse) : framing_(how) {}
  framing stream_framing() const override { return framing_; }
  std::string_view name() const override { return "letters"; }
  result<encoded> encode_chat(const call&, std::string_view, const vendor&, bool) const override {
    return error{.code = errc::unsupported};
  }
  result<reply> decode_chat(const answer&, const vendor&) const override {
    return error{.code = errc::unsupported};
  }
  std::unique_ptr<stream_decoder> open_stream(const vendor& v) const override {
    return std::make_unique<letter_decoder>(v.name == "lenient");
  }
  result<encoded> encode_embed(const embed_call&, std::string_view, const vendor&) const override {
    return error{.code = errc::unsupported};
  }
  result<embed_reply> decode_embed(const answer&, const vendor&) const override {
    return error{.code = errc::unsupported};
  }
  error decode_error(const answer&, const vendor&) const override { return {}; }
  std::string request_id(const wire::http_head&) const override { return {}; }

 private:
  framing framing_;
};

const letter_dialect family;

constexpr std::string_view whole_stream =
    ": ping\n\ndata: t:a\n\ndata: ?\n\nevent: named\ndata: ?\n\ndata: t:b\n\ndata: !\n\n";

TEST(frame_driver, reads_a_stream_in_one_piece_and_byte_by_byte) {
  const vendor v;
  for (const std::size_t piece : {whole_stream.size(), std::size_t{1}, std::size_t{7}}) {
    frame_driver driver(family, v, {});
    for (std::size_t at = 0; at < whole_stream.size(); at += piece)
      ASSERT_TRUE(driver.feed(whole_stream.substr(at, piece)));
    ASSERT_TRUE(driver.finish());
    EXPECT_EQ(driver.builder().reply().text(), "ab");
    EXPECT_EQ(driver.frames(), 5u);
    EXPECT_EQ(driver.content_frames(), 2u);
    ASSERT_EQ(driver.events().size(), 5u);
    EXPECT_EQ(driver.events()[1].kind, event_kind::unknown);
    EXPECT_EQ(driver.events()[1].name, "message");
    EXPECT_EQ(driver.events()[2].name, "named");
    EXPECT_EQ(driver.events().back().kind, event_kind::done);
  }
}

// P16
TEST(frame_driver, calls_an_end_without_terminal_truncated_and_keeps_what_came) {
  const vendor v;
  frame_driver driver(family, v, {});
  ASSERT_TRUE(driver.feed("data: t:a\n\n"));
  const auto end = driver.finish();
  ASSERT_FALSE(end);
  EXPECT_EQ(end.error().code, errc::truncated);
  EXPECT_NE(end.error().message.find("after 1 frames"), std::string::npos);
  EXPECT_EQ(driver.builder().reply().text(), "a");
  EXPECT_EQ(driver.events().size(), 1u);
  EXPECT_FALSE(driver.finish());
}

TEST(frame_driver, calls_a_frame_cut_in_the_middle_truncated) {
  const vendor v;
  frame_driver driver(family, v, {});
  ASSERT_TRUE(driver.feed("data: t:a\n\ndata: x"));
  EXPECT_EQ(driver.finish().error().code, errc::truncated);
}

TEST(frame_driver, takes_an_end_that_the_decoder_calls_whole) {
  vendor v;
  v.name = "lenient";
  frame_driver driver(family, v, {});
  ASSERT_TRUE(driver.feed("data: t:a\n\n"));
  ASSERT_TRUE(driver.finish());
  EXPECT_TRUE(driver.builder().is_done());
}

TEST(frame_driver, names_the_corrupt_frame) {
  const vendor v;
  frame_driver driver(family, v, {});
  const auto fed = driver.feed("data: t:a\n\ndata: x\n\ndata: t:b\n\n");
  ASSERT_FALSE(fed);
  EXPECT_EQ(fed.error().code, errc::protocol);
  EXPECT_NE(fed.error().message.find("frame 2"), std::string::npos);
  EXPECT_EQ(driver.builder().reply().text(), "a");
  EXPECT_FALSE(driver.feed("data: !\n\n"));
  EXPECT_FALSE(driver.builder().is_done());
}

TEST(frame_driver, stops_at_an_error_object) {
  const vendor v;
  frame_driver driver(family, v, {});
  const auto fed = driver.feed("data: e\n\ndata: t:b\n\n");
  ASSERT_FALSE(fed);
  EXPECT_EQ(fed.error().code, errc::overloaded);
  EXPECT_TRUE(driver.events().empty());
}

TEST(frame_driver, reads_an_error_that_stands_outside_of_the_frames) {
  const vendor v;
  frame_driver driver(family, v, {});
  ASSERT_TRUE(driver.feed("data: t:a\n\nerror:e\n"));
  const auto end = driver.finish();
  ASSERT_FALSE(end);
  EXPECT_EQ(end.error().code, errc::overloaded);
  EXPECT_EQ(driver.builder().reply().text(), "a");
}

TEST(frame_driver, what_else_stands_outside_changes_nothing) {
  const vendor v;
  frame_driver cut(family, v, {});
  ASSERT_TRUE(cut.feed("what is this\ndata: t:a\n\nx\n"));
  EXPECT_EQ(cut.finish().error().code, errc::truncated);
  frame_driver whole(family, v, {});
  ASSERT_TRUE(whole.feed("e\ndata: t:a\n\ndata: !\n\n"));
  EXPECT_TRUE(whole.finish());
}

TEST(frame_driver, reads_nothing_after_done) {
  const vendor v;
  frame_driver driver(family, v, {});
  ASSERT_TRUE(driver.feed("data: !\n\ndata: t:late\n\n"));
  ASSERT_TRUE(driver.feed("data: t:later\n\n"));
  ASSERT_TRUE(driver.finish());
  EXPECT_EQ(driver.builder().reply().text(), "");
  EXPECT_EQ(driver.events().size(), 1u);
  EXPECT_FALSE(driver.saw_content());
}

// P13
TEST(frame_driver, bounds_a_frame) {
  const vendor v;
  frame_driver::limits l;
  l.frame_bytes = 64;
  frame_driver driver(family, v, l);
  const auto fed = driver.feed("data: t:" + std::string(100, 'a'));
  ASSERT_FALSE(fed);
  EXPECT_EQ(fed.error().code, errc::too_large);
}

TEST(frame_driver, reads_lines_and_checked_messages) {
  const vendor v;
  const letter_dialect lines(framing::ndjson), messages(framing::event_stream);
  frame_driver by_line(lines, v, {});
  EXPECT_TRUE(by_line.feed("t:a\n?\nt:"));
  EXPECT_TRUE(by_line.feed("b\n!"));
  EXPECT_TRUE(by_line.finish());
  EXPECT_EQ(by_line.builder().reply().text(), "ab");
  EXPECT_EQ(by_line.frames(), 4u);

  // No headers, the payload "t:a"; its checksums are zlib's.
  const std::string_view message(
      "\000\000\000\023\000\000\000\000\102\142\062\073t:a\212\322\055\227", 19);
  frame_driver checked(messages, v, {});
  EXPECT_TRUE(checked.feed(message));
  EXPECT_EQ(checked.builder().reply().text(), "a");
  std::string changed(message);
  changed[13] = ';';
  const auto bad = checked.feed(changed);
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().code, errc::protocol);
  EXPECT_NE(bad.error().message.find("message 2 of the event stream"), std::string::npos);
}

}  // namespace
}  // namespace ark::dialect
