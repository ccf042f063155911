// Every string of the shared corpus, where it and the vocabularies are there.

#include <gtest/gtest.h>

#include <fstream>

#include "installed.hpp"
#include "json_reader.hpp"
#include "support.hpp"

namespace bpe::test {
namespace {

struct expected_row {
  std::string id;
  std::string text;
  std::vector<token_id> ids;
  bool told = false;
};

void read_ids(json_reader& in, std::vector<token_id>& out) {
  in.enter_array();
  while (in.next_item()) {
    token_id id = 0;
    if (!in.read_unsigned(id)) return;
    out.push_back(id);
  }
}

expected_row read_row(const std::string& line, const std::string& vocabulary) {
  expected_row out;
  json_reader in(line);
  std::string name;
  in.enter_object();
  while (in.next_member(name)) {
    if (name == "id") {
      in.read_string(out.id);
    } else if (name == "text") {
      in.read_string(out.text);
    } else if (name == vocabulary) {
      in.enter_object();
      while (in.next_member(name)) {
        if (name == "ids") {
          out.told = true;
          read_ids(in, out.ids);
        } else {
          in.skip();
        }
      }
    } else {
      in.skip();
    }
  }
  EXPECT_TRUE(in.finish()) << in.failure();
  return out;
}

void expect_exact(const std::string& name, const std::string& file, special specials,
                  std::size_t least) {
  const auto vocab = installed(name);
  std::ifstream rows(shared_folder() + "/" + file);
  if (!vocab) GTEST_SKIP() << "no " << name << " in the folder that BPE_RANKS names";
  if (shared_folder().empty() || !rows) GTEST_SKIP() << "no shared corpus (ARK_SHARED)";
  encoder with(*vocab);
  std::string line;
  std::size_t checked = 0;
  while (std::getline(rows, line)) {
    const expected_row row = read_row(line, name);
    if (!row.told) continue;  // the oracles disagree
    ++checked;
    EXPECT_EQ(encoded(with, row.text, specials), row.ids) << name << " " << row.id;
    EXPECT_EQ(*with.count(row.text, specials), row.ids.size()) << name << " " << row.id;
  }
  EXPECT_GE(checked, least);
}

TEST(exact, o200k_base) { expect_exact("o200k_base", "dev.jsonl", special::as_text, 3020); }
TEST(exact, cl100k_base) { expect_exact("cl100k_base", "dev.jsonl", special::as_text, 3020); }
TEST(exact, qwen3) { expect_exact("qwen3", "vendors_dev.jsonl", special::allow, 599); }
TEST(exact, deepseek_v4) { expect_exact("deepseek_v4", "vendors_dev.jsonl", special::allow, 600); }
TEST(exact, llama3_2) { expect_exact("llama3_2", "vendors_dev.jsonl", special::allow, 600); }
TEST(exact, gemma3) { expect_exact("gemma3", "vendors_dev.jsonl", special::allow, 600); }

}  // namespace
}  // namespace bpe::test
