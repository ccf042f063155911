// The same call is the same bytes: vendors' prompt caches, the response cache and whoever compares
// two requests go by them. Every row of every family, streamed and whole.
#include "adapters/standard.hpp"
#include "client/client_state.hpp"

#include <gtest/gtest.h>
#include <ark/client.hpp>

#include <algorithm>

namespace ark::test::stable {
namespace {

using pairs = std::vector<std::pair<std::string, std::string>>;

std::map<std::string, std::string> in_order(pairs items, bool backwards) {
  if (backwards) std::reverse(items.begin(), items.end());
  std::map<std::string, std::string> out;
  for (auto& [name, value] : items) out.emplace(std::move(name), std::move(value));
  return out;
}

/// What every family can say.
call simple(bool) { return {.messages = {user("What is 2 + 2?")}}; }

/// What those can say that know conversations.
call plain(bool backwards) {
  call c;
  c.messages = {ark::system("Be brief."), user("What is 2 + 2?"), assistant("4"),
                user("And 3 + 3?")};
  c.max_tokens = 100;
  c.tags = in_order({{"b", "2"}, {"a", "1"}, {"c", "3"}}, backwards);
  return c;
}

/// As much as some can: those that refuse it are asked the plain one.
call rich(bool backwards) {
  call c = plain(backwards);
  c.temperature = 0.5;
  c.top_p = 0.9;
  c.stop = {"END"};
  c.tools = {{.name = "add",
              .description = "Adds",
              .parameters = R"({"type":"object","properties":{"b":{"type":"number"},)"
                            R"("a":{"type":"number"}},"required":["a","b"]})"},
             {.name = "sub", .description = "Subtracts", .parameters = "{}"}};
  c.messages.push_back(
      {.role = role::assistant, .parts = {tool_call_part{"call_1", "add", R"({"b":3,"a":3})"}}});
  c.messages.push_back(tool("call_1", "6"));
  c.extra = in_order({{"zeta", "1"}, {"alpha", R"({"y":1,"x":2})"}, {"mu", "[3,2,1]"}}, backwards);
  return c;
}

std::string bytes_of(const dialect::encoded& e) {
  std::string out = e.request.method + " " + e.request.target + "\n";
  for (const auto& each : e.request.headers) out += each.name + ": " + each.value + "\n";
  return out + "\n" + e.request.body;
}

/// As bytes, or as the error that is said for it.
std::string said(const dialect::dialect& d, const vendor& v, call c, bool stream) {
  // Its address depends on the model, and it wants the application's id.
  const bool is_spark = v.dialect == "spark_ws";
  if (is_spark) c.extra["app_id"] = "\"a\"";
  const auto made = d.encode_chat(c, is_spark ? "lite" : "some-model", v, stream);
  return made ? bytes_of(*made) : "error: " + made.error().message;
}

TEST(stable_requests, every_row_says_the_same_call_in_the_same_bytes) {
  const auto client = make_client(client_options{}), again = make_client(client_options{});
  ASSERT_TRUE(client && again);
  const auto& parts = client->state()->parts();
  std::map<std::string, int> families;
  int said_richly = 0;
  for (const vendor* v : parts.book->vendors()) {
    const auto* family = parts.dialects->find(v->dialect);
    ASSERT_NE(family, nullptr) << v->name;
    // Another client's row and family: nothing depends on where they are in memory.
    const vendor* other_row = again->state()->parts().book->find_vendor(v->name);
    ASSERT_NE(other_row, nullptr);
    for (const bool stream : {false, true}) {
      for (const auto make : {simple, plain, rich}) {
        const std::string once = said(*family, *v, make(false), stream);
        for (int i = 0; i < 3; ++i)
          EXPECT_EQ(said(*family, *other_row, make(i % 2 == 0), stream), once) << v->name;
        said_richly += make == rich && !once.starts_with("error");
      }
      if (!said(*family, *v, simple(false), stream).starts_with("error")) ++families[v->dialect];
    }
  }
  for (const vendor* v : parts.book->vendors())
    EXPECT_GT(families[v->dialect], 0) << v->name << " says no chat call: nothing was compared";
  EXPECT_GE(said_richly, 50);
}

TEST(stable_requests, a_longer_conversation_begins_with_the_same_bytes) {
  const auto client = make_client(client_options{});
  const auto& parts = client->state()->parts();
  call longer = plain(false);
  longer.messages.push_back(assistant("6"));
  longer.messages.push_back(user("And 4 + 4?"));
  int rows = 0;
  for (const vendor* v : parts.book->vendors()) {
    const auto* family = parts.dialects->find(v->dialect);
    const auto a = family->encode_chat(plain(false), "some-model", *v, false);
    const auto b = family->encode_chat(longer, "some-model", *v, false);
    // Its wire has the last message in a member of its own, before the history: JSON's order is
    // not the prompt's.
    if (!a || !b || v->dialect == "cohere_v1") continue;
    ++rows;
    // What vendors cache is the prompt: all of the shorter one's last text is before the first
    // difference.
    const std::string& one = a->request.body;
    const auto end =
        std::mismatch(one.begin(), one.end(), b->request.body.begin(), b->request.body.end());
    EXPECT_NE(one.substr(0, static_cast<std::size_t>(end.first - one.begin())).find("And 3 + 3?"),
              std::string::npos)
        << v->name << "\n"
        << one;
  }
  EXPECT_GE(rows, 80);
}

}  // namespace
}  // namespace ark::test::stable
