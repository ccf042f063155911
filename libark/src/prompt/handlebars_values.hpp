#pragma once
#include <jinja/value.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "prompt/piece.hpp"

namespace ark::prompt::handlebars {

/// JavaScript's `if (x)`.
bool is_true(const jinja::value& v) noexcept;
/// As Handlebars' own blocks see it: an empty list is nothing, 0 is something.
bool is_empty(const jinja::value& v) noexcept;
/// JavaScript's ===: lists and dicts are equal to themselves only.
bool is_same(const jinja::value& a, const jinja::value& b);
/// `v.name`, `v.[0]`, `v.length`; missing if it is not there. What is looked up in null is null.
jinja::value member_of(const jinja::value& v, std::string_view name);

/// Where the texts in a value come from: one origin, 0 or `mixed_origin`.
class origins {
 public:
  void add(std::uint32_t one) noexcept {
    if (one != 0) all_ = all_ == 0 || all_ == one ? one : mixed_origin;
  }
  void add(const jinja::value& text) noexcept;
  std::uint32_t all() const noexcept { return all_; }

 private:
  std::uint32_t all_ = 0;
};

/// A number, or another value without parts, as JavaScript prints it. Not for text, lists, dicts.
std::string printed(const jinja::value& v);

/// JSON.stringify(v, null, indent).
class json_text {
 public:
  explicit json_text(std::size_t indent) : indent_(indent) {}
  /// False: it is nested too deeply, or longer than `most` bytes.
  bool write(const jinja::value& v, std::size_t most, int depth = 0);
  std::string text{};
  origins from{};

 private:
  void line(int depth);
  bool write_list(const jinja::list& items, std::size_t most, int depth);
  bool write_dict(const jinja::dict& entries, std::size_t most, int depth);
  std::size_t indent_;
};

}  // namespace ark::prompt::handlebars
