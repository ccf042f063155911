#pragma once
#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace ark::dialect {

/// Most frames of a stream are the one before, but for the text that they bring: such a frame needs
/// no JSON parser. It is the same bytes around one string (two, where the vendor pads its frames),
/// and a string without escapes and control characters in a string's place leaves JSON what it is,
/// so its meaning is known. Frames must be valid UTF-8. Not thread safe; holds one frame.
class repeated_frame {
 public:
  /// Remembers `frame`, valid JSON that brought nothing but the text of `member`, the name of a
  /// string in it; the string of the first of `padding` that it has is nobody's. Not remembered: a
  /// frame that has such a name twice, or escapes elsewhere, which names can hide behind. After
  /// many that did not come again none is.
  void learn(std::string_view frame, std::string_view member,
             std::span<const std::string_view> padding);

  /// What the member says in `frame`, never "", if that is the remembered one in all else.
  std::optional<std::string_view> text_of(std::string_view frame);
  /// The name that was learned last.
  std::string_view member() const noexcept { return member_; }

 private:
  std::string bytes_;  ///< the remembered frame without its strings
  std::string member_;
  std::array<std::size_t, 3> ends_{};  ///< of the fixed pieces, in `bytes_`
  std::size_t pieces_ = 0;             ///< 0: nothing is remembered
  std::size_t told_ = 0;               ///< the piece that the text stands behind
  int misses_ = 0;
};

}  // namespace ark::dialect
