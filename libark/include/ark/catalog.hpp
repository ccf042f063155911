#pragma once
#include <ark/money.hpp>
#include <ark/result.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace ark {

/// One price of a model: `amount` of `currency` for one `unit` of `dimension`, under conditions.
struct price_info {
  std::string dimension{};  ///< "input", "output", "cache_read", ...
  amount value{};
  std::string unit{};       ///< "Mtok", "1k_calls", "image", ...
  std::string condition{};  ///< "" or, say, "input_tokens > 272000, service_tier = flex"
};

/// What the catalogue knows of a model.
struct model_info {
  std::string id{};  ///< "vendor/model"
  std::string vendor{};
  std::string model{};
  std::string mode{};                  ///< "chat", "embedding", ...
  std::int64_t context_tokens = 0;     ///< 0: unknown
  std::int64_t max_output_tokens = 0;  ///< 0: unknown
  std::vector<std::string>
      capabilities{};  ///< "tools", "vision", "structured_output", "reasoning", ...
  std::string currency{};
  std::vector<price_info> prices{};  ///< empty: the price is unknown
  std::string source{};              ///< where the prices were read
  std::string source_date{};         ///< when, YYYY-MM-DD
  std::vector<std::string> aliases{};
  std::string encoding{};  ///< its vocabulary: "o200k_base", "qwen3", ...; "": not known
};

/// What is known of a vendor.
struct vendor_info {
  std::string name{};
  std::string title{};
  std::string dialect{};
  std::string base_url{};
  std::string key_variable{};
  std::string doc_url{};
  std::string verified{};  ///< what this was verified against: "recordings", "documents", ...
};

}  // namespace ark
