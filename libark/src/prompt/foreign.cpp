#include "prompt/foreign.hpp"

#include <google/protobuf/struct.pb.h>

namespace ark::prompt {

namespace bj = boost::json;

result<bj::object> foreign_fields(const split_file& parts, definition& out) {
  if (!parts.has_front_matter) return bj::object();
  google::protobuf::Struct fields;
  if (auto ok = files::read_yaml(parts.yaml, out.path, fields, &out.lines); !ok) return ok.error();
  return bj::parse(files::json_text(fields)).as_object();
}

result<void> take_as_own(const bj::object& own, definition& out) {
  return files::read_yaml(bj::serialize(own), out.path, out.file);
}

std::string stripped(const std::string& body) {
  constexpr std::string_view space = " \t\r\n\f\v";
  const std::size_t from = body.find_first_not_of(space);
  if (from == std::string::npos) return {};
  return body.substr(from, body.find_last_not_of(space) + 1 - from);
}

void note_left_out(definition& out, const std::string& field, std::string_view why) {
  const auto line = out.lines.find(field);
  out.notes.push_back(
      (line == out.lines.end() ? "" : "line " + std::to_string(line->second) + ": ") + field +
      " is not carried over: " + std::string(why));
}

bool carry(bj::object& from, std::string_view theirs, bj::object& to, std::string_view ours) {
  const auto found = from.find(theirs);
  if (found == from.end()) return false;
  to[ours] = std::move(found->value());
  from.erase(found);
  return true;
}

}  // namespace ark::prompt
