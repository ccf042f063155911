#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bpe {

/// Reads JSON (RFC 8259) from front to back without building a tree. Bytes of strings that are not
/// UTF-8 are not refused: they are given as they are. After a failure every call returns false and
/// `failure()` says what and where. Nesting is limited to 64.
class json_reader {
 public:
  enum class kind { object, array, string, number, boolean, null, none };

  /// What half of a surrogate pair in an escape is: an error, or U+FFFD.
  enum class lone_surrogates { refuse, replace };

  explicit json_reader(std::string_view text, lone_surrogates lone = lone_surrogates::refuse)
      : text_(text), lone_(lone) {}

  /// What comes next.
  kind peek();
  bool enter_object() { return enter('{'); }
  bool enter_array() { return enter('['); }
  /// Reads the next member's name; false after the last one, which leaves the object.
  bool next_member(std::string& name);
  /// Whether another item follows; false after the last one, which leaves the array.
  bool next_item();
  bool read_string(std::string& out);
  bool read_bool(bool& out);
  /// A whole number of 0 to 2^32 - 1.
  bool read_unsigned(std::uint32_t& out);
  /// Reads a value of any kind and forgets it.
  bool skip();
  /// Only white space may be left.
  bool finish();

  bool failed() const { return !failure_.empty(); }
  const std::string& failure() const { return failure_; }
  std::size_t offset() const { return at_; }
  std::string_view text() const { return text_; }

 private:
  void space();
  bool enter(char open);
  bool more(char close);
  bool expect(std::string_view word);
  bool escape(std::string& out);
  bool hex4(std::uint32_t& out);
  bool low_surrogate(std::uint32_t& code);
  bool skip_number();
  bool fail(std::string_view what);

  std::string_view text_;
  lone_surrogates lone_;
  std::size_t at_ = 0;
  std::vector<bool> first_;  ///< For each open container: nothing read in it yet.
  std::string failure_;
};

}  // namespace bpe
