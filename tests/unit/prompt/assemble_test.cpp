#include "prompt/assemble.hpp"

#include <gtest/gtest.h>

namespace ark::prompt {
namespace {

mark of(mark_kind kind, std::string name = {}) { return {.kind = kind, .name = std::move(name)}; }

/// Text with an origin, or a mark.
struct given {
  std::string text{};
  std::uint32_t origin = 0;
  bool is_mark = false;
  prompt::mark mark{};
  given(const char* t, std::uint32_t from = 0) : text(t), origin(from) {}
  given(prompt::mark m) : is_mark(true), mark(std::move(m)) {}
};

result<assembled> assemble(assembly_rules rules, const std::vector<given>& pieces) {
  assembler a(std::move(rules));
  for (const auto& p : pieces) {
    if (p.is_mark) {
      a.take({.mark = &p.mark});
    } else {
      a.take({.text = p.text, .origin = p.origin});
    }
  }
  return a.finish();
}

/// "user: a|<image>; history; ...".
std::string told(assembly_rules rules, const std::vector<given>& pieces) {
  const auto made = assemble(std::move(rules), pieces);
  if (!made) return "error: " + made.error().message;
  std::string out;
  for (std::size_t i = 0; i <= made->messages.size(); ++i) {
    for (const auto& h : made->history)
      if (h.before == i) out += "history " + h.said.name + "; ";
    if (i == made->messages.size()) break;
    out += made->messages[i].role + ":";
    for (const auto& p : made->messages[i].parts)
      out += p.is_mark ? "<" + p.mark.name + ">" : "[" + p.text + "]";
    out += "; ";
  }
  return out;
}

const auto native = assembly_rules::native();
const mark system_block = of(mark_kind::open_message, "system");
const mark user_block = of(mark_kind::open_message, "user");
const mark end_block = of(mark_kind::close_message);
const mark image = of(mark_kind::media, "image");

TEST(assemble, native_blocks) {
  EXPECT_EQ(told(native, {"\n", system_block, "\nBe brief.\n", end_block, "\n\n", user_block,
                          "\n  Hi\n\n", end_block, "\n"}),
            "system:[Be brief.]; user:[  Hi]; ");
  EXPECT_EQ(told(native, {"\nHello ", given("Ann", 1), "!\n"}), "user:[Hello Ann!]; ");
  EXPECT_EQ(told(native, {"one\n", system_block, "two", end_block, "\nthree"}),
            "user:[one]; system:[two]; user:[three]; ");
  EXPECT_EQ(told(native, {user_block, "\n", end_block}), "") << "nothing in it";
  EXPECT_EQ(told(native, {}), "");
}

TEST(assemble, what_a_value_brings_stays) {
  EXPECT_EQ(told(native, {user_block, "\n", given(" \n x \n", 1), "\n", end_block}),
            "user:[ \n x \n]; ");
  EXPECT_EQ(told(native, {user_block, given(" \n", 1), end_block}), "user:[ \n]; ");
}

TEST(assemble, spans_follow_the_trimming) {
  const auto made = assemble(
      native, {user_block, "\n", "a", given("b", 1), given("c", 1), "d ", "\n", end_block});
  ASSERT_TRUE(made);
  const auto& part = made->messages.at(0).parts.at(0);
  EXPECT_EQ(part.text, "abcd");
  EXPECT_EQ(part.spans, (std::vector<text_span>{{1, 0}, {3, 1}, {4, 0}}));
  const auto bare = assemble(native, {user_block, "\n", given("b", 1), "\n", end_block});
  EXPECT_EQ(bare->messages.at(0).parts.at(0).spans, (std::vector<text_span>{{1, 1}}));
}

TEST(assemble, media_and_sections) {
  EXPECT_EQ(told(native, {user_block, "\n", image, "\n", image, "\nWhat is it?\n", end_block}),
            "user:<image><image>[\nWhat is it?]; ");
  EXPECT_EQ(told(native, {"a ", of(mark_kind::open_section, "s"), " b ",
                          of(mark_kind::close_section, "s"), " c"}),
            "user:[a ]<s>[ b ]<s>[ c]; ");
  EXPECT_EQ(told(native, {image}), "user:<image>; ");
}

TEST(assemble, history_of_native_files) {
  EXPECT_EQ(told(native, {system_block, "S", end_block, "\n", of(mark_kind::history), "\n",
                          user_block, "U", end_block}),
            "system:[S]; history ; user:[U]; ");
  EXPECT_EQ(told(native, {"a", of(mark_kind::history, "chat")}), "user:[a]; history chat; ");
}

TEST(assemble, marks_that_do_not_fit) {
  EXPECT_EQ(told(native, {user_block, user_block}),
            "error: a message stands inside of a message: end the first one before");
  EXPECT_EQ(told(native, {end_block}), "error: a message ends that did not begin");
  EXPECT_EQ(told(native, {user_block, of(mark_kind::role, "x")}),
            "error: a role stands inside of a message");
  EXPECT_EQ(told(native, {user_block, of(mark_kind::history)}),
            "error: the history stands inside of a message: move it out of it");
  EXPECT_EQ(told(native, {user_block, "a"}), "error: a message has no end");
}

TEST(assemble, dotprompt_rules) {
  const auto rules = assembly_rules::dotprompt();
  const mark role = of(mark_kind::role, "system");
  EXPECT_EQ(told(rules, {" a \n", role, "\n ", of(mark_kind::role, "user"), "b\n"}),
            "user:[ a \n]; user:[b\n]; ")
      << "no trimming; a role without text leaves nothing";
  EXPECT_EQ(
      told(rules, {role, "s", of(mark_kind::history), "\n", of(mark_kind::role, "user"), "u"}),
      "system:[s]; history ; user:[u]; ");
  EXPECT_EQ(told(rules, {of(mark_kind::history), "m"}), "history ; model:[m]; ");
  EXPECT_EQ(told(rules, {given(" ", 1), image, "\n", of(mark_kind::open_section, "s"), "\nx"}),
            "user:<image><s>[\nx]; ");
}

TEST(assemble, prompty_rules) {
  const auto rules = assembly_rules::prompty();
  mark named = of(mark_kind::role, "user");
  named.attributes = {{"name", "Ann"}};
  EXPECT_EQ(told(rules, {"\n a\n\n", of(mark_kind::role, "user"), "\n", named, "b\n"}),
            "system:[ a]; user:; user:[b]; ");
  EXPECT_EQ(assemble(rules, {named, "x"})->messages.at(0).attributes, named.attributes);
  EXPECT_EQ(told(rules, {"\n", named, "x", of(mark_kind::history, "chat"), "\ny"}),
            "user:[x]; history chat; user:[y]; ");
}

TEST(assemble, usual_history_place) {
  EXPECT_EQ(usual_history_place({}), 0u);
  EXPECT_EQ(usual_history_place({{.role = "system"}, {.role = "user"}}), 1u);
  EXPECT_EQ(usual_history_place({{.role = "user"}, {.role = "model"}}), 2u);
}

}  // namespace
}  // namespace ark::prompt
