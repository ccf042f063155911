#include "files/scalar.hpp"

#include <google/protobuf/descriptor.h>
#include "base/text.hpp"

#include <charconv>
#include <cmath>

namespace ark::files {
namespace {

namespace pb = google::protobuf;

bool same_word(std::string_view a, std::string_view b) noexcept {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const char x = a[i] == '-' ? '_' : text::to_lower(a[i]);
    if (x != text::to_lower(b[i])) return false;
  }
  return true;
}

template <class T>
std::optional<T> parse_integer(std::string_view plain) noexcept {
  if (plain.starts_with('+')) plain.remove_prefix(1);
  const bool hexadecimal = plain.starts_with("0x");
  if (hexadecimal) plain.remove_prefix(2);
  T value{};
  const char* end = plain.data() + plain.size();
  const auto [at, failed] = std::from_chars(plain.data(), end, value, hexadecimal ? 16 : 10);
  if (failed != std::errc{} || at != end || plain.empty()) return std::nullopt;
  return value;
}

/// "DURABILITY_" for `Durability`, "FAULT_KIND_" for `FaultKind`.
std::string prefix_of(const pb::EnumDescriptor& type) {
  std::string out;
  for (const char c : type.name()) {
    if (c >= 'A' && c <= 'Z' && !out.empty()) out += '_';
    out += c;
  }
  return out + '_';
}

/// The name without the enum's prefix.
std::string_view short_name(std::string_view name, const std::string& prefix) {
  if (name.size() > prefix.size() && same_word(name.substr(0, prefix.size()), prefix)) {
    return name.substr(prefix.size());
  }
  return name;
}

}  // namespace

bool is_null(std::string_view plain) noexcept {
  return plain.empty() || plain == "~" || plain == "null" || plain == "Null" || plain == "NULL";
}

std::optional<bool> as_boolean(std::string_view plain) noexcept {
  if (plain == "true" || plain == "True" || plain == "TRUE") return true;
  if (plain == "false" || plain == "False" || plain == "FALSE") return false;
  return std::nullopt;
}

std::optional<std::int64_t> as_integer(std::string_view plain) noexcept {
  return parse_integer<std::int64_t>(plain);
}

std::optional<std::uint64_t> as_unsigned(std::string_view plain) noexcept {
  return parse_integer<std::uint64_t>(plain);
}

std::optional<double> as_number(std::string_view plain) noexcept {
  if (!looks_numeric(plain)) return std::nullopt;
  if (const auto whole = as_integer(plain)) return static_cast<double>(*whole);
  if (plain.starts_with('+')) plain.remove_prefix(1);
  double value = 0;
  const char* end = plain.data() + plain.size();
  const auto [at, failed] = std::from_chars(plain.data(), end, value);
  if (failed != std::errc{} || at != end || !std::isfinite(value)) return std::nullopt;
  return value;
}

bool looks_numeric(std::string_view plain) noexcept {
  if (plain.starts_with('-') || plain.starts_with('+')) plain.remove_prefix(1);
  if (plain.starts_with('.')) plain.remove_prefix(1);
  return !plain.empty() && plain[0] >= '0' && plain[0] <= '9';
}

const pb::EnumValueDescriptor* as_enum(const pb::EnumDescriptor& type, std::string_view text) {
  const auto prefix = prefix_of(type);
  for (int i = 0; i < type.value_count(); ++i) {
    const auto* value = type.value(i);
    if (same_word(text, value->name()) || same_word(text, short_name(value->name(), prefix))) {
      return value;
    }
  }
  return nullptr;
}

std::string enum_names(const pb::EnumDescriptor& type) {
  const auto prefix = prefix_of(type);
  std::string out;
  for (int i = 0; i < type.value_count(); ++i) {
    const auto name = short_name(type.value(i)->name(), prefix);
    if (same_word(name, "unspecified")) continue;
    if (!out.empty()) out += ", ";
    for (const char c : name) out += text::to_lower(c);
  }
  return out;
}

}  // namespace ark::files
