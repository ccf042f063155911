#include "files/yaml.hpp"

#include <google/protobuf/util/json_util.h>
#include <simdjson.h>

#include <cmath>
#include <map>

#include "base/json.hpp"
#include "base/limits.hpp"
#include "files/yaml_reader.hpp"
#include "os/os.hpp"

namespace ark::files {
namespace {

error at(errc code, std::string message) {
  error e;
  e.code = code;
  e.message = std::move(message);
  return e;
}

std::string place(const std::string& file, int line, int column) {
  return file + ":" + std::to_string(line) + ":" + std::to_string(column) + ": ";
}

/// yaml-cpp takes U+0004 for the end of the file and lets other control characters pass.
result<void> check_characters(std::string_view text, const std::string& file) {
  int line = 1;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c == '\n') {
      ++line;
      begin = i + 1;
    } else if ((c < 0x20 && c != '\t' && c != '\r') || c == 0x7f) {
      return at(errc::config, place(file, line, static_cast<int>(i - begin) + 1) +
                                  "a control character that YAML does not allow; remove it");
    }
  }
  if (!simdjson::validate_utf8(text.data(), text.size())) {
    return at(errc::config, file + ": the text is not UTF-8; save it as UTF-8");
  }
  return {};
}

int hex4(std::string_view text) {
  int value = 0;
  for (const char c : text.substr(0, 4)) {
    const int digit = c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
    value = value * 16 + digit;
  }
  return value;
}

/// JSON writes characters beyond U+FFFF as two \u escapes, which YAML forbids; YAML has \U for
/// them. A lone half becomes U+FFFD. `json` is valid JSON.
std::string with_long_escapes(std::string_view json) {
  std::string out;
  out.reserve(json.size());
  for (std::size_t i = 0; i < json.size(); ++i) {
    if (json[i] != '\\') {
      out += json[i];
      continue;
    }
    if (json[i + 1] != 'u') {
      out += json.substr(i++, 2);
      continue;
    }
    const int first = hex4(json.substr(i + 2));
    if (first < 0xd800 || first > 0xdfff) {
      out += json.substr(i, 6);
    } else if (const auto rest = json.substr(i + 6); first < 0xdc00 && rest.starts_with("\\u") &&
                                                     hex4(rest.substr(2)) >= 0xdc00 &&
                                                     hex4(rest.substr(2)) <= 0xdfff) {
      const int point = 0x10000 + ((first - 0xd800) << 10) + (hex4(rest.substr(2)) - 0xdc00);
      char escape[16];
      std::snprintf(escape, sizeof escape, "\\U%08x", static_cast<unsigned>(point));
      out += escape;
      i += 6;
    } else {
      out += "\\ufffd";
    }
    i += 5;
  }
  return out;
}

void write_value(json::writer& out, const google::protobuf::Value& value);

/// Protobuf's maps have no order; sorted, the same value is the same text.
void write_struct(json::writer& out, const google::protobuf::Struct& value) {
  std::map<std::string_view, const google::protobuf::Value*> sorted;
  for (const auto& [name, member] : value.fields()) sorted.emplace(name, &member);
  out.begin_object();
  for (const auto& [name, member] : sorted) {
    out.key(name);
    write_value(out, *member);
  }
  out.end_object();
}

void write_values(json::writer& out, const google::protobuf::ListValue& value) {
  out.begin_array();
  for (const auto& each : value.values()) write_value(out, each);
  out.end_array();
}

void write_number(json::writer& out, double value) {
  constexpr double exact = 9007199254740992.0;
  const bool whole = value >= -exact && value <= exact && value == std::floor(value);
  whole ? out.number(static_cast<std::int64_t>(value)) : out.number(value);
}

void write_value(json::writer& out, const google::protobuf::Value& value) {
  using google::protobuf::Value;
  switch (value.kind_case()) {
    case Value::kNumberValue:
      return write_number(out, value.number_value());
    case Value::kStringValue:
      out.string(value.string_value());
      return;
    case Value::kBoolValue:
      out.boolean(value.bool_value());
      return;
    case Value::kStructValue:
      return write_struct(out, value.struct_value());
    case Value::kListValue:
      return write_values(out, value.list_value());
    case Value::kNullValue:
    case Value::KIND_NOT_SET:
      out.null();
      return;
  }
}

bool is_escaped_json(std::string_view text) {
  const auto start = text.find_first_not_of(" \t\r\n");
  if (start == std::string_view::npos || (text[start] != '{' && text[start] != '[')) return false;
  return text.find("\\u") != std::string_view::npos && json::is_valid(text);
}

}  // namespace

result<void> read_yaml(std::string_view text, const std::string& file_name,
                       google::protobuf::Message& out, field_lines* lines) {
  out.Clear();
  if (text.size() > limits::config_file_bytes) {
    return at(errc::too_large, file_name + ": longer than the limit of " +
                                   std::to_string(limits::config_file_bytes) +
                                   " bytes; move data into a CSV or JSONL file");
  }
  if (auto ok = check_characters(text, file_name); !ok) return ok.error();
  yaml_reader reader{file_name, lines};
  try {
    const auto documents =
        YAML::LoadAll(is_escaped_json(text) ? with_long_escapes(text) : std::string{text});
    if (documents.size() > 1) {
      reader.fail(documents[1].Mark(), "a second document begins here; write one only");
    } else if (documents.size() == 1) {
      reader.read_document(documents[0], out);
    }
  } catch (const YAML::Exception& e) {
    reader.fail(e.mark, "not YAML: " + e.msg);
  }
  if (reader.failed()) return reader.take_error();
  return {};
}

result<void> read_yaml_file(const std::string& path, google::protobuf::Message& out,
                            field_lines* lines) {
  auto text = os::read_file(path, limits::config_file_bytes);
  if (!text) return text.error();
  return read_yaml(*text, path, out, lines);
}

std::string json_text(const google::protobuf::Message& value) {
  std::string out;
  const auto& name = value.GetDescriptor()->full_name();
  json::writer writer{out};
  if (name == "google.protobuf.Value") {
    write_value(writer, static_cast<const google::protobuf::Value&>(value));
  } else if (name == "google.protobuf.Struct") {
    write_struct(writer, static_cast<const google::protobuf::Struct&>(value));
  } else if (name == "google.protobuf.ListValue") {
    write_values(writer, static_cast<const google::protobuf::ListValue&>(value));
  } else {
    google::protobuf::util::JsonPrintOptions options;
    options.preserve_proto_field_names = true;
    // Fails for well-known types out of their range only, which no file can write.
    if (!google::protobuf::util::MessageToJsonString(value, &out, options).ok()) return "null";
  }
  return out;
}

}  // namespace ark::files
