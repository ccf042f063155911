#pragma once
#include <ark/usage.hpp>

#include <string>

#include "cli/cost_usage.hpp"

namespace ark::cli::worked {

/// What the lines of a bill are called in the worked cases: the bucket as the vendor counts it, and
/// why its price is another than the standard one ("@>272k", "@batch", "*1.1").
class labels {
 public:
  labels(const used& u, const price_card& card, const catalog::price_context& at,
         bool batch_endpoint);
  std::string of(const cost_line& line) const;

 private:
  std::string bucket_of(const cost_line& line) const;
  bool is_tokens(const std::string& dimension) const;

  const used& used_;
  const price_card& card_;
  std::string thinking_output_;  ///< "output_thinking" where thinking has a price of its own
  std::string suffix_;
};

}  // namespace ark::cli::worked
