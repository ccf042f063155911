#pragma once
#include <ark/config.hpp>
#include <ark/money.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace ark {

/// What one attempt used, in disjoint buckets: a token is in exactly one of them, so input() and
/// output_total() are plain sums whatever the vendor's own convention is.
/// Unit: tokens, unless the name says otherwise. A value type.
struct usage {
  // prompt side
  std::int64_t input = 0;  ///< text not served from a cache
  std::int64_t cache_read = 0;
  std::int64_t cache_write = 0;  ///< written, time to live not said
  std::int64_t cache_write_5m = 0;
  std::int64_t cache_write_1h = 0;
  std::int64_t input_audio = 0;
  std::int64_t input_image = 0;
  std::int64_t input_video = 0;
  std::int64_t tool_prompt = 0;  ///< results of the vendor's own tools, billed as input
  // answer side
  std::int64_t output = 0;  ///< visible text and tool calls
  std::int64_t reasoning = 0;
  std::int64_t output_audio = 0;
  std::int64_t output_image = 0;
  /// Not tokens: "web_search" (calls), "seconds", "pages", "images", "query" (a search unit), ...
  std::map<std::string, std::int64_t> units{};

  std::optional<std::int64_t> vendor_total{};  ///< the vendor's total, as on the wire
  std::optional<money> vendor_cost{};          ///< the cost that the vendor itself reports
  std::string service_tier;  ///< as served ("default", "flex", ...), "" if not said
  /// The vendor sent a usage object. False: every number above is unknown, not zero.
  bool reported = false;

  std::int64_t input_total() const noexcept {  ///< sum of the prompt side
    return input + cache_read + cache_write + cache_write_5m + cache_write_1h + input_audio +
           input_image + input_video + tool_prompt;
  }
  std::int64_t output_total() const noexcept {  ///< sum of the answer side
    return output + reasoning + output_audio + output_image;
  }
  friend bool operator==(const usage&, const usage&) = default;
};

/// Why a cost is what it is.
enum class cost_status : std::uint8_t {
  exact,     ///< priced from the vendor's usage and a price row
  unknown,   ///< no price or no usage: the value is meaningless, never zero
  interval,  ///< between `low` and `high`: the attempt's fate or usage is not known
  void_,     ///< provably not billed: zero
};
ARK_API std::string_view to_string(cost_status value) noexcept;

/// One line of a bill: quantity * unit_price / per = value, exactly.
struct cost_line {
  std::string dimension{};  ///< what is priced: "input", "cache_read", "web_search", ...
  std::int64_t quantity = 0;
  amount unit_price{};
  std::int64_t per = 1;  ///< the price is for so many: 1000000 tokens, 1000 calls, ...
  amount value{};

  friend bool operator==(const cost_line&, const cost_line&) = default;
};

/// What an attempt cost. With `exact` and `void_`, low == high == value.
struct cost {
  cost_status status = cost_status::unknown;
  std::string currency{};  ///< "" if unknown
  amount value{};
  amount low{};
  amount high{};
  std::string price_hash{};  ///< hash of the price row used, "" if none

  friend bool operator==(const cost&, const cost&) = default;
};

}  // namespace ark
