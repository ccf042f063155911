#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "jinja/environment.hpp"

namespace jinja {

/// What the texts that are being built may hold together; beyond it `arena::exhausted` is thrown.
struct text_budget {
  std::size_t used = 0, limit = SIZE_MAX;
};

/// Builds a text piece by piece and remembers which of it came from outside. Kept and used again.
class text_builder {
 public:
  explicit text_builder(text_budget& of) noexcept : budget_(of) {}
  text_builder(const text_builder&) = delete;
  text_builder& operator=(const text_builder&) = delete;
  void clear() noexcept {
    budget_.used -= bytes_.size();
    bytes_.clear();
    parts_.clear();
    notes_.clear();
  }
  void append(std::string_view text, std::uint32_t origin = 0) {
    const std::size_t before = bytes_.size();
    if (text.size() > budget_.limit - budget_.used) throw arena::exhausted{};
    budget_.used += text.size();
    bytes_.append(text);
    if (origin != 0 || !parts_.empty()) mark(origin, before);
  }
  void append(char c) { append(std::string_view(&c, 1)); }
  /// A string value, with its marks.
  void append(const value& text) {
    if (text.is_rich())
      append(text, 0, text.bytes());
    else
      append(text.text());
  }
  /// What was appended from `begun` on, which is not there any more.
  value taken(arena& in, std::size_t begun);
  /// Bytes `from` up to `to` of a string value.
  void append(const value& text, std::size_t from, std::size_t to);
  void reserve(std::size_t bytes) { bytes_.reserve(bytes); }
  std::string release() noexcept {
    budget_.used -= bytes_.size();
    return std::exchange(bytes_, {});
  }
  std::size_t size() const noexcept { return bytes_.size(); }
  bool is_rich() const noexcept { return !parts_.empty(); }
  const std::string& bytes() const noexcept { return bytes_; }
  const std::vector<text_part>& parts() const noexcept { return parts_; }
  value finish(arena& in) const;
  /// What was appended from `begun` on, if nothing of it has an origin, comes from `origin`.
  void claim(std::size_t begun, std::uint32_t origin);
  /// Something that is no text comes here.
  void note(const object& what) { notes_.push_back({bytes_.size(), &what}); }
  struct noted {
    std::size_t at;
    const object* what;
  };
  const std::vector<noted>& notes() const noexcept { return notes_; }

 private:
  void mark(std::uint32_t origin, std::size_t before);
  text_budget& budget_;
  std::string bytes_;
  std::vector<noted> notes_;
  std::vector<text_part> parts_;  ///< empty while all is the template's own
};

/// Bytes `from` up to `to` of a string, where they lie.
value substring(arena& in, const value& text, std::size_t from, std::size_t to);
/// `bytes` as a text that was made of `sources` in a way that does not keep their places: from
/// outside if any of them was.
value made_of(arena& in, std::string_view bytes, std::initializer_list<value> sources);
/// A text that all came from `origin`.
value marked(arena& in, std::string_view text, std::uint32_t origin);

}  // namespace jinja
