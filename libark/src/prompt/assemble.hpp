#pragma once
#include <ark/result.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "prompt/piece.hpp"

namespace ark::prompt {

/// Where bytes of a text come from (`piece::origin`), up to `end`.
struct text_span {
  std::size_t end = 0;
  std::uint32_t origin = 0;
  friend bool operator==(const text_span&, const text_span&) = default;
};

/// A part of a message: text, or what a mark says (media, open_section, close_section).
struct assembled_part {
  std::string text{};
  std::vector<text_span> spans{};  ///< of `text`: in order, without gaps
  bool is_mark = false;
  prompt::mark mark{};  ///< if `is_mark`
};

struct assembled_message {
  std::string role{};
  std::uint32_t role_origin = 0;  ///< not 0: the role's name came from a variable
  /// What its mark said besides, in order: {"name", "Ann"}.
  std::vector<std::pair<std::string, std::string>> attributes{};
  std::vector<assembled_part> parts{};
};

/// A place for messages that are no part of the prompt.
struct history_place {
  std::size_t before = 0;  ///< it comes before this message; as many as there are: at the end
  prompt::mark said{};     ///< its name: the input that gives it; "": the conversation so far
};

struct assembled {
  std::vector<assembled_message> messages{};
  std::vector<history_place> history{};  ///< in order; none: the body says nothing of it
};

/// White space of the template's own text that a message loses at its ends.
enum class trim : std::uint8_t {
  none,
  block,  ///< one line end at its begin, all white space at its end
  lines,  ///< line ends at both ends
  all,    ///< white space at both ends
};

/// What differs between formats.
struct assembly_rules {
  std::string first_role = "user";  ///< of text before any mark and outside of messages
  std::string role_after_history = "user";
  trim inside = trim::block;  ///< between open_message and close_message
  trim outside = trim::all;   ///< elsewhere
  /// A message that a mark opened stays, though it has no parts.
  bool keeps_empty = false;
  /// Text between two marks that is white space only is dropped, whoever wrote it.
  bool drops_blank = false;

  /// Prompt files of this library: `{% message %}` blocks, what is outside of them is the user's.
  static assembly_rules native() { return {}; }
  /// dotprompt 1.1: nothing is trimmed; after the history the model speaks.
  static assembly_rules dotprompt();
  /// Prompty: what has no role is the system's; empty messages stay.
  static assembly_rules prompty();
};

/// Makes messages of a body's pieces, in order. For one body.
class assembler {
 public:
  explicit assembler(assembly_rules rules) : rules_(std::move(rules)) {}
  void take(const piece& next);
  /// errc::config if marks do not fit together: a message inside of a message, a role or the
  /// history inside of one. Ends the use of this object.
  result<assembled> finish();

 private:
  void take_text(const piece& next);
  void take_mark(const mark& m);
  void open(const mark& m, bool is_block);
  void close_message();
  void end_text();
  void fail(std::string why);
  assembled_message& message();

  assembly_rules rules_;
  assembled out_;
  std::string problem_;
  assembled_message now_;
  bool is_open_ = false;    ///< `now_` began, by a mark or by text
  bool is_marked_ = false;  ///< it began with a mark
  bool in_block_ = false;   ///< between open_message and close_message
  assembled_part text_;     ///< the text since the last mark
};

/// Where the history goes that a body says nothing of: before the last message if that is the
/// user's, else at the end. As dotprompt.
std::size_t usual_history_place(const std::vector<assembled_message>& messages) noexcept;

}  // namespace ark::prompt
