#pragma once
#include <ark/call.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// Where the prompts of two calls begin to differ: from there on a vendor's prompt cache, which
/// looks at beginnings, has nothing. Pure.
namespace ark::cli {

/// One text of a prompt, in the order in which vendors put it together: tools, then messages.
struct prompt_piece {
  std::string place;       ///< "tools[0].parameters", "messages[1] (user)"
  std::string text;        ///< a medium is its digest
  bool is_medium = false;  ///< its tokens are not estimated
};
std::vector<prompt_piece> pieces_of(const call& c);

struct prefix_difference {
  bool differs = false;       ///< false: one prompt begins with the whole other one
  std::string place;          ///< where the first difference is
  std::size_t offset = 0;     ///< in bytes, from the beginning of that piece
  std::string first, second;  ///< some bytes around it
  std::int64_t first_tokens = 0, second_tokens = 0;  ///< estimates of the whole prompts
  std::int64_t kept_tokens = 0;                      ///< before the difference
  /// Behind the difference, and the same in both: what would be read from a cache if what differs
  /// stood behind it.
  std::int64_t lost_tokens = 0;
};
prefix_difference compare(const std::vector<prompt_piece>& a, const std::vector<prompt_piece>& b);

/// The length of what both begin with; both's when they are the same.
std::size_t common_prefix(std::string_view a, std::string_view b);
/// At most `width` bytes before and behind `at`, cut between characters, on one line.
std::string around(std::string_view text, std::size_t at, std::size_t width);
/// "$.messages[0].content" for a byte of a JSON text; what encloses it where it is between values.
std::string json_path_at(std::string_view json, std::size_t at);

}  // namespace ark::cli
