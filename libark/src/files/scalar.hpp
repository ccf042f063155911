#pragma once
#include <ark/result.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace google::protobuf {
class EnumDescriptor;
class EnumValueDescriptor;
}  // namespace google::protobuf

/// YAML's plain scalars by the rules of the YAML 1.2 core schema, and a little stricter: no octal
/// numbers, no infinities, "yes" is not a boolean. Pure.
namespace ark::files {

bool is_null(std::string_view plain) noexcept;
std::optional<bool> as_boolean(std::string_view plain) noexcept;
/// Decimal, or hexadecimal with 0x; an optional sign.
std::optional<std::int64_t> as_integer(std::string_view plain) noexcept;
std::optional<std::uint64_t> as_unsigned(std::string_view plain) noexcept;
/// Finite numbers only.
std::optional<double> as_number(std::string_view plain) noexcept;
/// Looks like a number, whether or not it can be held.
bool looks_numeric(std::string_view plain) noexcept;
/// By name, or by the name without the enum's prefix ("power" for DURABILITY_POWER), in any case.
const google::protobuf::EnumValueDescriptor* as_enum(const google::protobuf::EnumDescriptor& type,
                                                     std::string_view text);
/// The values as people write them: "process, power".
std::string enum_names(const google::protobuf::EnumDescriptor& type);

}  // namespace ark::files
