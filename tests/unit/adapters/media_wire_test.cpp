#include "media/media_wire.hpp"

#include "media_support.hpp"

namespace ark::test::media {
namespace {

namespace wire_of = adapters::media;

TEST(media_wire, a_chats_parameters_and_quirks_are_not_of_media) {
  vendor v{.name = "v"};
  v.parameters = {"top_k"};
  v.quirks = {quirk::add_header{"x-a", "1"}, quirk::rename{"n", "count"},
              quirk::add_query{"version", "2"}};
  v.media.parameters = {"size"};
  v.media.quirks = {quirk::rename{"size", "image_size"}};
  const wire_of::media_row row(v);
  EXPECT_TRUE(row.quirks().takes("size", {}));
  EXPECT_FALSE(row.quirks().takes("top_k", {}));
  EXPECT_EQ(row.quirks().wire_name("size"), "image_size");
  EXPECT_EQ(row.quirks().wire_name("n"), "n");
  EXPECT_EQ(row.quirks().target("/p"), "/p?version=2");
}

TEST(media_wire, an_operation_that_the_row_is_not_able_to_do) {
  vendor v{.name = "v"};
  const wire_of::media_row row(v);
  const wire_of::operation speech{"speech", "speech", v.media.speech_path, "/audio/speech"};
  EXPECT_EQ(wire_of::target_of(speech, "m", v, row.quirks()).value(), "/audio/speech");
  v.media.speech_path = "/tts";
  v.capabilities = {"speech"};
  EXPECT_EQ(wire_of::target_of(speech, "m", v, row.quirks()).value(), "/tts");
  v.capabilities = {"image"};
  const auto none = wire_of::target_of(speech, "m", v, row.quirks());
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, errc::unsupported);
  EXPECT_NE(none.error().message.find("speech"), std::string::npos);
}

TEST(media_wire, a_form_of_an_object) {
  const vendor v{.name = "v"};
  const wire_of::media_row row(v);
  const wire_of::form_file file{"file", "a.wav", "audio/wav", "libark-part-0-end"};
  result<dialect::encoded> made{dialect::encoded{}};
  ASSERT_TRUE(wire_of::put_form(*made, R"({"a":"x","n":2,"t":[0.5,"y"],"o":{"k":true}})",
                                {&file, 1}, row.quirks()));
  EXPECT_TRUE(has_field(made, "a", "x"));
  EXPECT_TRUE(has_field(made, "n", "2"));
  EXPECT_TRUE(has_field(made, "t[]", "0.5"));
  EXPECT_TRUE(has_field(made, "t[]", "y"));
  EXPECT_TRUE(has_field(made, "o", R"({"k":true})"));
  EXPECT_TRUE(has_file(made, "file", "a.wav", "audio/wav", "libark-part-0-end"));
  EXPECT_EQ(made->request.headers.front().value, "multipart/form-data; boundary=libark-part-1-end");
}

TEST(media_wire, images_by_url_and_by_bytes) {
  EXPECT_EQ(wire_of::url_of({.url = "https://a.test/i.png"}), "https://a.test/i.png");
  EXPECT_EQ(wire_of::url_of({.bytes = "abc", .media_type = "image/png"}),
            "data:image/png;base64,YWJj");
  EXPECT_TRUE(wire_of::check_image({.url = "u"}));
  EXPECT_FALSE(wire_of::check_image({}));
  EXPECT_FALSE(wire_of::check_image({.bytes = "abc"}));
}

TEST(media_wire, the_type_without_its_parameters) {
  EXPECT_EQ(wire_of::media_type_of({200, {{"Content-Type", "Audio/MPEG; rate=1"}}}), "audio/mpeg");
  EXPECT_EQ(wire_of::media_type_of({200, {}}), "");
  EXPECT_EQ(wire_of::subtype_of("image/png"), "png");
}

}  // namespace
}  // namespace ark::test::media
