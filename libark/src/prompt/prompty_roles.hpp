#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "prompt/piece.hpp"

namespace ark::prompt {

/// Prompty (version 2, November 2026): a line `system:`, `# user[name=Ann]:` of the template's own
/// text begins a message. Pieces in, pieces out, as they come: at most one line is kept back.
/// Nothing that came from a value takes part in a marker, neither its word nor its line's ends.
/// Roles: system, user, assistant, developer, tool, in any case of letters.
class prompty_roles {
 public:
  /// `threads`: the names of inputs that are messages (kind: thread), by origin. What is printed
  /// of them becomes a history mark of that name.
  prompty_roles(piece_sink out, std::map<std::uint32_t, std::string> threads = {})
      : out_(std::move(out)), threads_(std::move(threads)) {}
  void take(const piece& next);
  /// The end of the body.
  void finish();

 private:
  void take_line(std::string_view text, bool is_ended);
  void release();

  piece_sink out_;
  std::map<std::uint32_t, std::string> threads_;
  std::string line_;          ///< what of this line is kept back: the template's own text only
  bool may_be_role_ = true;   ///< this line has been the template's own so far
  std::uint32_t thread_ = 0;  ///< the origin of the last piece if that was a thread's
};

/// The mark that a line (without its end) says, if it is a marker.
bool read_prompty_role(std::string_view line, mark& out);

/// True if a line of `value` begins like a marker, with or without more behind it: what an input
/// that is declared `strict` must not hold.
bool looks_like_prompty_role(std::string_view value);

}  // namespace ark::prompt
