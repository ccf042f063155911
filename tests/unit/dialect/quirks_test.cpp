#include "dialect/quirks.hpp"

#include <gtest/gtest.h>

namespace ark::dialect {
namespace {

constexpr std::string_view own_parameters[] = {"temperature", "max_tokens", "stop", "user"};

vendor row(std::vector<quirk_item> quirks) {
  vendor v;
  v.name = "test";
  v.base_url = "https://host.example/v1";
  v.quirks = std::move(quirks);
  return v;
}

/// What a request with temperature 3, max_tokens 5 and the extras becomes.
struct written {
  std::string body;
  std::vector<std::string> notes;
  std::optional<error> refusal;
};
written write(const vendor& v, const std::map<std::string, std::string>& extras = {}) {
  const quirk_view quirks(v);
  written w;
  json::writer out(w.body);
  parameter_gate gate(quirks, own_parameters, out, w.notes);
  out.begin_object();
  gate.number("temperature", 3);
  gate.integer("max_tokens", 5);
  constexpr std::string_view reserved[] = {"model"};
  gate.extras(extras, reserved);
  if (auto ended = gate.finish(); !ended) w.refusal = ended.error();
  out.end_object();
  return w;
}

TEST(quirks, without_any_the_parameters_pass) {
  const auto w = write(row({}));
  EXPECT_EQ(w.body, R"({"temperature":3,"max_tokens":5})");
  EXPECT_TRUE(w.notes.empty());
  EXPECT_FALSE(w.refusal);
}

TEST(quirks, rename_changes_the_key) {
  EXPECT_EQ(write(row({quirk::rename{"max_tokens", "max_completion_tokens"}})).body,
            R"({"temperature":3,"max_completion_tokens":5})");
}

TEST(quirks, rename_and_its_target_given_is_an_error) {
  vendor v = row({quirk::rename{"max_tokens", "max_completion_tokens"}});
  v.parameters = {"*"};
  const auto w = write(v, {{"max_completion_tokens", "7"}});
  ASSERT_TRUE(w.refusal);
  EXPECT_NE(w.refusal->message.find("max_completion_tokens"), std::string::npos);
}

TEST(quirks, drop_leaves_out_and_says_so) {
  const auto w = write(row({quirk::drop{"temperature"}}));
  EXPECT_EQ(w.body, R"({"max_tokens":5})");
  ASSERT_EQ(w.notes.size(), 1u);
  EXPECT_NE(w.notes[0].find("temperature"), std::string::npos);
}

TEST(quirks, clamp_moves_and_says_so) {
  const auto high = write(row({quirk::clamp{"temperature", 0.0, 1.5}}));
  EXPECT_EQ(high.body, R"({"temperature":1.5,"max_tokens":5})");
  ASSERT_EQ(high.notes.size(), 1u);
  EXPECT_NE(high.notes[0].find("1.5"), std::string::npos);
  const auto low = write(row({quirk::clamp{"max_tokens", 16.0, std::nullopt}}));
  EXPECT_EQ(low.body, R"({"temperature":3,"max_tokens":16})");
}

TEST(quirks, set_default_only_fills_gaps) {
  EXPECT_EQ(
      write(row({quirk::set_default{"top_k", "20"}, quirk::set_default{"max_tokens", "9"}})).body,
      R"({"temperature":3,"max_tokens":5,"top_k":20})");
}

TEST(quirks, a_parameter_outside_the_list_is_refused_by_name) {
  const auto w = write(row({}), {{"top_k", "1"}});
  ASSERT_TRUE(w.refusal);
  EXPECT_EQ(w.refusal->code, errc::invalid_request);
  EXPECT_NE(w.refusal->message.find("\"top_k\""), std::string::npos);
  vendor own = row({});
  own.parameters = {"max_tokens"};
  EXPECT_NE(write(own).refusal->message.find("temperature"), std::string::npos);
  vendor any = row({});
  any.parameters = {"*"};
  EXPECT_EQ(write(any, {{"top_k", "1"}}).body, R"({"temperature":3,"max_tokens":5,"top_k":1})");
}

TEST(quirks, a_map_of_extras_need_not_outlive_its_use) {
  const vendor v = row({quirk::set_default{"user", "1"}, quirk::set_default{"stop", "2"}});
  const quirk_view quirks(v);
  std::string body;
  std::vector<std::string> notes;
  json::writer out(body);
  parameter_gate gate(quirks, own_parameters, out, notes);
  out.begin_object();
  {
    auto extras = std::make_unique<std::map<std::string, std::string>>();
    extras->emplace("user", "7");
    gate.extras(*extras, {});
  }
  EXPECT_TRUE(gate.finish());
  out.end_object();
  EXPECT_EQ(body, R"({"user":7,"stop":2})");
}

TEST(quirks, extras_must_be_json_and_not_the_librarys_own) {
  vendor any = row({});
  any.parameters = {"*"};
  EXPECT_NE(write(any, {{"a", "word"}}).refusal->message.find("not JSON"), std::string::npos);
  EXPECT_TRUE(write(any, {{"model", "\"m\""}}).refusal);
}

TEST(quirks, headers_and_query) {
  const vendor v = row({quirk::add_header{"X-A", "1"}, quirk::add_query{"api-version", "2"},
                        quirk::add_query{"b", "3"}});
  const quirk_view q(v);
  wire::header_list headers;
  q.add_headers(headers);
  ASSERT_EQ(headers.size(), 1u);
  EXPECT_EQ(headers[0].value, "1");
  EXPECT_EQ(q.target("/chat"), "/chat?api-version=2&b=3");
  EXPECT_EQ(q.target("/of/{model}/chat", "a/b c.d~\xc3\xa9"),
            "/of/a%2Fb%20c.d~%C3%A9/chat?api-version=2&b=3");
  const vendor bare = row({});
  EXPECT_EQ(quirk_view(bare).target("/chat"), "/chat") << "the base URL's path is the client's";
}

TEST(quirks, flags_and_pointers_are_found) {
  const vendor v = row(
      {quirk::flatten_content{}, quirk::developer_as_system{}, quirk::reasoning_additive{},
       quirk::stream_without_terminal{}, quirk::no_stream_options{}, quirk::reasoning_field{{"r"}},
       quirk::usage_path{{"a.b"}}, quirk::cached_path{{"c"}}, quirk::json_schema_as{"json_object"},
       quirk::reasoning_as{"object"}, quirk::plain_media{}, quirk::cache_marks{},
       quirk::logprobs_count{}, quirk::strict_any_schema{}, quirk::terminal_event{{"end"}}});
  const quirk_view q(v);
  EXPECT_EQ(q.terminal_event->names.at(0), "end");
  EXPECT_TRUE(q.plain_media && q.cache_marks && q.logprobs_count && q.strict_any_schema);
  EXPECT_TRUE(q.flatten_content && q.developer_as_system && q.reasoning_additive);
  EXPECT_TRUE(q.stream_without_terminal && q.no_stream_options);
  EXPECT_EQ(q.reasoning_field->names.at(0), "r");
  EXPECT_EQ(q.usage_path->paths.at(0), "a.b");
  EXPECT_EQ(q.cached_path->paths.at(0), "c");
  EXPECT_EQ(q.json_schema_as->style, "json_object");
  EXPECT_EQ(q.reasoning_as->style, "object");
  const quirk_view none{row({})};
  EXPECT_FALSE(none.flatten_content || none.stream_without_terminal);
  EXPECT_EQ(none.reasoning_field, nullptr);
}

TEST(quirks, finish_map_and_error_code_look_up_words) {
  const vendor v = row({quirk::finish_map{"sensitive", finish_reason::content_filter},
                        quirk::error_code{"1113", errc::quota, retry_class::never}});
  const quirk_view q(v);
  EXPECT_EQ(q.finish("sensitive"), finish_reason::content_filter);
  EXPECT_FALSE(q.finish("stop"));
  ASSERT_NE(q.error("1113"), nullptr);
  EXPECT_EQ(q.error("1113")->code, errc::quota);
  EXPECT_EQ(q.error("1"), nullptr);
  EXPECT_EQ(q.error(""), nullptr);
}

TEST(quirks, reasoning_replay_knows_the_tool_turn) {
  const std::vector<message> talk = {user("q"), assistant("a"), user("q2"), assistant("calls"),
                                     tool("1", "r")};
  using quirk::replay_rule;
  const auto asked = [&](replay_rule rule, std::size_t index) {
    const vendor v = row({quirk::reasoning_replay{rule, ""}});
    return quirk_view(v).replays_reasoning(talk, index);
  };
  EXPECT_FALSE(asked(replay_rule::tool_turn, 1));
  EXPECT_TRUE(asked(replay_rule::tool_turn, 3));
  EXPECT_TRUE(asked(replay_rule::always, 1));
  EXPECT_FALSE(asked(replay_rule::never, 3));
  EXPECT_FALSE(quirk_view(row({})).replays_reasoning(talk, 3));
}

TEST(quirks, think_tags_are_split_wherever_they_are_cut) {
  const quirk::think_tags tags{"<think>", "</think>"};
  struct {
    std::string_view in, reasoning, text;
  } const cases[] = {
      {"<think>why</think>\n\nyes", "why", "yes"},
      {"\n<think>\na < b</thin</think>yes", "\na < b</thin", "yes"},
      {"no tags", "", "no tags"},
      {"  <thin", "", "  <thin"},
      {"<think>cut", "cut", ""},
      {"<think></think>", "", ""},
      {"a <think>b</think>", "", "a <think>b</think>"},
      {"<think>a</think>b<think>c</think>", "a", "b<think>c</think>"},
  };
  for (const auto& c : cases) {
    for (std::size_t piece = 1; piece <= c.in.size(); ++piece) {
      reply_builder out;
      think_splitter splitter(tags);
      for (std::size_t at = 0; at < c.in.size(); at += piece)
        splitter.feed(c.in.substr(at, piece), out);
      splitter.finish(out);
      EXPECT_EQ(out.reply().reasoning(), c.reasoning) << c.in << " by " << piece;
      EXPECT_EQ(out.reply().text(), c.text) << c.in << " by " << piece;
    }
  }
}

TEST(quirks, vendor_cost_is_exact_where_it_can_be) {
  EXPECT_EQ(to_string(*money_of(0.0001234, {"cost", "USD", 1})), "0.0001234 USD");
  EXPECT_EQ(to_string(*money_of(0, {"cost", "USD", 1})), "0 USD");
  EXPECT_EQ(to_string(*money_of(12345678, {"ticks", "USD", 10'000'000'000})), "0.0012345678 USD");
  EXPECT_EQ(to_string(*money_of(1.0 / 3, {"cost", "USD", 1})), "0.333333333333333 USD");
  EXPECT_FALSE(money_of(-1, {"cost", "USD", 1}));
  EXPECT_FALSE(money_of(1e300, {"cost", "USD", 1}));
}

}  // namespace
}  // namespace ark::dialect
