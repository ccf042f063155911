#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ark::prompt {

/// What a mark in a body says. Marks come from a template's own text only: no value makes one.
enum class mark_kind : std::uint8_t {
  role,           ///< from here on a message of the role `name`, until the next one
  open_message,   ///< a message of the role `name` begins; it ends with `close_message`
  close_message,  ///< what follows is as it was before the message
  media,          ///< an image, a sound, a document: a part of its own
  history,        ///< the messages given as history come here
  open_section,   ///< a part of the text that has a name, and may be cut
  close_section,
};

struct mark {
  mark_kind kind = mark_kind::role;
  std::string name{};  ///< the role, the kind of media or the section
  /// What the tag says besides, in order: {"url", "https://.."}, {"name", "Ann"}. Texts.
  std::vector<std::pair<std::string, std::string>> attributes{};
  /// Which variable an attribute's text came from (see `piece::origin`); 0: the template.
  std::uint32_t origin = 0;
};

/// A piece of what a template gave: text, or a mark. Borrowed while it is told.
struct piece {
  std::string_view text{};
  /// 0: the template's own text; 1 + the place of the variable in the inputs that it came from;
  /// `mixed`: it was made of several.
  std::uint32_t origin = 0;
  const prompt::mark* mark = nullptr;  ///< then `text` is empty
};
inline constexpr std::uint32_t mixed_origin = UINT32_MAX;
using piece_sink = std::function<void(const piece&)>;

}  // namespace ark::prompt
