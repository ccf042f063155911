#pragma once
#include "files/yaml.hpp"
#include "sample.pb.h"

#include <gtest/gtest.h>
#include <string>

namespace ark::files {

/// The error's message, or "" when the text was read.
inline std::string told(const std::string& text) {
  test::Sample out;
  const auto ok = read_yaml(text, "f", out);
  return ok ? "" : ok.error().message;
}

inline test::Sample read(const std::string& text) {
  test::Sample out;
  const auto ok = read_yaml(text, "f", out);
  EXPECT_TRUE(ok) << ok.error().message;
  return out;
}

}  // namespace ark::files
