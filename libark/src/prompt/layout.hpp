#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "prompt/assemble.hpp"

namespace ark::prompt {

/// A stretch of text with one origin (`piece::origin`).
struct span {
  std::string text{};
  std::uint32_t origin = 0;
};

struct layout_part {
  std::vector<span> spans{};  ///< text
  prompt::mark media{};       ///< if `is_media`
  bool is_media = false;
  std::size_t section = no_section;  ///< which of `layout::sections` it is in
  static constexpr std::size_t no_section = SIZE_MAX;

  std::string text() const;
};

struct layout_message {
  prompt::mark said{};  ///< its tag: the role is its `name`
  std::vector<layout_part> parts{};
  bool is_history = false;  ///< no message: the place where the history comes
};

/// Assembled messages in a form that can be cut: which text is in which section, and the history
/// in its place.
struct layout {
  std::vector<layout_message> messages{};
  std::vector<mark> sections{};  ///< as they were opened
};
layout layout_of(assembled from);

}  // namespace ark::prompt
