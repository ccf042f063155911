#include "../../support/stream_laws.hpp"
#include "dialect/bedrock/bedrock_converse.hpp"
#include "dialect/bedrock_invoke/bedrock_invoke.hpp"
#include "dialect/gemini/gemini_content.hpp"
#include "job/gemini_jobs.hpp"
#include "media/bfl_images.hpp"
#include "media/gemini_videos.hpp"
#include "support.hpp"

#include <gtest/gtest.h>

using namespace ark;
using ark::test::run_acme;

namespace {

TEST(replay, a_whole_reply) {
  const auto r = run_acme(test::acme_recording(
      R"({"id":"m","model":"a","content":[{"type":"text","text":"hi"}],"stop_reason":"end_turn"})"));
  EXPECT_EQ(r.outcome, replay::outcome::reply);
  EXPECT_EQ(r.reply.text(), "hi");
  EXPECT_EQ(r.vendor, "acme");
  EXPECT_EQ(r.dialect, "anthropic_messages");
  EXPECT_FALSE(r.streamed);
}

TEST(replay, a_stream_keeps_its_laws_however_it_is_fed) {
  const auto recording =
      test::acme_recording(test::acme_stream, "text/event-stream; charset=utf-8");
  const auto whole = run_acme(recording);
  EXPECT_EQ(whole.outcome, replay::outcome::reply);
  EXPECT_EQ(whole.reply.text(), "hé");
  EXPECT_EQ(test::stream_laws::broken(whole.events, false, &whole.reply),
            std::vector<std::string>{});
  const std::string expected = replay::to_json(whole);
  EXPECT_EQ(replay::to_json(run_acme(recording, {.piece_bytes = 1})), expected);
  for (std::size_t at = 1; at < recording.body.size(); ++at)
    ASSERT_EQ(replay::to_json(run_acme(recording, {.first_bytes = at})), expected) << at;
}

TEST(replay, a_stream_cut_before_its_end_is_truncated) {
  const auto recording = test::acme_recording(test::acme_stream, "text/event-stream");
  const auto ends = replay::frame_ends(recording.body);
  ASSERT_EQ(ends.size(), 7u);
  EXPECT_EQ(ends.back(), recording.body.size());
  for (std::size_t i = 0; i + 1 < ends.size(); ++i) {
    const auto r = run_acme(recording, {.keep = ends[i]});
    ASSERT_EQ(r.outcome, replay::outcome::error) << i;
    EXPECT_EQ(r.error->code, errc::truncated) << i;
    EXPECT_EQ(test::stream_laws::broken(r.events, true, &r.reply), std::vector<std::string>{});
  }
}

TEST(replay, recorded_pieces_are_used_when_they_add_up) {
  auto recording = test::acme_recording(test::acme_stream, "text/event-stream");
  recording.chunk_lengths = {10, recording.body.size() - 10};
  EXPECT_EQ(run_acme(recording).outcome, replay::outcome::reply);
  recording.chunk_lengths = {0, 3};
  EXPECT_EQ(run_acme(recording).outcome, replay::outcome::reply);
}

TEST(replay, a_lost_content_type_is_told_by_the_body) {
  auto recording = test::acme_recording(test::acme_stream);
  recording.head.headers.clear();
  EXPECT_TRUE(run_acme(recording).streamed);
}

TEST(replay, a_lost_content_type_of_binary_messages_is_told_by_a_prelude) {
  auto r = test::acme_recording("");
  r.head.headers.clear();
  r.url = "https://acme.test/model/m/converse-stream";
  const dialect::dialect_list dialects({&adapters::bedrock_converse()});
  vendor row = test::acme();
  row.dialect = "bedrock_converse";
  r.body = std::string("\0\0\0\020\0\0\0\0\005\302H\353}\230\310\377", 16);
  EXPECT_TRUE(replay::run_as(r, dialects, row).streamed);
  r.body = R"({"message":"m"})";
  EXPECT_FALSE(replay::run_as(r, dialects, row).streamed);
}

/// A recording of what the generateContent platform keeps.
replay::replay_result run_job(const std::string& method, const std::string& path,
                              std::string body) {
  auto r = test::acme_recording(std::move(body));
  r.method = method;
  r.url = "https://g.test" + path;
  const dialect::dialect_list dialects({&adapters::gemini_content()}, {},
                                       {&adapters::gemini_jobs()});
  vendor row;
  row.name = "gemini";
  row.dialect = "gemini_content";
  row.job_dialect = "gemini_jobs";
  row.base_url = "https://g.test/v1beta";
  return replay::run_as(r, dialects, row);
}

TEST(replay, the_second_step_of_an_exchange_has_the_path_of_the_first) {
  for (const char* method : {"POST", "PUT"}) {
    const auto r =
        run_job(method, "/upload/v1beta/files?upload_id=u", R"({"file":{"name":"files/a"}})");
    EXPECT_EQ(r.outcome, replay::outcome::reply) << method;
    EXPECT_EQ(r.items, std::vector<std::string>{"files/a"}) << method;
  }
  EXPECT_EQ(run_job("PUT", "/upload/v1beta/stores/x:upload", "{}").outcome,
            replay::outcome::unsupported);
}

TEST(replay, a_path_below_an_id_is_another_interfaces) {
  EXPECT_EQ(run_job("GET", "/v1beta/models/m", R"({"name":"models/m"})").items,
            std::vector<std::string>{"m"});
  EXPECT_EQ(run_job("GET", "/v1beta/models/m/operations/o", R"({"name":"o"})").outcome,
            replay::outcome::unsupported);
}

TEST(replay, caches_are_items_and_a_new_one_has_usage) {
  const auto r = run_job("POST", "/v1beta/cachedContents",
                         R"({"name":"cachedContents/c","usageMetadata":{"totalTokenCount":7}})");
  EXPECT_EQ(r.items, std::vector<std::string>{"cachedContents/c"});
  EXPECT_EQ(r.reply.usage.input, 7);
  EXPECT_EQ(
      run_job("PATCH", "/v1beta/cachedContents/c?updateMask=ttl", R"({"name":"cachedContents/c"})")
          .items,
      std::vector<std::string>{"cachedContents/c"});
  EXPECT_EQ(run_job("DELETE", "/v1beta/cachedContents/c", "{}").outcome, replay::outcome::reply);
}

/// Of "acme", whose images and videos are made in the background.
replay::replay_result run_task(std::string method, std::string path, std::string body) {
  vendor v = test::acme();
  v.media_dialect = "bfl_images";
  v.video_dialect = "gemini_videos";
  auto r = test::acme_recording(std::move(body));
  r.method = std::move(method);
  r.url = "https://acme.test/v1" + path;
  const dialect::dialect_list dialects({&adapters::anthropic_messages()},
                                       {&adapters::bfl_images(), &adapters::gemini_videos()});
  return replay::run(r, dialects, {&v});
}

TEST(replay, a_task_is_what_begins_it_and_what_is_asked_about_it) {
  const auto begun =
      run_task("POST", "/flux-dev", R"({"id":"7","polling_url":"https://e.test/7"})");
  EXPECT_EQ(begun.op, "image");
  EXPECT_EQ(begun.items, std::vector<std::string>{"https://e.test/7"});
  EXPECT_EQ(begun.notes, std::vector<std::string>{"the vendor is making it"});
  const auto running = run_task("GET", "/get_result?id=7", R"({"id":"7","status":"Pending"})");
  EXPECT_EQ(running.op, "task");
  EXPECT_EQ(running.outcome, replay::outcome::reply);
  EXPECT_TRUE(running.items.empty());
  const auto done = run_task("GET", "/get_result?id=7",
                             R"({"status":"Ready","result":{"sample":"https://e.test/s"}})");
  EXPECT_EQ(done.items, std::vector<std::string>{"https://e.test/s"});
  EXPECT_EQ(run_task("GET", "/get_result?id=7", R"({"status":"Error"})").outcome,
            replay::outcome::error);
  const auto video = run_task("GET", "/models/veo/operations/o1", R"({"name":"operations/o1"})");
  EXPECT_EQ(video.items, std::vector<std::string>{"operations/o1"});
  EXPECT_EQ(run_task("GET", "/elsewhere/7", "{}").outcome, replay::outcome::unsupported);
  EXPECT_EQ(run_task("GET", "/v2/get_result", "{}").outcome, replay::outcome::unsupported);
}

TEST(replay, what_a_family_does_not_read_is_unsupported) {
  auto r = test::acme_recording(R"({"answer":"a"})");
  r.url = "https://acme.test/model/m/invoke";
  const dialect::dialect_list dialects({&adapters::bedrock_invoke()});
  vendor row = test::acme();
  row.dialect = "bedrock_invoke";
  const auto out = replay::run_as(r, dialects, row);
  EXPECT_EQ(out.outcome, replay::outcome::unsupported);
  EXPECT_FALSE(out.error);
  ASSERT_FALSE(out.notes.empty());
}

TEST(replay, errors_have_the_recorded_status) {
  auto recording = test::acme_recording(
      R"({"type":"error","error":{"type":"not_found_error","message":"no such model"}})");
  recording.head.status = 404;
  const auto r = run_acme(recording);
  ASSERT_EQ(r.outcome, replay::outcome::error);
  EXPECT_EQ(r.error->code, errc::not_found);
  EXPECT_EQ(r.error->http_status, 404);
}

TEST(replay, what_is_not_known_is_unsupported_with_a_reason) {
  const auto reason = [](replay::recording r) {
    const auto got = run_acme(r);
    EXPECT_EQ(got.outcome, replay::outcome::unsupported);
    return got.notes.size() == 1 ? got.notes.front() : std::string{};
  };
  auto r = test::acme_recording("{}");
  r.provider = "other";
  EXPECT_NE(reason(r).find("\"other\""), std::string::npos);
  r = test::acme_recording("{}");
  r.url = "https://acme.test/v1/messages/batches";
  EXPECT_NE(reason(r).find("/v1/messages/batches"), std::string::npos);
  r = test::acme_recording("{}");
  r.method = "GET";
  EXPECT_NE(reason(r).find("GET"), std::string::npos);
}

TEST(replay, a_row_may_have_a_longer_name_than_the_provider) {
  vendor one = test::acme(), two = test::acme();
  one.name = "acme-compatible";
  two.name = "acme-other";
  two.chat_path = "/elsewhere";
  const dialect::dialect_list dialects({&adapters::anthropic_messages()});
  auto r = test::acme_recording(R"({"content":[]})");
  EXPECT_EQ(replay::run(r, dialects, {&one}).vendor, "acme-compatible");
  EXPECT_EQ(replay::run(r, dialects, {&two, &one}).vendor, "acme-compatible");
  r.url = "https://acme.test/elsewhere";
  EXPECT_EQ(replay::run(r, dialects, {&two, &one}).vendor, "acme-other");
  EXPECT_EQ(replay::run(r, dialects, {&one}).outcome, replay::outcome::unsupported);
  EXPECT_EQ(replay::run(r, dialect::dialect_list({}), {&one}).outcome,
            replay::outcome::unsupported);
}

/// The messages family behind a path with the model in it.
class path_dialect final : public dialect::dialect {
 public:
  std::string_view name() const override { return "paths"; }
  result<ark::dialect::encoded> encode_chat(const call&, std::string_view model, const vendor&,
                                            bool stream) const override {
    ark::dialect::encoded out;
    out.request.target = "/models/" + std::string(model) + (stream ? ":stream?alt=sse" : ":make");
    return out;
  }
  result<reply> decode_chat(const ark::dialect::answer& a, const vendor& v) const override {
    return base_.decode_chat(a, v);
  }
  std::unique_ptr<ark::dialect::stream_decoder> open_stream(const vendor& v) const override {
    return base_.open_stream(v);
  }
  result<ark::dialect::encoded> encode_embed(const embed_call& c, std::string_view model,
                                             const vendor&) const override {
    ark::dialect::encoded out;
    out.request.target =
        "/models/" + std::string(model) + (c.input.size() > 1 ? ":embedMany" : ":embed");
    return out;
  }
  result<embed_reply> decode_embed(const ark::dialect::answer&, const vendor&) const override {
    return embed_reply{};
  }
  result<ark::dialect::encoded> encode_rerank(const rerank_call&, std::string_view,
                                              const vendor&) const override {
    ark::dialect::encoded out;
    out.request.target = "/rank";
    return out;
  }
  result<rerank_reply> decode_rerank(const ark::dialect::answer&, const vendor&,
                                     std::size_t documents) const override {
    rerank_reply made;
    made.results = {{documents, 1.0}};
    made.model = "r";
    return made;
  }
  error decode_error(const ark::dialect::answer& a, const vendor& v) const override {
    return base_.decode_error(a, v);
  }
  std::string request_id(const wire::http_head&) const override { return {}; }

 private:
  const ark::dialect::dialect& base_ = adapters::anthropic_messages();
};

TEST(replay, a_model_may_stand_in_the_path) {
  const path_dialect paths;
  const dialect::dialect_list dialects({&paths});
  vendor row = test::acme();
  row.dialect = "paths";
  const auto op = [&](const std::string& path) {
    auto r = test::acme_recording(R"({"content":[]})");
    r.url = "https://acme.test/v1" + path;
    const auto out = replay::run(r, dialects, {&row});
    return out.outcome == replay::outcome::unsupported ? "" : out.op;
  };
  EXPECT_EQ(op("/models/big-1.5:make?key=x"), "chat");
  EXPECT_EQ(op("/projects/p/models/org%2Fbig:stream"), "chat");
  EXPECT_EQ(op("/models/small:embed"), "embeddings");
  EXPECT_EQ(op("/models/small:embedMany"), "embeddings");
  EXPECT_EQ(op("/models/:make"), "");
  EXPECT_EQ(op("/models/big:count"), "");
  EXPECT_EQ(op("/files/big:make"), "");
}

TEST(replay, a_ranking_knows_how_many_documents_were_sent) {
  const path_dialect paths;
  const dialect::dialect_list dialects({&paths});
  vendor row = test::acme();
  row.dialect = std::string(paths.name());
  auto r = test::acme_recording("{}");
  r.url = "https://acme.test/v1/rank";
  const auto documents = [&] {
    const auto out = replay::run_as(r, dialects, row);
    EXPECT_EQ(out.op, "rerank");
    EXPECT_EQ(out.reply.model, "r");
    EXPECT_NE(replay::to_json(out).find(R"("score":1)"), std::string::npos);
    return out.ranking.at(0).index;
  };
  r.request_body = R"({"documents":["a","b"]})";
  EXPECT_EQ(documents(), 2U);
  r.request_body = "";
  EXPECT_EQ(documents(), SIZE_MAX);
}

TEST(replay, a_row_can_be_named_whatever_the_provider) {
  auto r = test::acme_recording(R"({"content":[]})");
  r.provider = "stranger";
  const vendor row = test::acme();
  const dialect::dialect_list dialects({&adapters::anthropic_messages()});
  EXPECT_EQ(replay::run(r, dialects, {&row}).outcome, replay::outcome::unsupported);
  const auto named = replay::run_as(r, dialects, row);
  EXPECT_EQ(named.outcome, replay::outcome::reply);
  EXPECT_EQ(named.vendor, "acme");
  r.url = "https://acme.test/v1/models";
  EXPECT_EQ(replay::run_as(r, dialects, row).outcome, replay::outcome::unsupported);
}

TEST(replay, frame_ends_of_all_three_line_ends) {
  EXPECT_EQ(replay::frame_ends("a\n\nb\r\n\r\nc\r\rd\n"), (std::vector<std::size_t>{3, 8, 11}));
  EXPECT_EQ(replay::frame_ends("\n\na"), (std::vector<std::size_t>{2}));
  EXPECT_TRUE(replay::frame_ends("").empty());
  EXPECT_EQ(replay::frame_ends("{}\n{}", dialect::framing::ndjson), (std::vector<std::size_t>{3}));
  // An empty message: 16 bytes with their two checksums.
  const std::string empty("\0\0\0\020\0\0\0\0\005\302H\353}\230\310\377", 16);
  EXPECT_EQ(replay::frame_ends(empty + empty + "x", dialect::framing::event_stream),
            (std::vector<std::size_t>{16, 32}));
}

}  // namespace
