#include "openai_support.hpp"

#include <boost/json.hpp>

namespace ark::test::openai {
namespace {

const reasoning_part* first_reasoning(const reply& r) {
  for (const part& p : r.message.parts)
    if (const auto* found = std::get_if<reasoning_part>(&p)) return found;
  return nullptr;
}

TEST(openai_details, pieces_become_the_blocks_of_a_whole_reply) {
  const auto s = stream({chunk(
                             R"({"reasoning":"a","reasoning_details":[
          {"type":"reasoning.text","text":"a","index":0,"format":null}]})"),
                         chunk(
                             R"({"reasoning":"b","reasoning_details":[
          {"type":"reasoning.text","text":"b","index":0,"format":"f"}]})"),
                         chunk(
                             R"({"reasoning_details":[
          {"type":"reasoning.text","signature":"s","index":0},
          {"type":"reasoning.encrypted","data":"x","index":1}]})"),
                         chunk(R"({"content":"t"})"), "[DONE]"});
  const auto w = decode(whole(R"({"content":"t","reasoning":"ab","reasoning_details":[
      {"type":"reasoning.text","text":"ab","index":0,"format":"f","signature":"s"},
      {"type":"reasoning.encrypted","data":"x","index":1}]})"));
  ASSERT_NE(first_reasoning(s.reply), nullptr);
  EXPECT_EQ(first_reasoning(s.reply)->text, "ab");
  expect_json(boost::json::parse(first_reasoning(s.reply)->opaque), R"([
      {"type":"reasoning.text","text":"ab","index":0,"format":"f","signature":"s"},
      {"type":"reasoning.encrypted","data":"x","index":1}])");
  EXPECT_EQ(s.reply.message, w->message);
}

TEST(openai_details, blocks_alone_give_the_text_and_a_part) {
  const auto told = decode(whole(
      R"({"content":"t","reasoning_details":[{"type":"reasoning.summary","summary":"why"}]})"));
  EXPECT_EQ(told->reasoning(), "why");
  const auto sealed = decode(
      whole(R"({"content":"t","reasoning_details":[{"type":"reasoning.encrypted","data":"x"}]})"));
  EXPECT_EQ(sealed->reasoning(), "");
  ASSERT_NE(first_reasoning(*sealed), nullptr);
  EXPECT_FALSE(first_reasoning(*sealed)->opaque.empty());
}

TEST(openai_details, an_empty_list_leaves_nothing) {
  EXPECT_EQ(first_reasoning(*decode(whole(R"({"content":"t","reasoning_details":[]})"))), nullptr);
}

}  // namespace
}  // namespace ark::test::openai
