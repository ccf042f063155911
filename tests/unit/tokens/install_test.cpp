#include "tests/unit/tokens/tokens_support.hpp"
#include "tokens/folder.hpp"

namespace ark::test::tokens {
namespace {

struct installing : installed {
  error failure(const vocabulary_source& from) {
    const auto made = all.install(from);
    EXPECT_FALSE(made);
    return made ? error{} : made.error();
  }
};

/// Two letters, their merge, and all bytes; `added` are members in front.
std::string small_json(const std::string& added = "") {
  std::string vocab = R"("a":0,"b":1,"ab":2)";
  for (int byte = 0; byte < 256; ++byte) {
    char token[16];
    (void)std::snprintf(token, sizeof token, ",\"<0x%02X>\":%d", static_cast<unsigned>(byte),
                        byte + 3);
    vocab += token;
  }
  return "{" + added + R"("model":{"type":"BPE","byte_fallback":true,"vocab":{)" + vocab +
         R"(},"merges":["a b"]}})";
}

TEST_F(installing, tells_what_was_made_of_what) {
  const auto made = all.install(toy_source());
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->name, "toy");
  EXPECT_EQ(made->ids, 301);
  EXPECT_EQ(made->added_tokens, 1);
  EXPECT_GT(made->bytes, 1000);
  EXPECT_EQ(made->source, "toy.tiktoken");
  EXPECT_EQ(made->source_sha256.size(), 64U);
  EXPECT_GT(made->installed_s, 1'700'000'000);
  EXPECT_EQ(made->problem, "");
  EXPECT_TRUE(made->notes.empty());
  EXPECT_EQ(*all.names(), std::vector<std::string>{"toy"});
}

TEST_F(installing, what_is_installed_elsewhere_gives_the_same) {
  ASSERT_TRUE(all.install(toy_source()));
  const vocabularies others(folder.file("others"));
  ASSERT_TRUE(others.install({.file = all.folder() + "/toy.bpe"}));
  EXPECT_EQ(others.open("toy")->count("hello world")->count, 2);
}

TEST_F(installing, what_came_of_json_has_ids_for_special_tokens_as_is_usual_there) {
  const std::string with_special =
      small_json(R"("added_tokens":[{"id":300,"content":"<e>","special":true}],)");
  const auto made = all.install({.file = write("small.json", with_special)});
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->specials, special_tokens::allow);
  const vocabularies others(folder.file("others"));  // the facts come along
  const auto again = others.install({.file = all.folder() + "/small.bpe", .name = "other"});
  EXPECT_EQ(again->source, "small.json");
  EXPECT_EQ(again->source_sha256, made->source_sha256);
  auto with = *others.open("other");
  using ids = std::vector<std::uint32_t>;
  EXPECT_EQ(*with.encode("ab<e>", special_tokens::usual), (ids{2, 300}));
  EXPECT_EQ(*tokenizer(with).encode("ab<e>", special_tokens::usual), (ids{2, 300}));
  EXPECT_NE(*with.encode("ab<e>"), (ids{2, 300}));
  EXPECT_EQ(all.install(toy_source())->specials, special_tokens::as_text);
  EXPECT_EQ(toy().count("<|end|>", special_tokens::usual)->count, 7);
}

TEST_F(installing, replaces_in_one_step_what_is_open) {
  auto before = toy();
  auto more = toy_source();
  more.special_tokens.push_back({"<|more|>", 301});
  ASSERT_TRUE(all.install(more));
  EXPECT_EQ(before.count("<|more|>", special_tokens::allow)->count, 7);
  EXPECT_EQ(all.open("toy")->count("<|more|>", special_tokens::allow)->count, 1);
}

TEST_F(installing, says_where_a_rank_file_is_wrong) {
  const std::string ranks = testing::toy_ranks();
  auto cut = toy_source();
  write("toy.tiktoken", ranks.substr(0, ranks.size() / 2));
  const auto failed = failure(cut);
  EXPECT_EQ(failed.code, errc::config);
  EXPECT_NE(failed.message.find("toy.tiktoken: rank file"), std::string::npos) << failed.message;
  write("toy.tiktoken", "aGVsbG8= 0\nnot base64 1\n");
  EXPECT_NE(failure(cut).message.find("line 2"), std::string::npos);
  write("toy.tiktoken", "");
  EXPECT_EQ(failure(cut).code, errc::config);
  EXPECT_TRUE(all.names()->empty());  // nothing is left behind
}

TEST_F(installing, says_where_json_is_cut) {
  const std::string whole = small_json();
  for (std::size_t kept = 1; kept < whole.size(); kept += 97) {
    const auto file = write("cut.json", whole.substr(0, kept));
    EXPECT_NE(failure({.file = file}).message.find("cut.json"), std::string::npos) << kept;
  }
}

TEST_F(installing, a_damaged_compiled_file_is_told) {
  ASSERT_TRUE(all.install(toy_source()));
  std::string bytes = *os::read_file(all.folder() + "/toy.bpe", 1u << 24);
  const auto half = write("half.bpe", bytes.substr(0, bytes.size() / 2));
  EXPECT_EQ(failure({.file = half}).code, errc::config);
  bytes[bytes.size() / 2] ^= 1;
  EXPECT_EQ(failure({.file = write("bit.bpe", bytes)}).code, errc::config);
}

TEST_F(installing, needs_a_name_that_is_one) {
  auto from = toy_source();
  for (const char* name : {"../toy", ".toy", "a/b", "a b", "-x"}) {
    from.name = name;
    EXPECT_EQ(failure(from).code, errc::invalid_request) << name;
  }
  from.name = std::string(65, 'a');
  EXPECT_EQ(failure(from).code, errc::invalid_request);
  const auto file = write("tokenizer.json", small_json());
  EXPECT_NE(failure({.file = file}).message.find("--name"), std::string::npos);
}

TEST_F(installing, an_encoding_that_is_not_known_needs_its_expression) {
  auto from = toy_source();
  from.pattern.clear();
  EXPECT_EQ(failure(from).code, errc::unsupported);
  from.pattern = "a+b+";
  EXPECT_EQ(failure(from).code, errc::unsupported);
  // A known name with half of its ranks is a file that was cut.
  from = toy_source();
  from.name = "o200k_base";
  EXPECT_NE(failure(from).message.find("cut short"), std::string::npos);
}

TEST_F(installing, options_of_rank_files_are_not_dropped_for_others) {
  const auto file = write("small.json", small_json());
  EXPECT_EQ(failure({.file = file, .pattern = "cl100k"}).code, errc::invalid_request);
  EXPECT_EQ(failure({.file = file, .special_tokens = {{"<e>", 9}}}).code, errc::invalid_request);
}

TEST_F(installing, a_file_that_is_not_there_is_not_found) {
  EXPECT_EQ(failure({.file = folder.file("none.tiktoken")}).code, errc::not_found);
}

TEST(known_files, have_their_sums) {
  EXPECT_EQ(ark::tokens::known_sha256("o200k_base").substr(0, 8), "446a9538");
  EXPECT_EQ(ark::tokens::known_sha256("cl100k_base").substr(0, 8), "223921b7");
  EXPECT_EQ(ark::tokens::known_sha256("qwen3"), "");
}

}  // namespace
}  // namespace ark::test::tokens
