#include "interactions_support.hpp"

namespace ark::test::interactions {
namespace {

const std::string output = R"({"type":"model_output","content":[{"type":"text","text":"hi"}]})";

TEST(interactions_reader, streamed_and_whole_are_the_same_reply) {
  const auto whole = decode(interaction(
      R"({"type":"thought","signature":"sig","summary":[{"type":"text","text":"I think"}]},)"
      R"({"type":"function_call","id":"c1","name":"f","arguments":{"x":1}},)"
      R"({"type":"model_output","content":[{"type":"text","text":"hi"}]})",
      "", "requires_action"));
  const auto s = stream_steps(
      {step(0, R"({"type":"thought"})",
            {R"({"type":"thought_summary","content":{"type":"text","text":"I think"}})",
             R"({"type":"thought_signature","signature":"sig"})"}),
       step(1, R"({"type":"function_call","id":"c1","name":"f","signature":"","arguments":{}})",
            {R"({"type":"arguments_delta","arguments":"{\"x\""})",
             R"({"type":"arguments_delta","arguments":":1}"})"}),
       step(2, R"({"type":"model_output"})", {R"({"type":"text","text":"hi"})"})},
      completed("requires_action"));
  ASSERT_TRUE(whole) << whole.error().message;
  ASSERT_FALSE(s.failure) << s.failure->message;
  EXPECT_EQ(whole->message, s.reply.message);
  EXPECT_EQ(whole->finish, finish_reason::tool_calls);
  EXPECT_EQ(s.reply.finish, finish_reason::tool_calls);
  ASSERT_EQ(whole->message.parts.size(), 3u);
  EXPECT_EQ(std::get<reasoning_part>(whole->message.parts[0]).signature, "sig");
  EXPECT_EQ(whole->reasoning(), "I think");
  EXPECT_EQ(whole->tool_calls().at(0).arguments, R"({"x":1})");
  expect_lawful(s);
}

TEST(interactions_reader, the_empty_arguments_of_a_start_are_none) {
  // Recorded: the start has {}, the text comes in pieces.
  const auto call = [](const std::string& arguments, const std::vector<std::string>& deltas) {
    const auto s = stream_steps(
        {step(4, R"({"type":"function_call","id":"c","name":"f","arguments":)" + arguments + "}",
              deltas)},
        completed("requires_action"));
    EXPECT_FALSE(s.failure);
    return s.reply.tool_calls().at(0).arguments;
  };
  EXPECT_EQ(call("{}", {R"({"type":"arguments_delta","arguments":"{\"a\":2}"})"}), R"({"a":2})");
  EXPECT_EQ(call("{}", {}), "{}");
  EXPECT_EQ(call(R"({"a":2})", {}), R"({"a":2})");
  EXPECT_EQ(call("null", {}), "{}");
}

TEST(interactions_reader, two_calls_in_a_row) {
  const auto call = [](int index, const std::string& id) {
    return step(index, R"({"type":"function_call","name":"add","arguments":{},"id":")" + id + "\"}",
                {R"({"type":"arguments_delta","arguments":"{}"})"});
  };
  const auto s = stream_steps({call(1, "a"), call(2, "b")}, completed("requires_action"));
  ASSERT_FALSE(s.failure);
  ASSERT_EQ(s.reply.tool_calls().size(), 2u);
  EXPECT_EQ(s.reply.tool_calls()[1].id, "b");
  expect_lawful(s);
}

TEST(interactions_reader, a_step_that_was_not_stopped_ends_with_the_interaction) {
  auto call = step(0, R"({"type":"function_call","id":"c","name":"f","arguments":{"a":1}})", {});
  call.pop_back();
  const auto s = stream_steps({call}, completed("requires_action"));
  ASSERT_FALSE(s.failure);
  EXPECT_EQ(s.reply.tool_calls().at(0).arguments, R"({"a":1})");
  expect_lawful(s);
}

TEST(interactions_reader, a_call_without_id_gets_one) {
  const auto r = decode(interaction(R"({"type":"function_call","name":"f","arguments":{}})"));
  ASSERT_TRUE(r);
  EXPECT_EQ(r->tool_calls().at(0).id, "arkcall-v1_a-0");
}

TEST(interactions_reader, a_signature_of_the_calls_own_stands_before_it) {
  const auto r = decode(interaction(
      R"({"type":"function_call","id":"c","name":"f","signature":"s","arguments":{}})"));
  ASSERT_TRUE(r);
  ASSERT_EQ(r->message.parts.size(), 2u);
  EXPECT_EQ(std::get<reasoning_part>(r->message.parts[0]).opaque,
            R"({"type":"function_call","signature":"s"})");
}

TEST(interactions_reader, steps_of_the_vendors_own_tools_are_kept) {
  const std::string search =
      R"({"id":"q","type":"google_search_call","arguments":{"queries":["a"]}})";
  const auto whole = decode(interaction(output + "," + search));
  ASSERT_TRUE(whole);
  ASSERT_EQ(whole->message.parts.size(), 2u);
  EXPECT_EQ(std::get<reasoning_part>(whole->message.parts[1]).opaque, search);
  // Streamed, the members of the delta are added to those of the start (recorded).
  const auto s = stream_steps(
      {step(1, R"({"id":"q","signature":"","type":"google_search_call"})",
            {R"({"type":"google_search_call","arguments":{"queries":["a"]},"signature":"s"})"})});
  ASSERT_FALSE(s.failure);
  EXPECT_EQ(
      std::get<reasoning_part>(s.reply.message.parts.at(0)).opaque,
      R"({"id":"q","signature":"s","type":"google_search_call","arguments":{"queries":["a"]}})");
  EXPECT_EQ(s.reply.finish, finish_reason::stop);
  expect_lawful(s);
}

TEST(interactions_reader, what_is_no_text_of_an_output_is_kept_as_a_step) {
  const std::string image = R"({"type":"image","mime_type":"image/png","data":"AAAA"})";
  const auto s = stream_steps(
      {step(0, R"({"type":"model_output"})", {R"({"type":"text","text":"see"})", image})});
  ASSERT_FALSE(s.failure);
  ASSERT_EQ(s.reply.message.parts.size(), 2u);
  EXPECT_EQ(std::get<reasoning_part>(s.reply.message.parts[1]).opaque,
            R"({"type":"model_output","content":[)" + image + "]}");
}

TEST(interactions_reader, annotations_are_noted) {
  const auto r =
      decode(interaction(R"({"type":"model_output","content":[{"type":"text","text":"a",)"
                         R"("annotations":[{"type":"url_citation","url":"u"}]}]})"));
  ASSERT_TRUE(r);
  EXPECT_TRUE(has_note(r->notes, "annotations"));
  const auto s = stream_steps({step(0, R"({"type":"model_output"})",
                                    {R"({"type":"text","text":"a"})",
                                     R"({"type":"text_annotation_delta","annotations":[{}]})"})});
  EXPECT_EQ(s.reply.text(), "a");
  EXPECT_TRUE(has_note(s.reply.notes, "annotations"));
}

TEST(interactions_reader, statuses) {
  EXPECT_EQ(decode(interaction(output))->finish, finish_reason::stop);
  EXPECT_EQ(decode(interaction(output, "", "incomplete"))->finish, finish_reason::length);
  EXPECT_EQ(decode(interaction(output, "", "requires_action"))->finish, finish_reason::tool_calls);
  EXPECT_EQ(decode(interaction(output, "", "brand_new"))->finish, finish_reason::other);
  const vendor own = plain_row({quirk::finish_map{"brand_new", finish_reason::paused}});
  EXPECT_EQ(decode(interaction(output, "", "brand_new"), own)->finish, finish_reason::paused);
}

TEST(interactions_reader, statuses_that_are_no_answer) {
  const auto failed = decode(interaction("", "", "failed"));
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, errc::server);
  EXPECT_EQ(failed.error().retry, retry_class::maybe_billed);
  const auto told =
      decode(interaction("", R"(,"error":{"code":"invalid_request","message":"m"})", "failed"));
  ASSERT_FALSE(told);
  EXPECT_EQ(told.error().code, errc::invalid_request);
  EXPECT_EQ(decode(interaction("", "", "cancelled")).error().code, errc::cancelled);
  // Recorded of an agent that works in the background: no steps at all.
  const auto working =
      decode(R"({"id":"v1_a","status":"in_progress","object":"interaction","agent":"a"})");
  ASSERT_FALSE(working);
  EXPECT_EQ(working.error().code, errc::unsupported);
  const auto s = stream_steps({}, completed("failed"));
  ASSERT_TRUE(s.failure);
  EXPECT_EQ(s.failure->vendor_code, "failed");
}

TEST(interactions_reader, usage_in_disjoint_buckets) {
  const auto r = decode(interaction(
      output,
      R"(,"service_tier":"standard","usage":{"total_tokens":1132,"total_input_tokens":300,)"
      R"("input_tokens_by_modality":[{"modality":"text","tokens":42},{"modality":"image","tokens":258}],)"
      R"("total_cached_tokens":30,"total_output_tokens":700,"total_tool_use_tokens":100,)"
      R"("total_thought_tokens":32,"raw_prompt_token":4779})"));
  ASSERT_TRUE(r);
  const usage& u = r->usage;
  EXPECT_TRUE(u.reported);
  EXPECT_EQ(u.cache_read, 30);
  EXPECT_EQ(u.input_image, 258);
  EXPECT_EQ(u.input, 12);
  EXPECT_EQ(u.tool_prompt, 100);
  EXPECT_EQ(u.output, 700);
  EXPECT_EQ(u.reasoning, 32);
  EXPECT_EQ(u.vendor_total, 1132);
  EXPECT_EQ(u.input_total() + u.output_total(), 1132);
  EXPECT_EQ(u.service_tier, "standard");
  EXPECT_TRUE(r->notes.empty());
}

TEST(interactions_reader, searches_are_counted_beside_the_tokens) {
  const auto r = decode(interaction(
      output, R"(,"usage":{"total_tokens":3,"total_input_tokens":1,"total_output_tokens":2,)"
              R"("grounding_tool_count":[{"type":"google_search","count":2}]})"));
  ASSERT_TRUE(r);
  EXPECT_EQ(r->usage.units.at("web_search"), 2);
}

TEST(interactions_reader, usage_that_is_not_there_or_does_not_add_up) {
  EXPECT_FALSE(decode(interaction(output))->usage.reported);
  EXPECT_FALSE(decode(interaction(output, R"(,"usage":{})"))->usage.reported);
  const auto r =
      decode(interaction(output, R"(,"usage":{"total_input_tokens":5,"total_output_tokens":2,)"
                                 R"("total_tokens":9})"));
  EXPECT_TRUE(has_note(r->notes, "2 more than the sum"));
  const auto absurd = decode(interaction(output, R"(,"usage":{"total_input_tokens":-5})"));
  EXPECT_EQ(absurd->usage.input, -5);
  EXPECT_TRUE(has_note(absurd->notes, "cannot be"));
}

}  // namespace
}  // namespace ark::test::interactions
