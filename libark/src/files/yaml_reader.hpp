#pragma once
#include <google/protobuf/message.h>
#include <google/protobuf/struct.pb.h>
#include <yaml-cpp/yaml.h>

#include <set>
#include <string>
#include <vector>

#include "files/yaml.hpp"

namespace ark::files {

/// Plain scalars have the tag "?", quoted and block ones "!".
inline bool is_plain(const YAML::Node& node) { return node.Tag() != "!"; }
/// 'text', cut to what an error message can carry.
std::string in_quotes(std::string_view text);

/// Walks one YAML tree into one message. One use; not thread safe. Only for yaml.cpp.
class yaml_reader {
 public:
  yaml_reader(const std::string& file_name, field_lines* lines) : file_(file_name), lines_(lines) {}

  void read_document(const YAML::Node& node, google::protobuf::Message& out);
  /// Adds an error at a place; from the 21st on they are only counted.
  void fail(const YAML::Mark& mark, std::string_view message);
  bool failed() const noexcept { return !errors_.empty(); }
  /// All errors, one to a line.
  error take_error();

 private:
  using message_type = google::protobuf::Message;
  using field_type = google::protobuf::FieldDescriptor;

  /// One level down in the file: puts `step` behind the path and counts the depth.
  class level {
   public:
    level(yaml_reader& owner, const YAML::Node& node, std::string_view step);
    level(const level&) = delete;
    level& operator=(const level&) = delete;
    ~level();

   private:
    yaml_reader& owner_;
    std::size_t length_;
  };

  bool spend(const YAML::Node& node);
  void read_message(const YAML::Node& node, message_type& out);
  void read_member(const YAML::Node& key, const YAML::Node& value, message_type& out);
  void read_field(const YAML::Node& node, message_type& out, const field_type& field);
  void read_list(const YAML::Node& node, message_type& out, const field_type& field);
  void read_map(const YAML::Node& node, message_type& out, const field_type& field);
  void read_one(const YAML::Node& node, message_type& out, const field_type& field);
  void read_scalar(const YAML::Node& node, message_type& out, const field_type& field);
  void read_enum(const YAML::Node& node, message_type& out, const field_type& field);
  void read_number(const YAML::Node& node, message_type& out, const field_type& field);
  void read_value(const YAML::Node& node, google::protobuf::Value& out);
  void read_value_scalar(const YAML::Node& node, google::protobuf::Value& out);
  void read_struct(const YAML::Node& node, google::protobuf::Struct& out);
  void read_values(const YAML::Node& node, google::protobuf::ListValue& out);
  /// False, with an error, for keys that are not texts, that come twice, or that merge.
  bool check_key(const YAML::Node& key, std::set<std::string>& seen);
  void unknown_field(const YAML::Node& key, const google::protobuf::Descriptor& type);

  const std::string& file_;
  field_lines* lines_;
  std::string path_;
  int depth_ = 0;
  std::size_t values_ = 0;
  std::size_t bytes_ = 0;
  bool exhausted_ = false;
  std::vector<std::string> errors_;
  std::size_t untold_ = 0;
};

}  // namespace ark::files
