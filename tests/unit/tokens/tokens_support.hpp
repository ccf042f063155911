#pragma once
#include <gtest/gtest.h>
#include <ark/tokens.hpp>

#include <string>

#include "tests/support/temporary_directory.hpp"
#include "tests/support/toy_vocabulary.hpp"

namespace ark::test::tokens {

/// A folder with the vocabulary "toy" in it.
struct installed : ::testing::Test {
  testing::temporary_directory folder;
  vocabularies all{folder.file("data/tokens")};

  std::string write(const std::string& name, const std::string& bytes) {
    const auto path = folder.file(name);
    EXPECT_TRUE(os::write_file(path, bytes, 0600));
    return path;
  }
  vocabulary_source toy_source() {
    return {.file = write("toy.tiktoken", testing::toy_ranks()),
            .pattern = "cl100k",
            .special_tokens = {{"<|end|>", testing::toy_end}}};
  }
  tokenizer toy() {
    EXPECT_TRUE(all.install(toy_source()));
    auto out = all.open("toy");
    EXPECT_TRUE(out) << out.error().message;
    return std::move(*out);
  }
};

}  // namespace ark::test::tokens
