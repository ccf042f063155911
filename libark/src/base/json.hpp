#pragma once
#include <ark/result.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace ark::json {

/// Appends JSON text to a string: no tree, no allocation but the string's. Commas and quotes are
/// its business, balance is the caller's. Invalid UTF-8 becomes U+FFFD.
class writer {
 public:
  explicit writer(std::string& out) : out_(out) {}
  writer& begin_object();
  writer& end_object();
  writer& begin_array();
  writer& end_array();
  writer& key(std::string_view name);
  writer& string(std::string_view text);
  writer& number(std::int64_t value);
  writer& number(double value);  ///< shortest text that reads back the same; not finite -> null
  writer& boolean(bool value);
  writer& null();
  /// JSON text that is known to be valid, as it is.
  writer& raw(std::string_view json);

 private:
  void separate();
  std::string& out_;
  bool first_ = true;
};

/// True if `text` is one JSON value (RFC 8259, nesting at most 256).
bool is_valid(std::string_view text);
/// As `is_valid`, saying where and why not.
result<void> check(std::string_view text);
/// The text without insignificant white space; an error when it is not JSON.
result<std::string> compact(std::string_view text);
/// Appends `text` as a JSON string with its quotes.
void append_string(std::string& out, std::string_view text);

}  // namespace ark::json
