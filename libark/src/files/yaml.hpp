#pragma once
#include <ark/result.hpp>

#include <map>
#include <string>
#include <string_view>

namespace google::protobuf {
class Message;
}

/// Files that people write.
namespace ark::files {

/// Where each field that the file sets stands: "cases[3].input" -> line, from 1. Also for the
/// messages and lists themselves ("cases", "cases[3]").
using field_lines = std::map<std::string, int, std::less<>>;

/// Reads one YAML document (JSON is a subset) into `out`, which it clears first: fields by their
/// names in the schema, enum values by name (with or without the enum's prefix, in any case), maps,
/// lists, messages. google.protobuf.Value and Struct take anything. Pure.
///
/// Strict: an unknown field, a wrong type, a key that comes twice, two members of one oneof are
/// errors. All are told, up to 20, one to a line: "suite.yaml:12:5: cases[3].modle: unknown field;
/// did you mean 'model'?". errc::config; errc::too_large over the limits (base/limits.hpp: bytes;
/// here: 100 levels, 500,000 values and 64 MiB of text after aliases are followed). After an error
/// `out` holds what could be read.
result<void> read_yaml(std::string_view text, const std::string& file_name,
                       google::protobuf::Message& out, field_lines* lines = nullptr);

/// As `read_yaml`, of the file at `path`. errc::not_found if it is not there.
result<void> read_yaml_file(const std::string& path, google::protobuf::Message& out,
                            field_lines* lines = nullptr);

/// A message as JSON text on one line: what google.protobuf.Value, Struct and ListValue stand for
/// (members in the order of their names: the order in the file is not kept), others by the Protobuf
/// JSON mapping with the schema's field names. Pure.
std::string json_text(const google::protobuf::Message& value);

}  // namespace ark::files
