#include <google/protobuf/descriptor.h>

#include <limits>

#include "files/scalar.hpp"
#include "files/yaml_reader.hpp"

/// The leaves of the walk: scalars of the schema, and free-form values.
namespace ark::files {
namespace {

namespace pb = google::protobuf;
using field_type = pb::FieldDescriptor;

void put_integer(pb::Message& out, const field_type& field, std::int64_t value) {
  const auto* access = out.GetReflection();
  const bool more = field.is_repeated();
  if (field.cpp_type() == field_type::CPPTYPE_INT64) {
    more ? access->AddInt64(&out, &field, value) : access->SetInt64(&out, &field, value);
  } else {
    const auto narrow = static_cast<std::int32_t>(value);
    more ? access->AddInt32(&out, &field, narrow) : access->SetInt32(&out, &field, narrow);
  }
}

void put_unsigned(pb::Message& out, const field_type& field, std::uint64_t value) {
  const auto* access = out.GetReflection();
  const bool more = field.is_repeated();
  if (field.cpp_type() == field_type::CPPTYPE_UINT64) {
    more ? access->AddUInt64(&out, &field, value) : access->SetUInt64(&out, &field, value);
  } else {
    const auto narrow = static_cast<std::uint32_t>(value);
    more ? access->AddUInt32(&out, &field, narrow) : access->SetUInt32(&out, &field, narrow);
  }
}

void put_number(pb::Message& out, const field_type& field, double value) {
  const auto* access = out.GetReflection();
  const bool more = field.is_repeated();
  if (field.cpp_type() == field_type::CPPTYPE_DOUBLE) {
    more ? access->AddDouble(&out, &field, value) : access->SetDouble(&out, &field, value);
  } else {
    const auto narrow = static_cast<float>(value);
    more ? access->AddFloat(&out, &field, narrow) : access->SetFloat(&out, &field, narrow);
  }
}

void put_boolean(pb::Message& out, const field_type& field, bool value) {
  const auto* access = out.GetReflection();
  field.is_repeated() ? access->AddBool(&out, &field, value) : access->SetBool(&out, &field, value);
}

void put_text(pb::Message& out, const field_type& field, const std::string& value) {
  const auto* access = out.GetReflection();
  field.is_repeated() ? access->AddString(&out, &field, value)
                      : access->SetString(&out, &field, value);
}

/// Protobuf's own JSON quotes 64-bit integers; elsewhere quotes mean a text.
bool may_be_quoted(const field_type& field) {
  return field.cpp_type() == field_type::CPPTYPE_INT64 ||
         field.cpp_type() == field_type::CPPTYPE_UINT64;
}

bool fits(const field_type& field, std::int64_t value) {
  return field.cpp_type() == field_type::CPPTYPE_INT64 ||
         (value >= std::numeric_limits<std::int32_t>::min() &&
          value <= std::numeric_limits<std::int32_t>::max());
}

bool fits(const field_type& field, std::uint64_t value) {
  return field.cpp_type() == field_type::CPPTYPE_UINT64 ||
         value <= std::numeric_limits<std::uint32_t>::max();
}

}  // namespace

void yaml_reader::read_scalar(const YAML::Node& node, message_type& out, const field_type& field) {
  if (!spend(node)) return;
  if (!node.IsScalar()) {
    const auto* found = node.IsMap() ? "a mapping" : node.IsSequence() ? "a list" : "nothing";
    return fail(node.Mark(), std::string{"a single value is expected here, not "} + found);
  }
  switch (field.cpp_type()) {
    case field_type::CPPTYPE_STRING:
      return put_text(out, field, node.Scalar());
    case field_type::CPPTYPE_BOOL: {
      const auto value = is_plain(node) ? as_boolean(node.Scalar()) : std::nullopt;
      if (value) return put_boolean(out, field, *value);
      return fail(node.Mark(), "write true or false, not " + in_quotes(node.Scalar()));
    }
    case field_type::CPPTYPE_ENUM:
      return read_enum(node, out, field);
    case field_type::CPPTYPE_INT32:
    case field_type::CPPTYPE_INT64:
    case field_type::CPPTYPE_UINT32:
    case field_type::CPPTYPE_UINT64:
    case field_type::CPPTYPE_DOUBLE:
    case field_type::CPPTYPE_FLOAT:
      return read_number(node, out, field);
    case field_type::CPPTYPE_MESSAGE:
      return;
  }
}

void yaml_reader::read_enum(const YAML::Node& node, message_type& out, const field_type& field) {
  const auto* value = as_enum(*field.enum_type(), node.Scalar());
  if (value == nullptr) {
    return fail(node.Mark(), "unknown value " + in_quotes(node.Scalar()) + "; known are " +
                                 enum_names(*field.enum_type()));
  }
  const auto* access = out.GetReflection();
  field.is_repeated() ? access->AddEnum(&out, &field, value) : access->SetEnum(&out, &field, value);
}

void yaml_reader::read_number(const YAML::Node& node, message_type& out, const field_type& field) {
  const auto& text = node.Scalar();
  const bool readable = is_plain(node) || may_be_quoted(field);
  const auto type = field.cpp_type();
  if (type == field_type::CPPTYPE_DOUBLE || type == field_type::CPPTYPE_FLOAT) {
    if (const auto value = readable ? as_number(text) : std::nullopt) {
      return put_number(out, field, *value);
    }
    return fail(node.Mark(), "a number is expected here, not " + in_quotes(text));
  }
  if (type == field_type::CPPTYPE_INT32 || type == field_type::CPPTYPE_INT64) {
    const auto value = readable ? as_integer(text) : std::nullopt;
    if (value && fits(field, *value)) return put_integer(out, field, *value);
  } else {
    const auto value = readable ? as_unsigned(text) : std::nullopt;
    if (value && fits(field, *value)) return put_unsigned(out, field, *value);
  }
  const bool whole = readable && (as_integer(text) || as_unsigned(text));
  fail(node.Mark(), (whole ? "the number is out of range: " : "a whole number is expected, not ") +
                        in_quotes(text));
}

void yaml_reader::read_value(const YAML::Node& node, pb::Value& out) {
  if (node.IsMap() || node.IsSequence()) {
    if (!spend(node)) return;
    if (node.IsMap()) return read_struct(node, *out.mutable_struct_value());
    return read_values(node, *out.mutable_list_value());
  }
  if (spend(node)) read_value_scalar(node, out);
}

void yaml_reader::read_value_scalar(const YAML::Node& node, pb::Value& out) {
  if (node.IsNull() || (is_plain(node) && is_null(node.Scalar()))) {
    out.set_null_value(pb::NULL_VALUE);
    return;
  }
  const auto& text = node.Scalar();
  if (!is_plain(node)) return out.set_string_value(text);
  if (const auto value = as_boolean(text)) return out.set_bool_value(*value);
  const auto value = as_number(text);
  if (!value) return out.set_string_value(text);
  constexpr std::int64_t exact = 1LL << 53;  // beyond it, doubles skip whole numbers
  if (text.find_first_of(".eE") == std::string::npos || text.starts_with("0x")) {
    const auto whole = as_integer(text);
    if (!whole || *whole > exact || *whole < -exact) {
      return fail(node.Mark(), "the number cannot be held exactly; write it in quotes");
    }
  }
  out.set_number_value(*value);
}

void yaml_reader::read_struct(const YAML::Node& node, pb::Struct& out) {
  if (!node.IsMap()) return fail(node.Mark(), "a mapping is expected here");
  std::set<std::string> seen;
  for (const auto& each : node) {
    if (!check_key(each.first, seen)) continue;
    const level here{*this, each.first, each.first.Scalar()};
    read_value(each.second, (*out.mutable_fields())[each.first.Scalar()]);
    if (exhausted_) return;
  }
}

void yaml_reader::read_values(const YAML::Node& node, pb::ListValue& out) {
  if (!node.IsSequence()) return fail(node.Mark(), "a list is expected here");
  std::size_t i = 0;
  for (const auto& each : node) {
    const level here{*this, each, "[" + std::to_string(i++) + "]"};
    read_value(each, *out.add_values());
    if (exhausted_) return;
  }
}

}  // namespace ark::files
