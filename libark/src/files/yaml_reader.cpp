#include "files/yaml_reader.hpp"

#include <google/protobuf/descriptor.h>

#include "files/scalar.hpp"
#include "files/suggest.hpp"

namespace ark::files {
namespace {

namespace pb = google::protobuf;

constexpr int max_depth = 100;
constexpr std::size_t max_values = 500'000;
constexpr std::size_t max_bytes = 64u << 20;
constexpr std::size_t max_errors = 20;

bool is_plain_null(const YAML::Node& node) {
  return node.IsNull() || (node.IsScalar() && is_plain(node) && is_null(node.Scalar()));
}

std::string_view what(const YAML::Node& node) {
  if (node.IsMap()) return "a mapping";
  if (node.IsSequence()) return "a list";
  if (is_plain_null(node)) return "nothing";
  if (!is_plain(node)) return "a text";
  if (as_boolean(node.Scalar())) return "a boolean";
  return looks_numeric(node.Scalar()) ? "a number" : "a text";
}

}  // namespace

std::string in_quotes(std::string_view text) {
  constexpr std::size_t longest = 60;
  std::string out = "'";
  out += text.substr(0, longest);
  return out + (text.size() > longest ? "...'" : "'");
}

yaml_reader::level::level(yaml_reader& owner, const YAML::Node& node, std::string_view step)
    : owner_(owner), length_(owner.path_.size()) {
  if (!owner.path_.empty() && !step.starts_with('[')) owner.path_ += '.';
  owner.path_ += step;
  ++owner.depth_;
  if (owner.lines_ != nullptr) owner.lines_->emplace(owner.path_, node.Mark().line + 1);
}

yaml_reader::level::~level() {
  owner_.path_.resize(length_);
  --owner_.depth_;
}

void yaml_reader::fail(const YAML::Mark& mark, std::string_view message) {
  if (errors_.size() >= max_errors) {
    ++untold_;
    return;
  }
  std::string text = file_;
  if (!mark.is_null()) {
    text += ":" + std::to_string(mark.line + 1) + ":" + std::to_string(mark.column + 1);
  }
  text += ": ";
  if (!path_.empty()) text += path_ + ": ";
  text += message;
  errors_.push_back(std::move(text));
}

error yaml_reader::take_error() {
  error e;
  e.code = exhausted_ ? errc::too_large : errc::config;
  for (auto& each : errors_) {
    if (!e.message.empty()) e.message += '\n';
    e.message += each;
  }
  if (untold_ > 0) e.message += "\nand " + std::to_string(untold_) + " more errors";
  return e;
}

/// Aliases are followed each time they come, so a short file can stand for a huge one.
bool yaml_reader::spend(const YAML::Node& node) {
  if (exhausted_) return false;
  ++values_;
  if (node.IsScalar()) bytes_ += node.Scalar().size();
  if (depth_ > max_depth) {
    fail(node.Mark(), "nested deeper than " + std::to_string(max_depth) + " levels");
  } else if (values_ > max_values || bytes_ > max_bytes) {
    fail(node.Mark(), "too many values once aliases are followed; write fewer");
  } else {
    return true;
  }
  exhausted_ = true;
  return false;
}

void yaml_reader::read_document(const YAML::Node& node, message_type& out) {
  if (is_plain_null(node)) return;
  read_message(node, out);
}

bool yaml_reader::check_key(const YAML::Node& key, std::set<std::string>& seen) {
  if (!key.IsScalar()) {
    fail(key.Mark(), "a key must be a text");
    return false;
  }
  const auto& name = key.Scalar();
  if (name == "<<" && is_plain(key)) {
    fail(key.Mark(), "merge keys (<<) are not supported; use an alias for the whole value");
    return false;
  }
  if (!seen.insert(name).second) {
    fail(key.Mark(), in_quotes(name) + " comes twice; remove one");
    return false;
  }
  return true;
}

void yaml_reader::unknown_field(const YAML::Node& key, const pb::Descriptor& type) {
  std::vector<std::string> names;
  names.reserve(static_cast<std::size_t>(type.field_count()));
  for (int i = 0; i < type.field_count(); ++i) names.push_back(type.field(i)->name());
  const auto near = nearest(key.Scalar(), names);
  const level here{*this, key, key.Scalar()};
  std::string message = "unknown field";
  if (!near.empty()) {
    message += "; did you mean '" + near + "'?";
  } else if (!names.empty()) {
    message += "; known are ";
    for (const auto& each : names) message += (&each == &names.front() ? "" : ", ") + each;
  }
  fail(key.Mark(), message);
}

void yaml_reader::read_message(const YAML::Node& node, message_type& out) {
  const auto& type = *out.GetDescriptor();
  if (type.full_name() == "google.protobuf.Value") {
    return read_value(node, static_cast<pb::Value&>(out));
  }
  if (!spend(node)) return;
  if (type.full_name() == "google.protobuf.ListValue") {
    return read_values(node, static_cast<pb::ListValue&>(out));
  }
  if (!node.IsMap()) {
    return fail(node.Mark(), "a mapping is expected here, not " + std::string{what(node)});
  }
  if (type.full_name() == "google.protobuf.Struct") {
    return read_struct(node, static_cast<pb::Struct&>(out));
  }
  std::set<std::string> seen;
  for (const auto& each : node) {
    if (check_key(each.first, seen)) read_member(each.first, each.second, out);
  }
}

void yaml_reader::read_member(const YAML::Node& key, const YAML::Node& value, message_type& out) {
  const auto& type = *out.GetDescriptor();
  const auto* field = type.FindFieldByName(key.Scalar());
  if (field == nullptr) return unknown_field(key, type);
  const level here{*this, key, key.Scalar()};
  // Nothing stands for "not set", except where the schema takes any value.
  const bool any = field->cpp_type() == field_type::CPPTYPE_MESSAGE && !field->is_repeated() &&
                   field->message_type()->full_name() == "google.protobuf.Value";
  if (is_plain_null(value) && !any) return;
  if (const auto* group = field->real_containing_oneof()) {
    if (const auto* other = out.GetReflection()->GetOneofFieldDescriptor(out, group)) {
      return fail(key.Mark(), "cannot stand beside '" + other->name() + "'; write one of them");
    }
  }
  read_field(value, out, *field);
}

void yaml_reader::read_field(const YAML::Node& node, message_type& out, const field_type& field) {
  if (field.is_map()) return read_map(node, out, field);
  if (field.is_repeated()) return read_list(node, out, field);
  read_one(node, out, field);
}

void yaml_reader::read_list(const YAML::Node& node, message_type& out, const field_type& field) {
  if (!spend(node)) return;
  if (!node.IsSequence()) {
    return fail(node.Mark(), "a list is expected here, not " + std::string{what(node)});
  }
  std::size_t i = 0;
  for (const auto& each : node) {
    const level here{*this, each, "[" + std::to_string(i++) + "]"};
    read_one(each, out, field);
    if (exhausted_) return;
  }
}

void yaml_reader::read_map(const YAML::Node& node, message_type& out, const field_type& field) {
  if (!spend(node)) return;
  if (!node.IsMap()) {
    return fail(node.Mark(), "a mapping is expected here, not " + std::string{what(node)});
  }
  const auto& key_field = *field.message_type()->map_key();
  const auto& value_field = *field.message_type()->map_value();
  std::set<std::string> seen;
  for (const auto& each : node) {
    if (!check_key(each.first, seen)) continue;
    const level here{*this, each.first, each.first.Scalar()};
    // Through the repeated entries, which reflection offers for every map.
    auto& entry = *out.GetReflection()->AddMessage(&out, &field);
    read_one(each.first, entry, key_field);
    // "name:" with nothing behind it stands for an empty message, but not for a missing text.
    const bool empty_message = is_plain_null(each.second) &&
                               value_field.cpp_type() == field_type::CPPTYPE_MESSAGE &&
                               value_field.message_type()->full_name() != "google.protobuf.Value";
    if (empty_message) {
      entry.GetReflection()->MutableMessage(&entry, &value_field);
    } else {
      read_one(each.second, entry, value_field);
    }
    if (exhausted_) return;
  }
}

void yaml_reader::read_one(const YAML::Node& node, message_type& out, const field_type& field) {
  if (field.cpp_type() != field_type::CPPTYPE_MESSAGE) return read_scalar(node, out, field);
  const auto* access = out.GetReflection();
  read_message(node, field.is_repeated() ? *access->AddMessage(&out, &field)
                                         : *access->MutableMessage(&out, &field));
}

}  // namespace ark::files
