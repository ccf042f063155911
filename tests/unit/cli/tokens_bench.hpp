#pragma once
#include <gtest/gtest.h>

#include <string>

#include "tests/support/toy_vocabulary.hpp"
#include "tests/unit/cli/bench.hpp"

namespace ark::testing {

/// A home with the vocabulary "toy" in it.
struct tokens_bench : ::testing::Test {
  cli_bench bench;

  std::string write(const std::string& name, const std::string& bytes) {
    const auto path = bench.folder.file(name);
    EXPECT_TRUE(os::write_file(path, bytes, 0600));
    return path;
  }
  int install() {
    return bench.run({"tokens", "install", write("toy.tiktoken", toy_ranks()), "--pattern",
                      "cl100k", "--special", "<|end|>=300"});
  }
  /// By value: `bench.out` of one run may go into the next.
  int tokens(std::vector<std::string> arguments, std::string standard_in = "") {
    arguments.insert(arguments.begin(), "tokens");
    return bench.run(arguments, standard_in);
  }
};

}  // namespace ark::testing
