#include "bpe/vocabulary.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>

#include "image.hpp"
#include "support.hpp"

namespace bpe::test {
namespace {

tiktoken_options cl100k_options(const std::string& name = "mine") {
  return {name, std::string(split_pattern(split_kind::cl100k)), {}};
}

errc code_of(const result<vocabulary>& out) { return out.ok() ? errc::io : out.failure().code; }

TEST(tiktoken, reads_a_rank_file) {
  const auto vocab = vocabulary::from_tiktoken(small_ranks(), cl100k_options());
  ASSERT_TRUE(vocab.ok()) << vocab.failure().message;
  EXPECT_EQ(vocab->name(), "mine");
  EXPECT_EQ(vocab->size(), small_tokens().size());
  EXPECT_EQ(vocab->bytes_of(300), small_tokens()[300]);
  EXPECT_EQ(vocab->bytes_of(1 << 20), "");
}

TEST(tiktoken, tells_what_is_wrong_and_where) {
  const std::string ranks = small_ranks();
  const auto read = [&](const std::string& text) {
    return vocabulary::from_tiktoken(text, cl100k_options());
  };
  EXPECT_EQ(code_of(read("")), errc::malformed);
  EXPECT_EQ(code_of(read(ranks.substr(0, 500))), errc::malformed);
  EXPECT_EQ(code_of(read(ranks + "YWJj")), errc::malformed) << "no rank";
  EXPECT_EQ(code_of(read(ranks + "YWJj x")), errc::malformed);
  EXPECT_EQ(code_of(read(ranks + "YW*j 4000")), errc::malformed);
  EXPECT_EQ(code_of(read(ranks + "YWJjZGVmZw== 3")), errc::malformed) << "a rank twice";
  EXPECT_EQ(code_of(read(ranks + "YQ== 4000")), errc::malformed) << "a token twice";
  EXPECT_EQ(code_of(read(ranks + "YWJjZGVmZw== 2000000")), errc::too_large);
  const auto line = read("YQ== 1\nYQ\n");
  ASSERT_FALSE(line.ok());
  EXPECT_NE(line.failure().message.find("line 2"), std::string::npos) << line.failure().message;
}

TEST(tiktoken, knows_how_many_ranks_a_known_encoding_has) {
  const auto cut = vocabulary::from_tiktoken(small_ranks(), {"o200k_base", "", {}});
  ASSERT_FALSE(cut.ok());
  EXPECT_NE(cut.failure().message.find("199998"), std::string::npos) << cut.failure().message;
}

TEST(tiktoken, an_id_has_one_text) {
  tiktoken_options options = cl100k_options();
  const auto read = [&] { return code_of(vocabulary::from_tiktoken(small_ranks(), options)); };
  options.special_tokens = {{"<|x|>", 65}};
  EXPECT_EQ(read(), errc::malformed);
  options.special_tokens = {{"<|x|>", 9000}, {"<|y|>", 9000}};
  EXPECT_EQ(read(), errc::malformed);
  options.special_tokens = {{"<|x|>", 9000}, {"<|x|>", 9000}, {"A", 65}};
  EXPECT_TRUE(vocabulary::from_tiktoken(small_ranks(), options).ok()) << "the same text";
}

// As many ranks as the encoding has, made up: the 256 bytes, and tokens that no merge makes.
TEST(tiktoken, an_id_of_harmony_has_two_texts) {
  std::vector<std::string> tokens;
  for (int byte = 0; byte < 256; ++byte) tokens.emplace_back(1, static_cast<char>(byte));
  for (int i = 256; i < 199998; ++i) {
    tokens.push_back({'\xFF', static_cast<char>(i >> 16), static_cast<char>(i >> 8 & 0xFF),
                      static_cast<char>(i & 0xFF)});
  }
  const auto vocab = vocabulary::from_tiktoken(rank_file(tokens), {"o200k_harmony", "", {}});
  ASSERT_TRUE(vocab.ok()) << vocab.failure().message;
  encoder with(*vocab);
  const std::vector<token_id> expected = {200018, 200018, 201087};
  EXPECT_EQ(encoded(with, "<|endofprompt|><|reserved_200018|><|reserved_201087|>", special::allow),
            expected);
  EXPECT_EQ(vocab->bytes_of(200018), "<|endofprompt|>");
}

TEST(tiktoken, refuses_what_it_cannot_split) {
  const auto unknown = vocabulary::from_tiktoken(small_ranks(), {"mine", "[a-z]+|.", {}});
  EXPECT_EQ(code_of(unknown), errc::unsupported);
  EXPECT_NE(unknown.failure().message.find("[a-z]+|."), std::string::npos);
  EXPECT_EQ(code_of(vocabulary::from_tiktoken(small_ranks(), {"mine", "", {}})), errc::unsupported);
}

TEST(compiled, is_the_same_after_a_round) {
  const vocabulary vocab = small_vocabulary();
  const auto again = vocabulary::from_compiled(std::string(vocab.compiled()));
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->compiled(), vocab.compiled());
  EXPECT_EQ(small_vocabulary().compiled(), vocab.compiled()) << "same input, same bytes";
  ASSERT_EQ(again->added_tokens().size(), 2u);
  EXPECT_TRUE(again->added_tokens()[0].special);
}

TEST(compiled, every_changed_byte_is_seen) {
  const std::string bytes(small_vocabulary().compiled());
  for (std::size_t i = 0; i < bytes.size(); i += 1 + bytes.size() / 3000) {
    std::string bad = bytes;
    bad[i] = static_cast<char>(bad[i] ^ 0x10);
    ASSERT_EQ(code_of(vocabulary::from_compiled(bad)), errc::malformed) << "byte " << i;
  }
}

TEST(compiled, every_cut_is_seen) {
  const std::string bytes(small_vocabulary().compiled());
  for (std::size_t size = 0; size < bytes.size(); size += 1 + bytes.size() / 500) {
    ASSERT_EQ(code_of(vocabulary::from_compiled(bytes.substr(0, size))), errc::malformed) << size;
  }
  EXPECT_EQ(code_of(vocabulary::from_compiled(bytes + "12345678")), errc::malformed);
}

TEST(compiled, one_of_another_version_says_what_to_do) {
  const std::pair<std::uint32_t, std::string_view> versions[] = {
      {1, "an older form: compile its source again"},
      {image_version + 1, "a newer version of this library"}};
  for (const auto& [version, told] : versions) {
    std::string bytes(small_vocabulary().compiled());
    std::memcpy(bytes.data() + offsetof(image_header, version), &version, sizeof(version));
    const auto out = vocabulary::from_compiled(bytes);
    ASSERT_EQ(code_of(out), errc::malformed);
    EXPECT_NE(out.failure().message.find(told), std::string::npos) << out.failure().message;
  }
}

// Found by fuzz/compiled_fuzz.cpp: checksums that are right again do not make tables right.
TEST(compiled, made_up_trie_values_do_no_harm) {
  std::string bytes(small_vocabulary().compiled());
  image_header header;
  std::memcpy(&header, bytes.data(), sizeof(header));
  const auto trie = header.sections[static_cast<std::size_t>(section::trie)];
  for (std::uint64_t at = trie.offset; at < trie.offset + trie.bytes; at += 8) {
    bytes[at + 2] = '\x7E';  // values of some 8 million
  }
  header.body_checksum = checksum(std::string_view(bytes).substr(sizeof(header)));
  std::memcpy(bytes.data(), &header, sizeof(header));
  header.header_checksum =
      checksum(std::string_view(bytes).substr(0, offsetof(image_header, header_checksum)));
  std::memcpy(bytes.data(), &header, sizeof(header));
  const auto vocab = vocabulary::from_compiled(bytes);
  if (!vocab) return;
  encoder with(*vocab);
  EXPECT_TRUE(with.count("the cat qwertyqwerty 中文").ok());
}

TEST(compiled, installs_and_opens) {
  const auto folder =
      std::filesystem::temp_directory_path() / ("bpe-test-" + std::to_string(::getpid()));
  std::filesystem::create_directory(folder);
  const std::string path = (folder / "small.bpe").string();
  const vocabulary vocab = small_vocabulary();
  const auto written = install(vocab, path);
  ASSERT_TRUE(written.ok()) << written.failure().message;
  EXPECT_EQ(*written, vocab.compiled().size());
  const auto opened = vocabulary::open(path);
  ASSERT_TRUE(opened.ok()) << opened.failure().message;
  EXPECT_EQ(opened->compiled(), vocab.compiled());
  EXPECT_TRUE(read_vocabulary(path, {}).ok()) << "told apart by its contents";
  std::ofstream(folder / "small.tiktoken") << small_ranks();
  EXPECT_TRUE(read_vocabulary((folder / "small.tiktoken").string(), cl100k_options()).ok());
  std::ofstream(folder / "small.json") << small_json();
  EXPECT_TRUE(read_vocabulary((folder / "small.json").string(), {}).ok());
  EXPECT_EQ(code_of(vocabulary::open((folder / "none.bpe").string())), errc::io);
  EXPECT_EQ(code_of(vocabulary::open(folder.string())), errc::io) << "a folder";
  EXPECT_FALSE(install(vocab, (folder / "no" / "where.bpe").string()).ok());
  const auto over = install(vocab, folder.string());
  ASSERT_FALSE(over.ok());
  EXPECT_NE(over.failure().message.find("directory"), std::string::npos) << over.failure().message;
  std::filesystem::remove_all(folder);
}

TEST(tokenizer_json, reads_byte_level_bpe) {
  const auto vocab = vocabulary::from_tokenizer_json(small_json(), "json");
  ASSERT_TRUE(vocab.ok()) << vocab.failure().message;
  encoder from_json(*vocab);
  encoder from_ranks(small_vocabulary(split_pattern(split_kind::gpt2)));
  text_maker maker(31);
  for (int i = 0; i < 500; ++i) {
    const std::string text = maker.text(20);
    ASSERT_EQ(encoded(from_json, text, special::literal),
              encoded(from_ranks, text, special::literal))
        << text;
  }
}

TEST(tokenizer_json, added_tokens_that_are_not_special_always_match) {
  encoder with(*vocabulary::from_tokenizer_json(small_json(), "json"));
  EXPECT_EQ(encoded(with, "<tool>"), std::vector<token_id>{5002});
  EXPECT_NE(encoded(with, "<tool>", special::literal), std::vector<token_id>{5002});
  EXPECT_NE(encoded(with, "<|end|>"), std::vector<token_id>{5000});
  EXPECT_TRUE(with.count("<tool>", special::refuse).ok());
  EXPECT_FALSE(with.count("<|end|>", special::refuse).ok());
}

TEST(tokenizer_json, normalizes_to_nfc_where_told) {
  encoder with(
      *vocabulary::from_tokenizer_json(small_json("\"normalizer\":{\"type\":\"NFC\"},"), "nfc"));
  EXPECT_EQ(encoded(with, "cafe\u0301"), encoded(with, "café"));
  encoder without(*vocabulary::from_tokenizer_json(small_json(), "json"));
  EXPECT_NE(encoded(without, "cafe\u0301"), encoded(without, "café"));
}

TEST(tokenizer_json, characters_with_byte_fallback) {
  encoder with(*vocabulary::from_tokenizer_json(metaspace_json(), "spaces"));
  EXPECT_EQ(encoded(with, " ab"), std::vector<token_id>{10});
  EXPECT_EQ(encoded(with, "ab"), std::vector<token_id>{8});
  EXPECT_EQ(encoded(with, "世界"), std::vector<token_id>{11});
  EXPECT_EQ(encoded(with, "d"), std::vector<token_id>{100 + 'd'});
  EXPECT_EQ(encoded(with, "ñ"), (std::vector<token_id>{100 + 0xC3, 100 + 0xB1}));
  EXPECT_EQ(encoded(with, "\xFF"), std::vector<token_id>{100 + 0xFF});
}

TEST(tokenizer_json, a_byte_may_be_missing_where_its_character_is_a_token) {
  std::string text = metaspace_json();
  const auto drop = [&](std::string_view token) {
    text.replace(text.find(token), token.size(), "\"dropped\"");
  };
  drop("\"<0x61>\"");
  EXPECT_TRUE(vocabulary::from_tokenizer_json(text, "no byte of a, but an a").ok());
  text = metaspace_json();
  drop("\"<0x64>\"");
  EXPECT_EQ(code_of(vocabulary::from_tokenizer_json(text, "neither")), errc::unsupported);
}

/// small_json with a part replaced.
result<vocabulary> changed_json(std::string_view from, std::string_view to) {
  std::string text = small_json();
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  text.replace(at, from.size(), to);
  return vocabulary::from_tokenizer_json(text, "changed");
}

TEST(tokenizer_json, an_id_has_one_text) {
  EXPECT_EQ(code_of(changed_json("\"id\":5002", "\"id\":65")), errc::malformed);
  EXPECT_EQ(code_of(changed_json("\"id\":5002", "\"id\":5000")), errc::malformed);
  EXPECT_EQ(code_of(changed_json("\"A\":65", "\"A\":66")), errc::malformed);
  // é is how the file writes the byte E9.
  const auto listed =
      changed_json("\"id\":5002,\"content\":\"<tool>\"", "\"id\":233,\"content\":\"é\"");
  EXPECT_TRUE(listed.ok()) << listed.failure().message;
}

TEST(tokenizer_json, an_added_token_needs_an_id) {
  const auto out = changed_json("\"id\":5002,", "");
  ASSERT_EQ(code_of(out), errc::malformed);
  EXPECT_NE(out.failure().message.find("no id"), std::string::npos) << out.failure().message;
}

TEST(tokenizer_json, says_what_it_cannot_do) {
  const auto with = [](std::string_view from, std::string_view to) {
    return code_of(changed_json(from, to));
  };
  EXPECT_EQ(with("\"type\":\"BPE\"", "\"type\":\"Unigram\""), errc::unsupported);
  EXPECT_EQ(with("\"add_prefix_space\":false", "\"add_prefix_space\":true"), errc::unsupported);
  EXPECT_EQ(with("\"type\":\"ByteLevel\"", "\"type\":\"Whitespace\""), errc::unsupported);
  EXPECT_EQ(with("\"type\":\"BPE\"", "\"type\":\"BPE\",\"dropout\":0.1"), errc::unsupported);
  EXPECT_EQ(with("\"type\":\"BPE\"", "\"type\":\"BPE\",\"end_of_word_suffix\":\"</w>\""),
            errc::unsupported);
  EXPECT_EQ(with("\"merges\":[", "\"merges\":[[\"zzz\",\"yyy\"],"), errc::malformed);
  EXPECT_EQ(with("\"merges\":[", "\"merges\":[[\"a\"],"), errc::malformed);
  EXPECT_EQ(code_of(vocabulary::from_tokenizer_json(
                small_json("\"normalizer\":{\"type\":\"Lowercase\"},"), "x")),
            errc::unsupported);
}

TEST(tokenizer_json, every_cut_is_malformed) {
  const std::string text = small_json();
  for (std::size_t size = 0; size < text.size(); size += 7) {
    ASSERT_EQ(code_of(vocabulary::from_tokenizer_json(text.substr(0, size), "x")), errc::malformed)
        << size;
  }
}

}  // namespace
}  // namespace bpe::test
