#include "client/prepare.hpp"
#include "task_client.hpp"

#include <gtest/gtest.h>

namespace ark::testing {
namespace {

TEST(prepare_media, calls_that_say_nothing_are_refused) {
  const task_client t;
  const auto code = [](const auto& p) { return p ? errc::internal : p.error().code; };
  EXPECT_EQ(code(prepare_image(*t.parts, {.model = "toy/m1"})), errc::invalid_request);
  EXPECT_EQ(code(prepare_image(*t.parts, {.model = "toy/m1", .prompt = "x", .n = 0})),
            errc::invalid_request);
  EXPECT_EQ(code(prepare_video(*t.parts, {.model = "toy/m1"})), errc::invalid_request);
  EXPECT_EQ(code(prepare_video(*t.parts, {.model = "toy/m1", .prompt = "x", .duration_s = 0})),
            errc::invalid_request);
  EXPECT_EQ(code(prepare_video(*t.parts, {.prompt = "x"})), errc::invalid_request);
  EXPECT_EQ(code(prepare_speech(*t.parts, {.model = "toy/m1"})), errc::invalid_request);
  EXPECT_EQ(code(prepare_transcription(*t.parts, {.model = "toy/m1"})), errc::invalid_request);
  EXPECT_EQ(code(prepare_moderation(*t.parts, {.model = "toy/m1"})), errc::invalid_request);
}

TEST(prepare_media, images_and_videos_are_of_the_families_that_the_row_names) {
  const task_client t;
  const video_call film{.model = "toy/m1", .prompt = "x"};
  EXPECT_TRUE(prepare_video(*t.parts, film));
  t.book->row.video_dialect = "nobodys";
  EXPECT_EQ(prepare_video(*t.parts, film).error().code, errc::config);
  EXPECT_TRUE(prepare_image(*t.parts, {.model = "toy/m1", .prompt = "x"}));
  t.book->row.video_dialect.clear();
  EXPECT_EQ(prepare_video(*t.parts, film).error().message, "toy has no video here");
  EXPECT_EQ(prepare_speech(*t.parts, {.model = "toy/m1", .input = "x"}).error().code,
            errc::unsupported);
}

TEST(prepare_media, prices_see_what_a_video_is_made_with) {
  const task_client t;
  const auto p = prepare_video(*t.parts, {.model = "toy/m1",
                                          .prompt = "x",
                                          .resolution = "720p",
                                          .extra = {{"generate_audio", "true"}, {"q", "\"hd\""}}});
  ASSERT_TRUE(p);
  const std::vector<std::pair<std::string, std::string>> wanted{
      {"generate_audio", "true"}, {"q", "hd"}, {"resolution", "720p"}};
  EXPECT_EQ(p->basis.context.attributes, wanted);
  EXPECT_EQ(p->basis.quote.status, cost_status::unknown) << "nobody says how long it is";
}

TEST(prepare_media, an_earlier_task_needs_nothing_but_its_id_and_is_free) {
  const task_client t;
  const auto p = prepare_video(*t.parts, {.model = "toy/m1", .task_id = "v1"});
  ASSERT_TRUE(p) << p.error().message;
  EXPECT_EQ(p->request.method, "GET");
  EXPECT_EQ(p->request.target, "/v1/tasks/v1");
  EXPECT_EQ(p->task_id, "v1");
  EXPECT_TRUE(p->free_of_charge);
}

}  // namespace
}  // namespace ark::testing
